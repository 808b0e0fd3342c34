"""Which choice moves the ranking most: one at a time, all else as in the diagnosis."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.parameters import Uncertainty
from ctg_geo.uncertainty.dice import Dice, Throw
from ctg_geo.uncertainty.inputs import Arrays, Inputs
from ctg_geo.uncertainty.laws import log_normal
from ctg_geo.uncertainty.ranking import levels, ranks, weight
from ctg_geo.uncertainty.throwing import Found, dice_of, found_with

__all__ = ["People", "sensitivity"]

Bools = npt.NDArray[np.bool_]

_P95 = 1.6448536269514722  # of the standard normal law
_MANY = 100  # draws of one die alone: enough for a mean
_THROWN = ("population", "inside", "capacity", "local_times")  # errors, not choices


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Another count of the people concerned: by demand_id, and the share of its commune."""

    people: pd.Series
    share: pd.Series


def sensitivity(
    inputs: Inputs,
    settings: Uncertainty,
    *,
    hidden: pd.Index | None = None,
    others: Mapping[str, People] | None = None,
) -> pd.DataFrame:
    """Change one input at a time, and tell what that does to the ranking.

    A choice (norm, reach, decay, all times, the figure meant) is tried at each of its ends;
    errors that differ from one commune or place to the next are thrown alone, and what they
    do is a mean over draws.

    Parameters
    ----------
    inputs, settings : as for `draws`
    hidden : codes that are ranked last, besides those of the inputs
    others : name -> another count of the people

    Returns
    -------
    DataFrame
        choice, variant, tau (Kendall's, of the order of the communes told; NaN where all are
        equal before or after), changed (communes whose verdict changes), entered (communes
        that enter the worst), draws (1 for a choice). What moves the order most comes first.

    References
    ----------
    Kendall (1945), The treatment of ties in ranking problems, Biometrika 33(3),
    doi:10.1093/biomet/33.3.239.
    """
    arrays = inputs.arrays()
    untold = inputs.judged.isin(inputs.hidden)
    if hidden is not None:
        untold |= inputs.judged.isin(hidden)
    still = dice_of(inputs, arrays, settings, sources=()).throw(0, settings.seed)
    base = _found(inputs, arrays, [still])
    rows = [
        {"choice": choice, "variant": variant, **_moved(base, found, untold, settings.worst)}
        for choice, variant, found in _variants(inputs, arrays, settings, still, others or {})
    ]
    columns = ["choice", "variant", "tau", "changed", "entered", "draws"]
    table = pd.DataFrame(rows, columns=columns)
    order = table.assign(less=-table["changed"]).sort_values(["tau", "less", "choice", "variant"])
    return table.loc[order.index].reset_index(drop=True)


def _variants(
    inputs: Inputs,
    arrays: Arrays,
    settings: Uncertainty,
    still: Throw,
    others: Mapping[str, People],
) -> Iterator[tuple[str, str, Found]]:
    least = dice_of(inputs, arrays, settings).least
    for choice, variant, throw in _choices(inputs, settings, still, least):
        yield choice, variant, _found(inputs, arrays, [throw])
    origins = inputs.times.origins
    for name, each in others.items():
        people = aligned(each.people, origins, table="demand")
        share = aligned(each.share, origins, table="share")
        yield "demand", name, _found(inputs, arrays, [replace(still, people=people, share=share)])
    count = min(settings.draws, _MANY)
    for source in _thrown(arrays, settings):
        dice = dice_of(inputs, arrays, settings, sources=(source,))
        yield source, "", _thrown_alone(inputs, arrays, dice, settings.seed, count)


def _choices(
    inputs: Inputs, settings: Uncertainty, still: Throw, least: float
) -> Iterator[tuple[str, str, Throw]]:
    """Name each end of each choice, and what is thrown for it."""
    if settings.norm is not None:
        for end in (settings.norm.low, settings.norm.high):
            yield "norm", f"{end:g}", replace(still, norm=end)
    factors: list[tuple[str, str, float]] = []
    if settings.reach is not None:
        ends = (settings.reach.low, settings.reach.high)
        factors += [("reach", f"{end:g}", 1 / end) for end in ends]
    if settings.times is not None:
        error = np.full(2, settings.times.relative)
        slow = log_normal(error, np.array([-_P95, _P95]))
        factors += [("times", f"{end:.3g}", float(end)) for end in slow]
    for choice, said, factor in factors:
        slower = np.maximum(still.slower * factor, least)
        yield choice, said, replace(still, slower=slower)
    for number, each in enumerate(inputs.norms.sharings[1:], start=1):
        yield "decay", each.name, replace(still, decay=number)


def _thrown(arrays: Arrays, settings: Uncertainty) -> list[str]:
    local = settings.local_times
    errors = (arrays.people_error, arrays.inside_error, arrays.supply_error)
    there = [*(bool(each.any()) for each in errors), local is not None and local.relative > 0]
    return [name for name, holds in zip(_THROWN, there, strict=True) if holds]


def _found(inputs: Inputs, arrays: Arrays, throws: Sequence[Throw]) -> Found:
    fastest = min(float(each.slower.min()) for each in throws)
    return found_with(
        inputs, arrays, lambda draw: throws[draw], len(throws), fastest=fastest, workers=1
    )


def _thrown_alone(inputs: Inputs, arrays: Arrays, dice: Dice, seed: int, count: int) -> Found:
    fastest, _ = dice.fastest(count, seed)
    return found_with(inputs, arrays, lambda draw: dice.throw(draw, seed), count, fastest=fastest)


def _moved(base: Found, found: Found, untold: Bools, worst: int) -> dict[str, float]:
    """Compare each draw with the diagnosis, and take the mean."""
    from scipy.stats import kendalltau  # noqa: PLC0415  (heavy)

    told = ~untold
    before = levels(base, untold)[0, told]
    drawn = list(levels(found, untold)) if told.sum() > 1 else []  # one commune has no order
    taus = [kendalltau(before, each[told]).statistic for each in drawn]
    inside = [(ranks(each, untold) <= worst) & (weight(each, untold) > 0) for each in (base, found)]
    known = [each for each in taus if not np.isnan(each)]
    return {
        "tau": float(np.mean(known)) if known else float("nan"),
        "changed": float((found.below != base.below).sum(axis=1).mean()),
        "entered": float((inside[1] & ~inside[0]).sum(axis=1).mean()),
        "draws": float(len(found)),
    }
