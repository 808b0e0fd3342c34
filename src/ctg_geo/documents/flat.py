"""Results for analysts: one GeoParquet of all services and themes, and one value a row as CSV.

Indicators are those of the layers of the themes: what the room of secrecy let through, as in the
workbook.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.documents.columns import holds_numbers, status_of, unit_of
from ctg_geo.documents.published import Layer
from ctg_geo.documents.results import Results
from ctg_geo.documents.theme_sheets import theme_figures, theme_layer_of, theme_people
from ctg_geo.export.tables import spreadsheet

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["long_csv", "write_parquet"]

_COLUMNS: Final = ["service", "theme", "code_insee", "nom", "column", "title", "unit", "value",
                   "status"]  # fmt: skip


def write_parquet(results: Results, path: Path) -> None:
    """Write a row for each service or theme and commune, with its outline, as GeoParquet.

    A row is of a service or of a theme, whose people and indicators it holds: the other key is
    blank.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    parts = []
    for service in results.services:
        layer = gpd.read_file(service.published.folder / "ctg.gpkg", layer="communes")
        parts.append(_keyed(layer, service.key, ""))
    whole = [name for name in (parts[0].columns if parts else ())
             if all(each[name].dtype.kind in "iu" for each in parts if name in each)]  # fmt: skip
    for theme, named in _themes(results):
        assert results.whole is not None, "a run over all themes"
        layer = gpd.read_file(results.whole.folder / "themes.gpkg", layer=theme_layer_of(theme))
        outlines = layer.set_index("code_insee").geometry.reindex(named.table["code_insee"])
        told = gpd.GeoDataFrame(named.table, geometry=outlines.to_numpy(), crs=layer.crs)
        parts.append(_keyed(told, "", theme))
    table: gpd.GeoDataFrame = pd.concat(parts, ignore_index=True)
    table = table.astype(dict.fromkeys(whole, "Int64"))  # whole numbers, where there is one
    table.to_parquet(path, index=False, compression="zstd")


def _keyed(table: "gpd.GeoDataFrame", service: str, theme: str) -> "gpd.GeoDataFrame":
    table.insert(0, "service", service)
    table.insert(1, "theme", theme)
    return table.sort_values("code_insee", kind="stable")


def _themes(results: Results) -> Iterator[tuple[str, Layer]]:
    """Return the people and indicators of each theme that has a layer of them."""
    for theme in {} if results.whole is None else results.whole.themes:
        people = theme_people(results, theme)
        if people is not None:
            yield theme, theme_figures(people)


def long_csv(results: Results) -> bytes:
    """Return one number a row: service or theme, commune, column, its title, unit, value, status.

    Numbers are those of the GeoPackages, with their decimals; blank where there is none, and the
    status says why.
    """
    rows = [row for each in results.services for row in _rows(each.communes, each.key, "")]
    rows += [row for theme, named in _themes(results) for row in _rows(named, "", theme)]
    return spreadsheet(pd.DataFrame(rows, columns=_COLUMNS), str, {})


def _rows(layer: Layer, service: str, theme: str) -> Iterator[tuple[str, ...]]:
    table, titles = layer.table, layer.titles
    void = labels.text(f"status.{contracts.NOT_APPLICABLE}")
    empty = {str(each) for each in table.columns if table[each].isna().all()}
    numbers = [str(each) for each in table.columns if holds_numbers(table[each])]
    for row in table.sort_values("code_insee", kind="stable").to_dict("records"):
        for column in numbers:
            status = status_of(column, titles)
            worth = void if column in empty else str(row[status]) if status else ""
            yield (service, theme, str(row["code_insee"]), str(row["nom"]), column,
                   titles[column], unit_of(column, titles[column]), _value(row[column]),
                   worth)  # fmt: skip


def _value(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value + 0.0:.10g}".replace(".", ",")
