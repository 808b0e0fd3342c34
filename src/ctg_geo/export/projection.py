"""The years ahead in words and as tables that people read; every figure is told projected."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.evolution import PROJECTED, Projection
from ctg_geo.export._words import status_word
from ctg_geo.export.basis import Basis
from ctg_geo.export.change_layers import drawn_projection, followed_measure, projection_layer
from ctg_geo.export.evolution import GroupWords
from ctg_geo.export.folder import PROJECT, refuse_mixed, write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.qgis import changes_project, grounded, write_project
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.texts import write_text
from ctg_geo.export.theme_setting import Setting
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding, by_severity, to_frame
from ctg_geo.territory import Territory

__all__ = ["PROJECTION_OUTPUTS", "followed", "projection_summary", "write_projection_folder"]

_LAYERS: Final = "projection.gpkg"
PROJECTION_OUTPUTS: Final = (_LAYERS, PROJECT, "projection.csv", "projection_groupes.csv",
                             "projection.png", "synthese.txt", "constats.csv",
                             "manifest.json")  # fmt: skip
_ON_SUPPLY: Final = ("supply_here", "supply", "access_per_100", "missing")
_COLUMNS: Final = ("people", "supply_here", "access_per_100", "missing", "concerned",
                   "concerned_share")  # fmt: skip
_WHOLE_MEASURES: Final = ("people", "supply", "concerned")  # told without decimals
_DECIMALS: Final = {"year": 0}


def write_projection_folder(
    out: Path,
    made: Projection,
    study: str,
    territory: Territory,
    groups: GroupWords,
    words: Sequence[str],
    basis: Basis,
    *,
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
    enter: Callable[[], None],
) -> tuple[str, ...]:
    """Write a projection into a folder, whole or not at all.

    Parameters
    ----------
    study : its name
    territory : its communes
    groups : the words of each grouping
    words : the sentences of the summary
    basis : what the figures rest on
    enter : notes the publication, after all files are made

    Raises
    ------
    OutputError
        If the folder or a file cannot be written; former results stay as they were.
    """

    def make(staging: Path) -> None:
        refuse_mixed(out, PROJECTION_OUTPUTS, made.key)
        from ctg_geo.export._curves import draw_curves  # noqa: PLC0415  (heavy: matplotlib)

        def title(column: str) -> str:
            return _title(column, made)

        names = territory.names
        _map(staging, made, study, territory, basis)
        tables = {"projection.csv": _communes(made, names), "projection_groupes.csv":
                  _groups(made, groups)}  # fmt: skip
        for name, table in tables.items():
            table["estimated"] = basis.cell
            (staging / name).write_bytes(spreadsheet(table, title, _DECIMALS))
        draw_curves(made, study, basis, staging / "projection.png")
        write_text(staging / "synthese.txt", words)
        ordered = by_severity(findings)
        told = to_frame(ordered, names)
        (staging / "constats.csv").write_bytes(spreadsheet(told, title, {}))
        enter()

    return write_whole(
        out, PROJECTION_OUTPUTS, make, inputs=inputs, ledgers=ledgers, parameters=parameters
    )


def _map(staging: Path, made: Projection, study: str, territory: Territory, basis: Basis) -> None:
    """Write the layers and the project."""
    mapped, legend = _kept(made, _COLUMNS), _title(followed_measure(made.service), made)
    titles = {each: _title(each, made) for each in mapped}
    layer, styles = projection_layer(made, territory, mapped, titles, basis)
    told = [_sentence(made, measure, "", "") for measure in followed(made)]
    drawn = drawn_projection(made, territory, study, basis, legend=legend, told=told)
    setting = Setting(study, territory, tuple(basis.sources))
    layers, styles = grounded([layer], styles, setting)
    write_geopackage(staging / _LAYERS, layers, styles)
    write_project(staging / PROJECT, changes_project(_LAYERS, drawn, setting, layers, styles))


def _title(column: str, made: Projection) -> str:
    for section in ("projection.columns", "evolution.columns", "columns"):
        if labels.has(f"{section}.{column}"):
            return labels.text(
                f"{section}.{column}", unit=made.service.unit, people=made.service.people_label
            )
    raise KeyError(column)


def _kept(made: Projection, columns: Sequence[str]) -> list[str]:
    judged = made.service.judged_on_supply
    return [each for each in columns if judged or each not in _ON_SUPPLY]


def _variant(name: object) -> str:
    return labels.text(f"projection.variant.{name}")


def _communes(made: Projection, names: Mapping[str, str]) -> pd.DataFrame:
    table = made.communes.reset_index()
    table["concerned_share"] *= 100
    table["nom"] = table["code_insee"].map(names)
    table["variant"] = table["variant"].map(_variant)
    table["status"] = table["status"].map(status_word)
    return pd.DataFrame(
        table[["code_insee", "nom", "year", "variant", "status", *_kept(made, _COLUMNS)]]
    )


def _groups(made: Projection, groups: GroupWords) -> pd.DataFrame:
    table = made.groups.reset_index()
    table["concerned_share"] *= 100
    whole, nowhere = labels.text("words.whole"), labels.text("words.no_group")
    pairs = [
        (groups[grouping][0].capitalize(), groups[grouping][1].get(group, group) or nowhere)
        if grouping else (whole, whole)
        for grouping, group in zip(table["grouping"], table["group"], strict=True)
    ]  # fmt: skip
    table["grouping"] = [label for label, _ in pairs]
    table["group"] = [name for _, name in pairs]
    table["variant"] = table["variant"].map(_variant)
    table["status"] = status_word(PROJECTED)
    columns = [each if each != "supply_here" else "supply" for each in _COLUMNS]
    head = ["grouping", "group", "year", "variant", "status"]
    return pd.DataFrame(table[[*head, *_kept(made, columns)]])


def followed(made: Projection) -> tuple[str, ...]:
    """Return the measures that a summary and a chart follow."""
    if made.service.judged_on_supply:
        return ("people", "supply", "access_per_100", "missing")
    return ("people", "concerned")


def projection_summary(
    made: Projection, study: str, groups: GroupWords, sources: Mapping[str, str], basis: Basis
) -> list[str]:
    """Say the years ahead in a few French sentences, each of them told projected.

    Parameters
    ----------
    study : its name
    groups : the words of each grouping
    sources : of each variant, where its assumptions come from
    basis : what the figures of today rest on
    """
    first, last = made.years[0], made.years[-1]
    lines = [
        labels.text("projection.title", label=made.service.label, study=study, first=str(first),
                    last=str(last)),
        labels.text("projection.warning"),
    ]  # fmt: skip
    lines += [labels.text("projection.assumption", variant=_variant(name), source=sources[name])
              for name in made.variants]  # fmt: skip
    lines += [_sentence(made, measure, "", "") for measure in followed(made)]
    for grouping, (label, words) in groups.items():
        lines.append(labels.text("projection.by_group", grouping=label))
        own = made.groups.xs(grouping, level="grouping")
        for group in own.index.unique(level="group"):
            nowhere = labels.text("words.no_group")
            lines.append(f"– {words.get(str(group), str(group)) or nowhere}")
            lines += [f"  {_sentence(made, measure, grouping, str(group))}"
                      for measure in followed(made)]  # fmt: skip
    return [*lines, labels.text("projection.method"), *basis.sentences]


def _sentence(made: Projection, measure: str, grouping: str, group: str) -> str:
    """Say a measure in the first year and, variant by variant, in the last."""
    label = _title(measure, made)
    first = _value(made, "central", grouping, made.years[0], group, measure)
    ends = {name: _value(made, name, grouping, made.years[-1], group, measure)
            for name in made.variants}  # fmt: skip
    if np.isnan([first, *ends.values()]).any():
        return labels.text("projection.undefined", measure=label)
    facts = {"measure": label, "first": str(made.years[0]), "last": str(made.years[-1]),
             "before": first, "after": ends["central"]}  # fmt: skip
    whole = "_whole" if measure in _WHOLE_MEASURES else ""
    if len(ends) == 1:
        return labels.text(f"projection.row_alone{whole}", "fr", **facts)
    low, high = min(ends.values()), max(ends.values())
    decimals = 0 if whole else 1
    if labels.number(low, decimals) == labels.number(high, decimals):
        return labels.text(f"projection.row_same{whole}", "fr", **facts)
    return labels.text(f"projection.row{whole}", "fr", **facts, low=low, high=high)


def _value(
    made: Projection, variant: str, grouping: str, year: int, group: str, measure: str
) -> float:
    return float(made.groups[measure].to_dict()[variant, grouping, year, group])
