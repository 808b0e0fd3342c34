"""What tours come to, in French sentences; each assumption is told with the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.basis import Basis
from ctg_geo.parameters import Itinerant, Tour
from ctg_geo.tours import Design, Evaluation

__all__ = ["Round", "ToursTold", "map_sentences", "said", "tour_summary"]

_NAMED: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """Tours under a name: those of today, or a proposal (which has a design)."""

    key: str  # "today" or "plan"
    tours: Mapping[str, Tour]
    run: Evaluation
    design: Design | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ToursTold:
    """All that outputs tell of the tours of a service.

    `ways` says how people and vehicles travel, by profile; `groups` names groups, and `counts`
    is whether numbers of people may be told at all.
    """

    study: str
    rules: Itinerant
    rounds: Sequence[Round]
    reference_hours: float
    basis: Basis
    ways: Mapping[str, str]
    groups: Mapping[str, str]
    grouping: str
    counts: bool
    unknown: int  # communes of which the people may not be told
    equal: bool  # whether the proposal has the means of today, and no others
    fixed: int  # places there to stay, in the files

    @property
    def title(self) -> str:
        """What the outputs are about."""
        return said("title", label=self.rules.label, study=self.study)

    def variant(self, each: Round) -> str:
        """Name the words of a round: a proposal with other means is not told as an equal one."""
        return each.key if each.design is None or self.equal else f"{each.key}_other"

    @property
    def reach(self) -> str:
        """The limits of reach, in words."""
        each = (labels.text("chapters.reach", limit=limit, way=self.ways[profile])
                for profile, limit in self.rules.reach_min.items())  # fmt: skip
        return labels.text("chapters.or").join(each)


def said(name: str, /, **facts: object) -> str:
    """Return a sentence about tours."""
    return labels.text(f"tours.{name}", "fr", **facts)


def tour_summary(told: ToursTold) -> list[str]:
    """Say what tours come to: each round, what a proposal changes, what it all rests on."""
    rules = told.rules
    villages = "" if rules.villages_under is None else said("villages", under=rules.villages_under)
    count = _people(told, told.rounds[0])
    lines = [told.title, "", said("serve", people=rules.people_label, villages=villages,
                                  reach=told.reach, count=count)]  # fmt: skip
    for each in told.rounds:
        lines += ["", *_round(told, each)]
    if len(told.rounds) > 1:
        lines += ["", *_change(told, *told.rounds)]
    lines += ["", said("not_said"), said("not_said_body", reference=told.reference_hours)]
    if rules.beside:
        lines.append(said("fixed_known", count=told.fixed))
    if told.unknown:
        lines.append(said("unknown", count=told.unknown))
    lines += ["", said("assumed"), *_assumed(told), said("method", source=rules.source)]
    return [*lines, *told.basis.sentences]


def map_sentences(told: ToursTold, each: Round) -> tuple[str, str]:
    """Return the two sentences that stand beside the map of a round."""
    total = each.run.totals.loc[[""]].iloc[0]
    first = said(f"map_{told.variant(each)}", places=total["places"], days=total["days"],
                 hours=total["present_hours"], km=total["km"])  # fmt: skip
    if not told.counts:
        return first, said("map_no_counts", reach=told.reach)
    return first, said("map_reached", reached=total["reached"], people=told.rules.people_label,
                       total=total["people"], share=_share(total), reach=told.reach)  # fmt: skip


def _share(total: pd.Series) -> float:
    return total["reached"] / total["people"] if total["people"] else float("nan")


def _people(told: ToursTold, each: Round) -> str:
    people = float(each.run.totals["people"].loc[[""]].iloc[0])
    return labels.number(people) if told.counts else labels.text("map.unknown")


def _round(told: ToursTold, each: Round) -> list[str]:
    """Say of one round: what is done, whom it reaches, where time goes, each tour, what fails."""
    total, people = each.run.totals.loc[[""]].iloc[0], told.rules.people_label
    lines = [said(f"head_{each.key}"),
             said("week", days=total["days"], places=total["places"], km=total["km"],
                  hours=total["present_hours"])]  # fmt: skip
    if told.counts:
        lines.append(said("reached", reached=total["reached"], people=people,
                          total=total["people"], share=_share(total)))  # fmt: skip
        lines.append(said("person_hours", value=total["person_hours"], per_km=total["per_km"]))
        lines += _left(told, each)
    lines.append(said("time", staff=total["staff_hours"], present=total["present_share"],
                      road=total["road_share"],
                      setting=1 - total["present_share"] - total["road_share"]))  # fmt: skip
    lines.append(said("presence", places=total["places"], full=total["full_places"],
                      reference=told.reference_hours))  # fmt: skip
    lines += [_tour(each, key) for key in each.tours]
    for problem in each.run.problems:
        lines.append(said(f"problem_{problem.reason}", **problem.facts))
    return lines if each.run.problems else [*lines, said("fits")]


def _left(told: ToursTold, each: Round) -> list[str]:
    """Name the communes whose people no stop reaches, the most people first."""
    table = each.run.communes
    left = table[(table["left"] > 0) & table["to_serve"]]
    if left.empty:
        return [said("left_none")]
    order = left.sort_values("left", ascending=False, kind="stable")
    return [said("left", names=list(order["nom"]), count=len(order), left=float(left["left"].sum()),
                 people=told.rules.people_label)]  # fmt: skip


def _tour(each: Round, key: str) -> str:
    own = each.run.stops[each.run.stops["tour"] == key]
    total = each.run.totals.loc[key]
    days = []
    of_tour = each.run.days.loc[[key]]
    numbers = of_tour.index.get_level_values(1)
    for number, day in zip(numbers, of_tour.to_dict("records"), strict=True):
        stops = own[own["day"] == number]
        visits = zip(stops["nom"], stops["hours"], strict=True)
        path = ", ".join(said("stop", nom=nom, hours=hours) for nom, hours in visits)
        often = "" if day["every_weeks"] == 1 else said("every", weeks=int(day["every_weeks"]))
        days.append(said("day_line", name=day["name"], stops=path, often=often,
                         total=day["total_min"] / 60, km=day["km"]))  # fmt: skip
    return said("tour", label=each.tours[key].label, days=" ; ".join(days),
                hours=total["duty_hours"],
                limit=each.tours[key].crew.field_hours)  # fmt: skip


def _change(told: ToursTold, today: Round, plan: Round) -> list[str]:
    """Say what the proposal changes, and how good it is."""
    before, after = (run.totals.loc[[""]].iloc[0] for run in (today.run, plan.run))
    assert plan.design is not None, "a proposal has a design"
    lines = [said("head_change")]
    if told.counts:
        lines.append(
            said("change", before=before["reached"], after=after["reached"],
                 more=after["reached"] - before["reached"], people=told.rules.people_label)
        )  # fmt: skip
        lines.append(said("change_hours", before=before["person_hours"],
                          after=after["person_hours"]))  # fmt: skip
        lines += _lost(told, today, plan)
    cost = "change_cost" if told.equal else "change_cost_other"
    lines.append(said(cost, staff=before["staff_hours"], then=after["staff_hours"],
                      km=before["km"], less=after["km"], days=before["days"],
                      after=after["days"]))  # fmt: skip
    if len(told.groups) > 1:
        lines.append(said("change_groups", each=" ; ".join(
            said("change_group", group=told.groups[name], before=today.run.groups[name],
                 after=plan.run.groups[name])
            for name in plan.run.groups.index)))  # fmt: skip
    return [*lines, *_how_good(plan.design)]


def _lost(told: ToursTold, today: Round, plan: Round) -> list[str]:
    """Name the communes that a stop reaches today and none would: what the proposal costs."""
    before, after = today.run.communes, plan.run.communes
    lost = before[(before["share"] > after["share"] + 1e-9) & before["people"].gt(0)]
    if lost.empty:
        return [said("lost_none")]
    order = lost.sort_values("people", ascending=False, kind="stable")
    people = float((before["reached"] - after["reached"])[lost.index].sum())
    return [said("lost", count=len(order), names=list(order["nom"]), lost=people,
                 people=told.rules.people_label)]  # fmt: skip


def _how_good(design: Design) -> list[str]:
    lines = [] if design.told_apart else [said("floor_zero")]
    if design.proven:
        return [*lines, said(f"proven_{design.objective}")]
    lines.append(said(f"bounded_{design.objective}", gap=100 * design.gap))
    return [*lines, said("hurried")] if design.hurried else lines


def _assumed(told: ToursTold) -> list[str]:
    """Tell where each tour's settings come from."""
    today = told.rules.tours
    return [
        said("assumed_tour", label=tour.label, source=tour.source, crew=tour.crew.source,
             hours="" if tour.hours_each is None else
             said("assumed_hours", hours=tour.hours_each.value, source=tour.hours_each.source))
        for tour in today.values()
    ]  # fmt: skip
