"""Tours as scenarios run them, held against their crew: hours and days over the roads."""

from ctg_geo.config.scenario_file import Scenario
from ctg_geo.parameters import ChangeTour, Tour
from ctg_geo.quality import Finding
from ctg_geo.study.study import Study
from ctg_geo.study.tour_ground import ground_of
from ctg_geo.tours import problems_of

__all__ = ["tours_that_do_not_fit"]


def tours_that_do_not_fit(study: Study, scenario: Scenario) -> list[Finding]:
    """Say why tours that a scenario changes cannot run so, in the words of `ctg-geo tours`.

    Only tours that the study declares have a crew, a depot and a vehicle to be held against;
    a new one has none, which is said too. Each is driven over the roads of the study.
    """
    changes = {
        (each.service, each.tour): each
        for each in scenario.changes if isinstance(each, ChangeTour) and each.days
    }  # fmt: skip
    return [found for change in changes.values() for found in _found(study, scenario.name, change)]


def _found(study: Study, scenario: str, change: ChangeTour) -> list[Finding]:
    for rules in study.config.tours.values():
        if rules.service == change.service and change.tour in rules.tours:
            tour = _as_told(rules.tours[change.tour], change)
            tours = {change.tour: tour}
            ground = ground_of(study, rules.model_copy(update={"tours": tours}))
            return [
                Finding("warning", f"tour_{each.reason}", "tours", change.tour,
                        {**each.facts, "scenario": scenario})
                for each in problems_of(tours, ground)
            ]  # fmt: skip
    label = change.label or change.tour
    facts = {"tour": label, "scenario": scenario}
    return [Finding("info", "tour_without_crew", "tours", change.tour, facts)]


def _as_told(tour: Tour, change: ChangeTour) -> Tour:
    """Return a tour with the days of a change, which leave none of its own."""
    days = {"days": change.days, "stops": (), "hours_each": None}
    return tour.model_copy(update=days | ({"label": change.label} if change.label else {}))
