"""Where to open places of a service of a study: planned, measured again, put into files."""

import math
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ctg_geo.config.scenario_file import scenario_toml
from ctg_geo.errors import SitingError
from ctg_geo.export import write_folder
from ctg_geo.export.secret import checked_sums, journal_csv
from ctg_geo.export.site_words import site_summary
from ctg_geo.export.sites import refuse_other, write_sites_folder
from ctg_geo.export.sites_told import SitesTold
from ctg_geo.parameters import ScenarioFile
from ctg_geo.provenance import InputFile, input_file
from ctg_geo.quality import Finding
from ctg_geo.secrecy import Verdict
from ctg_geo.study.compared_report import write_comparison
from ctg_geo.study.report import enter, publication, without_secrets
from ctg_geo.study.site_answer import Answer, answered
from ctg_geo.study.site_ground import Bench, bench_of
from ctg_geo.study.site_scenario import Checked, checked_again, plan_file
from ctg_geo.study.site_told import told_of
from ctg_geo.study.sites_asked import SitesAsked
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

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
    told = timed("site why", told_of, study, bench, answer, counts=counts)
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
    findings = study.findings_of(asked.service)
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
    log = journal_csv(study.secrecy, passed, study.territory.names, study.findings)
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
