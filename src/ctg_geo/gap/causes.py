"""Why access falls short: too far, too many who share, or too few places in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import Rule, Sharing
from ctg_geo.access.aligned import aligned
from ctg_geo.gap.undefined import Undefined
from ctg_geo.travel import TravelTimes

__all__ = ["CAUSES_OF_GAP", "causes", "causes_by"]

Floats = npt.NDArray[np.float64]

CAUSES_OF_GAP: Final = ("distance", "saturation", "lack")
_LEAST = 1e-12  # of the norm: less is the rounding of sums


def causes(
    times: TravelTimes, demand: pd.Series, supply: pd.Series, *, sharing: Sharing, norm: float
) -> pd.DataFrame | Undefined:
    """Split the gap of each origin, `norm - access`, exactly into its three causes.

    Each cause is a switch, and the engine measures access with it removed:

    - *distance*: everybody is on the spot of the places within their reach (every weight
      that is not 0 becomes 1, for rivals too); who reaches no place has the mean access of
      the whole territory.
    - *saturation*: nobody has less than if the places they use were no more crowded than the
      whole territory: its mean access times what the measure weighs the use of the nearest
      place (w; w² in M2SFCA; in 3SFCA of all the places that people divide themselves among).
    - *lack*: supply is raised everywhere alike, until the mean access is the norm.

    With several modes of care, each has its own mean, its own distance and its own saturation,
    and their accesses are added; lack is one. Access is measured under all combinations of
    switches, no more than the norm counting. A cause is given what removing it adds, averaged
    over all orders of removing them (the value of Shapley). With all removed everybody has the
    norm, so the parts sum to the gap.

    Parameters
    ----------
    times, demand, supply : see `ctg_geo.access.e2sfca`
    sharing : by which measure supply is shared, for each mode of care
    norm : supply per person, more than 0

    Returns
    -------
    DataFrame by origin, supply per person
        gap (0 where the norm is met), distance, saturation, lack (they sum to gap), main (the
        largest part: on a tie the first of the three; empty where there is no gap). With several
        modes of care also `distance_<mode>` and `saturation_<mode>`, which sum to distance and
        saturation. Undefined where there is nobody or no norm.

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        As `ctg_geo.access.e2sfca`.

    Notes
    -----
    Saturation and lack are never negative. Distance may be: it then *protects* the origin, for
    those farther would come too if nobody had to travel. The parts times people sum over
    origins to the places missing, cause by cause. The whole territory includes the buffer.
    Without any supply all is lack; a site without supply is no place (in 3SFCA people still
    divide themselves among all sites, as the measure has it). Multiplying demand and supply
    alike changes nothing; nor does splitting an origin in two, or a place, but in 3SFCA, where a
    place split in two draws more people. In 2SFCA distance within the reach counts for
    nothing: what is left of it is to have no place in reach, and rivals who have none.

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

    >>> from ctg_geo.access import alone
    >>> from ctg_geo.access.decay import flat
    >>> pairs = pd.DataFrame({"origin": ["a"], "destination": ["x"], "minutes": [0.0]})
    >>> found = causes(TravelTimes.from_frame(pairs, limit_min=15), pd.Series({"a": 100.0}),
    ...                pd.Series({"x": 20.0}), sharing=alone(flat(15)), norm=0.3)
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
    names = [f"{cause}_{key}" for key in sharing.rules for cause in ("distance", "saturation")]
    if not offer.sum():
        gap = np.full(len(people), norm)
        return _told(times.origins, gap, dict.fromkeys(names, 0 * gap) | {"lack": gap}, sharing)
    cares = [
        _Measured.of(rule, times.to_destinations(own), demand, supply, float(people.sum()))
        for _, rule, own in sharing.by_care(times)
    ]
    raised = max(1.0, norm * float(people.sum()) / float(offer.sum()))

    def access(removed: int) -> Floats:
        """Measure with some switches off: two bits a mode, in order, then that of lack."""
        each = [care.access(removed >> 2 * at & 3) for at, care in enumerate(cares)]
        found: Floats = np.sum(each, axis=0)
        raised_by = raised if removed >> 2 * len(cares) else 1.0
        return np.asarray(np.minimum(norm, found * raised_by))

    gap = np.maximum(0.0, norm - access(0))
    short = gap > _LEAST * norm
    values = [access(removed) for removed in range(1 << (len(names) + 1))]
    parts = dict(zip([*names, "lack"], _shapley(values, len(names) + 1), strict=True))
    parts = {name: np.where(short, each, 0.0) for name, each in parts.items()}
    return _told(times.origins, np.where(short, gap, 0.0), parts, sharing)


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """The access to one mode of care, without its distance and saturation or with them."""

    values: tuple[Floats, Floats, Floats, Floats]  # bit 0: distance removed; bit 1: saturation

    @classmethod
    def of(
        cls, rule: Rule, times: TravelTimes, demand: pd.Series, supply: pd.Series, people: float
    ) -> "_Measured":
        offer = aligned(supply, times.destinations, table="supply")
        mean, real = offer.sum() / people, offer > 0
        found: dict[int, Floats] = {}
        for number, each in enumerate((rule, rule.on_the_spot())):
            access = each.catchment(times, demand, supply).access.to_numpy(np.float64)
            uncrowded = each.uncrowded(times, real=real)
            if number:
                access = np.where(uncrowded > 0, access, mean)
            found[number] = access
            found[number + 2] = np.maximum(access, mean * uncrowded)
        return cls((found[0], found[1], found[2], found[3]))

    def access(self, removed: int) -> Floats:
        return self.values[removed]


def causes_by(parts: pd.DataFrame, people: pd.Series, owner: pd.Series) -> pd.DataFrame:
    """Sum the places missing by cause over the places of each owner.

    Parameters
    ----------
    parts : by place, see `causes`
    people, owner : by place, and the commune, basin or group it is in

    Returns
    -------
    DataFrame by owner, in the unit of supply
        The columns of `causes`.
    """
    weight = aligned(people, parts.index, table="people")
    figures = parts.drop(columns="main").mul(weight, axis=0)
    summed = figures.groupby(owner.reindex(parts.index).to_numpy()).sum()
    each = {str(name): summed[name].to_numpy(np.float64) for name in summed.columns}
    return _table(summed.index, each.pop("gap"), each)


def _shapley(values: Sequence[Floats], switches: int) -> list[Floats]:
    """Average over all orders what removing each cause adds; `values` by the switches removed."""
    every = factorial(switches)
    found = []
    for switch in range(switches):
        added = np.zeros_like(values[0])
        for before in range(len(values)):
            if before >> switch & 1:
                continue
            size = before.bit_count()
            orders = factorial(size) * factorial(switches - size - 1)
            added += orders * (values[before | 1 << switch] - values[before])
        found.append(added / every)
    return found


def _told(
    index: pd.Index, gap: Floats, parts: Mapping[str, Floats], sharing: Sharing
) -> pd.DataFrame:
    """Sum the parts of the modes of care by cause, and keep them beside where there are several."""
    whole: dict[str, Floats] = {
        cause: np.sum([parts[f"{cause}_{key}"] for key in sharing.rules], axis=0)
        for cause in ("distance", "saturation")
    }
    whole["lack"] = parts["lack"]
    by_care = {name: each for name, each in parts.items() if name != "lack"}
    return _table(index, gap, whole | (by_care if sharing.modal else {}))


def _table(index: pd.Index, gap: Floats, parts: Mapping[str, Floats]) -> pd.DataFrame:
    table = pd.DataFrame({"gap": gap, **parts}, index=index)
    largest = np.array(CAUSES_OF_GAP, dtype=object)[
        table[list(CAUSES_OF_GAP)].to_numpy(np.float64).argmax(axis=1)
    ]
    table["main"] = np.where(gap > 0, largest, "")
    return table
