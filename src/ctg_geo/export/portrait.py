"""The social portrait: one row a commune, as a spreadsheet and as layers that open styled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._words import status_word
from ctg_geo.export.folder import write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import Layer
from ctg_geo.export.portrait_style import Classes, classes_of, portrait_style
from ctg_geo.export.qgis_style import quarters_style
from ctg_geo.export.secret import checked_people, journal_csv
from ctg_geo.export.tables import spreadsheet
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding, by_severity, to_frame
from ctg_geo.secrecy import Plan
from ctg_geo.territory import Quarters, Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["PORTRAIT_OUTPUTS", "Portrait", "write_portrait_folder"]

PORTRAIT_OUTPUTS = ("portrait.csv", "portrait.gpkg", "constats.csv", "journal_secret.csv",
                    "manifest.json")  # fmt: skip

_SHARE: Final = "_share"  # ending of the figures from 0 to 1, told in percent
_CLASS: Final = "portrait_class"
_SMALL: Final = 10  # a rate under it is told with two decimals


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """What is told of the communes of a territory.

    `figures` by code_insee, each with its `_status`; `titles` what to call each, in order;
    `mapped` those drawn, the first in the layer `portrait`; `groups` the group of each
    commune in words, by title.
    """

    study: str
    territory: Territory
    figures: pd.DataFrame
    titles: Mapping[str, str]
    whole: frozenset[str]  # figures told without decimals
    mapped: tuple[str, ...]
    groups: Mapping[str, pd.Series]
    quarters: Quarters | None
    secrecy: Plan


def write_portrait_folder(
    out: Path,
    portrait: Portrait,
    *,
    enter: Callable[[], None],
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
) -> tuple[str, ...]:
    """Write the portrait into a folder: table, layers, findings, log of secrecy, manifest.

    `enter` notes the publication in a register, after all files are made and passed.

    Raises
    ------
    SecrecyError
        If a secret could be worked out from the people told; nothing is written.
    OutputError
        If the folder or a file cannot be written; former results stay as they were.
    """

    def make(staging: Path) -> None:
        names = portrait.territory.names
        passed = checked_people(portrait.secrecy, portrait.territory)
        log = journal_csv(portrait.secrecy, passed, names, findings)
        (staging / "journal_secret.csv").write_bytes(log)
        table, titles, decimals = _table(portrait)
        csv = spreadsheet(table, titles.__getitem__, decimals)
        (staging / "portrait.csv").write_bytes(csv)
        ordered = by_severity(findings)
        told = to_frame(ordered, names)
        (staging / "constats.csv").write_bytes(spreadsheet(told, _column, {}))
        layers, styles = _layers(portrait, table, titles)
        said = labels.text("layers.portrait_constats", study=portrait.study)
        layers.append(
            Layer("constats", told, {str(each): _column(str(each)) for each in told}, said)
        )
        write_geopackage(staging / "portrait.gpkg", layers, styles)
        enter()

    return write_whole(
        out, PORTRAIT_OUTPUTS, make, inputs=inputs, ledgers=ledgers, parameters=parameters
    )


def _column(name: str) -> str:
    return labels.text(f"columns.{name}")


def _table(portrait: Portrait) -> tuple[pd.DataFrame, dict[str, str], dict[str, int]]:
    """Return the rows of the territory, the titles of columns, and the decimals of figures."""
    inside = portrait.territory.inside.sort_values()
    table = pd.DataFrame(
        {"code_insee": inside, "nom": portrait.territory.communes["nom"][inside].to_numpy()}
    )
    titles = {name: _column(name) for name in table.columns}
    for number, (title, groups) in enumerate(portrait.groups.items(), start=1):
        table[f"group_{number}"] = groups[inside].to_numpy()
        titles[f"group_{number}"] = title
    decimals = {}
    for name, title in portrait.titles.items():
        value = portrait.figures.loc[inside, name] * (100 if name.endswith(_SHARE) else 1)
        table[name] = value.to_numpy(float)
        status = portrait.figures.loc[inside, f"{name}_status"]
        table[f"{name}_status"] = status.map(status_word).to_numpy()
        titles[name] = title
        titles[f"{name}_status"] = labels.text("portrait.status", figure=title)
        small = not name.endswith(_SHARE) and value.max() < _SMALL
        decimals[name] = 0 if name in portrait.whole else 2 if small else 1
    if portrait.quarters is not None:
        table["qpv"] = _quarters_of(portrait, inside)
        titles["qpv"] = labels.text("portrait.qpv")
    return table, titles, decimals


def _quarters_of(portrait: Portrait, codes: pd.Index) -> list[str]:
    """Name the QPV that share ground with each commune."""
    assert portrait.quarters is not None, "asked only where the study names QPV"
    quarters = portrait.quarters.table
    shapes = portrait.territory.communes.geometry
    found = []
    for code in codes:
        here = quarters[quarters.geometry.intersection(shapes[code]).area > 0]
        found.append(", ".join(f"{name} ({qpv})" for qpv, name in here["lib_qp"].items()))
    return found


def _layers(
    portrait: Portrait, table: pd.DataFrame, titles: Mapping[str, str]
) -> tuple[list[Layer], dict[str, str]]:
    """Return the layer of all figures, one for each other figure drawn, and the QPV."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes = portrait.territory.communes.geometry[table["code_insee"]].to_numpy()
    crs = portrait.territory.crs
    layers, styles = [], {}
    for number, figure in enumerate(portrait.mapped or ("",)):
        name = "portrait" if not number else f"portrait_{figure}"
        content = table if not number else table[["code_insee", "nom", figure, f"{figure}_status"]]
        made = gpd.GeoDataFrame(content.copy(), geometry=shapes, crs=crs)
        layer, style = _layer(portrait, name, figure, made, titles)
        layers.append(layer)
        styles[name] = style
    if portrait.quarters is not None:
        quarters = portrait.quarters.table.reset_index()
        own = {str(each): _column(str(each)) for each in quarters if each != "geometry"}
        layers.append(Layer("qpv", quarters, own, labels.text("layers.qpv")))
        styles["qpv"] = quarters_style(own)
    return layers, styles


def _layer(
    portrait: Portrait,
    name: str,
    figure: str,
    table: "gpd.GeoDataFrame",
    titles: Mapping[str, str],
) -> tuple[Layer, str]:
    """Return a layer drawn by the stored classes of one figure, and its style."""
    found = Classes((), {})
    if figure:
        status = portrait.figures.loc[table["code_insee"], f"{figure}_status"]
        found, table[_CLASS] = classes_of(table[figure], status.to_numpy())
        table[f"{_CLASS}_label"] = table[_CLASS].map(found.names)
    own = {str(each): titles[str(each)] for each in table if str(each) in titles}
    if figure:
        own[_CLASS] = labels.text("portrait.class_key", figure=titles[figure])
        own[f"{_CLASS}_label"] = labels.text("portrait.class_label", figure=titles[figure])
    said = labels.text("layers.portrait", study=portrait.study)
    said = f"{said}{labels.NBSP}: {titles[figure]}" if figure else said
    style = portrait_style(_CLASS, found, own, told=(figure, f"{figure}_status"))
    return Layer(name, table, own, said), style
