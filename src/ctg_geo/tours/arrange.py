"""Days for a tour of which only the stops are known: the fewest, then the least driving."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ctg_geo import labels
from ctg_geo.errors import TourError
from ctg_geo.parameters import Tour, TourDay, TourStop
from ctg_geo.tours.ground import Ground, driving_minutes
from ctg_geo.tours.order import best_order, day_runs

__all__ = ["arranged", "day_name"]

_MOST_STOPS: Final = 6  # of a day
_MOST_KNOWN: Final = 16  # stops that can be arranged exactly

Best = tuple[int, float, tuple[int, ...]]


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
    runs = day_runs(
        minutes, per_stop_min=per_stop, longest_min=60 * tour.longest_day_hours,
        most_stops=_MOST_STOPS,
    )  # fmt: skip
    found = {
        sum(1 << int(stop) for stop in row): float(road)
        for stops, roads in runs for row, road in zip(stops, roads, strict=True)
    }  # fmt: skip
    alone = [place for at, place in enumerate(tour.stops, start=1) if 1 << at not in found]
    if alone:
        raise TourError(
            "stop_too_long", tour=tour.label, places=[ground.sites.at[p, "nom"] for p in alone],
            hours=tour.hours_each.value, limit=tour.longest_day_hours,
        )  # fmt: skip
    masks = _fewest(found, len(tour.stops))
    days = [
        TourDay(
            name=day_name(number),
            stops=tuple(
                TourStop(place=places[at], hours=tour.hours_each.value)
                for at in best_order(minutes, [at for at in range(len(places)) if mask >> at & 1])
            ),
        )
        for number, mask in enumerate(masks, start=1)
    ]
    return tour.model_copy(update={"days": tuple(days), "stops": (), "hours_each": None})


def day_name(number: int) -> str:
    """Name a day that has no name of its own."""
    return labels.text("tours.day", number=number)


def _fewest(runs: Mapping[int, float], stops: int) -> tuple[int, ...]:
    """Return the sets of stops that hold each stop once, fewest first, then least minutes."""
    by_first: dict[int, list[tuple[int, float]]] = {}
    for mask, road in sorted(runs.items()):
        by_first.setdefault(mask & -mask, []).append((mask, road))
    every = ((1 << stops) - 1) << 1
    best: dict[int, Best] = {0: (0, 0.0, ())}
    for done in range(0, every + 1, 2):
        if done not in best or done == every:
            continue
        days, minutes, chosen = best[done]
        first = ~done & (done + 2)  # the lowest stop not yet held: numbers start at 1
        for mask, road in by_first[first]:
            if mask & done:
                continue
            made = (days + 1, round(minutes + road, 6), (*chosen, mask))
            if done | mask not in best or made < best[done | mask]:
                best[done | mask] = made
    return best[every][2]
