"""Local Moran's I: which neighbourhoods are alike beyond chance."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import DataError, Defect

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["KINDS", "local_moran"]

Floats = npt.NDArray[np.float64]

KINDS: Final = ("high_high", "low_low", "high_low", "low_high", "not_significant", "undefined")
_ROUNDING = 1e-12


def local_moran(
    values: pd.Series,
    touching: "csr_array",
    *,
    permutations: int,
    seed: int,
    level: float,
) -> pd.DataFrame:
    """Compare each place with its neighbours, and with neighbours drawn at random.

    Parameters
    ----------
    values : by place or commune (a rate, an access; not a count, which follows size)
    touching : places × places in the order of `values`, see `neighbours`
    permutations : draws for each place; the least p is 2 / (permutations + 1), so thousands of
        places need more than the usual 999
    seed : of the draws
    level : share of false discoveries accepted among those told (0-1)

    Returns
    -------
    DataFrame by place
        moran (I), p (two-sided, conditional permutations), p_adjusted (Benjamini-Hochberg),
        kind: high_high and low_low (clusters), high_low and low_high (a place unlike its
        neighbours), not_significant, or undefined; and undefined (empty, no_neighbour or
        all_alike, for which the others are NaN).

    Raises
    ------
    DataError
        If a value is missing: leave these places out of both, and say so.

    Notes
    -----
    `I_i = z_i × mean(z of its neighbours) / m2`, `m2 = Σ z² / n`. The place itself stays as it
    is; its neighbours are drawn among all others without replacement. Draws are made in the
    order of names: that of rows changes nothing. Tests of neighbours are not independent:
    Benjamini-Hochberg holds under positive dependence.

    References
    ----------
    Anselin (1995), Geographical Analysis 27(2), doi:10.1111/j.1538-4632.1995.tb00338.x;
    Benjamini & Hochberg (1995), JRSS B 57(1), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    from scipy.stats import false_discovery_control  # noqa: PLC0415  (heavy)

    _complete(values)
    order = np.argsort(values.index.to_numpy(), kind="stable")
    value = values.to_numpy(np.float64)[order]
    near = touching.astype(np.float64).tocsr()[order][:, order]
    count = np.diff(near.indptr)
    z = value - value.mean() if len(value) else value
    alike = not len(z) or np.abs(z).max() <= _ROUNDING * max(1.0, np.abs(value).max())
    known = (count > 0) & (not alike)
    mean = np.divide(near @ z, count, out=np.zeros(len(z)), where=count > 0)
    moran, p = np.full(len(z), np.nan), np.full(len(z), np.nan)
    adjusted = p.copy()
    if known.any():
        moran[known] = z[known] * mean[known] / (z**2).mean()
        p[known] = _p_values(z, mean, count, permutations, seed)[known]
        adjusted[known] = false_discovery_control(p[known])
    kind = np.select(
        [~known, adjusted > level, (z > 0) & (mean > 0), (z <= 0) & (mean <= 0), z > 0],
        ["undefined", "not_significant", "high_high", "low_low", "high_low"], default="low_high",
    )  # fmt: skip
    why = np.select([known, np.full(len(z), alike)], ["", "all_alike"], default="no_neighbour")
    table = pd.DataFrame(
        {"moran": moran, "p": p, "p_adjusted": adjusted, "kind": kind, "undefined": why},
        index=values.index[order],
    )  # fmt: skip
    return table.reindex(values.index)


def _p_values(
    z: Floats, mean: Floats, count: npt.NDArray[np.integer], permutations: int, seed: int
) -> Floats:
    """Share of draws at least as far out, on the side it is on, doubled.

    The sign of z_i only mirrors I, so the means of neighbours are compared themselves.
    """
    size, most = len(z), int(count.max(initial=0))
    if not most:
        return np.ones(size)
    generator = np.random.default_rng(seed)
    drawn = np.array([
        generator.choice(size - 1, most, replace=False, shuffle=True) for _ in range(permutations)
    ])  # fmt: skip
    found = np.ones(size)
    for at in np.flatnonzero(count):
        others = drawn[:, : count[at]]
        chance = z[others + (others >= at)].mean(axis=1)
        slack = _ROUNDING * np.abs(z).max()
        above = int((chance >= mean[at] - slack).sum())
        below = int((chance <= mean[at] + slack).sum())
        found[at] = min(1.0, 2 * (min(above, below) + 1) / (permutations + 1))
    return found


def _complete(values: pd.Series) -> None:
    missing = values.index[values.isna()]
    if len(missing):
        column = "values" if values.name is None else str(values.name)
        raise DataError([
            Defect("values", "measure_missing", column=column, facts={"index": str(code)})
            for code in missing
        ])  # fmt: skip
