"""`chapitre_<name>.csv` and `.txt`, map and layer: one analysis, in tables and in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from ctg_geo import labels
from ctg_geo.export.drawn import Drawn
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.texts import write_text
from ctg_geo.territory import Territory

__all__ = ["Chapter", "Sheet"]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A table as people read it: `titles` are its headings; `name` is "" for the main one."""

    name: str
    table: pd.DataFrame
    titles: Mapping[str, str]
    decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """An analysis in words.

    `shown` are the figures of secrecy that it shows by commune, held against what was decided
    before anything is written. `drawn` is its map and `layer` what its layer tells, by
    code_insee; both are None where an analysis could not be made.
    """

    key: str
    label: str
    sheets: tuple[Sheet, ...]
    lines: tuple[str, ...]
    shown: Mapping[str, pd.Series]
    drawn: Drawn | None = None
    layer: Sheet | None = None
    lead: tuple[str, ...] = ()

    @property
    def brief(self) -> tuple[str, ...]:
        """Its title and its first findings, or those it leads with."""
        found = [each for each in self.lines if each]
        return (found[0], *(f"  {each}" for each in self.lead or found[1:3]))

    @property
    def files(self) -> tuple[str, ...]:
        """Names of its files."""
        maps = [] if self.drawn is None else [f"carte_{self._name}.png"]
        return (*map(self._file, self.sheets), f"{self._name}.txt", *maps)

    @property
    def _name(self) -> str:
        return f"chapitre_{self.key}"

    def _file(self, sheet: Sheet) -> str:
        return f"{self._name}_{sheet.name}.csv" if sheet.name else f"{self._name}.csv"

    def write(self, folder: Path, territory: Territory) -> None:
        """Write its files into a folder."""
        for sheet in self.sheets:
            content = spreadsheet(sheet.table, sheet.titles.__getitem__, sheet.decimals)
            (folder / self._file(sheet)).write_bytes(content)
        write_text(folder / f"{self._name}.txt", self.lines)
        if self.drawn is not None:
            from ctg_geo.export.commune_map import draw_communes  # noqa: PLC0415  (heavy)

            draw_communes(self.drawn, territory, folder / f"carte_{self._name}.png")

    def layers(self, territory: Territory, study: str) -> list[tuple[Layer, str]]:
        """Return its layer and its style, if it has one."""
        if self.layer is None or self.drawn is None:
            return []
        names = {each.key: each.label for each in self.drawn.entries}
        kind = self.drawn.kind.reindex(self.layer.table.index)
        table = self.layer.table.assign(
            kind=kind.where(kind.notna(), None),
            kind_label=kind.map(names).fillna(self.drawn.unknown),
        )  # fmt: skip
        made = gpd.GeoDataFrame(
            table.rename_axis("code_insee").reset_index(),
            geometry=territory.communes.geometry[table.index].to_numpy(), crs=territory.crs,
        )  # fmt: skip
        own = {each: labels.text(f"chapters.columns.{each}")
               for each in ("code_insee", "kind", "kind_label")}  # fmt: skip
        titles = {str(name): {**own, **self.layer.titles}[str(name)]
                  for name in made.columns if name != "geometry"}  # fmt: skip
        said = labels.text("chapters.layer", chapter=self.label, study=study)
        return [(Layer(self._name, made, titles, said), self._style(titles))]

    def _style(self, titles: Mapping[str, str]) -> str:
        """Draw each kind of commune as on the map."""
        assert self.drawn is not None, "a chapter with a layer has a map"
        kinds = [(each.key, each.label, each.colour) for each in self.drawn.entries]
        kinds.append(("", self.drawn.unknown, NO_DATA))
        entries = [
            (key, said, symbol(str(at), "fill", fill(rgb(colour), rgb(OUTLINE))))
            for at, (key, said, colour) in enumerate(kinds)
        ]
        names = place_labels(closer_than=NAMES_BELOW)
        return qml(categorised("kind", entries), titles, labeling=names, told=("kind_label",))
