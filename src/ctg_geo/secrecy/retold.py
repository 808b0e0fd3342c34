"""Figures that tell a secret again: its share, its complement, the same count of another table.

Whoever reads two tables multiplies a share by the people it is of; a secret that is hidden in
one of them only is not hidden.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Retold", "retold"]

_SHARE = 0.9  # of the communes that tell, where a relation must hold
_FEWEST = 2  # communes that tell
_SCALES = (1.0, 100.0, 1000.0)  # a share, in percent, per thousand
_DECIMALS = 6  # beyond which a number is not rounded
_EXACT = 1e-9  # of a number
_CLEAR = 4.0  # times its rounding, how large a figure must be to prove anything

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Retold:
    """A figure that tells another, alone or with a third one (`beside`), where that is secret."""

    figure: str
    secret: str
    beside: str
    codes: tuple[str, ...]


def retold(figures: pd.DataFrame, secret: pd.DataFrame, tellers: Sequence[str]) -> list[Retold]:
    """Find figures that tell a secret again, to be hidden where they do.

    A figure tells another where, in nine tenths of the communes in which all are known and not
    all 0, two at least, it is equal to it, or to its sum, difference, product or quotient with a
    third one, in percent or per thousand too, to its rounding.

    Parameters
    ----------
    figures : by code_insee, NaN where they are not told
    secret : on the same index and columns, what is hidden
    tellers : the columns that may be hidden, the first to be hidden first

    Examples
    --------
    A share of 4 % of 50 families is 2 of them:

    >>> told = {"all": [50.0, 90, 80, 75], "alone": [np.nan, 9, 10, 12],
    ...         "percent": [4.0, 10, 12.5, 16]}
    >>> told = pd.DataFrame(told, index=["a", "b", "c", "d"])
    >>> retold(told, told.isna(), ["percent"])
    [Retold(figure='percent', secret='alone', beside='all', codes=('a',))]
    """
    table, hidden, found = figures.astype(np.float64), secret.copy(), list[Retold]()
    while True:
        more = list(_told_once(table, hidden, tellers))
        if not more:
            return found
        found += more


def _told_once(table: pd.DataFrame, hidden: pd.DataFrame, tellers: Sequence[str]) -> list[Retold]:
    """Hide, in place, what tells a secret by the relations that hold now; return what was."""
    relations, found = list(_relations(table, hidden, tellers)), list[Retold]()
    for at, teller in enumerate(tellers):
        for name, beside, related in relations:
            if not related[at]:
                continue
            shown = hidden[name] & table[teller].notna()
            if beside:
                shown &= table[beside].notna()
            if shown.any():
                codes = tuple(map(str, table.index[shown]))
                found.append(Retold(teller, name, beside, codes))
                table.loc[shown, teller] = np.nan
                hidden.loc[shown, teller] = True
    return found


def _relations(
    table: pd.DataFrame, hidden: pd.DataFrame, tellers: Sequence[str]
) -> Iterator[tuple[str, str, Mask]]:
    """Yield pairs of figures, the first with secrets, and which tellers they are related to."""
    columns = {str(name): table[name].to_numpy() for name in table}
    rounding = {name: _rounding(values) for name, values in columns.items()}
    told = table[list(tellers)].to_numpy()
    own = np.array([rounding[name] for name in tellers])
    for name, values in columns.items():
        known = values[~np.isnan(values) & (values != 0)]
        if not hidden[name].any() or len(np.unique(known)) < _FEWEST:
            continue
        for beside in ("", *columns):
            if beside == name:
                continue
            third = columns[beside] if beside else None
            made, coarse, slack = _made(values, third, rounding[name])
            related = _agree(told, made, coarse[:, None, None] * own + slack[:, :, None])
            related &= np.array([each not in {name, beside} for each in tellers], dtype=bool)
            if related.any():
                yield name, beside, related


def _made(secret: Floats, third: Floats | None, rounding: float) -> tuple[Floats, Floats, Floats]:
    """Return what a secret figure makes alone or with a third one: figures × communes.

    With it: whether what tells it may be rounded (a count is not), and by how much the
    rounding of the secret figure moves it.
    """
    scales = np.array(_SCALES)[:, None]
    if third is None:
        made = scales * secret
        return made, np.array(scales[:, 0] > 1.0, dtype=np.float64), np.zeros_like(made)
    sums = np.stack([third - secret, secret - third, secret + third])
    with np.errstate(divide="ignore", invalid="ignore"):
        made = np.vstack([sums, scales * secret / third, scales * third / secret,
                          secret * third / scales])  # fmt: skip
        moved = np.vstack([np.zeros_like(sums), rounding * scales / np.abs(third),
                           np.zeros((len(scales), len(secret))),
                           rounding * np.abs(third) / scales])  # fmt: skip
    coarse = np.r_[np.zeros(len(sums)), np.ones(len(made) - len(sums))]
    return made, coarse, np.where(np.isfinite(moved), moved, 0.0)


def _agree(told: Floats, made: Floats, slack: Floats) -> Mask:
    """Tell which tellers (communes × tellers) are equal to some figure made, but for rounding."""
    one, other = told[None], made[:, :, None]
    both = np.isfinite(one) & np.isfinite(other)
    both &= (one != 0) | (other != 0)  # 0 proves nothing
    size = np.abs(np.where(both, one, 0.0))
    slack = slack + _EXACT * np.maximum(1.0, size)
    fine = both & (np.abs(np.where(both, one - other, np.inf)) <= slack)
    fine &= size > _CLEAR * slack
    count, holds = both.sum(axis=1), fine.sum(axis=1)
    related: Mask = ((count >= _FEWEST) & (holds >= _SHARE * count)).any(axis=0)
    return related


def _rounding(values: Floats) -> float:
    """Return half the last decimal of a column; 0 where it has more than can be told."""
    known = values[~np.isnan(values)]
    for decimals in range(_DECIMALS + 1):
        if (np.abs(known - known.round(decimals)) <= _EXACT * np.maximum(1.0, np.abs(known))).all():
            return 0.5 * 10.0**-decimals
    return 0.0
