"""Scenarios compared, as a folder: tables, layers, maps and a text, whole or not at all."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.errors import OutputError
from ctg_geo.export._said import as_printed, words
from ctg_geo.export.folder import PROJECT, refuse_mixed, same_command, write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.qgis import grounded, scenarios_project, write_project
from ctg_geo.export.scenario_changes import bare_words
from ctg_geo.export.scenario_layers import drawn_scenario, scenario_layers
from ctg_geo.export.scenario_ranking import criterion_decimals, criterion_word
from ctg_geo.export.scenario_told import Told
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.texts import write_text
from ctg_geo.export.theme_setting import Setting
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding, by_severity, to_frame
from ctg_geo.scenarios import AS_IS, Comparison

__all__ = ["COMPARISON_OUTPUTS", "criteria_table", "write_comparison_folder"]

COMPARISON_OUTPUTS: Final = (
    "comparaison.gpkg", PROJECT, "comparaison.txt", "criteres.csv", "scenarios_communes.csv",
    "scenarios_groupes.csv", "changements.csv", "constats.csv", "journal_secret.csv",
)  # fmt: skip
_MAP: Final = "carte_"
_FIGURES: Final = ("before", "after", "change")
_CHANGES: Final = 2  # decimals of before, after and change
_DECIMALS: Final = dict.fromkeys(_FIGURES, _CHANGES) | {"number": 0, "cost": 0, "cost_per_year": 0}


def write_comparison_folder(
    out: Path,
    made: Comparison,
    told: Told,
    lines: Sequence[str],
    limits: tuple[pd.Series | None, str],
    *,
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
    log: bytes,
    enter: Callable[[], None],
) -> tuple[str, ...]:
    """Write a comparison of scenarios into a folder, whole or not at all.

    Parameters
    ----------
    made, told, lines : the figures, what goes with them, and the sentences
    limits : the groups whose limits maps draw, and what they are called
    log : the log of secrecy
    enter : notes the publication, after all files are made

    Raises
    ------
    OutputError
        If the folder or a file cannot be written, or it holds the results of another command
        or service; former results stay as they were.
    """
    maps = [f"{_MAP}{each.variant.key}.png" for each in made.outcomes]
    outputs = (*COMPARISON_OUTPUTS, *maps, "manifest.json")
    former = _former_maps(out, made.key)

    def make(staging: Path) -> None:
        from ctg_geo.export.commune_map import draw_communes  # noqa: PLC0415  (matplotlib)

        setting = Setting(told.study, made.base.territory, tuple(told.basis.sources), *limits)
        layers, styles = grounded(*scenario_layers(made, told), setting)
        write_geopackage(staging / "comparaison.gpkg", layers, styles)
        project = scenarios_project(made, told, setting, layers, styles)
        write_project(staging / PROJECT, project)
        for name, outcome in zip(maps, made.outcomes, strict=True):
            drawn = drawn_scenario(made, outcome, told, *limits)
            draw_communes(drawn, made.base.territory, staging / name)
        write_text(staging / "comparaison.txt", lines)
        tables = {
            "criteres.csv": criteria_table(made, told),
            "scenarios_communes.csv": _communes(made, told),
            "scenarios_groupes.csv": _groups(made, told),
            "changements.csv": _changes(told),
        }
        decimals = _DECIMALS | _of_criteria(made, told)
        for name, table in tables.items():
            (staging / name).write_bytes(spreadsheet(table, _title, decimals))
        ordered = by_severity(findings)
        said = to_frame(ordered, told.names)
        (staging / "constats.csv").write_bytes(spreadsheet(said, _finding_title, {}))
        (staging / "journal_secret.csv").write_bytes(log)
        enter()

    return write_whole(
        out, outputs, make, inputs=inputs, ledgers=ledgers, parameters=parameters,
        gone=tuple(sorted(former - set(maps))),
    )  # fmt: skip


def _former_maps(out: Path, service: str) -> set[str]:
    """Return the maps of a former comparison, which leave; refuse results of another command."""
    try:
        held = set(json.loads((out / "manifest.json").read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    maps = {each for each in held if each.startswith(_MAP)}
    if not same_command(held - maps, COMPARISON_OUTPUTS):
        raise OutputError("mixed", file=str(out), held=sorted(held))
    refuse_mixed(out, (*sorted(held), "manifest.json"), service)
    return maps


def criteria_table(made: Comparison, told: Told) -> pd.DataFrame:
    """Return one row a scenario: each criterion, its rank, and who dominates it."""
    names = {AS_IS: words("as_is")} | {each.key: each.name for each in told.scenarios}
    table = pd.DataFrame({
        "scenario": [names[str(key)] for key in made.criteria.index],
        "scenario_key": [str(key) for key in made.criteria.index],
    })  # fmt: skip
    for name in map(str, made.criteria.columns):
        word = criterion_word(made, name, told)
        table[word] = made.criteria[name].to_numpy()
        table[words("columns.rank", criterion=word)] = made.rank[name].to_numpy()
    table["dominated"] = [
        " ; ".join(names[each] for each in made.dominated[str(key)]) for key in made.criteria.index
    ]
    table["estimated"] = told.basis.cell
    return table


def _of_criteria(made: Comparison, told: Told) -> dict[str, int]:
    """Return the decimals of the columns of `criteria_table`."""
    called = {name: criterion_word(made, name, told) for name in map(str, made.criteria.columns)}
    ranked = {words("columns.rank", criterion=word): 0 for word in called.values()}
    return ranked | {word: criterion_decimals(made, name) for name, word in called.items()}


def _communes(made: Comparison, told: Told) -> pd.DataFrame:
    table = made.communes.reset_index()
    keys = {each.key: each.name for each in told.scenarios}
    moved = {
        (each.variant.key, code): kind
        for each in made.outcomes for code, kind in each.moved.items()
    }  # fmt: skip
    table.insert(2, "nom", table["code_insee"].map(told.names))
    pairs = zip(table["scenario"], table["code_insee"], strict=True)
    kinds = [moved[pair] for pair in pairs]
    table["moved"] = [words(f"moved.{each if isinstance(each, str) else 'unknown'}")
                      for each in kinds]  # fmt: skip
    table["scenario"] = table["scenario"].map(keys)
    return _measured(table, made, told)


def _groups(made: Comparison, told: Told) -> pd.DataFrame:
    table = made.groups.reset_index()
    keys = {each.key: each.name for each in told.scenarios}
    whole, nowhere = labels.text("words.whole"), labels.text("words.no_group")
    said = [
        (told.groups[grouping][0].capitalize(), told.groups[grouping][1].get(group, group))
        if grouping else (whole, whole)
        for grouping, group in zip(table["grouping"], table["group"], strict=True)
    ]  # fmt: skip
    table["grouping"] = [label for label, _ in said]
    table["group"] = [name or nowhere for _, name in said]
    table["scenario"] = table["scenario"].map(keys)
    return _measured(table, made, told)


def _measured(table: pd.DataFrame, made: Comparison, told: Told) -> pd.DataFrame:
    """Say each measure in words, shares in percent; changes are those of what is printed."""
    percent = table["measure"] == "concerned_share"
    table.loc[percent, list(_FIGURES)] *= 100
    service = made.base.service
    table["measure"] = [
        words(f"measure.{each}", unit=service.unit, people=service.people_label)
        for each in table["measure"]
    ]
    return as_printed(table, _CHANGES).assign(estimated=told.basis.cell)


def _changes(told: Told) -> pd.DataFrame:
    rows = [
        (each.name, each.key, words(f"kind.{step.change.kind}"), bare_words(step, told),
         step.change.cost, step.change.cost_per_year, step.change.note, step.file, step.number)
        for each in told.scenarios for step in each.steps
    ]  # fmt: skip
    columns = [
        "scenario",
        "scenario_key",
        "kind",
        "said",
        "cost",
        "cost_per_year",
        "note",
        "file",
        "number",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"cost": float, "cost_per_year": float, "number": int})


def _finding_title(name: str) -> str:
    return labels.text(f"columns.{name}")


def _title(name: str) -> str:
    for section in ("scenarios.columns", "columns"):
        if labels.has(f"{section}.{name}"):
            return labels.text(f"{section}.{name}")
    return name
