"""Scenarios compared, in sentences that a committee reads."""

from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.config.scenario_file import Scenario
from ctg_geo.export._said import (
    SEPARATOR,
    as_printed,
    changed,
    number,
    printed,
    sentence,
    signed,
    words,
)
from ctg_geo.export.foremost import foremost, tied
from ctg_geo.export.scenario_changes import bare_words, change_words
from ctg_geo.export.scenario_ranking import criterion_decimals, criterion_word, ranking_words
from ctg_geo.export.scenario_told import Told
from ctg_geo.parameters import ChangeTour, Service
from ctg_geo.scenarios import AS_IS, Comparison, Outcome
from ctg_geo.scenarios.compare import NOTHING

__all__ = ["comparison_words", "norm_words", "two_lines"]

_NAMED: Final = 5


def comparison_words(made: Comparison, told: Told) -> list[str]:
    """Say what each scenario brings, to whom and at what price, then how they rank."""
    service = made.base.service
    lines = [
        words("title", label=service.label, count=len(made.outcomes), study=told.study),
        words("norm", norm=norm_words(service), source=service.norm_source),
    ]
    pairs = zip(made.outcomes, told.scenarios, strict=True)
    for place, (each, scenario) in enumerate(pairs, start=1):
        lines += ["", *_scenario(made, each, scenario, told, place)]
    lines += ["", *ranking_words(made, told), "", words("method"), words("rounded")]
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
        return (words("nothing"),)
    return (_who(made, outcome), _what(made, outcome))


def _scenario(
    made: Comparison, outcome: Outcome, scenario: Scenario, told: Told, place: int
) -> list[str]:
    motive, source = sentence(scenario.motive), sentence(scenario.source)
    lines = [words("scenario", number=place, name=scenario.name, key=scenario.key),
             words("motive", motive=motive, source=source)]  # fmt: skip
    if scenario.based_on:
        lines.append(words("based_on", names=" ; ".join(scenario.based_on)))
    lines += [f"  – {change_words(step, told)}" for step in scenario.steps]
    if not scenario.steps:
        lines.append(words("no_change"))
    lines += [*two_lines(made, outcome), *_tours(made, scenario)]
    lines += [each.explain() for each in told.tour_fits.get(scenario.key, ())]
    if outcome.changes_nothing:
        return lines
    lines += [
        *_most(made, outcome, told), *_cut_off(made, outcome, told),
        *_verdicts(made, outcome, told),
        *_groups(made, outcome, told), *_equity(made, outcome, told), *_across(made, outcome),
        *_costs(made, outcome, scenario, told),
    ]  # fmt: skip
    if len(made.hidden):
        lines.append(words("hidden", count=len(made.hidden)))
    return lines


def _tours(made: Comparison, scenario: Scenario) -> list[str]:
    """Say from how many hours on a stop counts, where a scenario changes tours."""
    service = made.base.service
    rule = service.presence
    toured = any(isinstance(each, ChangeTour) and each.service == made.key
                 for each in scenario.changes)  # fmt: skip
    if toured and service.counts_hours:
        return [words("tour_offers")]
    if not toured or rule is None:
        return []
    if service.judged_on_supply:
        return [words("tour_share", hours=rule.reference_hours)]
    return [words("tour_counted", hours=rule.least_share * rule.reference_hours)]


def _who(made: Comparison, outcome: Outcome) -> str:
    """Say in how many communes, with how many people, access rises and falls."""
    people = made.by_commune(outcome.variant.key, "people")["before"]
    facts: dict[str, object] = {"people": made.base.service.people_label}
    for kind in ("gain", "loss"):
        codes = outcome.communes(kind)
        facts |= {kind: len(codes), f"{kind}_people": float(people.reindex(codes).sum())}
    sides = ("gain" if facts["gain"] else "no_gain") + ("_loss" if facts["loss"] else "")
    unit = "supply" if made.followed == "access_per_100" else "time"
    return words(f"who.{sides}_{unit}", **facts)


def _what(made: Comparison, outcome: Outcome) -> str:
    """Say what of the lack remains."""
    service, after = made.base.service, outcome.variant.diagnosis.service
    whole = made.whole(outcome.variant.key)
    if not service.judged:
        return words("what.minutes", minutes=changed(whole, "minutes", 1))
    facts = {"people": service.people_label, "concerned": changed(whole, "concerned", 0)}
    if made.base.catchment is not None:
        missing = changed(whole, "missing", 1)
        line = words("what.supply", **facts, missing=missing, unit=service.unit)
    else:
        line = words("what.time", **facts)
    return line if service.norm == after.norm else f"{line} {words('what.other_norm')}"


def _most(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Name the communes that gain and lose most."""
    table = made.by_commune(outcome.variant.key, made.followed)
    sign = 1.0 if made.followed == "access_per_100" else -1.0
    unit = words(f"unit.{made.followed}", unit=made.base.service.unit)
    lines = []
    for kind, way in (("gain", sign), ("loss", -sign)):
        rows = table.loc[outcome.communes(kind)].dropna()
        told_change = way * as_printed(rows, 1)["change"]
        codes, others = foremost(told_change[told_change > 0], _NAMED,
                                 then=way * as_printed(rows, 2)["change"])  # fmt: skip
        if not len(codes):
            continue
        named = [words("one", nom=told.names[str(code)], change=changed(table, code, 1))
                 for code in codes]  # fmt: skip
        said = SEPARATOR.join(tied(named, others))
        lines.append(words(f"most.{kind}", communes=said, unit=unit))
    return lines


def _cut_off(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Name the communes that reached a place and reach none any more."""
    table = made.by_commune(outcome.variant.key, made.followed)
    if made.followed == "minutes":
        lost = table["before"].notna() & table["after"].isna()
    else:
        lost = (table["before"] > 0) & (table["after"] == 0)
    names = [told.names[str(code)] for code in table.index[lost]]
    return [words("verdict.cut_off", count=len(names), names=names)] if names else []


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
            lines.append(words(f"verdict.{key}", count=len(names), names=names))
    if not after.any():
        return [*lines, words("verdict.none_left" if before.any() else "verdict.none_at_all")]
    measure = "missing" if made.base.catchment is not None else "concerned"
    left = made.by_commune(outcome.variant.key, measure)["after"][after].dropna()
    unit = made.base.service.unit if measure == "missing" else made.base.service.people_label
    decimals = 1 if measure == "missing" else 0
    worst, others = foremost(left.map(lambda each: labels.rounded(each, decimals)), _NAMED)
    named = ", ".join(tied([f"{told.names[str(code)]} ({number(left[code], decimals)})"
                            for code in worst], others))  # fmt: skip
    facts = {"count": int(after.sum()), "of": len(after)}
    if not named:
        return [*lines, words("verdict.left_untold", **facts)]
    return [*lines, words("verdict.left", named=named, unit=unit, **facts)]


def _groups(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Say what each group of each grouping gains."""
    lines = []
    for grouping, (label, names) in told.groups.items():
        lines.append(words("by_group", grouping=label))
        for group, rows in made.by_group(outcome.variant.key, grouping).items():
            nom = names.get(group, group) or labels.text("words.no_group")
            followed = changed(rows, made.followed, 1)
            unit = words(f"unit.{made.followed}", unit=made.base.service.unit)
            line = words("group", nom=nom, unit=unit, change=followed)
            if "missing" in made.measures and pd.notna(rows["after"]["missing"]):
                line += words("group_missing", change=changed(rows, "missing", 1))
            elif "concerned" in made.measures:
                line += words("group_concerned", change=changed(rows, "concerned", 0))
            lines.append(f"  – {line}")
    return lines


def _equity(made: Comparison, outcome: Outcome, told: Told) -> list[str]:
    """Say whether access is shared more or less equally."""
    parts = []
    for name in map(str, made.criteria.columns):
        if name not in ("gini", "floor", "longest") and not name.startswith("gap_"):
            continue
        value = made.criteria[name].astype(float)
        both = {"before": [value[AS_IS]], "after": [value[outcome.variant.key]]}
        if np.isfinite(value[[AS_IS, outcome.variant.key]]).all():
            said = changed(pd.DataFrame(both), 0, criterion_decimals(made, name))
            parts.append(f"{criterion_word(made, name, told)}{labels.NBSP}: {said}")
    return [words("equity", parts=SEPARATOR.join(parts))] if parts else []


def _across(made: Comparison, outcome: Outcome) -> list[str]:
    """Say who uses places across the boundary of the territory."""
    before, after = made.crossing, outcome.crossing
    if before is None or after is None or not after.inside:
        return []
    return [words(
        "across", inside=after.inside, unit=made.base.service.unit, out=after.out,
        share=after.out / after.inside, out_before=before.out, into=after.into,
        into_before=before.into, people=made.base.service.people_label,
    )]  # fmt: skip


def _fewer(made: Comparison, key: str) -> float:
    """Return by how much the lack shrinks: the difference of the figures as they are printed."""
    if "missing" not in made.measures:
        return float("nan")
    before, after = printed(made.whole(key), "missing", 1)
    return round(before - after, 1)


def _costs(made: Comparison, outcome: Outcome, scenario: Scenario, told: Told) -> list[str]:
    """Say what it costs, and what that is for each person more within the norm."""
    variant, service = outcome.variant, made.base.service
    if all(each.cost is None and each.cost_per_year is None for each in scenario.changes):
        return [words("cost.undeclared" if variant.untold else "cost.none")]
    lines = []
    if variant.cost is not None:
        lines.append(words("cost.total", cost=variant.cost))
        fewer = _fewer(made, variant.key)
        if service.judged:
            each = outcome.cost_each
            lines.append(words("cost.nobody", people=service.people_label) if each is None else
                         words("cost.each", cost=each, people=service.people_label,
                               count=outcome.within_gain))  # fmt: skip
        if fewer > NOTHING and variant.cost:
            lines.append(words("cost.missing", cost=variant.cost / fewer, unit=service.unit,
                               one=labels.one_of(service.unit), count=fewer))  # fmt: skip
    if variant.cost_per_year is not None:
        lines.append(words("cost.yearly", cost=signed(variant.cost_per_year)))
    lines += [words(f"cost.unknown_{cost}",
                    changes=SEPARATOR.join(bare_words(each, told) for each in steps))
              for cost, steps in variant.untold.items()]  # fmt: skip
    free = [each for each in scenario.changes if each.cost is None and each.cost_per_year is None]
    if free and not variant.untold:
        lines.append(words("cost.partly", count=len(free), of=len(scenario.changes)))
    return [" ".join(lines)]
