"""All themes together: people in the convention's classes, results, and what is missing."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import labels
from ctg_geo.diagnosis import people_class
from ctg_geo.export.chapters import Chapter
from ctg_geo.export.folder import write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE, people_colours
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.export.secret import checked_figures, journal_csv
from ctg_geo.export.theme_words import ThemeState, missing_csv, summary_csv, theme_lines
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.secrecy import Plan
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    import geopandas as gpd

__all__ = ["theme_outputs", "write_themes_folder"]


def theme_outputs(
    states: Sequence[ThemeState], chapters: Sequence[Chapter] = ()
) -> tuple[str, ...]:
    """Name the files of all themes, the manifest last."""
    maps = [f"carte_{each.key}.png" for each in states if each.people is not None]
    told = [name for each in chapters for name in each.files]
    return ("themes.gpkg", "themes.csv", "manques.csv", *maps, *told, "synthese.txt",
            "journal_secret.csv", "manifest.json")  # fmt: skip


def write_themes_folder(
    out: Path,
    states: Sequence[ThemeState],
    territory: Territory,
    *,
    chapters: Sequence[Chapter],
    study: str,
    sources: Sequence[str],
    secrecy: Plan,
    enter: Callable[[], None],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
) -> tuple[str, ...]:
    """Write what is known of all themes into a folder, beside those of their services.

    Parameters
    ----------
    chapters : the analyses of the study
    secrecy : what was decided; the people shown are held against it before they are written
    enter : notes the publication in a register, after all files are made and passed

    Raises
    ------
    SecrecyError
        If a secret could be worked out from the people shown; nothing is written.
    OutputError
        If the folder or a file cannot be written; former results stay as they were.
    """

    def make(staging: Path) -> None:
        told = {each.theme.demand: each.shown() for each in states if each.people is not None}
        shown = {name: values for name, values in told.items() if name is not None}
        for chapter in chapters:
            shown |= chapter.shown
        passed = checked_figures(secrecy, territory, shown)
        log = journal_csv(secrecy, passed, territory.names, territory.findings)
        (staging / "journal_secret.csv").write_bytes(log)
        layers, styles = _layers(states, territory, study)
        write_geopackage(staging / "themes.gpkg", layers, styles)
        (staging / "themes.csv").write_bytes(summary_csv(states))
        (staging / "manques.csv").write_bytes(missing_csv(states))
        lines = [line for each in states for line in (*theme_lines(each, study), "")]
        (staging / "synthese.txt").write_text("\n".join(lines), encoding="utf-8")
        for each in states:
            if each.people is not None:
                from ctg_geo.export.theme_map import draw_theme  # noqa: PLC0415  (heavy)

                draw_theme(each, territory, staging / f"carte_{each.key}.png", study=study,
                           sources=sources)  # fmt: skip
        for chapter in chapters:
            chapter.write(staging)
        enter()

    return write_whole(
        out,
        theme_outputs(states, chapters),
        make,
        inputs=inputs,
        ledgers=ledgers,
        parameters=parameters,
    )


def _layers(
    states: Sequence[ThemeState], territory: Territory, study: str
) -> tuple[list[Layer], dict[str, str]]:
    layers, styles = [], {}
    for each in states:
        if each.people is None:
            continue
        table = _table(each, territory)
        titles = {str(name): _title(each, str(name)) for name in table.columns}
        titles.pop("geometry")
        said = labels.text("themes.layer", theme=each.theme.label, study=study,
                           people=each.theme.people_label)  # fmt: skip
        layers.append(Layer(f"theme_{each.key}", table, titles, said))
        styles[f"theme_{each.key}"] = _style(each, titles)
    return layers, styles


def _table(state: ThemeState, territory: Territory) -> "gpd.GeoDataFrame":
    """People of each commune with their status and class, and the indicators of context."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    assert state.status is not None, "the theme has people"
    communes, shown = territory.communes.loc[territory.inside], state.shown()
    number = people_class(shown, state.theme) if state.theme.classes else None
    table = pd.DataFrame({
        "nom": communes["nom"], "number": shown,
        "status": state.status.map(lambda key: labels.text(f"status.{key}")),
    })  # fmt: skip
    if number is None:
        table["class_label"] = labels.text("themes.class_none")
    else:
        table["class"] = number.astype("float64")
        table["class_label"] = number.map(state.classes())
    for name in state.indicators.columns:
        table[name] = state.indicators[name]
    frame = gpd.GeoDataFrame(
        table.rename_axis("code_insee"), geometry=communes.geometry, crs=territory.crs
    )
    return frame.reset_index()


def _title(state: ThemeState, name: str) -> str:
    if labels.has(f"indicators.{name}"):
        return labels.text(f"indicators.{name}")
    if name == "number":
        said = state.theme.people_label
        return said[:1].upper() + said[1:]
    key = f"themes.columns.{name}"
    return labels.text(key) if labels.has(key) else name


def _style(state: ThemeState, titles: Mapping[str, str]) -> str:
    """Draw each class of people; those that are secret or unknown in grey."""
    names = state.classes()
    colours = people_colours(list(names))
    entries: list[tuple[str, str, ET.Element]] = [
        (str(number), said, symbol("", "fill", fill(rgb(colours[number]), rgb(OUTLINE))))
        for number, said in names.items()
    ]
    none = labels.text("map.unknown" if names else "themes.class_none")
    entries.append(("", none, symbol("", "fill", fill(rgb(NO_DATA), rgb(OUTLINE)))))
    for at, (_, _, drawn) in enumerate(entries):
        drawn.set("name", str(at))
    column = "class" if names else "class_label"
    return qml(categorised(column, entries), titles, told=("number", "status", "class_label"))
