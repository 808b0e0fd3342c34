"""All themes together: people in the convention's classes, results, and what is missing."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._words import status_word
from ctg_geo.export.chapters import Chapter
from ctg_geo.export.folder import write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE, people_colours
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.export.secret import checked_figures, journal_csv
from ctg_geo.export.theme_setting import Setting
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
    setting: Setting,
    *,
    chapters: Sequence[Chapter],
    secrecy: Plan,
    enter: Callable[[], None],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
) -> tuple[str, ...]:
    """Write what is known of all themes into a folder, beside those of their services.

    Parameters
    ----------
    setting : the territory, its groups and its sources, for the maps
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
        territory, study = setting.territory, setting.study
        passed = checked_figures(secrecy, territory, shown)
        log = journal_csv(secrecy, passed, territory.names)
        (staging / "journal_secret.csv").write_bytes(log)
        layers, styles = _layers(states, territory, study)
        write_geopackage(staging / "themes.gpkg", layers, styles)
        (staging / "themes.csv").write_bytes(summary_csv(states))
        (staging / "manques.csv").write_bytes(missing_csv(states))
        lines = [line for each in states for line in (*theme_lines(each, study), "")]
        (staging / "synthese.txt").write_text("\n".join(lines), encoding="utf-8")
        for each in states:
            if each.people is not None:
                from ctg_geo.export import portrait_map, theme_map  # noqa: PLC0415  (heavy)

                draw = portrait_map.draw_portrait if each.context.drawn else theme_map.draw_theme
                draw(each, setting, staging / f"carte_{each.key}.png")
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
    table = pd.DataFrame({
        "nom": communes["nom"], "number": shown,
        "status": state.status.map(lambda key: labels.text(f"status.{key}")),
    })  # fmt: skip
    table["class"] = state.numbers().astype("float64")
    table["class_label"] = state.numbers().map(state.classes())
    for name in state.context.titles:
        table[name] = state.context.shown(name)
        words = state.context.figures[f"{name}_status"].map(status_word)
        table[f"{name}_status"] = words
    frame = gpd.GeoDataFrame(
        table.rename_axis("code_insee"), geometry=communes.geometry, crs=territory.crs
    )
    return frame.reset_index()


def _title(state: ThemeState, name: str) -> str:
    titles = state.context.titles
    if name in titles:
        return titles[name]
    if name.removesuffix("_status") in titles:
        return labels.text("portrait.status", figure=titles[name.removesuffix("_status")])
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
    entries.append(
        ("", labels.text("map.unknown"), symbol("", "fill", fill(rgb(NO_DATA), rgb(OUTLINE))))
    )
    for at, (_, _, drawn) in enumerate(entries):
        drawn.set("name", str(at))
    return qml(categorised("class", entries), titles, told=("number", "status", "class_label"))
