"""What is said of a plan of sites: names, people brought, prices, remarks."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.export._said import SEPARATOR
from ctg_geo.export.site_words import NOTHING, said, together
from ctg_geo.export.sites_told import (
    PLACED,
    Brought,
    Choice,
    Rules,
    SitesTold,
    SiteTold,
    StageTold,
)
from ctg_geo.siting import Plan, how_good
from ctg_geo.siting.fair import Frontier, Stage
from ctg_geo.study.basis import basis_of
from ctg_geo.study.site_answer import Answer, cost_frontier, priced
from ctg_geo.study.site_brought import people_brought
from ctg_geo.study.site_figures import figure_of
from ctg_geo.study.site_ground import Bench, codes_of
from ctg_geo.study.site_scenario import PLAN, cost_of
from ctg_geo.study.study import Study

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["told_of"]

_APART: Final = ("shortfall", "floor", "severity")
_FIGURES: Final = ("floor_held",)  # remarks that tell a figure of people


def told_of(study: Study, bench: Bench, answer: Answer, *, counts: bool) -> SitesTold:
    """Gather what is said of a plan; `counts` tells that numbers of people may be told.

    Raises
    ------
    SitingError
        If a preferred site is no candidate, or forbidden.
    """
    names = _names(bench)
    opened = [str(each) for each in answer.opened]
    brought = _brought(study, bench, answer, counts=counts)
    others = priced(bench, answer, opened, without=True)
    sites = [_site(bench, names, each, float(answer.size[each]), brought.get(each, []),
                   _choice(others, each, names)) for each in opened]  # fmt: skip
    wished = _preferred(study, bench)
    prices = priced(bench, answer, [each for each in wished if each not in opened], without=False)
    preferred = [_wish(bench, names, each, prices, opened) for each in wished]
    places = study.territory.names
    codes = bench.code[bench.counted & (bench.demand > 0)].unique()
    points = cost_frontier(bench) if bench.asked.frontier else None
    declared = bench.rules.cost_open is not None or bench.rules.cost_place is not None
    return SitesTold(
        study.config.file.study.name, bench.asked.service, bench.service, f"{PLAN}.toml",
        _rules(study, bench, names), _stages(bench, answer), sites,
        [places[str(each)] for each in answer.closed],
        [(places[str(each)], float(bench.standing[str(each)]), float(size))
         for each, size in answer.resized.items()],
        preferred, [*_remarks(bench, answer, names, study.territory.names, counts=counts),
                    *(_tied(bench, answer, sites) if counts else [])],
        answer.cost if declared else float("nan"), counts,
        int((~pd.Index(codes).isin(bench.shown)).sum()), bench.on_access,
        basis_of(bench.asked.service, study), _table(bench, sites, counts=counts),
        None if points is None else _points(points, names),
        points is None or points.complete, bench.asked.share,
    )  # fmt: skip


def _names(bench: Bench) -> dict[str, str]:
    """Name candidates; those of one name with their commune or their identifier."""
    table = bench.candidates
    found = {}
    twice = set(table["nom"][table["nom"].duplicated(keep=False)])
    for key, nom, commune in zip(table.index, table["nom"], table["commune"], strict=True):
        beside = [commune] if commune not in ("", nom) else []
        beside += [str(key)] if nom in twice else []
        found[str(key)] = f"{nom} ({', '.join(beside)})" if beside else str(nom)
    return found


def _brought(
    study: Study, bench: Bench, answer: Answer, *, counts: bool
) -> dict[str, list[Brought]]:
    found: dict[str, list[Brought]] = {}
    if not counts:
        return found
    called = study.territory.communes["nom"]
    table = people_brought(bench, answer)
    told = table["owner"].isin(bench.shown)
    people, gained = table["people"].where(told), table["gained"].where(told)
    for site, code, count, places in zip(
        table["site"], table["owner"], people, gained, strict=True
    ):
        one = Brought(str(code), str(called[code]), float(count), float(places))
        found.setdefault(str(site), []).append(one)
    return found


def _choice(table: pd.DataFrame, site: str, names: Mapping[str, str]) -> Choice:
    instead = [names[str(each)] for each in table["instead"][site]]
    return Choice(instead, float(table["price"][site]), table["status"][site] == "proven",
                  table["then"][site])  # fmt: skip


def _site(
    bench: Bench, names: Mapping[str, str], key: str, size: float, brought: Sequence[Brought],
    other: Choice, *, there: bool = True,
) -> SiteTold:  # fmt: skip
    commune = str(bench.candidates.at[key, "commune"])
    return SiteTold(key, names[key], commune, size, cost_of(bench, key, size),
                    key in bench.rules.forced, brought, other, there)  # fmt: skip


def _preferred(study: Study, bench: Bench) -> list[str]:
    return [codes_of(study, bench).one("prefer", each) for each in bench.asked.preferred]


def _wish(
    bench: Bench, names: Mapping[str, str], key: str, prices: pd.DataFrame, opened: Sequence[str]
) -> SiteTold:
    if key in opened:
        return _site(bench, names, key, float("nan"), [], Choice([], 0.0, proven=True))
    return _site(bench, names, key, float("nan"), [], _choice(prices, key, names),
                 there=False)  # fmt: skip


def _stages(bench: Bench, answer: Answer) -> list[StageTold]:
    return [StageTold(each.objective, _before(bench, each), each.value, _quality(answer, each))
            for each in answer.stages]  # fmt: skip


def _before(bench: Bench, stage: Stage) -> float:
    if bench.base is None:
        return float("nan")
    return figure_of(bench.base, stage.objective, share=bench.asked.share,
                     within_min=bench.within_min)  # fmt: skip


def _quality(answer: Answer, stage: Stage) -> str:
    """Say how good a stage is: proven, or how far from the optimum it may be."""
    if stage.status == "proven":
        return said("proven")
    ended = None if answer.plan is None else answer.plan.ended
    plan = Plan(stage.objective, stage.sense, pd.Index([]), None, stage.value, stage.bound,
                stage.status, ended=ended)  # fmt: skip
    return how_good(plan)


def _rules(study: Study, bench: Bench, names: Mapping[str, str]) -> Rules:
    asked, called = bench.asked, dict[str, str]()
    if bench.grouping:
        called = dict(study.groupings[bench.grouping].names)
    return Rules(
        asked.new, asked.exactly, asked.smallest, asked.largest, asked.total, asked.budget,
        [(called.get(key, key), count) for key, count in asked.at_least.items()],
        [names[each] for each in sorted(bench.rules.forbidden)], len(bench.candidates),
        list(dict.fromkeys(bench.candidates["kind"])), bench.within_min,
    )  # fmt: skip


def _remarks(
    bench: Bench, answer: Answer, names: Mapping[str, str], places: Mapping[str, str], *,
    counts: bool,
) -> list[str]:  # fmt: skip
    """Say the remarks of a plan with the names that planners know; no figure that may not be."""
    found = []
    if bench.idle:
        found.append(labels.text("siting.remark.nobody_reaches",
                                 names=[names[each] for each in bench.idle]))  # fmt: skip
    for each in answer.remarks:
        if each.key in _FIGURES and not counts:
            continue
        facts = dict(each.facts)
        if isinstance(given := facts.get("names"), list):
            facts["names"] = [names.get(str(one), str(one)) for one in given]
        if isinstance(given := facts.get("origins"), list):
            communes = dict.fromkeys(str(bench.code[one]) for one in given)
            facts["origins"] = [places[code] for code in communes]
        found.append(labels.text(f"siting.remark.{each.key}", "fr", **facts))
    if bench.asked.objective == "floor" and not bench.asked.then and bench.on_access:
        found.append(said("floor_then"))
    first = answer.stages[0].objective
    if not bench.on_access and bench.service.judged_on_supply and first not in PLACED:
        found.append(said("smallest_size", size=bench.asked.smallest, unit=bench.service.unit))
    found += _of_places(bench, answer, counts=counts)
    if first in ("median", "median_places"):
        key = "beyond" if first == "median" else "beyond_places"
        found.append(said(key, limit=bench.service.max_min))
    return found


def _tied(bench: Bench, answer: Answer, sites: Sequence[SiteTold]) -> list[str]:
    """Say which sites others equal on every objective: a proven plan, and an arbitrary choice."""
    equals = [each for each in sites if not each.forced and each.other.instead
              and _equal(answer.stages, each.other)]  # fmt: skip
    if not equals:
        return []
    parts = [said("tied_one", nom=each.nom, instead=together(each.other.instead))
             for each in equals]  # fmt: skip
    aims = _APART if bench.service.judged_on_supply else ("median", "cover")
    more = next((each for each in aims if each not in bench.asked.objectives), "")
    key = "tied_then" if bench.on_access and more else "tied_aim" if more else "tied_else"
    return [said("tied", parts=SEPARATOR.join(parts), mend=said(key, objective=more))]


def _equal(stages: Sequence[Stage], other: Choice) -> bool:
    prices = [other.price, *(price for _, price, _ in other.then)]
    return len(prices) == len(stages) and all(
        abs(price) <= NOTHING * (max(1.0, abs(stage.value)) if math.isfinite(stage.value) else 1.0)
        for price, stage in zip(prices, stages, strict=True)
    )


def _of_places(bench: Bench, answer: Answer, *, counts: bool) -> list[str]:
    """Say how many of the places added fill a lack, and what holds their number back."""
    if not bench.on_access:
        return []
    found, unit, asked = [], bench.service.unit, bench.asked
    fixed = bench.standing.drop(index=[*answer.closed, *answer.resized.index])
    added = float(answer.size.sum() + answer.resized.sum() + fixed.sum() - bench.standing.sum())
    first = answer.stages[0]
    if counts and bench.base is not None and first.objective == "shortfall" and added > 0:
        less = _before(bench, first) - first.value
        if less < added - 1:
            found.append(said("spilled", added=added, less=less, unit=unit,
                              people=bench.service.people_label))  # fmt: skip
    if asked.total is None and asked.budget is None and asked.smallest < asked.largest and len(
        answer.opened
    ) and bool((answer.size >= asked.largest).all()):  # fmt: skip
        found.append(said("unbounded", unit=unit))
    return found


def _table(bench: Bench, sites: Sequence[SiteTold], *, counts: bool) -> "gpd.GeoDataFrame":
    """Return all candidates with what became of each."""
    table = bench.candidates.copy()
    state = pd.Series("possible", index=table.index)
    state[table.index.isin(bench.idle)] = "idle"
    state[table.index.isin(bench.rules.forbidden)] = "forbidden"
    for column in ("size", "cost", "people", "gained", "price"):
        table[column] = np.nan
    table["instead"] = ""
    for each in sites:
        state[each.key] = "forced" if each.forced else "opened"
        table.loc[each.key, ["size", "cost"]] = [each.size, each.cost]
        table.loc[each.key, "instead"] = " ; ".join(each.other.instead)
        if counts:
            table.loc[each.key, ["people", "gained", "price"]] = [
                _sum(one.people for one in each.brought),
                _sum(one.gained for one in each.brought) if bench.on_access else np.nan,
                each.other.price,
            ]  # fmt: skip
    return table.assign(state=state)


def _sum(values: Iterable[float]) -> float:
    return float(sum(each for each in values if not math.isnan(each)))


def _points(points: Frontier, names: Mapping[str, str]) -> pd.DataFrame:
    called = [[names[str(each)] for each in plan.opened] for plan in points.plans]
    return points.points.assign(names=pd.Series(called, index=points.points.index))
