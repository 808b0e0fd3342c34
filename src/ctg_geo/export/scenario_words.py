"""Scenarios compared, in sentences that a committee reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.config.scenario_file import Scenario, Step
from ctg_geo.export.basis import Basis
from ctg_geo.parameters import (
    AddPeople,
    ChangeHours,
    ChangeNorm,
    ChangeSpeed,
    ClosePlace,
    CloseRoad,
    LinkRoad,
    MovePlace,
    OpenPlace,
    ResizePlace,
    Service,
)
from ctg_geo.scenarios import AS_IS, Comparison, Outcome
from ctg_geo.scenarios.compare import NOTHING

__all__ = [
    "Told",
    "change_words",
    "comparison_words",
    "criterion_decimals",
    "criterion_word",
    "norm_words",
    "two_lines",
]

_NAMED: Final = 5
_DECIMALS: Final = {"gini": 3, "concerned": 0, "losers": 0, "cost": 0, "cost_per_year": 0}


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the words of a comparison need beside its figures.

    `groups` is, by grouping, its label and the names of its groups; `names` are those of
    communes and places, those that scenarios open included.
    """

    study: str
    scenarios: Sequence[Scenario]  # in the order of the outcomes
    groups: Mapping[str, tuple[str, Mapping[str, str]]]
    names: Mapping[str, str]
    units: Mapping[str, str]  # by service, of its supply
    basis: Basis


def comparison_words(made: Comparison, told: Told) -> list[str]:
    """Say what each scenario brings, to whom and at what price, then how they rank."""
    service = made.base.service
    lines = [
        _text("title", label=service.label, count=len(made.outcomes), study=told.study),
        _text("norm", norm=norm_words(service), source=service.norm_source),
    ]
    for number, (each, scenario) in enumerate(
        zip(made.outcomes, told.scenarios, strict=True), start=1
    ):
        lines += ["", *_scenario(made, each, scenario, told, number)]
    lines += ["", *_ranking(made, told), "", _text("method"), _text("rounded")]
    return [*lines, *told.basis.sentences]


def norm_words(service: Service) -> str:
    """Return the norm of a service in words."""
    if not service.judged:
        return labels.text("words.no_norm")
    if service.per_100 is None:
        return labels.text("words.norm_time", within=service.within_min)
    return labels.text("words.norm_supply", per_100=service.per_100, unit=service.unit,
                       people=service.people_label, within=service.within_min)  # fmt: skip


def two_lines(made: Comparison, outcome: Outcome) -> tuple[str, ...]:
    """Say who gains and loses, then what of the lack remains: what stands beside a map."""
    if outcome.changes_nothing:
        return (_text("nothing"),)
    return (_who(made, outcome), _what(made, outcome))


def _scenario(
    made: Comparison, outcome: Outcome, scenario: Scenario, told: Told, number: int
) -> list[str]:
    lines = [_text("scenario", number=number, name=scenario.name, key=scenario.key),
             _text("motive", motive=scenario.motive, source=scenario.source)]  # fmt: skip
    if scenario.based_on:
        lines.append(_text("based_on", names=" ; ".join(scenario.based_on)))
    lines += [f"  – {change_words(step, told)}" for step in scenario.steps]
    if not scenario.steps:
        lines.append(_text("no_change"))
    lines += two_lines(made, outcome)
    if outcome.changes_nothing:
        return lines
    lines += [
        *_most(made, outcome, told), *_verdicts(made, outcome, told),
        *_groups(made, outcome, told), *_equity(made, outcome, told), *_across(made, outcome),
        *_costs(made, outcome),
    ]  # fmt: skip
    if len(made.hidden):
        lines.append(_text("hidden", count=len(made.hidden)))
    return lines


def change_words(step: Step, told: Told) -> str:
    """Say one change, with its cost and its note."""
    change = step.change
    name = told.names.get(str(getattr(change, "place", "")), "")
    where = _where(change, told) if isinstance(change, OpenPlace | MovePlace) else ""
    match change:
        case OpenPlace():
            unit = told.units.get(change.service, "")
            size = "" if change.capacity is None else f"{_number(change.capacity)} {unit}, "
            said = _text("change.open", name=change.name, size=size, where=where)
        case ClosePlace():
            said = _text("change.close", name=name)
        case ResizePlace():
            key = "change.resize" if change.by is None else "change.resize_by"
            said = _text(key, name=name, to=_number(change.capacity or 0.0),
                         by=_signed(change.by or 0.0))  # fmt: skip
        case MovePlace():
            said = _text("change.move", name=name, where=where)
        case ChangeHours():
            key = "change.hours" if change.share is None else "change.hours_share"
            said = _text(key, name=name, hours=_number(change.hours_per_week or 0.0),
                         share=change.share or 0.0)  # fmt: skip
        case AddPeople():
            people = ", ".join(f"{_signed(count)} ({figure})"
                               for figure, count in change.people.items())  # fmt: skip
            said = _text("change.people", commune=told.names[change.commune], people=people)
        case ChangeSpeed():
            factors = ", ".join(
                f"{labels.text(f'road_class.{one}') if labels.has(f'road_class.{one}') else one} "
                f"× {_number(factor, 2)}" for one, factor in change.factors.items()
            )  # fmt: skip
            said = _text("change.speed", factors=factors, mode=labels.text(f"mode.{change.mode}"))
        case CloseRoad():
            said = _text("change.close_road", name=change.name or _at(change.at))
        case LinkRoad():
            said = _text("change.link_road", name=change.name or f"{_at(change.start)} – "
                         f"{_at(change.end)}", speed=_number(change.speed_kmh))  # fmt: skip
        case ChangeNorm():
            said = _text("change.norm", source=change.norm.source, within=change.norm.within_min,
                         per_100="–" if change.norm.per_100 is None
                         else _number(change.norm.per_100, 1))  # fmt: skip
    costs = [
        _text(f"change.{key}", cost=cost)
        for key, cost in (("cost", change.cost), ("cost_per_year", change.cost_per_year))
        if cost is not None
    ]
    more = "; ".join([*costs, *([change.note] if change.note else [])])
    return f"{said} ({more})" if more else said


def _where(change: OpenPlace | MovePlace, told: Told) -> str:
    if change.commune is not None:
        nom = told.names.get(change.commune, change.commune)
        return _text("change.at_commune", nom=nom)
    return _text("change.at_point", lon=_number(change.lon or 0.0, 4),
                 lat=_number(change.lat or 0.0, 4))  # fmt: skip


def _at(point: tuple[float, float] | None) -> str:
    return "–" if point is None else ", ".join(_number(each, 4) for each in point)


def _who(made: Comparison, outcome: Outcome) -> str:
    """Say in how many communes, with how many people, access rises and falls."""
    people = _column(made, outcome, "people")["before"]
    facts: dict[str, object] = {"people": made.base.service.people_label}
    for kind in ("gain", "loss"):
        codes = outcome.communes(kind)
        facts |= {kind: len(codes), f"{kind}_people": float(people.reindex(codes).sum())}
    sides = ("gain" if facts["gain"] else "no_gain") + ("_loss" if facts["loss"] else "")
    unit = "supply" if made.followed == "access_per_100" else "time"
    return _text(f"who.{sides}_{unit}", **facts)


def _what(made: Comparison, outcome: Outcome) -> str:
    """Say what of the lack remains."""
    service, after = made.base.service, outcome.variant.diagnosis.service
    whole = made.groups.loc[(outcome.variant.key, "", "")]
    if not service.judged:
        return _text("what.minutes", **_change(whole.loc["minutes"], 1))
    concerned = _change(whole.loc["concerned"], 0)
    facts = {f"concerned_{name}": value for name, value in concerned.items()}
    if made.base.catchment is not None:
        facts |= {f"missing_{name}": value for name, value in _change(whole.loc["missing"], 1)
                  .items()}  # fmt: skip
        line = _text("what.supply", **facts, unit=service.unit, people=service.people_label)
    else:
        line = _text("what.time", **facts, people=service.people_label)
    return line if service.norm == after.norm else f"{line} {_text('what.other_norm')}"


def _most(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Name the communes that gain and lose most."""
    table = _column(made, outcome, made.followed)
    sign = 1.0 if made.followed == "access_per_100" else -1.0
    unit = _text(f"unit.{made.followed}", unit=made.base.service.unit)
    lines = []
    for kind, way in (("gain", -sign), ("loss", sign)):
        rows = table.loc[outcome.communes(kind)].dropna()
        order = (way * rows["change"]).sort_values(kind="stable").index[:_NAMED]
        if not len(order):
            continue
        said = "; ".join(
            _text("one", nom=told.names[str(code)], **_change(table.loc[code], 1)) for code in order
        )
        lines.append(_text(f"most.{kind}", communes=said, unit=unit))
    return lines


def _verdicts(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Name the communes that reach the norm, those that fall below, and what stays below."""
    if not made.base.service.judged:
        return []
    before = made.base.communes["below"].astype(bool)
    after = outcome.variant.diagnosis.communes["below"].astype(bool).reindex(before.index)
    lines = []
    for key, codes in (("reached", before & ~after), ("fallen", ~before & after)):
        if codes.any():
            names = [told.names[str(code)] for code in before.index[codes]]
            lines.append(_text(f"verdict.{key}", count=len(names), names=names))
    if not after.any():
        return [*lines, _text("verdict.none_left")]
    measure = "missing" if made.base.catchment is not None else "concerned"
    left = _column(made, outcome, measure)["after"][after].dropna()
    worst = left.sort_values(ascending=False, kind="stable").index[:_NAMED]
    unit = made.base.service.unit if measure == "missing" else made.base.service.people_label
    decimals = 1 if measure == "missing" else 0
    named = ", ".join(f"{told.names[str(code)]} ({_number(left[code], decimals)})"
                      for code in worst)  # fmt: skip
    return [*lines, _text("verdict.left", count=int(after.sum()), of=len(after), named=named,
                          unit=unit)]  # fmt: skip


def _groups(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Say what each group of each grouping gains."""
    lines = []
    for grouping, (label, names) in told.groups.items():
        own = made.groups.loc[(outcome.variant.key, grouping)]
        lines.append(_text("by_group", grouping=label))
        for group in own.index.unique("group"):
            rows = own.loc[group]
            nom = names.get(str(group), str(group)) or labels.text("words.no_group")
            followed = _change(rows.loc[made.followed], 1)
            unit = _text(f"unit.{made.followed}", unit=made.base.service.unit)
            line = _text("group", nom=nom, unit=unit, **followed)
            if "missing" in made.measures:
                line += _text("group_missing", **_change(rows.loc["missing"], 1))
            elif "concerned" in made.measures:
                line += _text("group_concerned", **_change(rows.loc["concerned"], 0))
            lines.append(f"  – {line}")
    return lines


def _equity(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Say whether access is shared more or less equally."""
    parts = []
    for name in made.criteria.columns:
        if name not in ("gini", "floor", "longest") and not name.startswith("gap_"):
            continue
        first, then = made.criteria.loc[AS_IS, name], made.criteria.loc[outcome.variant.key, name]
        if np.isfinite([first, then]).all():
            row = pd.Series({"before": first, "after": then})
            parts.append(f"{criterion_word(made, str(name), told)} "
                         + _text("from_to", **_change(row, criterion_decimals(str(name)))))  # fmt: skip
    return [_text("equity", parts="; ".join(parts))] if parts else []


def _across(made: Comparison, outcome: Outcome) -> list[str]:
    """Say who uses places across the boundary of the territory."""
    before, after = made.crossing, outcome.crossing
    if before is None or after is None or not after.inside:
        return []
    return [_text(
        "across", inside=after.inside, unit=made.base.service.unit, out=after.out,
        share=after.out / after.inside, out_before=before.out, into=after.into,
        into_before=before.into, people=made.base.service.people_label,
    )]  # fmt: skip


def _costs(made: Comparison, outcome: Outcome) -> list[str]:
    """Say what it costs, and what that is for each person more within the norm."""
    variant, service = outcome.variant, made.base.service
    if variant.cost is None and variant.cost_per_year is None:
        return [_text("cost.none")]
    lines = []
    if variant.cost is not None:
        lines.append(_text("cost.total", cost=variant.cost))
        whole = made.groups.loc[(variant.key, "", "")]
        fewer = -float(whole.loc["missing", "change"]) if "missing" in made.measures else np.nan
        if service.judged:
            each = outcome.cost_each
            lines.append(_text("cost.nobody", people=service.people_label) if each is None else
                         _text("cost.each", cost=each, people=service.people_label,
                               count=outcome.within_gain))  # fmt: skip
        if fewer > NOTHING and variant.cost:
            lines.append(_text("cost.missing", cost=variant.cost / fewer, unit=service.unit,
                               count=fewer))  # fmt: skip
    if variant.cost_per_year is not None:
        lines.append(_text("cost.yearly", cost=_signed(variant.cost_per_year)))
    return [" ".join(lines)]


def _ranking(made: Comparison, told: Told) -> list[str]:
    """Rank scenarios on each criterion, then mark those that another beats on all."""
    names = {AS_IS: _text("as_is")} | {each.key: each.name for each in told.scenarios}
    lines = [_text("ranking.title")]
    for name in map(str, made.criteria.columns):
        value, rank = made.criteria[name], made.rank[name]
        known = rank.dropna().sort_values(kind="stable")
        said = "; ".join(
            f"{int(rank[key])}. {names[str(key)]} "
            f"({_number(float(value[key]), criterion_decimals(name))})" for key in known.index
        )  # fmt: skip
        key = f"ranking.{made.better[name]}"
        lines.append("  – " + _text(key, criterion=criterion_word(made, name, told), said=said))
        lost = [names[str(key)] for key in value.index[value.isna()]]
        if lost:
            lines.append("    " + _text("ranking.unknown", names=lost))
    beaten = {key: by for key, by in made.dominated.items() if by}
    if not beaten:
        lines.append(_text("ranking.none_dominated"))
    for key, by in beaten.items():
        said = ", ".join(f"« {names[each]} »" for each in by)
        lines.append(_text("ranking.dominated", name=names[key], by=said))
    return lines


def criterion_word(made: Comparison, name: str, told: Told) -> str:
    """Return what to call a criterion."""
    service = made.base.service
    if name.startswith("gap_"):
        unit = _text(f"unit.{made.followed}", unit=service.unit)
        label = told.groups[name.removeprefix("gap_")][0]
        return _text("criterion.gap", grouping=label, unit=unit)
    return _text(f"criterion.{name}", unit=service.unit, people=service.people_label)


def criterion_decimals(name: str) -> int:
    """Return how many decimals a criterion is told with."""
    return _DECIMALS.get(name, 1)


def _column(made: Comparison, outcome: Outcome, measure: str) -> pd.DataFrame:
    """Return before, after and change of a measure, by commune."""
    table: pd.DataFrame = made.communes.loc[outcome.variant.key].xs(measure, level="measure")
    return table


def _change(row: pd.Series, decimals: int) -> dict[str, str]:
    """Write before, after and change, the change being that of what is printed."""
    before, after = (round(float(row[name]), decimals) for name in ("before", "after"))
    return {
        "before": _number(before, decimals), "after": _number(after, decimals),
        "change": _signed(after - before, decimals),
    }  # fmt: skip


def _number(value: float, decimals: int | None = None) -> str:
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return labels.number(value, decimals)


def _signed(value: float, decimals: int | None = None) -> str:
    said = _number(value, decimals)
    digits = said.replace("0", "").replace(",", "").replace(labels.NNBSP, "")
    return f"+{said}" if value > 0 and digits else said


def _text(key: str, /, **facts: object) -> str:
    return labels.text(f"scenarios.{key}", "fr", **facts)
