"""All themes together: people in the convention's classes, results, and what is missing."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ctg_geo.export.chapters import Chapter
from ctg_geo.export.classes import named_style
from ctg_geo.export.folder import write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.kinds import SCORE_FILE, Kinds, kinds_layer
from ctg_geo.export.qgis import ServiceKit, all_sheets, themes_project, write_project
from ctg_geo.export.secret import checked_figures, journal_csv
from ctg_geo.export.tables import findings_sheet
from ctg_geo.export.texts import write_text
from ctg_geo.export.theme_layers import theme_layers
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_tables import missing_csv, summary_csv
from ctg_geo.export.theme_words import ThemeState, theme_lines
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding
from ctg_geo.secrecy import Plan

__all__ = ["theme_outputs", "write_themes_folder"]


def theme_outputs(
    states: Sequence[ThemeState], chapters: Sequence[Chapter] = (), kinds: Kinds | None = None
) -> tuple[str, ...]:
    """Name the files of all themes, the manifest last."""
    maps = [f"carte_{each.key}.png" for each in states if each.people is not None]
    told = [name for each in chapters for name in each.files]
    more = () if kinds is None else kinds.files
    return ("themes.gpkg", "projet.qgz", "themes.csv", "manques.csv", *more, *maps, *told,
            "synthese.txt", "constats.csv", "journal_secret.csv", "manifest.json")  # fmt: skip


def write_themes_folder(
    out: Path,
    states: Sequence[ThemeState],
    setting: Setting,
    *,
    chapters: Sequence[Chapter],
    kinds: Kinds,
    kits: Sequence[ServiceKit],
    secrecy: Plan,
    findings: Sequence[Finding],
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
    kinds : kinds of communes over all services, and the score of the study
    kits : what the project shows of each service that was diagnosed
    secrecy : what was decided; the people shown are held against it before they are written
    findings : all that is known of the files of the study
    enter : notes the publication in a register, after all files are made and passed
    parameters : what was asked for, for the manifest

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
        totals = {each.theme.demand: each.total for each in states if each.people is not None}
        passed = checked_figures(secrecy, setting.territory, shown, totals)
        names = setting.territory.names
        log = journal_csv(secrecy, passed, names, findings)
        (staging / "constats.csv").write_bytes(findings_sheet(findings, names))
        (staging / "journal_secret.csv").write_bytes(log)
        _map_files(staging, states, setting, chapters=chapters, kinds=kinds, kits=kits)
        kinds.write(staging)
        _tables_and_words(staging, states, setting.study, kinds)
        _pictures(staging, states, setting)
        for chapter in chapters:
            chapter.write(staging, setting.territory)
        enter()

    return write_whole(
        out,
        theme_outputs(states, chapters, kinds),
        make,
        inputs=inputs,
        ledgers=ledgers,
        parameters=parameters,
        gone=() if SCORE_FILE in kinds.files else (SCORE_FILE,),
    )


def _map_files(
    staging: Path,
    states: Sequence[ThemeState],
    setting: Setting,
    *,
    chapters: Sequence[Chapter],
    kinds: Kinds,
    kits: Sequence[ServiceKit],
) -> None:
    """Write the layers of themes, chapters and kinds, and the project that shows them."""
    layers, styles = theme_layers(states, setting)
    for chapter in chapters:
        for layer, style in chapter.layers(setting.territory, setting.study):
            layers.append(layer)
            styles.append(named_style(layer, "", style))
    layer, style = kinds_layer(kinds, setting.territory, setting.study)
    layers = [*layers, layer, all_sheets(kits, states, setting.study)]
    styles.append(named_style(layer, "", style))
    write_geopackage(staging / "themes.gpkg", layers, styles)
    project = themes_project(
        states, setting, layers=layers, styles=styles, kits=kits, chapters=chapters, kinds=kinds
    )
    write_project(staging / "projet.qgz", project)


def _tables_and_words(
    staging: Path, states: Sequence[ThemeState], study: str, kinds: Kinds
) -> None:
    (staging / "themes.csv").write_bytes(summary_csv(states))
    (staging / "manques.csv").write_bytes(missing_csv(states))
    lines = [line for each in states for line in (*theme_lines(each, study), "")]
    lines += kinds.lines
    write_text(staging / "synthese.txt", lines)


def _pictures(staging: Path, states: Sequence[ThemeState], setting: Setting) -> None:
    """Draw a map of each theme whose people are known."""
    for each in states:
        if each.people is not None:
            from ctg_geo.export import portrait_map, theme_map  # noqa: PLC0415  (heavy)

            draw = portrait_map.draw_portrait if each.context.drawn else theme_map.draw_theme
            draw(each, setting, staging / f"carte_{each.key}.png")
