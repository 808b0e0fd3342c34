"""Two dates compared, in words and as tables that people read."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.evolution import PARTS, Evolution
from ctg_geo.export._said import signed
from ctg_geo.export._words import status_word
from ctg_geo.export.adding_up import adding_up
from ctg_geo.export.basis import Basis
from ctg_geo.export.change_classes import NOTHING
from ctg_geo.export.change_layers import drawn_evolution, evolution_layer
from ctg_geo.export.folder import PROJECT, refuse_mixed, write_whole
from ctg_geo.export.foremost import foremost, tied
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.qgis import changes_project, grounded, write_project
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.texts import write_text
from ctg_geo.export.theme_setting import Setting
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding, by_severity, to_frame
from ctg_geo.territory import Territory

__all__ = ["EVOLUTION_OUTPUTS", "GroupWords", "evolution_summary", "write_evolution_folder"]

_LAYERS: Final = "evolution.gpkg"
EVOLUTION_OUTPUTS: Final = (_LAYERS, PROJECT, "carte.png", "evolution.png", "evolution.csv",
                            "evolution_groupes.csv", "synthese.txt",
                            "constats.csv", "journal_secret.csv", "manifest.json")  # fmt: skip
_FIGURES: Final = ("before", "after", "change", *PARTS)
_ROWS: Final = {"people": "evolution.row_people", "concerned": "evolution.row_concerned"}
_DECIMALS: Final = dict.fromkeys(_FIGURES, 2)
_WORST: Final = 5

GroupWords = Mapping[str, tuple[str, Mapping[str, str]]]  # grouping -> its label, names of groups


def write_evolution_folder(
    out: Path,
    made: Evolution,
    territory: Territory,
    studies: tuple[str, str],
    groups: GroupWords,
    words: Sequence[str],
    basis: Basis,
    *,
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
    forced: bool,
    log: bytes,
    enter: Callable[[], None],
) -> tuple[str, ...]:
    """Write a comparison into a folder, whole or not at all.

    Parameters
    ----------
    territory : of the later date
    studies : names of the two studies, the earlier first
    groups : the words of each grouping
    words : the sentences of the summary
    basis : what the figures rest on
    forced : each row of the tables says whether a producer advises against the comparison
    log : the log of secrecy (`ctg_geo.export.secret.journals_csv`)
    enter : notes the publication, after all files are made

    Raises
    ------
    OutputError
        If the folder or a file cannot be written; former results stay as they were.
    """

    def make(staging: Path) -> None:
        refuse_mixed(out, EVOLUTION_OUTPUTS, made.key)
        names = territory.names
        _draw(staging, made, territory, studies, groups, basis, forced=forced)
        said = labels.text("words.no" if forced else "words.yes")
        tables = {"evolution.csv": _communes(made, names), "evolution_groupes.csv":
                  _groups(made, groups)}  # fmt: skip
        for name, table in tables.items():
            table["comparable"] = said
            table["estimated"] = basis.cell
            (staging / name).write_bytes(spreadsheet(table, _title, _DECIMALS))
        write_text(staging / "synthese.txt", words)
        ordered = by_severity(findings)
        told = to_frame(ordered, names)
        (staging / "constats.csv").write_bytes(spreadsheet(told, _title, {}))
        (staging / "journal_secret.csv").write_bytes(log)
        enter()

    return write_whole(
        out, EVOLUTION_OUTPUTS, make, inputs=inputs, ledgers=ledgers, parameters=parameters
    )


def _draw(
    staging: Path,
    made: Evolution,
    territory: Territory,
    studies: tuple[str, str],
    groups: GroupWords,
    basis: Basis,
    *,
    forced: bool,
) -> None:
    """Write the layers, the project, the map and the chart."""
    from ctg_geo.export._bars import draw_bars  # noqa: PLC0415  (heavy: matplotlib)
    from ctg_geo.export.commune_map import draw_communes  # noqa: PLC0415

    warning = labels.text("evolution.map_forced") if forced else ""
    told = _sentences(made, "", "")
    drawn = drawn_evolution(made, territory, studies, basis, warning=warning, told=told)
    layer, styles = evolution_layer(made, territory, basis)
    setting = Setting(studies[1], territory, tuple(basis.sources))
    layers, styles = grounded([layer], styles, setting)
    write_geopackage(staging / _LAYERS, layers, styles)
    write_project(staging / PROJECT, changes_project(_LAYERS, drawn, setting, layers, styles))
    draw_communes(drawn, territory, staging / "carte.png")
    draw_bars(made, studies, groups, basis, staging / "evolution.png", warning=warning)


def _title(column: str) -> str:
    key = f"evolution.columns.{column}"
    return labels.text(key if labels.has(key) else f"columns.{column}")


def _measure_label(key: str, *, unit: str, people: str) -> str:
    """Return what to call a measure, with the unit and people of the service."""
    return labels.text(f"evolution.measure.{key}", unit=unit, people=people)


def _measures(table: pd.DataFrame, made: Evolution) -> pd.DataFrame:
    """Say each measure in words, shares in percent, without those that do not apply."""
    service = made.service
    if not service.judged_on_supply:
        table = table[~table["measure"].isin(["access_per_100", "missing"])].copy()
    percent = table["measure"] == "concerned_share"
    table.loc[percent, list(_FIGURES)] *= 100
    table["measure"] = [
        _measure_label(each, unit=service.unit, people=service.people_label)
        for each in table["measure"]
    ]
    return table


def _communes(made: Evolution, names: Mapping[str, str]) -> pd.DataFrame:
    table = made.communes.reset_index()
    table.insert(1, "nom", table["code_insee"].map(names))
    table["status"] = table["status"].map(status_word)
    return _measures(table[["code_insee", "nom", "measure", *_FIGURES, "status"]], made)


def _groups(made: Evolution, groups: GroupWords) -> pd.DataFrame:
    table = made.groups.reset_index()
    whole = labels.text("words.whole")
    said = [
        (groups[grouping][0].capitalize(), groups[grouping][1].get(group, group))
        if grouping else (whole, whole)
        for grouping, group in zip(table["grouping"], table["group"], strict=True)
    ]  # fmt: skip
    nowhere = labels.text("words.no_group")
    table["grouping"] = [label for label, _ in said]
    table["group"] = [name or nowhere for _, name in said]
    return _measures(table[["grouping", "group", "measure", *_FIGURES]], made)


def evolution_summary(
    made: Evolution,
    studies: tuple[str, str],
    names: Mapping[str, str],
    groups: GroupWords,
    said: Sequence[Finding],
    basis: Basis,
) -> list[str]:
    """Say what changed and why in a few French sentences.

    Parameters
    ----------
    studies : names of the two studies, the earlier first
    names : of the communes, by code
    groups : the words of each grouping
    said : doubts on the sources; those forced come first
    basis : what the figures rest on
    """
    service = made.service
    forced = [each for each in said if each.key == "evolution_forced"]
    lines = [labels.text("evolution.forced", count=len(forced))] if forced else []
    lines.append(labels.text("evolution.title", label=service.label, before=studies[0],
                             after=studies[1]))  # fmt: skip
    lines += [each.explain() for each in said]
    lines += _sentences(made, "", "")
    for grouping, (label, words) in groups.items():
        lines.append(labels.text("evolution.by_group", grouping=label))
        own = made.groups.loc[grouping]
        for group in own.index.unique(level="group"):
            nowhere = labels.text("words.no_group")
            lines.append(f"– {words.get(group, group) or nowhere}")
            lines += [f"  {line}" for line in _sentences(made, grouping, str(group))]
    lines += _most(made, names)
    return [
        *lines,
        labels.text("evolution.method"),
        labels.text("evolution.rounded"),
        *basis.sentences,
    ]


def _sentences(made: Evolution, grouping: str, group: str) -> list[str]:
    service = made.service
    measures = ["people", "concerned"]
    if service.judged_on_supply:
        measures = ["people", "access_per_100", "missing", "concerned"]
    lines = []
    for measure in measures:
        row = made.groups.xs((grouping, group, measure))
        facts = dict(zip(_FIGURES, row[list(_FIGURES)].to_numpy(np.float64).tolist(), strict=True))
        label = _measure_label(measure, unit=service.unit, people=service.people_label)
        if np.isnan([*facts.values()]).any():
            lines.append(labels.text("evolution.undefined", measure=label))
            continue
        key = _ROWS.get(measure, "evolution.row")
        told: dict[str, object] = {**adding_up(facts, 0 if measure in _ROWS else 1)}
        if measure == "people":
            told["change"] = signed(facts["change"], 0)
        lines.append(labels.text(key, "fr", measure=label, **told))
    return lines


def _most(made: Evolution, names: Mapping[str, str]) -> list[str]:
    """Name the communes that changed most, by what is missing or whom it concerns."""
    service = made.service
    measure = "missing" if service.judged_on_supply else "concerned"
    table = made.communes.reset_index().set_index("code_insee")
    table = table[table["measure"] == measure]
    known = (table["status"] == contracts.ESTIMATED) & table["change"].notna()
    moved = table[known & (table["change"].abs() > NOTHING)]
    facts = {code: adding_up({name: float(moved[name][code]) for name in _FIGURES}, 1)
             for code in moved.index}  # fmt: skip
    sizes = pd.Series({code: abs(told["change"]) for code, told in facts.items()}, dtype=float)
    order, others = foremost(sizes[sizes > 0], _WORST)
    label = _measure_label(measure, unit=service.unit, people=service.people_label)
    if not len(order):
        return [labels.text("evolution.none", measure=label)]
    said = [labels.text("evolution.most_one", "fr", nom=names.get(str(code), str(code)),
                        **facts[code]) for code in order]  # fmt: skip
    lines = [labels.text("evolution.most", measure=label), *tied(said, others)]
    return [lines[0], *(f"  {each}" for each in lines[1:])]
