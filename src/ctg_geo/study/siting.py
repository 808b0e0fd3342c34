"""Where to open places of a service of a study: planned, measured again, put into files."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.config.scenario_file import scenario_toml
from ctg_geo.errors import SitingError
from ctg_geo.export import write_folder
from ctg_geo.export.secret import checked_sums, journal_csv
from ctg_geo.export.site_words import said, site_summary
from ctg_geo.export.sites import refuse_other, write_sites_folder
from ctg_geo.export.sites_told import Brought, Choice, Rules, SitesTold, SiteTold, StageTold
from ctg_geo.parameters import ScenarioFile
from ctg_geo.provenance import InputFile, input_file
from ctg_geo.quality import Finding
from ctg_geo.secrecy import Verdict
from ctg_geo.siting import Plan, how_good
from ctg_geo.siting.fair import Frontier, Stage
from ctg_geo.study.basis import basis_of
from ctg_geo.study.compared_report import write_comparison
from ctg_geo.study.report import enter, publication, without_secrets
from ctg_geo.study.site_answer import Answer, answered, cost_frontier, people_brought, priced
from ctg_geo.study.site_figures import figure_of
from ctg_geo.study.site_ground import Bench, bench_of, codes_of
from ctg_geo.study.site_scenario import PLAN, Checked, checked_again, cost_of, plan_file
from ctg_geo.study.sites_asked import SitesAsked
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["SitesMade", "SitesReport", "plan_sites", "write_sites"]

_COMPARED, _DIAGNOSED = "comparaison", "diagnostic"


@dataclass(frozen=True, slots=True, eq=False)
class SitesMade:
    """A plan, what it makes, and what is said of it."""

    bench: Bench
    answer: Answer
    file: ScenarioFile
    checked: Checked
    told: SitesTold


@dataclass(frozen=True, slots=True, eq=False)
class SitesReport:
    """What a plan of sites says in words, and the files that hold it."""

    made: SitesMade
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    findings: tuple[Finding, ...]


def plan_sites(study: Study, asked: SitesAsked) -> SitesMade:
    """Choose sites of a service, and diagnose whole what the plan makes.

    Raises
    ------
    SitingError
        If what is asked contradicts itself, the service or the candidates; if an objective
        cannot choose; with the reason ``no_plan`` where no plan is feasible, with the smallest
        change that makes one; if the plan, measured again, is not what the solver says.
    UnknownServiceError, DataError, ConfigError
        See `Study.diagnose`.
    """
    bench = timed("site ground", bench_of, study, asked)
    counts = not (study.territory.homes.spread
                  and study.secrecy.fewest(bench.service.demand) > 0)  # fmt: skip
    if asked.frontier and not counts:
        raise SitingError("frontier_secret", people=bench.service.people_label)
    answer = timed("site plan", answered, bench)
    file = plan_file(study, bench, answer)
    checked = timed("site check", checked_again, study, bench, answer, file)
    told = timed("site why", _told, study, bench, answer, counts=counts)
    return SitesMade(bench, answer, file, checked, told)


def write_sites(study: Study, asked: SitesAsked, out: str | Path) -> SitesReport:
    """Choose sites and write their folder, with that of what the plan makes inside it.

    The inner folder is a comparison with today (`comparaison`), or where nothing stands today a
    diagnosis (`diagnostic`).

    Raises
    ------
    SitingError, UnknownServiceError, DataError, ConfigError
        See `plan_sites`; nothing is written.
    SecrecyError
        If a secret could be worked out from the outputs; the plan is not written.
    OutputError
        If a folder cannot be written.
    """
    folder = Path(out)
    made = plan_sites(study, asked)
    told, checked = made.told, made.checked
    refuse_other(folder, told)
    passed = _gate(study, made)
    findings = study.findings
    if checked.comparison is not None:
        report = write_comparison(
            study, [checked.scenario], asked.service, folder / _COMPARED, made=checked.comparison
        )
        findings = report.findings
    elif checked.result is not None:
        findings = (*findings, *checked.result.findings)
        write_folder(
            folder / _DIAGNOSED, publication(study, checked.result), findings=findings,
            inputs=study.inputs, ledgers=study.ledgers, parameters=_parameters(study, asked),
            enter=partial(enter, study, _entry(study, told)),
        )  # fmt: skip
    log = journal_csv(study.secrecy, passed, study.territory.names, findings)
    files = write_sites_folder(
        folder, told, study.territory, scenario_toml(made.file), log,
        inputs=(*study.inputs, *_lists(study, asked)),
        ledgers=(*study.ledgers, *made.bench.ledgers), parameters=_parameters(study, asked),
        enter=partial(enter, study, _entry(study, told)),
    )  # fmt: skip
    return SitesReport(made, folder, files, tuple(site_summary(told)), findings)


def _entry(study: Study, told: SitesTold) -> str:
    return f"{study.config.file.study.name}, {told.service.label}"


def _gate(study: Study, made: SitesMade) -> Verdict | None:
    """Let the attacker try the people told, by commune and by site."""
    figure = made.bench.service.demand
    none = pd.Series(dtype=float)
    if not made.told.counts:
        return checked_sums(study.secrecy, study.territory, figure, none, [])
    rows = [(each, one) for each in made.told.sites for one in each.brought
            if one.people > 0]  # fmt: skip
    shown = pd.Series({one.code: one.people for _, one in rows}, dtype=float)
    sums = [
        ([one.code for site, one in rows if site is each],
         sum(one.people for site, one in rows if site is each))
        for each in made.told.sites if any(site is each for site, _ in rows)
    ]  # fmt: skip
    if study.territory.homes.spread:
        return checked_sums(study.secrecy, study.territory, figure, none, [])
    return checked_sums(study.secrecy, study.territory, figure, shown, sums)


def _told(study: Study, bench: Bench, answer: Answer, *, counts: bool) -> SitesTold:
    names = _names(bench)
    opened = [str(each) for each in answer.opened]
    brought = _brought(study, bench, answer, counts=counts)
    others = priced(bench, answer, opened, without=True)
    sites = [_site(bench, names, each, float(answer.size[each]), brought.get(each, []),
                   _choice(others.loc[each], names)) for each in opened]  # fmt: skip
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
        [(places[str(each)], float(bench.standing[each]), float(size))
         for each, size in answer.resized.items()],
        preferred, _remarks(bench, answer, names, study.territory.names),
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
    if bench.on_access or np.isfinite(bench.within_min):
        for row in table.itertuples():
            told = str(row.owner) in bench.shown
            people = float(row.people) if told else float("nan")
            gained = float(row.gained) if told else float("nan")
            one = Brought(str(row.owner), str(called[row.owner]), people, gained)
            found.setdefault(str(row.site), []).append(one)
    return found


def _choice(row: pd.Series, names: Mapping[str, str]) -> Choice:
    return Choice([names[str(each)] for each in row["instead"]], float(row["price"]),
                  row["status"] == "proven")  # fmt: skip


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
    return _site(bench, names, key, float("nan"), [], _choice(prices.loc[key], names),
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
    bench: Bench, answer: Answer, names: Mapping[str, str], places: Mapping[str, str]
) -> list[str]:
    """Say the remarks of a plan with the names that planners know."""
    found = []
    if bench.idle:
        found.append(labels.text("siting.remark.nobody_reaches",
                                 names=[names[each] for each in bench.idle]))  # fmt: skip
    for each in answer.remarks:
        facts = dict(each.facts)
        if isinstance(given := facts.get("names"), list):
            facts["names"] = [names.get(str(one), str(one)) for one in given]
        if isinstance(given := facts.get("origins"), list):
            communes = dict.fromkeys(str(bench.code[one]) for one in given)
            facts["origins"] = [places[code] for code in communes]
        found.append(labels.text(f"siting.remark.{each.key}", **facts))
    if bench.asked.objective == "floor" and not bench.asked.then and bench.on_access:
        found.append(said("floor_then"))
    if not bench.on_access and bench.service.judged_on_supply:
        found.append(said("smallest_size", size=bench.asked.smallest, unit=bench.service.unit))
    found += _of_places(bench, answer)
    if answer.stages[0].objective == "median":
        found.append(said("beyond", limit=bench.service.max_min))
    return found


def _of_places(bench: Bench, answer: Answer) -> list[str]:
    """Say how many of the places added fill a lack, and what holds their number back."""
    if not bench.on_access:
        return []
    found, unit, asked = [], bench.service.unit, bench.asked
    fixed = bench.standing.drop(index=[*answer.closed, *answer.resized.index])
    added = float(answer.size.sum() + answer.resized.sum() + fixed.sum() - bench.standing.sum())
    first = answer.stages[0]
    if bench.base is not None and first.objective == "shortfall" and added > 0:
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
                _sum(one.gained for one in each.brought), each.other.price,
            ]  # fmt: skip
    return table.assign(state=state)


def _sum(values: Iterable[float]) -> float:
    return float(sum(each for each in values if not math.isnan(each)))


def _points(points: Frontier, names: Mapping[str, str]) -> pd.DataFrame:
    called = [[names[str(each)] for each in plan.opened] for plan in points.plans]
    return points.points.assign(names=called)


def _lists(study: Study, asked: SitesAsked) -> list[InputFile]:
    """Return the lists of candidates among the inputs."""
    paths = [Path(each) for each in asked.candidates if Path(each).suffix]
    return [
        input_file(f"candidates {path.name}", path, root=study.config.path.parent, provider="",
                   licence="", vintage="")
        for path in paths if path.is_file()
    ]  # fmt: skip


def _parameters(study: Study, asked: SitesAsked) -> dict[str, object]:
    service = study.config.service(asked.service)
    profile = study.config.profiles[service.profile]
    told = {key: None if value == math.inf else value for key, value in asdict(asked).items()}
    return {
        "service": {asked.service: service.model_dump(mode="json")},
        "profile": {service.profile: profile.model_dump(mode="json")},
        "site": told,
        "study": without_secrets(study),
    }
