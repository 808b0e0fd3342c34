"""The social portrait of a study in words and in files."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ctg_geo import labels
from ctg_geo.export import Portrait, write_portrait_folder
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.indicators import Indicators
from ctg_geo.study.report import enter, without_secrets
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

__all__ = ["PortraitReport", "write_portrait"]


@dataclass(frozen=True, slots=True, eq=False)
class PortraitReport:
    """What a portrait tells of, and the files that hold it."""

    study: str
    communes: int
    figures: tuple[str, ...]  # titles
    folder: Path
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    ledgers: tuple[Ledger, ...]


def write_portrait(study: Study, out: str | Path) -> PortraitReport:
    """Write the social portrait of a study: its people and its indicators, commune by commune.

    Groups of communes that need travel times are left to the diagnoses. What readers may see
    is added to the register of the study, if it names one.

    Raises
    ------
    CtgGeoError
        If a file cannot be read.
    SecrecyError
        If a secret could be worked out from the people told; nothing is written.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    indicators = study.indicators
    portrait = _portrait(study, indicators)
    quarters = study.quarters
    findings = [*study.findings_on_people]
    if not indicators.titles:
        findings.append(Finding("warning", "portrait_none", "indicators"))
    ledgers = [*study.territory.ledgers, *([] if quarters is None else [quarters.ledger])]
    ledgers += indicators.ledgers
    files = timed(
        "portrait", write_portrait_folder, Path(out), portrait, findings=findings,
        inputs=study.inputs, ledgers=ledgers, parameters={"study": without_secrets(study)},
        enter=partial(enter, study, f"{portrait.study}, portrait social"),
    )  # fmt: skip
    return PortraitReport(
        portrait.study, len(study.territory.inside), tuple(portrait.titles.values()), Path(out),
        files, tuple(findings), tuple(ledgers),
    )  # fmt: skip


def _portrait(study: Study, indicators: Indicators) -> Portrait:
    counts, titles = _counts(study)
    kinds = indicators.kinds
    whole = {name for name, kind in kinds.items() if kind in ("count", "median", "class")}
    mapped = tuple(name for name, kind in kinds.items() if kind in ("rate", "median"))
    return Portrait(
        study.config.file.study.name, study.territory,
        pd.concat([counts, indicators.table], axis=1), {**titles, **indicators.titles},
        frozenset({*whole, *titles}), mapped, _groups(study), study.quarters, study.secrecy,
    )  # fmt: skip


def _counts(study: Study) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the people of each commune, with their status, and their titles."""
    people, found, titles = study.territory.population, {}, {}
    declared = study.config.file.sources.population.values  # noqa: PD011  (a field of the settings)
    for name, value in declared.items():
        found[f"count_{name}"] = people[name]
        found[f"count_{name}_status"] = people[f"{name}_status"]
        key = f"columns.{name}"
        titles[f"count_{name}"] = value.label or (labels.text(key) if labels.has(key) else name)
    return pd.DataFrame(found), titles


def _groups(study: Study) -> dict[str, pd.Series]:
    """Return the groups made from indicators, in words, by title."""
    declared = study.config.file.groups
    return {
        declared[name].label.capitalize(): each.of.map(each.names)
        for name, each in study.indicator_groupings.items()
    }
