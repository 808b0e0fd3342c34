"""`typologie.csv`, `score.csv` and their layer: kinds of communes, and a declared score."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE, TYPES
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels
from ctg_geo.export.tables import spreadsheet
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree import ElementTree as ET

__all__ = ["SCORE_FILE", "Kinds", "kinds_layer"]

TYPOLOGY_FILE: Final = "typologie.csv"
SCORE_FILE: Final = "score.csv"
_OWN: Final = ("code_insee", "nom", "class", "class_label", "ceiling")  # then the figures


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Kinds of communes over all services, and the score of the study if it declares one.

    Parameters
    ----------
    communes : by code_insee: nom, class (from 1; missing where a figure is unknown),
        class_label, ceiling (the times that are only a limit), then the figures it is made of
    score : by code_insee, or None: nom, score, reason, then each quantity beside its points
    titles : French title of each column of both
    names : of classes, by number
    lines : what is said of both
    sources : who publishes what they are made of, beside the study's own data
    estimated : what the figures owe to estimates (keys of the labels)
    """

    communes: pd.DataFrame
    score: pd.DataFrame | None
    titles: Mapping[str, str]
    names: Mapping[int, str]
    lines: tuple[str, ...]
    sources: tuple[str, ...] = ()
    estimated: tuple[str, ...] = ()

    @property
    def caveat(self) -> str:
        """What is estimated, in words; "" if nothing is."""
        reasons = ", ".join(labels.text(f"estimated.{each}") for each in self.estimated)
        return labels.text("map.estimated", reasons=reasons) if reasons else ""

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files."""
        return (TYPOLOGY_FILE,) if self.score is None else (TYPOLOGY_FILE, SCORE_FILE)

    def title(self, column: str) -> str:
        """French title of a column."""
        return self.titles.get(column) or labels.text(f"kinds.columns.{column}")

    def write(self, folder: Path) -> None:
        """Write the tables into a folder."""
        decimals = {"class": 0, "rank_low": 0, "rank_high": 0}
        title: Callable[[str], str] = self.title
        for name, table in zip(self.files, (self.communes, self.score), strict=False):
            assert table is not None, "a file is of a table"
            (folder / name).write_bytes(spreadsheet(table.reset_index(), title, decimals))


def kinds_layer(kinds: Kinds, territory: Territory, study: str) -> tuple[Layer, str]:
    """Return the layer of kinds of communes, and its QGIS style."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes = territory.communes.geometry.loc[kinds.communes.index]
    table = gpd.GeoDataFrame(kinds.communes, geometry=shapes, crs=territory.crs).reset_index()
    given = [str(each) for each in kinds.communes.columns[len(_OWN) - 1 :]]
    names = [f"figure_{number}" for number in range(1, len(given) + 1)]
    titles = {name: kinds.title(name) for name in _OWN}
    titles |= {name: kinds.title(each) for name, each in zip(names, given, strict=True)}
    table = table.rename(columns=dict(zip(given, names, strict=True)))
    said = labels.text("kinds.layer", study=study)
    return Layer("typologie", table, titles, said), _style(kinds, titles)


def _style(kinds: Kinds, titles: Mapping[str, str]) -> str:
    entries: list[tuple[str, str, ET.Element]] = [
        (str(number), name,
         symbol("", "fill", fill(rgb(TYPES[(number - 1) % len(TYPES)]), rgb(OUTLINE))))
        for number, name in kinds.names.items()
    ]  # fmt: skip
    none = labels.text("kinds.none")
    entries.append(("", none, symbol("", "fill", fill(rgb(NO_DATA), rgb(OUTLINE)))))
    for at, (_, _, drawn) in enumerate(entries):
        drawn.set("name", str(at))
    names = place_labels(closer_than=NAMES_BELOW)
    return qml(categorised("class", entries), titles, labeling=names, told=("class_label",))
