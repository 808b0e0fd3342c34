"""A plan of sites in sentences that a committee reads: what, how good, why here, at what price."""

import math
from collections.abc import Sequence

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._said import SEPARATOR
from ctg_geo.export.foremost import foremost, tied
from ctg_geo.export.scenario_words import norm_words
from ctg_geo.export.sites_told import Choice, SitesTold, SiteTold, StageTold

__all__ = [
    "NOTHING",
    "aim_words",
    "figure_words",
    "plan_words",
    "rule_words",
    "said",
    "site_summary",
    "stage_words",
    "together",
]

_NAMED = 6
NOTHING = 1e-6  # of a figure: what is no difference


def said(name: str, /, **facts: object) -> str:
    """Return a sentence about plans of sites."""
    return labels.text(f"site.{name}", "fr", **facts)


def figure_words(told: SitesTold, objective: str, value: float) -> str:
    """Write a figure of an objective with its unit."""
    if math.isnan(value):
        return labels.text("map.unknown")
    if math.isinf(value):
        return said("figure.nobody_there")
    times = 100.0 if objective == "floor" and told.on_access else 1.0
    kind = "center" if objective == "floor" and not told.on_access else objective
    return said(f"figure.{kind}", value=times * value, unit=told.service.unit,
                people=told.service.people_label)  # fmt: skip


def site_summary(told: SitesTold) -> list[str]:
    """Say the plan, how good it is, why each site, prices, remarks, and what it rests on."""
    lines = [said("title", title=told.title), ""]
    lines += [aim_words(told), labels.text("scenarios.norm", norm=norm_words(told.service),
                                            source=told.service.norm_source)]  # fmt: skip
    lines += [rule_words(told), "", *plan_words(told)]
    lines += ["", *stage_words(told), ""]
    if told.sites:
        lines += [said("why_title"), *(line for each in told.sites for line in _why(told, each))]
    if told.preferred:
        lines += ["", said("preferred_title"), *(_preferred(told, each) for each in told.preferred)]
    if told.frontier is not None:
        lines += ["", *_frontier(told)]
    if told.remarks:
        lines += ["", said("remarks_title"), *(f"– {each}" for each in told.remarks)]
    if not told.counts:
        lines += ["", said("withheld")]
    elif told.hidden:
        lines += ["", said("hidden", count=told.hidden)]
    lines += ["", said("checked"), said(f"method_{_method(told)}")]
    lines.append(said("file", file=told.plan_file))
    return [*lines, *told.basis.sentences]


def _method(told: SitesTold) -> str:
    if told.sized:
        return "access" if told.on_access else "places"
    return "backup" if told.stages[0].objective == "backup" else "trips"


def aim_words(told: SitesTold) -> str:
    """Say what is sought, first and then."""
    names = [_of_stage(told, "objective", each.objective) for each in told.stages]
    first = said("aim", objective=names[0])
    return first + "".join(said("then", objective=each) for each in names[1:])


def _of_stage(told: SitesTold, section: str, objective: str) -> str:
    """Return what a section of the labels says of an objective."""
    return said(f"{section}.{_kind(told, objective)}", people=told.service.people_label,
                unit=told.service.unit, within=told.rules.within_min, share=told.share)  # fmt: skip


def _kind(told: SitesTold, objective: str) -> str:
    if told.on_access:
        return "floor_share" if objective == "floor" and told.share < 1 else objective
    return {"cover": "cover_time", "floor": "center"}.get(objective, objective)


def rule_words(told: SitesTold) -> str:
    """Say what a plan had to respect."""
    return said("rules", rules=SEPARATOR.join(_rules(told)))


def _rules(told: SitesTold) -> list[str]:
    rules, unit = told.rules, told.service.unit
    found = []
    if rules.new is not None:
        found.append(said("rule.exactly" if rules.exactly else "rule.new", count=rules.new))
    if told.sized and math.isfinite(rules.largest):
        found.append(said("rule.sizes", low=rules.smallest, high=rules.largest, unit=unit))
    elif rules.smallest > 0:
        found.append(said("rule.smallest", low=rules.smallest, unit=unit))
    if rules.total is not None:
        found.append(said("rule.total", total=rules.total, unit=unit))
    if rules.budget is not None:
        found.append(said("rule.budget", budget=rules.budget))
    found += [said("rule.group", group=name, count=count) for name, count in rules.groups]
    if rules.forbidden:
        found.append(said("rule.forbidden", names=list(rules.forbidden)))
    kinds = ", ".join(said(f"kind.{each}") for each in rules.kinds)
    return [*found, said("rule.candidates", count=rules.candidates, kinds=kinds)]


def plan_words(told: SitesTold) -> list[str]:
    """Say what the plan opens, closes and changes, and its cost."""
    if not told.sites and not told.closed and not told.resized:
        return [said("nothing")]
    size = sum(each.size for each in told.sites)
    key = "plan_title" if math.isnan(size) or not told.sites else "plan_title_places"
    lines = [said(key, count=len(told.sites), size=size, unit=told.service.unit)]
    for number, each in enumerate(told.sites, start=1):
        key = "opens" if math.isnan(each.size) else "opens_places"
        line = said(key, number=number, nom=each.nom, size=each.size, unit=told.service.unit)
        if not math.isnan(each.cost):
            line += said("costs", cost=each.cost)
        lines.append(line + (said("imposed") if each.forced else ""))
    lines += [said("closes", nom=nom) for nom in told.closed]
    lines += [said("resizes", nom=nom, before=before, after=after, unit=told.service.unit)
              for nom, before, after in told.resized]  # fmt: skip
    if not math.isnan(told.cost):
        lines.append(said("whole_cost", cost=told.cost))
    return lines


def stage_words(told: SitesTold) -> list[str]:
    """Say each objective, today and with the plan, and how good the plan is."""
    return [line for each in told.stages for line in _stage(told, each)]


def _stage(told: SitesTold, stage: StageTold) -> list[str]:
    name = _capital(_of_stage(told, "name", stage.objective))
    if not told.counts:
        return [said("stage_untold", name=name, quality=stage.quality)]
    after = figure_words(told, stage.objective, stage.after)
    if math.isnan(stage.before):
        return [said("stage_new", name=name, after=after, quality=stage.quality)]
    before = figure_words(told, stage.objective, stage.before)
    return [said("stage", name=name, before=before, after=after, quality=stage.quality)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _why(told: SitesTold, site: SiteTold) -> list[str]:
    lines = [said("why", nom=site.nom, reason=_brought(told, site))]
    if told.counts:
        gained = {at: labels.rounded(each.gained, 1) for at, each in enumerate(site.brought)}
        figures = pd.Series(gained, dtype=float)
        most, others = foremost(figures[figures > 0], _NAMED)
        if len(most):
            one, key = ("gained_one", "gained") if told.on_access else ("saved_one", "saved")
            parts = [said(one, nom=site.brought[at].nom, value=gained[at]) for at in most]
            lines.append("  " + said(key, unit=told.service.unit,
                                     parts=", ".join(tied(parts, others))))  # fmt: skip
    lines.append("  " + _other(told, site))
    return lines


def _brought(told: SitesTold, site: SiteTold) -> str:
    people = told.service.people_label
    if not told.counts:
        return said("brought_untold", people=people)
    there = [each for each in site.brought if each.people >= 1]
    if not there:
        return said("brought_none" if told.on_access else "brought_none_time", people=people)
    parts = [said("brought_one", nom=each.nom, people=each.people) for each in there[:_NAMED]]
    more = len(there) - _NAMED
    if more > 0:
        parts.append(said("brought_more", count=more))
    return said("brought" if told.on_access else "brought_time", people=people,
                count=sum(each.people for each in there), parts=", ".join(parts))  # fmt: skip


def _other(told: SitesTold, site: SiteTold) -> str:
    choice = site.other
    if math.isnan(choice.price):
        return said("other_none")
    names = list(choice.instead)
    instead = said("other_instead", names=together(names)) if names else said("other_fewer")
    if site.forced and choice.price < 0 and told.counts:
        then = [(name, -price, proven) for name, price, proven in choice.then]
        cost = _price(told, Choice(choice.instead, -choice.price, choice.proven, then))
        return said("other_imposed", instead=instead, price=cost)
    return said("other", instead=instead, price=_price(told, choice))


def _price(told: SitesTold, choice: Choice) -> str:
    """Say what another plan costs on the first objective, then on those after it."""
    if not told.counts:
        return said("price.untold")
    first = told.stages[0]
    words = _priced(told, first, choice.price) or said("price.nothing")
    parts = [words + ("" if choice.proven else said("price.unproven"))]
    for stage, (_, price, proven) in zip(told.stages[1:], choice.then, strict=False):
        more = _priced(told, stage, price)
        if more:
            parts.append(more + ("" if proven else said("price.unproven")))
    return said("price.then").join(parts)


def _priced(told: SitesTold, stage: StageTold, price: float) -> str:
    """Say by how much an objective is worse, or better; nothing where it is neither."""
    floor = stage.objective == "floor"
    times = 100.0 if floor and told.on_access else 1.0
    kind = "center" if floor and not told.on_access else stage.objective
    scale = max(1.0, abs(times * stage.after)) if math.isfinite(stage.after) else 1.0
    if abs(times * price) <= NOTHING * scale:
        return ""
    section = "price" if price > 0 else "gain"
    if section == "gain" and stage is told.stages[0]:
        return said("price.better")
    return said(f"{section}.{kind}", value=times * abs(price), unit=told.service.unit,
                people=told.service.people_label)  # fmt: skip


def together(names: Sequence[str]) -> str:
    """Join names, the last one by a word.

    Examples
    --------
    >>> together(["Alpe", "Brive", "Combe"])
    'Alpe, Brive et Combe'
    """
    *first, last = names
    return said("and", first=", ".join(first), last=last) if first else last


def _preferred(told: SitesTold, site: SiteTold) -> str:
    if site.there:
        return said("preferred_there", nom=site.nom)
    if math.isnan(site.other.price):
        return said("preferred_none", nom=site.nom)
    others = [each for each in site.other.instead if each != site.nom]
    beside = said("preferred_beside", names=together(others)) if others else ""
    return said("preferred", nom=site.nom, price=_price(told, site.other), beside=beside)


def _frontier(told: SitesTold) -> Sequence[str]:
    assert told.frontier is not None, "asked for with a frontier"
    objective = told.stages[0].objective
    lines = [said("frontier_title", name=_of_stage(told, "name", objective))]
    points = told.frontier
    rows = zip(points["cost"], points["value"], points["names"], points["status"], strict=True)
    for cost, value, names, status in rows:
        proven = "" if status == "proven" else said("price.unproven")
        figure = figure_words(told, objective, float(value))
        opened = names or said("no_site")
        lines.append(said("frontier_one", cost=float(cost), value=figure, names=opened) + proven)
    if not told.frontier_complete:
        lines.append(said("frontier_cut"))
    return lines
