"""What tours are worth: do their days fit, whom do they reach, for how long, at what price."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.parameters import HourWorth, Itinerant, Tour
from ctg_geo.tours.drive import driven_legs
from ctg_geo.tours.evaluation import Evaluation, Problem
from ctg_geo.tours.ground import Ground

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["SLACK_MIN", "evaluate", "problems_of", "worth_of"]

Floats = npt.NDArray[np.float64]

SLACK_MIN: Final = 1e-3
"""By how much a day may pass its limit, for the rounding of times to the millisecond."""


def worth_of(hours: Floats, worth: tuple[HourWorth, ...]) -> Floats:
    """Worth of weekly hours within reach: each further hour is worth no more than the last.

    Parameters
    ----------
    hours : weekly, any shape
    worth : steps, each up to more hours

    Returns
    -------
    array as `hours`, worth in hours of full worth

    Examples
    --------
    >>> steps = HourWorth(up_to_hours=2, worth=1), HourWorth(up_to_hours=6, worth=0.5)
    >>> worth_of(np.array([1.0, 4.0, 40.0]), steps).tolist()
    [1.0, 3.0, 4.0]
    """
    bounds = np.array([0.0, *(each.up_to_hours for each in worth)])
    steps = np.array([each.worth for each in worth])
    known = np.concatenate([[0.0], np.cumsum(steps * np.diff(bounds))])
    return np.asarray(np.interp(hours, bounds, known), dtype=np.float64)


def evaluate(
    tours: Mapping[str, Tour], ground: Ground, rules: Itinerant, *, reference_hours: float
) -> Evaluation:
    """Run tours over the roads, and tell what they come to.

    Parameters
    ----------
    tours : each with its days (see `ctg_geo.tours.arranged` for those that tell none)
    ground : roads, sites and people
    rules : limits of reach and what hours are worth
    reference_hours : weekly hours of a place that counts whole

    Returns
    -------
    Evaluation
        A tour that does not fit is evaluated all the same, and `problems` tells why it does
        not. A stop is never a full place: its `presence` is its hours over the reference.

    Raises
    ------
    TourError
        If a place is unknown, too far from any road, or there is no way to it.
    """
    legs = driven_legs(tours, ground)
    visits = _visits(tours, ground, legs)
    days = _days(tours, visits, legs)
    reach = _reach(ground, rules)
    weekly = visits.groupby("place")["weekly_hours"].sum()
    homes = _homes(ground, reach, weekly, rules)
    visits["presence"] = (visits["place"].map(weekly) / reference_hours).clip(upper=1.0)
    reached, alone = _by_place(ground, reach, weekly)
    visits["reached"], visits["alone"] = visits["place"].map(reached), visits["place"].map(alone)
    rows = {
        key: _totals({key: tours[key]}, visits, days, ground, reach, rules, reference_hours)
        for key in tours
    }
    rows[""] = _totals(tours, visits, days, ground, reach, rules, reference_hours)
    serve = ground.to_serve.to_numpy(bool)
    people = ground.people.where(ground.to_serve, 0.0)
    sums = (people * homes["worth"]).groupby(ground.group).sum()
    whom = people[serve].groupby(ground.group[serve]).sum()
    groups = (sums / whom[whom > 0]).dropna().rename("worth")
    return Evaluation(
        days, visits, legs, homes, _communes(ground, homes, visits),
        pd.DataFrame.from_dict(rows, orient="index"), groups, tuple(_problems(tours, days)),
    )  # fmt: skip


def problems_of(tours: Mapping[str, Tour], ground: Ground) -> tuple[Problem, ...]:
    """Return why tours cannot run as they are told: hours of the day, of the week, days.

    Parameters
    ----------
    tours : by key
    ground : roads, sites and people

    Raises
    ------
    TourError
        See `evaluate`.
    """
    legs = driven_legs(tours, ground)
    return tuple(_problems(tours, _days(tours, _visits(tours, ground, legs), legs)))


def _visits(tours: Mapping[str, Tour], ground: Ground, legs: "gpd.GeoDataFrame") -> pd.DataFrame:
    by_leg = legs.set_index(["tour", "day", "order"])
    minutes, km = by_leg["minutes"].to_dict(), by_leg["km"].to_dict()
    rows = [
        {
            "tour": key, "day": number, "order": order, "place": stop.place,
            "nom": ground.sites.at[stop.place, "nom"],
            "code_insee": ground.sites.at[stop.place, "code_insee"],
            "leg_min": minutes[key, number, order], "leg_km": km[key, number, order],
            "hours": stop.hours, "every_weeks": day.every_weeks,
            "weekly_hours": stop.hours / day.every_weeks,
        }
        for key, tour in tours.items()
        for number, day in enumerate(tour.days, start=1)
        for order, stop in enumerate(day.stops, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _days(
    tours: Mapping[str, Tour], visits: pd.DataFrame, legs: "gpd.GeoDataFrame"
) -> pd.DataFrame:
    road = legs.groupby(["tour", "day"])[["minutes", "km"]].sum()
    present = visits.groupby(["tour", "day"])["hours"].sum()
    rows = {}
    for key, tour in tours.items():
        for number, day in enumerate(tour.days, start=1):
            setting = len(day.stops) * (tour.setting_up_min + tour.packing_up_min)
            driven, there = float(road.at[(key, number), "minutes"]), 60 * present[key, number]
            rows[key, number] = {
                "name": day.name, "every_weeks": day.every_weeks, "stops": len(day.stops),
                "road_min": driven, "setting_min": setting, "present_min": there,
                "total_min": driven + setting + there,
                "longest_min": 60 * tour.longest_day_hours,
                "km": float(road.at[(key, number), "km"]),
            }  # fmt: skip
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(list(rows), names=["tour", "day"])
    return table


def _reach(ground: Ground, rules: Itinerant) -> pd.DataFrame:
    """Return the pairs of home and place within reach by one mode at least, each once."""
    near = [
        pairs.loc[pairs["minutes"] <= limit, ["origin", "destination"]]
        for limit, pairs in ((limit, ground.times[profile].to_frame())
                             for profile, limit in rules.reach_min.items())
    ]  # fmt: skip
    return pd.concat(near).drop_duplicates()


def _homes(
    ground: Ground, reach: pd.DataFrame, weekly: pd.Series, rules: Itinerant
) -> pd.DataFrame:
    met = reach.assign(hours=reach["destination"].map(weekly)).dropna()
    hours = met.groupby("origin")["hours"].sum().reindex(ground.people.index, fill_value=0.0)
    worth = worth_of(hours.to_numpy(np.float64), rules.worth)
    table = pd.DataFrame({"hours": hours, "reached": hours > 0}, index=ground.people.index)
    return table.assign(worth=worth)


def _told(ground: Ground) -> pd.Series:
    """People to serve whose number may be told, by demand_id; 0 for the others."""
    return ground.people.where(ground.to_serve & ground.shown, 0.0)


def _by_place(
    ground: Ground, reach: pd.DataFrame, weekly: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """People to serve within reach of each place, and those whom no other place reaches."""
    met = reach[reach["destination"].isin(weekly.index)]
    whom = met["origin"].map(_told(ground))
    only = ~met["origin"].duplicated(keep=False)
    every = whom.groupby(met["destination"]).sum().reindex(weekly.index, fill_value=0.0)
    alone = whom[only].groupby(met.loc[only, "destination"]).sum()
    return every, alone.reindex(weekly.index, fill_value=0.0)


def _totals(
    tours: Mapping[str, Tour],
    visits: pd.DataFrame,
    days: pd.DataFrame,
    ground: Ground,
    reach: pd.DataFrame,
    rules: Itinerant,
    reference_hours: float,
) -> dict[str, float]:
    """Sum tours up, a week on average.

    places, days (a week), present_hours, road_hours, setting_hours, km (all of a week),
    duty_hours (of each crew, added), staff_hours (times its people), full_places (of
    `reference_hours`), people (to serve, told), reached, person_hours (people to serve ×
    hours within their reach), per_km (of these), worth, road_share and present_share (0-1).
    """
    own, run = visits[visits["tour"].isin(list(tours))], days.loc[list(tours)]
    often = 1 / run["every_weeks"]
    hours = {name: float((run[f"{name}_min"] * often).sum()) / 60
             for name in ("road", "setting", "present", "total")}  # fmt: skip
    crew = run.index.get_level_values("tour").map(lambda key: tours[key].crew.people)
    staff = float((run["total_min"] * often * crew.to_numpy()).sum()) / 60
    weekly, km = own.groupby("place")["weekly_hours"].sum(), float((run["km"] * often).sum())
    homes, told = _homes(ground, reach, weekly, rules), _told(ground)
    served = float((told * homes["hours"]).sum())
    every = ground.people.where(ground.to_serve, 0.0)
    return {
        "places": float(len(weekly)), "days": float(often.sum()),
        "present_hours": hours["present"], "road_hours": hours["road"],
        "setting_hours": hours["setting"], "duty_hours": hours["total"], "staff_hours": staff,
        "km": km, "full_places": float((weekly / reference_hours).clip(upper=1.0).sum()),
        "people": float(told.sum()), "reached": float(told[homes["reached"]].sum()),
        "person_hours": served, "per_km": served / km if km else float("nan"),
        "worth": float((every * homes["worth"]).sum()),
        "road_share": hours["road"] / hours["total"],
        "present_share": hours["present"] / hours["total"],
    }  # fmt: skip


def _communes(ground: Ground, homes: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    told, code = _told(ground), ground.code
    shown = (ground.shown | ~ground.to_serve).groupby(code).all()
    table = pd.DataFrame({"people": told.groupby(code).sum()})
    table["reached"] = told.where(homes["reached"], 0.0).groupby(code).sum()
    table["left"] = table["people"] - table["reached"]
    whom = ground.people.where(ground.to_serve, 0.0)
    every = whom.groupby(code).sum()
    table["hours"] = (whom * homes["hours"]).groupby(code).sum() / every
    table["share"] = (whom * homes["reached"]).groupby(code).sum() / every
    table.loc[~shown, ["people", "reached", "left"]] = np.nan
    own = visits.groupby("code_insee")["place"].nunique()
    table["stops"] = own.reindex(table.index, fill_value=0)
    table["to_serve"] = ground.to_serve.groupby(code).any()
    return table.rename_axis("code_insee")


def _problems(tours: Mapping[str, Tour], days: pd.DataFrame) -> list[Problem]:
    found = []
    for key, tour in tours.items():
        own = pd.DataFrame(days.loc[key])
        long = own[own["total_min"] > own["longest_min"] + SLACK_MIN]
        found += [
            Problem("day_too_long", key, {"tour": tour.label, "day": day["name"],
                    "hours": day["total_min"] / 60, "limit": day["longest_min"] / 60,
                    "over": (day["total_min"] - day["longest_min"])})
            for day in long.to_dict("records")
        ]  # fmt: skip
        week = float((own["total_min"] / own["every_weeks"]).sum()) / 60
        if week > tour.crew.field_hours + SLACK_MIN / 60:
            found.append(Problem("week_too_long", key, {"tour": tour.label, "hours": week,
                                 "limit": tour.crew.field_hours}))  # fmt: skip
        often = float((1 / own["every_weeks"]).sum())
        if often > tour.days_per_week + 1e-9:
            found.append(Problem("too_many_days", key, {"tour": tour.label, "days": often,
                                 "limit": tour.days_per_week}))  # fmt: skip
    return found
