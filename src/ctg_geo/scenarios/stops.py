"""The stops of tours as places: those of a tour that is run otherwise, or of a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ctg_geo import contracts
from ctg_geo.config.scenario_file import Step
from ctg_geo.parameters import ChangeTour, Itinerant, Tour
from ctg_geo.scenarios.ground import with_rows
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Running", "stop_key", "weekly_hours"]

_MOBILE = "mobile"


def weekly_hours(tour: Tour | ChangeTour) -> dict[str, float]:
    """Return the hours of an average week at each stop, in the order they are driven.

    Of a tour whose days are not told, each stop has the hours that its file assumes.
    """
    hours: dict[str, float] = {}
    for day in tour.days:
        for stop in day.stops:
            hours[stop.place] = hours.get(stop.place, 0.0) + stop.hours / day.every_weeks
    if isinstance(tour, Tour) and tour.hours_each is not None:
        hours |= dict.fromkeys(tour.stops, tour.hours_each.value)
    return hours


def stop_key(territory: Territory, service: str, place: str) -> str:
    """Return the identifier of a stop: that of a stop of the study stays, others have their own.

    A stop at a place that is there to stay (a town hall, a crèche) is a place beside it.
    """
    places = territory.equipements
    if place in places.index and places.at[place, "delivery"] == _MOBILE \
            and places.at[place, "service"] == service:  # fmt: skip
        return place
    return f"halte-{service}-{place}"


@dataclass(slots=True)
class Running:
    """The tours of a study as a scenario goes: weekly hours by stop, by service and tour."""

    territory: Territory
    tours: Mapping[str, Itinerant]
    changed: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)

    def of(self, service: str) -> dict[str, dict[str, float]]:
        """Return the tours of a service as they now run."""
        found = {
            key: weekly_hours(tour)
            for each in self.tours.values() if each.service == service
            for key, tour in each.tours.items()
        }  # fmt: skip
        return found | {key: told for (of, key), told in self.changed.items() if of == service}

    def label(self, change: ChangeTour) -> str:
        """Return what a tour is called: as the change says, else as the study does."""
        known = [each.tours[change.tour].label for each in self.tours.values()
                 if each.service == change.service and change.tour in each.tours]  # fmt: skip
        return change.label or next(iter(known), change.tour)

    def run(self, places: "gpd.GeoDataFrame", step: Step, change: ChangeTour) -> "gpd.GeoDataFrame":
        """Return the places with the stops of a tour as the change says, and remember it.

        A stop that other tours visit too is there for the hours of all of them; one that no
        tour visits any more leaves.
        """
        running = self.of(change.service)
        former, told = running.pop(change.tour, {}), weekly_hours(change)
        hours = {
            place: told.get(place, 0.0) + sum(each.get(place, 0.0) for each in running.values())
            for place in dict.fromkeys((*former, *told))
        }
        self.changed[change.service, change.tour] = told
        keys = {place: stop_key(self.territory, change.service, place) for place in hours}
        rows = {
            keys[place]: self._row(places, step, change, place, hours[place])
            for place in hours if place in told
        }  # fmt: skip
        kept = places.copy()
        for place, key in keys.items():
            if place not in told and hours[place] and key in kept.index:
                kept.at[key, "hours_per_week"] = hours[place]
        gone = [key for place, key in keys.items() if place in told or not hours[place]]
        return with_rows(kept.drop(index=gone, errors="ignore"), rows)

    def _row(
        self, places: "gpd.GeoDataFrame", step: Step, change: ChangeTour, place: str, hours: float
    ) -> dict[str, object]:
        """Return a stop as a row of the equipements table."""
        point, code, status = self._at(places, place)
        known = change.capacity is not None
        return {
            "service": change.service, "delivery": _MOBILE, "hours_per_week": hours,
            "hours_status": contracts.OBSERVED,
            "nom": f"{self.label(change)}, {self.territory.names[code]}",
            "capacity": np.nan if change.capacity is None else float(change.capacity),
            "capacity_status": contracts.OBSERVED if known else contracts.NOT_APPLICABLE,
            "location_status": status, "code_insee": code, "residents": "",
            "inside": code in self.territory.inside, "source": step.file, "geometry": point,
            "from_file": step.file, "from_row": step.number, "from_column": "days",
            "from_hours": "days",
        }  # fmt: skip

    def _at(self, places: "gpd.GeoDataFrame", place: str) -> tuple[object, str, str]:
        """Return where a stop is: at a place, or at the chef-lieu of a commune (an estimate)."""
        for table in (places, self.territory.equipements):
            if place in table.index:
                row = table.loc[place]
                return row["geometry"], str(row["code_insee"]), str(row["location_status"])
        return self.territory.points[place], place, contracts.ESTIMATED
