"""Is a scenario one that this study can take? Every change that is not, with its mend."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from pydantic import ValidationError

from ctg_geo.config.scenario_file import Scenario, Step
from ctg_geo.errors import Defect, ScenarioError
from ctg_geo.parameters import (
    AddPeople,
    ChangeHours,
    ChangeNorm,
    ChangeTour,
    ClosePlace,
    Itinerant,
    MovePlace,
    OpenPlace,
    ResizePlace,
    RoadChange,
    Service,
)
from ctg_geo.scenarios.ground import commune_of, with_norm
from ctg_geo.scenarios.stops import Running, stop_key, weekly_hours
from ctg_geo.territory import Territory

__all__ = ["check", "nearest_names"]

_NEAR = 3
_CUTOFF = 0.5


def check(
    scenario: Scenario,
    territory: Territory,
    services: Mapping[str, Service],
    tours: Mapping[str, Itinerant],
) -> None:
    """Check every change of a scenario against the places, people, services, tours of a study.

    Roads are checked where they are changed: see `ctg_geo.scenarios.roads`.

    Parameters
    ----------
    services, tours : of the study, by key

    Raises
    ------
    ScenarioError
        With all defects at once, each naming its file and change, and the mend.
    """
    watch = _Watch(territory, services, Running(territory, tours))
    defects = [each for step in scenario.steps for each in watch.look(step)]
    if defects:
        raise ScenarioError(defects)


def nearest_names(value: str, known: Mapping[str, str]) -> list[str]:
    """Return the keys nearest to a value, by themselves or by what they are called.

    Parameters
    ----------
    known : key -> name

    Examples
    --------
    >>> nearest_names("abeille", {"c1": "Les Abeilles", "c2": "Les Loutres"})
    ['c1 (Les Abeilles)']
    """
    asked = value.casefold()
    score = {
        key: max(
            difflib.SequenceMatcher(None, asked, said.casefold()).ratio() for said in (key, name)
        )
        for key, name in known.items()
    }
    best = sorted((key for key in score if score[key] >= _CUTOFF), key=lambda key: -score[key])
    return [f"{key} ({known[key]})" if known[key] != key else key for key in best[:_NEAR]]


@dataclass(slots=True)
class _Watch:
    """What has been done so far, change by change."""

    territory: Territory
    services: Mapping[str, Service]
    running: Running
    opened: dict[str, OpenPlace] = field(default_factory=dict)
    capacity: dict[str, float] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    done: set[tuple[str, str]] = field(default_factory=set)
    added: dict[tuple[str, str], float] = field(default_factory=dict)

    def look(self, step: Step) -> Iterator[Defect]:
        """Yield what is wrong with a change, and remember it."""
        change = step.change
        match change:
            case OpenPlace():
                found = [*self._open(change)]
            case ChangeTour():
                found = [*self._tour(change)]
            case AddPeople():
                found = [*self._people(change)]
            case ChangeNorm():
                found = [*self._norm(change)]
            case ClosePlace() | ResizePlace() | MovePlace() | ChangeHours():
                found = [*self._place(change)]
            case _:
                assert isinstance(change, RoadChange), "a kind of change without a check"
                found = []
        for reason, value, facts in found:
            yield Defect(step.file, f"scenario_{reason}", value=value, facts=facts,
                         change=step.number)  # fmt: skip

    def _open(self, change: OpenPlace) -> Iterator["_Found"]:
        key = change.place
        if key in self.territory.equipements.index or key in self.opened:
            yield "place_taken", key, {}
        yield from self._located(change)
        yield from self._service(change.service)
        service = self.services.get(change.service)
        if service is not None and change.delivery not in service.deliveries:
            yield "delivery", change.delivery, {"known": ", ".join(service.deliveries)}
        if service is not None and service.judged_on_supply:
            if service.counts_hours and change.hours_per_week is None:
                yield "no_hours", change.name, {"service": service.label}
            elif not service.counts_hours and change.capacity is None:
                yield "no_capacity", change.name, {"unit": service.unit}
        self.opened[key] = change
        if change.capacity is not None:
            self.capacity[key] = change.capacity

    def _place(
        self, change: ClosePlace | ResizePlace | MovePlace | ChangeHours
    ) -> Iterator["_Found"]:
        key = change.place
        if key not in self.territory.equipements.index and key not in self.opened:
            names = self.territory.equipements["nom"].astype(str).to_dict()
            names |= {each: opened.name for each, opened in self.opened.items()}
            near = nearest_names(key, {str(code): nom for code, nom in names.items()})
            yield "unknown_place", key, {"near": near or ["–"]}
            return
        if key in self.closed:
            yield ("closed_twice" if isinstance(change, ClosePlace) else "closed_before"), key, {}
        elif (change.kind, key) in self.done:
            yield "twice", key, {"kind": change.kind}
        elif isinstance(change, ClosePlace) and key in self.opened:
            yield "closes_opened", key, {}
        self.done.add((change.kind, key))
        match change:
            case ClosePlace():
                self.closed.add(key)
            case MovePlace():
                yield from self._located(change)
            case ResizePlace():
                yield from self._resize(change)
            case ChangeHours():
                yield from self._hours(change)

    def _resize(self, change: ResizePlace) -> Iterator["_Found"]:
        service = self._service_of(change.place)
        if service is not None and service.counts_hours:
            yield "resize_hours", change.place, {"service": service.label}
            return
        if change.by is None:
            return
        now = self._capacity(change.place)
        if np.isnan(now):
            yield "capacity_unknown", change.place, {}
        elif now + change.by < 0:
            yield "capacity_negative", change.place, {"now": now, "by": change.by}

    def _capacity(self, key: str) -> float:
        if key in self.opened:
            return self.capacity.get(key, float("nan"))
        capacity = self.territory.equipements["capacity"].astype(float)
        return float(capacity[key])

    def _hours(self, change: ChangeHours) -> Iterator["_Found"]:
        key = change.place
        service = self._service_of(key)
        if service is None or service.counts_hours:
            return
        if service.presence is None and (change.share is None or not service.judged_on_supply):
            yield "hours_idle", key, {"service": service.label}

    def _service_of(self, key: str) -> Service | None:
        """Return the service of a place that is there or opened; None where it is undeclared."""
        named = self.opened[key].service if key in self.opened else str(
            self.territory.equipements.at[key, "service"])  # fmt: skip
        return self.services.get(named)

    def _tour(self, change: ChangeTour) -> Iterator["_Found"]:
        key, running = change.tour, self.running.of(change.service)
        yield from self._service(change.service)
        service = self.services.get(change.service)
        if service is not None:
            yield from self._itinerant(change, service)
        declared = [each for each in self.running.tours.values() if each.service == change.service]
        if sum(key in each.tours for each in declared) > 1:
            yield "tour_several", key, {"services": [each.label for each in declared]}
        if not change.days and key not in running:
            names = {name: name for name in running}
            yield "tour_unknown", key, {"near": nearest_names(key, names) or sorted(names) or ["–"]}
        if ("tour", f"{change.service} {key}") in self.done:
            yield "tour_twice", key, {}
        self.done.add(("tour", f"{change.service} {key}"))
        told = weekly_hours(change)
        for place in told:
            yield from self._stop(place)
        left = [each for each in running.get(key, {}) if each not in told]
        self.closed |= {stop_key(self.territory, change.service, each) for each in left}
        self.closed -= {stop_key(self.territory, change.service, each) for each in told}
        self.running.changed[change.service, key] = told

    def _itinerant(self, change: ChangeTour, service: Service) -> Iterator["_Found"]:
        """Check that a service counts stops, and each for the time it is there."""
        if "mobile" not in service.deliveries:
            yield "delivery", "mobile", {"known": ", ".join(service.deliveries)}
        if service.counts_hours:  # a stop offers its hours
            return
        if service.presence is None:
            yield "tour_presence", service.label, {}
        if service.judged_on_supply and change.days and change.capacity is None:
            yield "no_capacity", self.running.label(change), {"unit": service.unit}

    def _stop(self, place: str) -> Iterator["_Found"]:
        spots, communes = self.territory.equipements, self.territory.communes
        if place in self.opened or place in spots.index or place in communes.index:
            return
        names = {str(key): str(nom) for key, nom in (*spots["nom"].items(),
                                                     *communes["nom"].items())}  # fmt: skip
        yield "tour_stop", place, {"near": nearest_names(place, names) or ["–"]}

    def _people(self, change: AddPeople) -> Iterator["_Found"]:
        if change.commune not in self.territory.communes.index:
            yield from self._commune(change.commune)
            return
        table = self.territory.population
        figures = [str(name) for name in table.columns if f"{name}_status" in table.columns]
        for name, count in change.people.items():
            if name not in figures:
                near = nearest_names(name, {each: each for each in figures})
                yield "figure", name, {"near": near or figures}
                continue
            at = (change.commune, name)
            self.added[at] = self.added.get(at, 0.0) + count
            value = float(table[name].astype(float)[change.commune])
            if np.isnan(value) and self.added[at] < 0:
                yield "people_hidden", name, {"commune": change.commune}
            elif value + self.added[at] < 0:
                yield "people_negative", name, {"commune": change.commune}

    def _norm(self, change: ChangeNorm) -> Iterator["_Found"]:
        yield from self._service(change.service)
        if ("norm", change.service) in self.done:
            yield "norm_twice", change.service, {}
        self.done.add(("norm", change.service))
        if change.service in self.services:
            try:
                with_norm(self.services[change.service], change.norm)
            except ValidationError as error:
                yield f"refused_{error.errors()[0]['type']}", change.service, {}

    def _service(self, key: str) -> Iterator["_Found"]:
        if key not in self.services:
            names = {each: service.label for each, service in self.services.items()}
            yield "unknown_service", key, {"near": nearest_names(key, names) or sorted(names)}

    def _located(self, change: OpenPlace | MovePlace) -> Iterator["_Found"]:
        if change.lon is None or change.lat is None:
            yield from self._commune(str(change.commune))
            return
        found = commune_of(self.territory, change.lon, change.lat)
        if found is None:
            yield "point_outside", f"{change.lon:g}, {change.lat:g}", {}
        elif change.commune is not None and change.commune != found:
            yield "point_elsewhere", f"{change.lon:g}, {change.lat:g}", {
                "commune": change.commune, "found": self.territory.names[found], "code": found,
            }  # fmt: skip

    def _commune(self, code: str) -> Iterator["_Found"]:
        communes = self.territory.communes
        if code not in communes.index:
            names = {str(each): str(nom) for each, nom in communes["nom"].items()}
            yield "commune_outside", code, {"near": nearest_names(code, names) or ["–"]}


_Found = tuple[str, str, dict[str, object]]
