"""Results for analysts: one GeoParquet of all services and themes, and one value a row as CSV.

Indicators are those of the layers of the themes: what the room of secrecy let through, as in the
workbook.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import contracts
from ctg_geo.documents.columns import holds_numbers, status_of, unit_of
from ctg_geo.documents.published import Layer
from ctg_geo.documents.results import Results
from ctg_geo.documents.theme_sheets import theme_figures, theme_layer_of, theme_people
from ctg_geo.export._words import status_word
from ctg_geo.export.tables import spreadsheet

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["long_csv", "write_parquet"]

_RANKS: Final = ("rank", "theme_class")  # whole numbers that some communes lack
# Why a figure made of others is blank; clusters are of times alone.
_REASONS: Final = ("nearest_status", "demand_status")
_SHOWN: Final = ("", *map(status_word, (contracts.OBSERVED, contracts.ESTIMATED)))
_COLUMNS: Final = ["service", "theme", "code_insee", "nom", "column", "title", "unit", "value",
                   "status"]  # fmt: skip


def write_parquet(results: Results, path: Path) -> None:
    """Write a row for each service or theme and commune, with its outline, as GeoParquet.

    A row is of a service, with its themes, or of a theme alone (the service is blank), whose
    people and indicators it holds. Each figure of a service has its status beside it.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    parts = []
    for service in results.services:
        layer = gpd.read_file(service.published.folder / "ctg.gpkg", layer="communes")
        told = _with_statuses(layer, service.communes.titles)
        parts.append(_keyed(told, service.key, _themes_of(results, service.key)))
    whole = [name for name in (parts[0].columns if parts else ())
             if all(each[name].dtype.kind in "iu" for each in parts if name in each)]  # fmt: skip
    for theme, named in _themes(results):
        assert results.whole is not None, "a run over all themes"
        layer = gpd.read_file(results.whole.folder / "themes.gpkg", layer=theme_layer_of(theme))
        outlines = layer.set_index("code_insee").geometry.reindex(named.table["code_insee"])
        told = gpd.GeoDataFrame(named.table, geometry=outlines.to_numpy(), crs=layer.crs)
        parts.append(_keyed(told, "", theme))
    table: gpd.GeoDataFrame = pd.concat(parts, ignore_index=True)
    whole += [each for each in _RANKS if each in table.columns]
    table = table.astype(dict.fromkeys(whole, "Int64"))  # whole numbers, where there is one
    _fill(table, (*_groupings(results), "population"))
    table.to_parquet(path, index=False, compression="zstd")


def _keyed(table: "gpd.GeoDataFrame", service: str, theme: str) -> "gpd.GeoDataFrame":
    table.insert(0, "service", service)
    table.insert(1, "theme", theme)
    return table.sort_values("code_insee", kind="stable")


def _fill(table: "gpd.GeoDataFrame", columns: Iterable[str]) -> None:
    """Tell of the communes of themes, in place, what rows of services tell of them."""
    of_services = table[table["service"] != ""].drop_duplicates("code_insee")
    known = of_services.set_index("code_insee")
    for column in [each for each in columns if each in table.columns]:
        table[column] = table[column].fillna(table["code_insee"].map(known[column]))


def _groupings(results: Results) -> Iterable[str]:
    return [] if results.whole is None else list(results.whole.study.get("groups", {}))


def _themes_of(results: Results, service: str) -> str:
    """Return the keys of the themes that a service is of."""
    themes = {} if results.whole is None else results.whole.themes
    return ", ".join(key for key, each in themes.items() if service in each["services"])


def _with_statuses(table: "gpd.GeoDataFrame", titles: Mapping[str, str]) -> "gpd.GeoDataFrame":
    """Put its status beside each figure of a service that has no column of its own for it."""
    worth = _worth(table, titles)
    for column in [str(each) for each in table.columns if each in worth]:
        if column == "rank" or status_of(column, titles) == "result_status":
            at = int(table.columns.get_indexer([column])[0])
            table.insert(at + 1, f"{column}_status", worth[column])
    return table


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
    rows = [row for each in results.services
            for row in _rows(each.communes, each.key, _themes_of(results, each.key))]  # fmt: skip
    rows += [row for theme, named in _themes(results) for row in _rows(named, "", theme)]
    return spreadsheet(pd.DataFrame(rows, columns=_COLUMNS), str, {})


def _rows(layer: Layer, service: str, theme: str) -> Iterator[tuple[str, ...]]:
    titles = layer.titles
    table = layer.table.sort_values("code_insee", kind="stable")
    worth = _worth(table, titles)
    for at, row in zip(table.index, table.to_dict("records"), strict=True):
        for column, told in worth.items():
            yield (service, theme, str(row["code_insee"]), str(row["nom"]), column,
                   titles[column], unit_of(column, titles[column]), _value(row[column]),
                   told[at])  # fmt: skip


def _worth(table: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, pd.Series]:
    """Say what each number of a layer is worth, by column.

    A blank cell is never *observed* nor *estimated*: it says what is known of the time or of the
    people that it rests on, and that it has no object where both are known.
    """
    void = status_word(contracts.NOT_APPLICABLE)
    numbers = [str(each) for each in table.columns if holds_numbers(table[each])]
    worth = {}
    for column in numbers:
        status = status_of(column, titles)
        told = table[status] if status else pd.Series("", table.index)
        if table[column].isna().all() and status in {"", "result_status"}:
            told = pd.Series(void, table.index)
        reasons = _REASONS[:1] if column == "cluster_p" else _REASONS
        for reason in (*(each for each in reasons if each in table.columns), ""):
            blank = table[column].isna() & told.isin(_SHOWN)
            told = told.where(~blank, table[reason] if reason else void)
        worth[column] = told.astype(str)
    return worth


def _value(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value + 0.0:.10g}".replace(".", ",")
