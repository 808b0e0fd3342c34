"""Days for a tour of which only the stops are known: the fewest, then the least driving."""

from typing import Final

import numpy as np

from ctg_geo import labels
from ctg_geo.errors import TourError
from ctg_geo.parameters import Tour, TourDay, TourStop
from ctg_geo.tours.ground import Ground, driving_minutes
from ctg_geo.tours.order import best_order, day_runs
from ctg_geo.tours.weeks import Visit, fewest_days, roads_of

__all__ = ["arranged", "day_name"]

_MOST_STOPS: Final = 6  # of a day
_MOST_KNOWN: Final = 16  # stops that can be arranged exactly


def arranged(tour: Tour, ground: Ground) -> Tour:
    """Return the tour with days: its own, or the best that its stops allow.

    The fewest days that hold all stops, and of those the ones with the least driving, exactly
    (a shortest covering of sets of stops). Nobody says that the tour runs so: it cannot do
    better, which is what a comparison needs.

    Raises
    ------
    TourError
        If a stop alone is longer than a day, there are too many stops to arrange exactly, or
        there is no way to one.
    """
    if tour.days:
        return tour
    assert tour.hours_each is not None, "checked with the settings"
    if len(tour.stops) > _MOST_KNOWN:
        raise TourError("too_many_stops", tour=tour.label, count=len(tour.stops), most=_MOST_KNOWN)
    table = driving_minutes(ground, tour.profile, [tour.depot, *tour.stops])
    places = [tour.depot, *tour.stops]
    minutes = table.loc[places, places].to_numpy(np.float64)
    per_stop = tour.setting_up_min + tour.packing_up_min + 60 * tour.hours_each.value
    hours = tour.hours_each.value
    visits = [Visit(at, 1.0, hours) for at in range(1, len(places))]
    longest = 60 * tour.longest_day_hours
    alone = [
        each.stop for each in visits
        if minutes[0, each.stop] + per_stop + minutes[each.stop, 0] > longest
    ]  # fmt: skip
    if alone:
        raise TourError(
            "stop_too_long", tour=tour.label, hours=hours, limit=tour.longest_day_hours,
            places=[ground.sites.at[places[at], "nom"] for at in alone],
        )  # fmt: skip
    runs = day_runs(minutes, per_stop_min=per_stop, longest_min=longest, most_stops=_MOST_STOPS)
    found = fewest_days(roads_of(runs), visits, stop_min=per_stop - 60 * hours, longest_min=longest)
    days = tuple(
        TourDay(
            name=day_name(number),
            stops=tuple(TourStop(place=places[at], hours=hours)
                        for at in best_order(minutes, [each.stop for each in some])),
        )
        for number, (_, some) in enumerate(found.days, start=1)
    )  # fmt: skip
    return tour.model_copy(update={"days": days, "stops": (), "hours_each": None})


def day_name(number: int) -> str:
    """Name a day that has no name of its own."""
    return labels.text("tours.day", number=number)
