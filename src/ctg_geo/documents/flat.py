"""Results for analysts: one GeoParquet of all services, and one value a row as CSV."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.documents.columns import holds_numbers, status_of, unit_of
from ctg_geo.documents.results import Results
from ctg_geo.export.tables import spreadsheet

__all__ = ["long_csv", "write_parquet"]

_COLUMNS: Final = ["service", "code_insee", "nom", "column", "title", "unit", "value", "status"]


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
    """Return one number a row: service, commune, column, its title and unit, value, status.

    Numbers are those of the GeoPackage, with its decimals; blank where there is none, and the
    status says why.
    """
    table = pd.DataFrame(_rows(results), columns=_COLUMNS)
    return spreadsheet(table, str, {})


def _rows(results: Results) -> Iterator[tuple[str, ...]]:
    for service in results.services:
        table = service.communes.table
        titles, void = service.communes.titles, labels.text(f"status.{contracts.NOT_APPLICABLE}")
        empty = {str(each) for each in table.columns if table[each].isna().all()}
        numbers = [str(each) for each in table.columns if holds_numbers(table[each])]
        for row in table.sort_values("code_insee", kind="stable").to_dict("records"):
            for column in numbers:
                status = status_of(column, titles)
                worth = void if column in empty else str(row[status]) if status else ""
                yield (service.key, str(row["code_insee"]), str(row["nom"]), column,
                       titles[column], unit_of(column, titles[column]), _value(row[column]),
                       worth)  # fmt: skip


def _value(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value + 0.0:.10g}".replace(".", ",")
