"""How a verdict bears other hypotheses: times, supply, decays."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.access import Sharing, decay, nearest
from ctg_geo.diagnosis.at_homes import commune_access, commune_minutes
from ctg_geo.gap import MET, agreement
from ctg_geo.parameters import DecayRule, Robustness, Service
from ctg_geo.territory import Homes
from ctg_geo.travel import TravelTimes

__all__ = [
    "AS_IT_IS", "among_by_variant", "certainty", "furthest_min", "other_sharings", "variant",
]  # fmt: skip

AS_IT_IS: Final = "as it is"

_ROUNDING_MIN: Final = 1 / 60_000  # times that are multiplied are rounded to the millisecond


def furthest_min(service: Service, robustness: Robustness, sharing: Sharing | None = None) -> float:
    """Minutes up to which times must be known for every variant; 0 without a verdict.

    Where times may be shorter (a factor under 1), what is within reach then is further today.
    """
    if not service.judged:
        return 0.0
    asked = service.within_min
    if sharing is not None:
        asked = max(each.reach_min for each in other_sharings(sharing, robustness.other_decays))
    return (asked + _ROUNDING_MIN) / min(robustness.time_factors)


def certainty(
    below: pd.Series,
    times: TravelTimes,
    people: pd.Series,
    places: pd.DataFrame,
    service: Service,
    robustness: Robustness,
    homes: Homes,
    sharing: Sharing | None,
    among: pd.DataFrame | None = None,
) -> pd.Series:
    """Share of the variants (times, supply, decay) that give the same verdict; NaN without one.

    With several modes of care each keeps its own decay. `times` must be known up to
    `furthest_min`. `among` are the people that each place is shared among in each variant, where
    they are known (`among_by_variant`).
    """
    if not service.judged:
        return pd.Series(np.nan, index=below.index, name="certainty")
    variants: list[pd.Series] = []
    shared = [] if sharing is None else other_sharings(sharing, robustness.other_decays)
    for factor in robustness.time_factors:
        slower = times.scaled(factor)
        if sharing is None:
            minutes = commune_minutes(nearest(slower)["minutes"], homes, service.demand)
            variants.append(~(minutes <= service.within_min))
            continue
        for number, each in enumerate(shared):
            known = None if among is None else among[variant(factor, number)]
            access = each.catchment(slower, people, places["capacity"], known).access
            variants += _supply_variants(access, service, robustness, homes)
    return agreement(below, variants).rename("certainty")


def variant(factor: float, number: int) -> str:
    """Name a variant: times by a factor, and a sharing by its number among `other_sharings`."""
    return f"{factor!r} {number}"


def among_by_variant(
    times: TravelTimes, people: pd.Series, sharing: Sharing, robustness: Robustness
) -> pd.DataFrame:
    """Return the weighted people that each place is shared among, in every variant.

    Parameters
    ----------
    times : from all homes that reach the places in some variant; see `Rule.among`
    people : by origin

    Returns
    -------
    DataFrame by destination, one column a `variant`, the first that of things as they are
    """
    found = {AS_IT_IS: sharing.among(times, people)}
    for factor in robustness.time_factors:
        slower = times.scaled(factor)
        for number, each in enumerate(other_sharings(sharing, robustness.other_decays)):
            found[variant(factor, number)] = each.among(slower, people)
    return pd.DataFrame(found)


def other_sharings(sharing: Sharing, decays: Iterable[DecayRule]) -> tuple[Sharing, ...]:
    """Return the sharing of a service, then those as likely with other decays.

    With several modes of care each keeps its own decay: there is no other.
    """
    if sharing.modal:
        return (sharing,)
    return (sharing, *(sharing.with_decay(decay.from_rule(each)) for each in decays))


def _supply_variants(
    access: pd.Series, service: Service, robustness: Robustness, homes: Homes
) -> list[pd.Series]:
    each = commune_access(access, homes, service.demand)
    norm = (service.per_100 or 0.0) / 100
    return [each * factor < norm * MET for factor in robustness.supply_factors]
