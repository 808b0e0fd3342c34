"""Scenarios compared, in words and in files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from ctg_geo import labels
from ctg_geo.config.scenario_file import Scenario
from ctg_geo.export.basis import Basis
from ctg_geo.export.scenario_told import Told
from ctg_geo.export.scenario_words import comparison_words
from ctg_geo.export.scenarios import write_comparison_folder
from ctg_geo.export.secret import journal_csv
from ctg_geo.provenance import InputFile, input_file
from ctg_geo.quality import Finding
from ctg_geo.scenarios import Comparison
from ctg_geo.scenarios.ages import AGES
from ctg_geo.study.basis import basis_of
from ctg_geo.study.compared import compare, scenario_groups, scenario_of, told_ages
from ctg_geo.study.report import enter, without_secrets
from ctg_geo.study.scenario_gate import pass_comparison
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.study.tour_fits import tours_that_do_not_fit

__all__ = ["ComparisonReport", "write_comparison"]


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonReport:
    """What a comparison of scenarios says in words, and the files that hold it."""

    comparison: Comparison
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    findings: tuple[Finding, ...]


def write_comparison(
    study: Study,
    scenarios: Sequence[Scenario | str | Path],
    service: str,
    out: str | Path,
    *,
    made: Comparison | None = None,
) -> ComparisonReport:
    """Compare scenarios of a service and write their folder: text, tables, layers, maps.

    `made` is what `compare` gives for these scenarios, where it is known already.
    What readers may see is added to the register of the study, if it names one.

    Raises
    ------
    ScenarioError, UnknownServiceError, DataError, ConfigError, MissingFileError
        See `ctg_geo.study.compare`.
    SecrecyError
        If a secret could be worked out from the outputs, of any state or from one to another;
        nothing is written.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    read = [scenario_of(study, each) for each in scenarios]
    made = compare(study, read, service) if made is None else made
    every, inside = scenario_groups(study), made.base.communes.index
    groups = {name: each.of.reindex(inside).fillna("") for name, each in every.items()}
    verdict = timed("gate", pass_comparison, made, study, groups)
    fits = {each.key: tours_that_do_not_fit(study, each) for each in read}
    told = replace(_told(study, made, read), tour_fits=fits)
    words = comparison_words(made, told)
    tours = [found for each in fits.values() for found in each]
    findings = (*study.findings_of(service), *made.base.findings, *_new(made), *tours)
    files = timed(
        f"outputs {service}", write_comparison_folder, Path(out), made, told, words,
        _limits(study), findings=findings, inputs=(*study.inputs, *_files(study, read)),
        ledgers=study.ledgers, parameters=_parameters(study, service, read),
        log=journal_csv(study.secrecy, verdict, study.territory.names, study.findings),
        enter=partial(enter, study, f"{study.config.file.study.name}, {made.base.service.label}"),
    )  # fmt: skip
    return ComparisonReport(made, Path(out), files, tuple(words), findings)


def _told(study: Study, made: Comparison, scenarios: Sequence[Scenario]) -> Told:
    file = study.config.file
    labels_of = {name: each.label for name, each in (*file.groups.items(),
                                                     *file.scenarios.groups.items())}  # fmt: skip
    given = file.sources.population.values  # noqa: PD011  (a field of that name)
    figures = {name: each.label or _called(name) for name, each in given.items()}
    every = {**scenario_groups(study), **study.people_groupings}
    groups = {name: (labels_of[name], each.names) for name, each in every.items()}
    if told := told_ages(study, made.key):
        groups[AGES] = (labels.text("scenarios.ages"), {name: figures[name] for name in told})
    names, communes = dict(study.territory.names), dict[str, str]()
    services = {str(code): str(key) for code, key in study.territory.equipements["service"].items()}
    for each in made.outcomes:
        places = each.variant.diagnosis.territory
        names |= places.names
        services |= {str(code): str(key) for code, key in places.equipements["service"].items()}
        communes |= {str(key): str(code) for key, code in places.equipements["code_insee"].items()}
    basis = basis_of(made.key, study)
    reasons = [reason for each in made.outcomes for reason in each.variant.diagnosis.estimated]
    worth = Basis(tuple(dict.fromkeys([*basis.estimated, *reasons])), basis.sources)
    units = {key: service.unit for key, service in study.config.services.items()}
    hours = frozenset(key for key, each in study.config.services.items() if each.counts_hours)
    tours = {key: tour.label for each in study.config.tours.values()
             for key, tour in each.tours.items()}  # fmt: skip
    return Told(file.study.name, scenarios, groups, names, services, units, hours, figures,
                communes, tours, worth)  # fmt: skip


def _new(made: Comparison) -> list[Finding]:
    """Return the findings that scenarios bring, which the situation as it is has not."""
    known = {(each.key, each.identifier, repr(each.facts)) for each in made.base.findings}
    found: dict[tuple[str, str, str], Finding] = {}
    for outcome in made.outcomes:
        for each in outcome.variant.diagnosis.findings:
            key = (each.key, each.identifier, repr(each.facts))
            if key not in known:
                found.setdefault(key, each)
    return list(found.values())


def _limits(study: Study) -> tuple[pd.Series | None, str]:
    """Return the groups whose limits maps draw: those of the first grouping by poles."""
    for name, each in study.config.file.groups.items():
        if each.kind == "poles":
            own = study.groupings[name]
            return own.of.replace(dict(own.names)), each.label
    return None, ""


def _files(study: Study, scenarios: Sequence[Scenario]) -> list[InputFile]:
    paths = dict.fromkeys(path for each in scenarios for path in each.files)
    return [
        input_file("scenario", path, root=study.config.path.parent, provider="", licence="",
                   vintage="") for path in paths
    ]  # fmt: skip


def _parameters(study: Study, service: str, scenarios: Sequence[Scenario]) -> dict[str, object]:
    declared = study.config.service(service)
    profile = study.config.profiles[declared.profile]
    return {
        "service": {service: declared.model_dump(mode="json")},
        "profile": {declared.profile: profile.model_dump(mode="json")},
        "scenarios": {
            each.key: {
                "name": each.name, "motive": each.motive, "source": each.source,
                "based_on": list(each.based_on),
                "changes": [
                    {"file": step.file, "number": step.number,
                     **step.change.model_dump(mode="json", exclude_defaults=True)}
                    for step in each.steps
                ],
            }
            for each in scenarios
        },
        "study": without_secrets(study),
    }  # fmt: skip


def _called(figure: str) -> str:
    """Name a figure that the study does not."""
    key = f"scenarios.figures.{figure}"
    return labels.text(key) if labels.has(key) else figure
