"""The years ahead of a service of a study, in words and in files."""

from dataclasses import dataclass, replace
from pathlib import Path

from ctg_geo import contracts
from ctg_geo.errors import ConfigError
from ctg_geo.evolution import Projection, project
from ctg_geo.export.projection import projection_summary, write_projection_folder
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.basis import basis_of
from ctg_geo.study.dated_gate import pass_projection
from ctg_geo.study.evolution import moment_of
from ctg_geo.study.prospects import ProspectsReader
from ctg_geo.study.report import enter, without_secrets
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

__all__ = ["ProjectionReport", "study_projection", "write_projection"]


@dataclass(frozen=True, slots=True, eq=False)
class ProjectionReport:
    """What a projection says in words, and the files that hold it."""

    projection: Projection
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    findings: tuple[Finding, ...]


def study_projection(
    study: Study, service: str, *, to: int
) -> tuple[Projection, list[Finding], list[Ledger]]:
    """Project a service to the end of a year; what its tables say, and their rows, come after.

    Parameters
    ----------
    to : year, at the end of which

    Raises
    ------
    ConfigError
        If the study has no `[projection]`, or it does not say the ages of the service's people.
    ComparisonError, DataError
        If the years ahead cannot be known (see `ProspectsReader.read` and `project`).
    CtgGeoError
        As `Study.diagnose`.
    """
    declared, section = study.config.service(service), study.config.file.projection
    name = study.config.path.name
    if section is None:
        raise ConfigError("projection_none", file=name)
    ages = section.figures.get(declared.demand)
    if ages is None:
        raise ConfigError(
            "projection_ages", file=name, value=declared.demand, known=sorted(section.figures)
        )
    band = contracts.band(ages)
    assert band is not None, "checked with the configuration"
    aged = frozenset(name for name, each in study.secrecy.figures.items() if each.ages)
    reader = ProspectsReader(section, study.territory, study.moves, study.files.path,
                             study.config.file.secrecy.every_rule, aged=aged)  # fmt: skip
    known = reader.read(service, declared)
    variants = {
        str(key): section.variants[key] for key in ("low", "central", "high")
        if key in section.variants
    }  # fmt: skip
    now = replace(moment_of(study, service, declared, {}),
                  fewest=study.secrecy.fewest(declared.demand))  # fmt: skip
    made = project(
        now, known, variants, service, declared, band,
        until=to, groups=study.groups,
    )  # fmt: skip
    if (made.communes["status"] == contracts.SECRET).any():
        study.files.in_clear |= {"projection births", "projection ages"}
    return made, reader.findings, reader.ledgers


def write_projection(study: Study, service: str, out: str | Path, *, to: int) -> ProjectionReport:
    """Project a service and write its folder: `projection.csv`, chart, words, manifest.

    Parameters
    ----------
    to : year, at the end of which

    Raises
    ------
    ConfigError, ComparisonError, DataError
        See `study_projection`.
    SecrecyError
        If a secret could be worked out from what is told of a year; nothing is written.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    made, said, ledgers = timed("projection", study_projection, study, service, to=to)
    pass_projection(made, study)
    file = study.config.file
    section, declared = file.projection, study.config.service(service)
    assert section is not None, "checked with the projection"
    findings = (*made.findings, *said, *study.findings)
    groups = {name: (file.groups[name].label, each.names) for name, each in study.groupings.items()}
    sources = {str(key): each.source for key, each in section.variants.items()}
    basis = basis_of(service, study)
    words = projection_summary(made, file.study.name, groups, sources, basis)
    profile = study.config.profile(declared.profile)
    files = write_projection_folder(
        Path(out), made, file.study.name, study.territory, groups, words, basis,
        findings=findings, inputs=study.inputs, ledgers=[*study.ledgers, *ledgers],
        parameters={
            "service": {service: declared.model_dump(mode="json")},
            "profile": {declared.profile: profile.model_dump(mode="json")},
            "to": to,
            "study": without_secrets(study),
        },
        enter=lambda: enter(study, f"{file.study.name}, {declared.label}"),
    )  # fmt: skip
    return ProjectionReport(made, Path(out), files, tuple(words), findings)
