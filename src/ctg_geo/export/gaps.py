"""`indices.csv`, `zones.csv` and the layer of areas: how unequal, and where the norm is missed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.diagnosis import Gaps
from ctg_geo.export._gap_words import reason_word
from ctg_geo.export.publish import Publication
from ctg_geo.export.tables import spreadsheet

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["indices_csv", "zone_table", "zone_titles", "zones_csv"]

_INDICES: Final = ("grouping", "group", "index", "value", "reason", "people", "left_out",
                   "hidden", "reading")  # fmt: skip
_SUPPLY: Final = ("access_per_100", "missing")


def indices_csv(publication: Publication) -> bytes:
    """Return every index of inequality, its value or why there is none."""
    gaps = publication.gaps
    table = pd.DataFrame(columns=list(_INDICES)) if gaps is None else _indices(publication, gaps)
    decimals = {"value": 3, "people": 0, "left_out": 0, "hidden": 0}
    return spreadsheet(table, _title("indices", publication), decimals)


def _indices(publication: Publication, gaps: Gaps) -> pd.DataFrame:
    rows = []
    for row in gaps.indices.to_dict("records"):
        grouping, group, index = (str(row[name]) for name in ("grouping", "group", "index"))
        names = publication.group_names.get(grouping, {})
        alone = not grouping or f"{index}" in ("theil_within", "theil_between")
        rows.append(row | {
            "grouping": publication.group_labels[grouping].capitalize() if grouping else "",
            "group": labels.text("words.whole") if alone else names.get(group, group),
            "index": labels.text(f"indices.name.{index}"),
            "reading": labels.text(f"indices.reading.{index}"),
            "reason": reason_word(str(row["undefined"])),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(_INDICES))


def zone_table(publication: Publication) -> "gpd.GeoDataFrame":
    """Return the areas below the norm in the words of readers, those with most people first.

    People, their share, and what is made of them are blank where they may not be told.
    """
    assert publication.gaps is not None, "gaps were looked at"
    table = publication.gaps.zones.copy()
    table["people_share"] = 100 * table["people_share"]
    table["prominence"] = 100 * table["prominence"]
    table["joins"] = table["joins"].astype(str).replace("0", "")
    table["reason"] = [reason_word(str(each)) for each in table["undefined"]]
    supply = _SUPPLY if publication.diagnosis.catchment is not None else ()
    columns = ["name", "people", "people_share", *supply, "time_mean", "communes", "places",
               "area_km2", "piece", "prominence", "joins", "reason", "geometry"]  # fmt: skip
    return table[columns].reset_index()


def zones_csv(publication: Publication) -> bytes:
    """Return one row an area below the norm; none where there is none."""
    if publication.gaps is None:
        table = pd.DataFrame(columns=["zone", "name", "people", "communes"])
    else:
        table = pd.DataFrame(zone_table(publication).drop(columns="geometry"))
    decimals = {"zone": 0, "people": 0, "places": 0, "piece": 0, "prominence": 0}
    return spreadsheet(table, _title("zones", publication), decimals)


def zone_titles(publication: Publication) -> dict[str, str]:
    """Return the French title of each column of the areas."""
    titled = _title("zones", publication)
    columns = zone_table(publication).columns
    return {str(name): titled(str(name)) for name in columns if name != "geometry"}


def _title(section: str, publication: Publication) -> Callable[[str], str]:
    """Return what titles the columns of a table: its own words, or those of the results."""
    service = publication.diagnosis.service

    def titled(column: str) -> str:
        key = f"{section}.columns.{column}"
        if not labels.has(key):
            return publication.title(column)
        return labels.text(key, unit=service.unit, people=service.people_label)

    return titled
