"""What public transport makes of a reach: when, from which timetables, or why it is not counted."""

from dataclasses import dataclass

from ctg_geo import labels
from ctg_geo.errors import NoRoadError
from ctg_geo.parameters import BeyondReach, Outing
from ctg_geo.study.chapter_words import said
from ctg_geo.study.study import Study

__all__ = ["Transit", "by_transit"]


@dataclass(frozen=True, slots=True, eq=False)
class Transit:
    """An analysis of reach, and the part of public transport in it.

    `asked` is the analysis with the modes that can be counted, `by_road` the same without
    public transport, where it has some and other modes beside. `when` tells the outings that
    count; `absent` why others do not, with how far they would have reached.
    """

    asked: BeyondReach
    by_road: BeyondReach | None
    when: tuple[str, ...]
    absent: dict[str, float]
    partial: str

    def gained(self, without: float, beyond: float) -> list[str]:
        """Say how many people public transport brings within reach, and on which day."""
        return [
            said("bus_gain", without=without, gain=without - beyond,
                 people=self.asked.people_label, when=" ; ".join(self.when)),
        ]  # fmt: skip

    def not_said(self, beyond: float) -> list[str]:
        """Say what is not counted and what it would change, and what a timetable does not tell."""
        people = self.asked.people_label
        absent = "bus_absent_part" if self.when else "bus_absent"
        lines = [said(absent, why=why, beyond=beyond, limit=limit, people=people)
                 for why, limit in self.absent.items()]  # fmt: skip
        if self.partial:
            lines.append(said("bus_partial", files=self.partial))
        return [*lines, said("bus_not_said")] if self.when else lines

    def sources(self, study: Study, named: str) -> list[str]:
        """Name the timetables on the map that the line of its sources does not."""
        used = [each for each in study.inputs if each.role.startswith("transit ")]
        every = dict.fromkeys(f"{each.provider}, {each.vintage}" for each in used)
        names = [each for each in every if each not in named]
        return [said("bus_sources", names=" ; ".join(names))] if self.when and names else []

    def note(self) -> list[str]:
        """Say on the map that public transport is not counted, or not all of it."""
        if self.absent and not self.when:
            return [said("bus_absent_map")]
        return [said("bus_partial_map")] if self.absent or self.partial else []


def by_transit(study: Study, asked: BeyondReach) -> Transit:
    """Take out of an analysis the public transport that no timetable tells of.

    Raises
    ------
    NoRoadError
        If no mode is left.
    """
    kept, roads, when, absent = {}, {}, [], dict[str, float]()
    error: NoRoadError | None = None
    for profile, limit in asked.reach_min.items():
        rules = study.config.profiles[profile].transit
        if rules is None:
            kept[profile] = roads[profile] = limit
            continue
        try:
            key, outing = study.times.outing(profile)
            study.transit.timetable(key, outing, rules)
        except NoRoadError as found:
            error, why = found, found.explain()
            absent[why] = max(absent.get(why, 0.0), limit)
        else:
            kept[profile] = limit
            when.append(_when(study, key, outing))
    if not kept:
        assert error is not None, "an analysis has a mode"
        raise error
    mixed = bool(when) and bool(roads)
    return Transit(
        asked.model_copy(update={"reach_min": kept}),
        asked.model_copy(update={"reach_min": roads}) if mixed else None,
        tuple(when), absent, study.transit.wanted() if when else "",
    )  # fmt: skip


def _when(study: Study, key: str, outing: Outing) -> str:
    day = study.transit.days[key]
    back = "" if outing.home_by is None else labels.text(
        "transit.back", hour=outing.home_by, stay=outing.stay_min
    )  # fmt: skip
    rule = "best" if outing.percentile == 0 else "percentile"
    return said("bus_when", label=outing.label, day=f"{day:%d/%m/%Y}", start=outing.leave_from,
                until=outing.leave_until, back=back,
                rule=said(f"bus_rule_{rule}", share=outing.percentile / 100))  # fmt: skip
