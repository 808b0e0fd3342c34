"""What can be fitted of a profile on a network: its unknowns, and the profile they make.

The time of a trip is linear in these unknowns: the pace of each class of road inside and
outside built-up areas (minutes per km), the inverse of each limit factor, the seconds lost
for each cause at a junction, and the minutes before one sets out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from ctg_geo.network import RoadNetwork, edge_speeds
from ctg_geo.network.surroundings import inside_towns
from ctg_geo.parameters import CalibrationRules, Surroundings, TravelProfile
from ctg_geo.parameters.calibration import CAR_BOUNDS

__all__ = ["FIXED", "Term", "Terms", "terms_of"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Kind = Literal["pace", "limit", "stop", "start"]

FIXED: Final = -1
_TIMETABLE: Final = "ferry"
_SLOWEST, _FASTEST = 0.4, 2.0  # times the default, where a class has no bounds of its own
_START_SCALE_MIN: Final = 2.0
_MINUTES: Final = 60.0


@dataclass(frozen=True, slots=True)
class Term:
    """One unknown: of a class (`key`) or a cause of stops, outside or inside built-up areas.

    `prior`, `low` and `high` are in the unit of the unknown: min/km for a pace, 1 / factor
    for limits, seconds for a stop, minutes for the start.
    """

    kind: Kind
    key: str
    urban: bool
    prior: float
    low: float
    high: float

    @property
    def scale(self) -> float:
        """What a change of the unknown is measured against: the default itself."""
        return _START_SCALE_MIN if self.kind == "start" else self.prior

    def shown(self, value: float) -> float:
        """Return a value as people write it: km/h, factor, seconds or minutes."""
        if self.kind == "pace":
            return _MINUTES / value
        return 1 / value if self.kind == "limit" else value


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The unknowns of a profile on a network, and the term of each edge.

    An edge takes `minute_per_m` × its metres × the value of its term; the term is `FIXED`
    where its speed is not to be fitted, and the value is then 1.
    """

    profile: TravelProfile  # as it was: what is not fitted stays
    terms: tuple[Term, ...]
    edge_term: Ints
    minute_per_m: Floats

    def __len__(self) -> int:
        """Count the unknowns."""
        return len(self.terms)

    def values(self, name: Literal["prior", "low", "high", "scale"]) -> Floats:
        """Return one figure of every term."""
        return np.array([getattr(term, name) for term in self.terms], dtype=np.float64)

    def number(self, kind: Kind, key: str, *, urban: bool) -> int:
        """Return the number of a term, `FIXED` where it is none."""
        for at, term in enumerate(self.terms):
            if (term.kind, term.key, term.urban) == (kind, key, urban):
                return at
        return FIXED

    def profile_of(self, values: Floats) -> TravelProfile:
        """Return the profile that values of the unknowns make, rounded as it will be written.

        Speeds to 0.1 km/h, factors to 0.001, stops to 0.1 s, the start to 0.01 min.
        """
        content: dict[str, Any] = self.profile.model_dump()
        for term, value in zip(self.terms, values, strict=True):
            _put(content, term, float(value))
        return TravelProfile.model_validate(content)

    def values_of(self, profile: TravelProfile) -> Floats:
        """Return the values of the unknowns that a profile made by `profile_of` stands for."""
        content = profile.model_dump()
        return np.array([_get(content, term) for term in self.terms], dtype=np.float64)


def terms_of(network: RoadNetwork, profile: TravelProfile, rules: CalibrationRules) -> Terms:
    """Return what can be fitted of a profile on a network.

    The profile then holds a speed of its own for every class of the network inside and
    outside built-up areas, and the one period that counts: what is not fitted keeps its
    default even where it followed from another.
    """
    if rules.use_stated is not None:
        profile = profile.model_copy(update={"use_stated": rules.use_stated})
    spelled = _spelled_out(network, profile)
    urban, road_class = inside_towns(network), network.edges["road_class"].to_numpy(object)
    speed = edge_speeds(network, spelled)
    bare = edge_speeds(network, spelled.model_copy(update={"use_stated": False}))
    stated, limit = _stated(network, spelled)
    terms: list[Term] = []
    edge_term = np.full(len(network.edges), FIXED, dtype=np.int64)
    minute_per_m = _MINUTES / speed / 1000
    for inside in (False, True):
        here = urban == inside
        for key in sorted(set(road_class[here & ~stated]) - {_TIMETABLE}):
            mine = here & ~stated & (road_class == key)
            edge_term[mine], minute_per_m[mine] = len(terms), 1 / 1000
            terms.append(_pace(str(key), float(bare[mine][0]), profile, rules, urban=inside))
        mine = here & limit
        if mine.any():
            factor = _by(spelled.limit_factor, inside)
            edge_term[mine] = len(terms)
            minute_per_m[mine] *= factor
            low, high = rules.limit_factor
            low, high = min(low, factor), max(high, factor)
            terms.append(Term("limit", "", inside, 1 / factor, 1 / high, 1 / low))
    terms += _stops(spelled, rules)
    if rules.fit_start:
        start = spelled.snapping.start_min
        terms.append(Term("start", "", False, start, 0, max(rules.longest_start_min, start)))  # noqa: FBT003
    return Terms(spelled, tuple(terms), edge_term, minute_per_m)


def _spelled_out(network: RoadNetwork, profile: TravelProfile) -> TravelProfile:
    """Write the speed of every class that the network has, and drop the other periods."""
    speeds, towns = dict(profile.speed_kmh), dict(profile.urban_kmh)
    for key in sorted(set(network.edges["road_class"]) - {_TIMETABLE}):
        speeds.setdefault(str(key), profile.default_kmh)
        towns.setdefault(str(key), speeds[str(key)])
    periods = {profile.period: profile.now} if profile.period else {}
    return profile.model_copy(update={"speed_kmh": speeds, "urban_kmh": towns, "periods": periods})


def _stated(network: RoadNetwork, profile: TravelProfile) -> tuple[Bools, Bools]:
    """Tell the edges that run at a speed they state, and those of them where it is a limit."""
    edges = network.edges
    given = edges["speed_kmh"].notna().to_numpy()
    stated = given & (profile.use_stated | (edges["road_class"] == _TIMETABLE).to_numpy())
    if "speed_kind" not in edges.columns:
        return stated, np.zeros(len(edges), dtype=bool)
    return stated, stated & (edges["speed_kind"] == "limit").to_numpy()


def _pace(
    key: str, kmh: float, profile: TravelProfile, rules: CalibrationRules, *, urban: bool
) -> Term:
    usual = CAR_BOUNDS if profile.mode == "car" else {}
    low, high = rules.bounds.get(key) or usual.get(key, (_SLOWEST * kmh, _FASTEST * kmh))
    low, high = min(low, kmh), min(max(high, kmh), 150)
    return Term("pace", key, urban, _MINUTES / kmh, _MINUTES / high, _MINUTES / low)


def _stops(profile: TravelProfile, rules: CalibrationRules) -> Iterator[Term]:
    """Yield the causes of stops that the period declares: one of 0 s stays at 0."""
    if not rules.fit_junctions:
        return
    for urban in (False, True):
        lost = profile.now.urban if urban else profile.now.rural
        causes = {key: value for key, value in lost.model_dump().items() if key != "junction"}
        causes |= {f"junction.{key}": value for key, value in lost.junction.items()}
        for key, seconds in causes.items():
            if seconds > 0:
                longest = max(rules.longest_stop_s, seconds)
                yield Term("stop", key, urban, seconds, 0, longest)


def _put(content: dict[str, Any], term: Term, value: float) -> None:
    """Write the value of a term where a profile holds it."""
    where, name = _place(content, term)
    digits = {"pace": 1, "limit": 3, "stop": 1, "start": 2}[term.kind]
    where[name] = round(term.shown(value), digits)


def _get(content: dict[str, Any], term: Term) -> float:
    where, name = _place(content, term)
    value = float(where[name])
    if term.kind == "pace":
        return _MINUTES / value
    return 1 / value if term.kind == "limit" else value


def _place(content: dict[str, Any], term: Term) -> tuple[dict[str, Any], str]:
    side = "urban" if term.urban else "rural"
    if term.kind == "pace":
        return content["urban_kmh" if term.urban else "speed_kmh"], term.key
    if term.kind == "limit":
        return content["limit_factor"], side
    if term.kind == "start":
        return content["snapping"], "start_min"
    lost: dict[str, Any] = content["periods"][content["period"]][side]
    cause, _, road_class = term.key.partition(".")
    return (lost[cause], road_class) if road_class else (lost, cause)


def _by(pair: Surroundings, urban: bool) -> float:  # noqa: FBT001
    return pair.urban if urban else pair.rural
