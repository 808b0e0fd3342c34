"""Results for analysts: one GeoParquet of all services, and one value a row as CSV."""

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ctg_geo.documents.results import Results
from ctg_geo.export.tables import spreadsheet

__all__ = ["long_csv", "write_parquet"]


def write_parquet(results: Results, path: Path) -> None:
    """Write a row for each service and commune, with its outline, as GeoParquet."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    parts = []
    for service in results.services:
        layer = gpd.read_file(service.published.folder / "ctg.gpkg", layer="communes")
        layer.insert(0, "service", service.key)
        parts.append(layer.sort_values("code_insee", kind="stable"))
    table: gpd.GeoDataFrame = pd.concat(parts, ignore_index=True)
    table.to_parquet(path, index=False, compression="zstd")


def long_csv(results: Results) -> bytes:
    """Return one number a row: service, commune, column, its title, value.

    Numbers are those of the GeoPackage, with its decimals; blank where there is none.
    """
    table = pd.DataFrame(_rows(results), columns=["service", "code_insee", "nom", "column", "title",
                                                  "value"])  # fmt: skip
    return spreadsheet(table, str, {})


def _rows(results: Results) -> Iterator[tuple[str, ...]]:
    for service in results.services:
        table = service.communes.table
        numbers = [each for each in table.columns if table[each].dtype.kind in "fiu"]
        for row in table.sort_values("code_insee", kind="stable").to_dict("records"):
            for column in numbers:
                yield (service.key, str(row["code_insee"]), str(row["nom"]), str(column),
                       service.communes.titles[column], _value(row[column]))  # fmt: skip


def _value(value: float) -> str:
    return "" if math.isnan(value) else f"{value + 0.0:.10g}".replace(".", ",")
