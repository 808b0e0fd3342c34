"""What the draws say: probabilities, intervals, and what is too close to call."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.uncertainty.ranking import levels, ranks, too_close, weight
from ctg_geo.uncertainty.throwing import Draws, Found

__all__ = ["LOW", "Sureness", "sureness"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LOW, HIGH = 0.05, 0.95  # ends of all intervals: nine draws in ten are between


@dataclass(frozen=True, slots=True, eq=False)
class Sureness:
    """How sure a diagnosis is.

    `communes` by code: below_share (probability, 0-1, to be below the norm), worst_share
    (to be among the worst and to miss something), rank_low and rank_high (P5 and P95),
    value_mean, value_low, value_high (supply per 100, or minutes), gap_mean, gap_low, gap_high
    (supply missing, or people concerned), close_group (number of its group too close to
    call, 0 for none) and unsettled (with how many its order is not settled). Ranks and gaps
    are NaN where they are not to be told.

    `groups`: by grouping ("" is the whole) a table by group: communes, below_mean, below_low,
    below_high (how many are below), gap_mean, gap_low, gap_high, and with a norm on supply
    value_mean, value_low, value_high, per 100 people. Communes not to be told are left out.
    """

    communes: pd.DataFrame
    groups: dict[str, pd.DataFrame]
    kind: str  # supply or time
    draws: int
    cut: int  # draws whose times ended at those known
    worst: int

    @property
    def error(self) -> float:
        """Half-width of the 95 % interval of any probability, at most: 1 / √draws."""
        return float(1 / np.sqrt(self.draws))

    def too_close(self) -> list[list[str]]:
        """Return the codes of each group whose order is not settled, the worst first."""
        numbered = self.communes[self.communes["close_group"] > 0]
        ordered = numbered.sort_values(["rank_low", "rank_high"], kind="stable")
        return [list(part.index) for _, part in ordered.groupby("close_group")]


def sureness(
    thrown: Draws, *, hidden: pd.Index | None = None, groups: pd.DataFrame | None = None
) -> Sureness:
    """Sum up draws by commune and by group.

    Parameters
    ----------
    thrown : see `ctg_geo.uncertainty.draws`
    hidden : codes whose gap and rank are not to be told, besides those of the inputs
    groups : by code, one column per grouping

    Notes
    -----
    A commune takes part in the groups too close to call unless it meets the norm, people
    everywhere included, in at least `confidence` of the draws: those that miss nothing are
    equal, not close.
    """
    found, settings = thrown.found, thrown.settings
    unsaid = found.codes.isin(thrown.inputs.hidden)
    if hidden is not None:
        unsaid |= found.codes.isin(hidden)
    table = _communes(found, unsaid, settings.worst, settings.confidence)
    names = [] if groups is None else list(groups.columns)
    summed = {"": _by_group(found, unsaid, pd.Series("", index=found.codes))}
    for name in names:
        assert groups is not None, "no groups"
        summed[str(name)] = _by_group(found, unsaid, groups[name].reindex(found.codes))
    return Sureness(table, summed, found.kind, len(found), thrown.cut, settings.worst)


def _communes(found: Found, unsaid: Bools, worst: int, confidence: float) -> pd.DataFrame:
    rank, gap = ranks(found, unsaid), weight(found, unsaid)
    table = pd.DataFrame({"below_share": found.below.mean(axis=0)}, index=found.codes)
    table["worst_share"] = ((rank <= worst) & (gap > 0)).mean(axis=0)
    table["rank_low"], table["rank_high"] = _ends(rank.astype(np.float64))
    scale = 100.0 if found.kind == "supply" else 1.0
    table = table.join(_interval("value", found.value * scale, found.codes))
    table = table.join(_interval("gap", found.gap, found.codes))
    ranked = ~unsaid & ((gap > 0).mean(axis=0) > 1 - confidence)
    group, unsettled = too_close(levels(found, unsaid), ranked, confidence=confidence)
    table["close_group"], table["unsettled"] = group, unsettled.astype(np.float64)
    untold = ["worst_share", "rank_low", "rank_high", "gap_mean", "gap_low", "gap_high",
              "unsettled"]  # fmt: skip
    table.loc[unsaid, untold] = np.nan
    return table


def _by_group(found: Found, unsaid: Bools, groups: pd.Series) -> pd.DataFrame:
    rows = {}
    for name in sorted(set(groups)):
        inside = (groups == name).to_numpy()
        shown = inside & ~unsaid
        told = {"communes": float(inside.sum())}
        told |= _ends_of("below", found.below[:, inside].sum(axis=1).astype(np.float64))
        gap = found.gap[:, shown].sum(axis=1)
        told |= _ends_of("gap", gap if shown.any() else np.full(len(found), np.nan))
        if found.kind == "supply":
            people = found.people[:, shown]
            total = people.sum(axis=1)
            held = np.where(people > 0, found.value[:, shown] * people, 0.0).sum(axis=1)
            whole = np.divide(100 * held, total, out=np.full_like(total, np.nan), where=total > 0)
            told |= _ends_of("value", whole)
        rows[str(name)] = told
    return pd.DataFrame.from_dict(rows, orient="index")


def _ends_of(name: str, values: Floats) -> dict[str, float]:
    table = _interval(name, values[:, None], pd.Index([""]))
    return {str(column): float(value) for column, value in table.iloc[0].items()}


def _interval(name: str, values: Floats, codes: pd.Index) -> pd.DataFrame:
    """Mean, P5 and P95 by column. What is not reached is longer than all, and out of the mean."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(len(codes), np.nan), where=count > 0)
    low, high = _ends(np.where(known, values, np.inf))
    columns = {f"{name}_mean": mean, f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns, index=codes).replace(np.inf, np.nan)


def _ends(values: Floats) -> Floats:
    """P5 and P95 of each column: always one of its values."""
    return np.quantile(values, [LOW, HIGH], axis=0, method="inverted_cdf")
