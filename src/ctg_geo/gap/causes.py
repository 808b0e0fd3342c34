"""Why access falls short: too far, too many who share, or too few places in all."""

from collections.abc import Mapping
from itertools import permutations
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import e2sfca
from ctg_geo.access.aligned import aligned
from ctg_geo.access.decay import Decay
from ctg_geo.gap.undefined import Undefined
from ctg_geo.travel import TravelTimes

__all__ = ["CAUSES_OF_GAP", "causes", "causes_by"]

Floats = npt.NDArray[np.float64]

CAUSES_OF_GAP: Final = ("distance", "saturation", "lack")
_LEAST = 1e-12  # of the norm: less is the rounding of sums


def causes(
    times: TravelTimes, demand: pd.Series, supply: pd.Series, *, decay: Decay, norm: float
) -> pd.DataFrame | Undefined:
    """Split the gap of each origin, `norm - access`, exactly into its three causes.

    Each cause is a switch, and the engine measures access with it removed:

    - *distance*: everybody is on the spot of the places within their reach (every weight
      that is not 0 becomes 1, for rivals too); who reaches no place has the mean access of
      the whole territory.
    - *saturation*: nobody has less than the mean access of the whole territory times the
      weight of the nearest place: as if that place were no more crowded than the whole.
    - *lack*: supply is raised everywhere alike, until the mean access is the norm.

    Access is measured under the eight combinations, no more than the norm counting. A cause
    is given what removing it adds, averaged over the six orders of removing them (the value of
    Shapley). With all three removed everybody has the norm, so the parts sum to the gap.

    Parameters
    ----------
    times, demand, supply, decay : see `ctg_geo.access.e2sfca`
    norm : supply per person, more than 0

    Returns
    -------
    DataFrame by origin, supply per person
        gap (0 where the norm is met), distance, saturation, lack (they sum to gap), main (the
        largest part: on a tie the first of the three; empty where there is no gap).
        Undefined where there is nobody or no norm.

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        As `ctg_geo.access.e2sfca`.

    Notes
    -----
    Saturation and lack are never negative. Distance may be: it then *protects* the origin, for
    those farther would come too if nobody had to travel. The parts times people sum over
    origins to the places missing, cause by cause. The whole territory includes the buffer.
    Without any supply all is lack; a site without supply is no place. Multiplying demand and
    supply alike, or splitting a place or an origin in two, changes nothing.

    Two other counterfactuals of saturation were weighed and left. That nobody else shares a
    place: one family alone never lacks places, so saturation and lack would be the same thing
    twice. That no ratio of a place is below the mean: ratios fall with the number of places
    within reach, so a place split in two would look crowded.

    References
    ----------
    Shapley (1953), Contributions to the Theory of Games II; Shorrocks (2013), Journal of
    Economic Inequality 11(1), doi:10.1007/s10888-011-9214-z.

    Examples
    --------
    One crèche of 20 places and 100 children next to it: the norm is 30 for 100.

    >>> from ctg_geo.access.decay import flat
    >>> pairs = pd.DataFrame({"origin": ["a"], "destination": ["x"], "minutes": [0.0]})
    >>> found = causes(TravelTimes.from_frame(pairs, limit_min=15), pd.Series({"a": 100.0}),
    ...                pd.Series({"x": 20.0}), decay=flat(15), norm=0.3)
    >>> found.round(3)
            gap  distance  saturation  lack  main
    origin
    a       0.1       0.0         0.0   0.1  lack
    """
    people = aligned(demand, times.origins, table="demand")
    offer = aligned(supply, times.destinations, table="supply")
    if norm <= 0:
        return Undefined("no_norm")
    if not people.sum():
        return Undefined("nobody")
    if not offer.sum():
        gap = np.full(len(people), norm)
        return _table(times.origins, gap, {"distance": 0 * gap, "saturation": 0 * gap, "lack": gap})
    mean = offer.sum() / people.sum()
    raised = max(1.0, norm / mean)
    real = times.to_destinations(offer > 0)
    measured: dict[frozenset[str], Floats] = {}
    for shape, on in ((decay, set[str]()), (_on_the_spot(decay), {"distance"})):
        access, best = _access(real, demand, supply, shape)
        if on:
            access = np.where(best > 0, access, mean)
        even = np.maximum(access, mean * best)
        for value, also in ((access, on), (even, on | {"saturation"})):
            measured[frozenset(also)] = np.minimum(norm, value)
            measured[frozenset(also | {"lack"})] = np.minimum(norm, raised * value)
    gap = np.maximum(0.0, norm - measured[frozenset()])
    short = gap > _LEAST * norm
    parts = {cause: np.where(short, _part(cause, measured), 0.0) for cause in CAUSES_OF_GAP}
    return _table(times.origins, np.where(short, gap, 0.0), parts)


def causes_by(parts: pd.DataFrame, people: pd.Series, owner: pd.Series) -> pd.DataFrame:
    """Sum the places missing by cause over the places of each owner.

    Parameters
    ----------
    parts : by place, see `causes`
    people, owner : by place, and the commune, basin or group it is in

    Returns
    -------
    DataFrame by owner, in the unit of supply
        gap, distance, saturation, lack, main.
    """
    weight = aligned(people, parts.index, table="people")
    figures = parts[["gap", *CAUSES_OF_GAP]].mul(weight, axis=0)
    summed = figures.groupby(owner.reindex(parts.index).to_numpy()).sum()
    each = {cause: summed[cause].to_numpy(np.float64) for cause in CAUSES_OF_GAP}
    return _table(summed.index, summed["gap"].to_numpy(np.float64), each)


def _access(
    times: TravelTimes, demand: pd.Series, supply: pd.Series, decay: Decay
) -> tuple[Floats, Floats]:
    """Access of each origin, and the weight of its nearest place (0: none within reach)."""
    access = e2sfca(times, demand, supply, decay=decay).access.to_numpy(np.float64)
    within = times.within(decay.reach_min)
    best = np.zeros(len(times.origins))
    np.maximum.at(best, within.rows, decay(within.minutes))
    return access, best


def _on_the_spot(decay: Decay) -> Decay:
    """Weigh 1 wherever `decay` weighs anything."""
    return Decay(
        decay.reach_min,
        lambda minutes: (decay.weigh(minutes) > 0).astype(np.float64),
        "on the spot",
    )


def _part(cause: str, measured: Mapping[frozenset[str], Floats]) -> Floats:
    """Average over all orders what removing a cause adds to access."""
    orders = list(permutations(CAUSES_OF_GAP))
    added = np.zeros_like(measured[frozenset()])
    for order in orders:
        before = frozenset(order[: order.index(cause)])
        added += measured[before | {cause}] - measured[before]
    return added / len(orders)


def _table(index: pd.Index, gap: Floats, parts: Mapping[str, Floats]) -> pd.DataFrame:
    table = pd.DataFrame({"gap": gap, **parts}, index=index)
    largest = np.array(CAUSES_OF_GAP, dtype=object)[
        table[list(CAUSES_OF_GAP)].to_numpy(np.float64).argmax(axis=1)
    ]
    table["main"] = np.where(gap > 0, largest, "")
    return table
