"""The people of a study in words and in files."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ctg_geo.export import write_people_folder
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.report import enter, without_secrets
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.territory import Territory

__all__ = ["PeopleReport", "write_people_report"]


@dataclass(frozen=True, slots=True, eq=False)
class PeopleReport:
    """Where the people of a study are, and the files that tell it."""

    territory: Territory
    indicators: tuple[str, ...]
    folder: Path
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    ledgers: tuple[Ledger, ...]


def write_people_report(study: Study, out: str | Path) -> PeopleReport:
    """Read the people of a study, spread them as it asks, and write their account by commune.

    What readers may see is added to the register of the study, if it names one.

    Raises
    ------
    CtgGeoError
        If a file cannot be read.
    SecrecyError
        If a secret could be worked out from the account; nothing is written.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    territory, indicators = study.territory, study.indicators
    findings = study.findings_on_people
    ledgers = (*territory.ledgers, *indicators.ledgers)
    figures = study.config.file.sources.population.values
    files = timed(
        "outputs", write_people_folder, Path(out), territory, indicators.table,
        figure_labels={name: value.label for name, value in figures.items()},
        indicator_titles=indicators.titles, findings=findings, inputs=study.inputs, ledgers=ledgers,
        parameters={"study": without_secrets(study)}, secrecy=study.secrecy,
        enter=partial(enter, study, f"{study.config.file.study.name}, population"),
    )  # fmt: skip
    names = tuple(study.config.file.sources.indicators)
    return PeopleReport(territory, names, Path(out), files, findings, ledgers)
