"""The changes of a scenario, in words."""

from ctg_geo import labels
from ctg_geo.config.scenario_file import Step
from ctg_geo.export._said import SEPARATOR, number, signed, words
from ctg_geo.export.scenario_told import Told
from ctg_geo.parameters import (
    AddPeople,
    ChangeHours,
    ChangeNorm,
    ChangeSpeed,
    ChangeTour,
    ClosePlace,
    CloseRoad,
    LinkRoad,
    MovePlace,
    OpenPlace,
    PlaceChange,
    ResizePlace,
)

__all__ = ["bare_words", "change_words"]


def bare_words(step: Step, told: Told) -> str:
    """Say one change, without its cost and its note."""
    change = step.change
    match change:
        case OpenPlace():
            return _opened(change, told)
        case ClosePlace() | ResizePlace() | MovePlace() | ChangeHours():
            return _changed(change, told)
        case ChangeTour():
            return _toured(change, told)
        case _:
            return _around(change, told)


def change_words(step: Step, told: Told) -> str:
    """Say one change, with its cost and its note."""
    change, said = step.change, bare_words(step, told)
    costs = [
        words(f"change.{key}", cost=cost)
        for key, cost in (("cost", change.cost), ("cost_per_year", change.cost_per_year))
        if cost is not None
    ]
    more = SEPARATOR.join([*costs, *([change.note] if change.note else [])])
    return f"{said} ({more})" if more else said


def _opened(change: OpenPlace, told: Told) -> str:
    unit = told.units.get(change.service, "")
    offered = change.hours_per_week if change.service in told.hours else change.capacity
    size = "" if offered is None else f"{number(offered)} {unit}, "
    return words("change.open", name=change.name, size=size, where=_where(change, told))


def _changed(change: PlaceChange, told: Told) -> str:
    """Say a change of a place that is there."""
    name = told.names.get(change.place, change.place)
    match change:
        case ClosePlace():
            return words("change.close", name=name)
        case MovePlace():
            return words("change.move", name=name, where=_where(change, told))
        case ResizePlace():
            unit = told.unit_of(change.place)
            if change.by is not None:
                return words("change.resize_by", name=name, by=signed(change.by), unit=unit)
            return words("change.resize", name=name, to=number(change.capacity or 0.0), unit=unit)
        case ChangeHours():
            if change.share is not None:
                return words("change.hours_share", name=name, share=change.share)
            return words("change.hours", name=name, hours=number(change.hours_per_week or 0.0))


def _toured(change: ChangeTour, told: Told) -> str:
    """Say where a tour stops and for how long, a week on average."""
    name = change.label or told.tours.get(change.tour, change.tour)
    if not change.days:
        return words("change.tour_ends", name=name)
    stops = [stop.place for day in change.days for stop in day.stops]
    hours = sum(stop.hours / day.every_weeks for day in change.days for stop in day.stops)
    named = sorted({told.names.get(told.communes.get(each, each), each) for each in stops})
    return words("change.tour", name=name, count=len(set(stops)), hours=number(hours, 1),
                 days=number(sum(1 / day.every_weeks for day in change.days), 2),
                 names=named)  # fmt: skip


def _around(change: AddPeople | ChangeSpeed | CloseRoad | LinkRoad | ChangeNorm, told: Told) -> str:
    """Say a change of people, roads or norm."""
    match change:
        case AddPeople():
            people = ", ".join(
                f"{signed(count)} {told.figures.get(figure, figure)}"
                for figure, count in change.people.items()
            )
            return words("change.people", commune=told.names[change.commune], people=people)
        case ChangeSpeed():
            factors = ", ".join(
                f"{_class(one)} × {number(factor, 2)}" for one, factor in change.factors.items()
            )
            return words("change.speed", factors=factors, mode=labels.text(f"mode.{change.mode}"))
        case CloseRoad():
            return words("change.close_road", name=change.name or _at(change.at))
        case LinkRoad():
            name = change.name or f"{_at(change.start)} – {_at(change.end)}"
            return words("change.link_road", name=name, speed=number(change.speed_kmh))
        case ChangeNorm():
            norm = change.norm
            per_100 = "" if norm.per_100 is None else words("change.per_100", value=norm.per_100)
            return words("change.norm", source=norm.source, within=norm.within_min,
                         per_100=per_100)  # fmt: skip


def _class(name: str) -> str:
    key = f"road_class.{name}"
    return labels.text(key).lower() if labels.has(key) else name


def _where(change: OpenPlace | MovePlace, told: Told) -> str:
    if change.lon is None or change.lat is None:
        code = str(change.commune)
        return words("change.at_commune", nom=told.names.get(code, code))
    return words("change.at_point", lon=_degrees(change.lon), lat=_degrees(change.lat))


def _at(point: tuple[float, float] | None) -> str:
    return "–" if point is None else ", ".join(map(_degrees, point))


def _degrees(value: float) -> str:
    """Write degrees as files and maps take them: with a point, whatever the language."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
