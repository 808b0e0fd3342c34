"""The sheet of each commune: its figures beside those of its group and of the territory."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.layer import Layer
from ctg_geo.export.publish import Publication

__all__ = ["counted", "sheet_columns", "sheet_layer", "sheet_lines"]

# Column of communes: what tells why it is missing, the column of groups, decimals.
_FIGURES: Final[Mapping[str, tuple[str, str, int]]] = {
    "access_per_100": ("nearest_status", "access_per_100", 1),
    "missing": ("missing_status", "missing", 0),
    "gap_distance": ("", "", 1),
    "gap_saturation": ("", "", 1),
    "gap_lack": ("", "", 1),
    "nearest_min": ("nearest_status", "mean_min", 1),
    "nearest_place": ("", "", 0),
    "places_here": ("", "places", 0),
    "supply_here": ("", "supply", 1),
    "demand": ("demand_status", "demand", 0),
    "concerned": ("demand_status", "concerned", 0),
    "certainty_label": ("", "", 0),
    "rank": ("", "", 0),
}
_OF_SUPPLY: Final = ("access_per_100", "missing", "supply_here")
_OF_NORM: Final = ("concerned", "certainty_label", "rank")
_COLUMNS: Final = ("code_insee", "line", "figure", "here", "in_group", "in_whole")


def counted(value: float, decimals: int) -> str:
    """Write a figure in French; what would round to none says that it is less than one.

    Examples
    --------
    >>> counted(0.36, 0), counted(0.36, 1), counted(0.0, 0)
    ('moins de 1', '0,4', '0')
    """
    if decimals == 0 and 0 < value < 1 and labels.rounded(value) == 0:
        return labels.text("sheets.less_than_one")
    return labels.number(value, decimals)


def sheet_layer(publication: Publication) -> Layer:
    """Return the sheets as one table: by commune, a line for each figure, in words."""
    parts = [_line(publication, line, column) for line, column in enumerate(_told(publication))]
    table = pd.concat(parts).rename_axis("code_insee").reset_index()
    table = table.sort_values(["code_insee", "line"], kind="stable")[list(_COLUMNS)]
    said = labels.text("layers.fiches", study=publication.study)
    return Layer("fiches", table.reset_index(drop=True), sheet_columns(publication), said)


def sheet_columns(publication: Publication) -> dict[str, str]:
    """Return the title of each column of the sheets."""
    grouping = publication.grouping
    group = publication.group_labels[grouping] if grouping else labels.text("columns.group")
    titles = {name: labels.text(f"sheets.{name}", group=group.capitalize()) for name in _COLUMNS}
    return titles | {"code_insee": labels.text("columns.code_insee")}


def sheet_lines(publication: Publication) -> int:
    """Count the lines of a sheet."""
    return len(_told(publication))


def _told(publication: Publication) -> list[str]:
    """Name the figures that a diagnosis has."""
    service = publication.diagnosis.service
    there = [each for each in _FIGURES if each in publication.communes.columns]
    if not service.judged_on_supply:
        there = [each for each in there if each not in _OF_SUPPLY]
    return there if service.judged else [each for each in there if each not in _OF_NORM]


def _line(publication: Publication, line: int, column: str) -> pd.DataFrame:
    """Return one figure of every commune, of its group and of the territory."""
    status, summed, decimals = _FIGURES[column]
    communes, grouping = publication.communes, publication.grouping
    here = _here(communes[column], decimals)
    if status:
        here = here.where(communes[column].notna(), communes[status])
    table = pd.DataFrame({"line": line, "figure": publication.title(column), "here": here})
    table["in_group"] = table["in_whole"] = ""
    if not summed:
        return table
    if grouping is not None:
        names = publication.group_names[grouping]
        of = _written(publication.groups[grouping][summed], decimals)
        of.index = pd.Index([names.get(str(key), str(key)) for key in of.index])
        table["in_group"] = communes[grouping].map(of.to_dict()).fillna("")
    table["in_whole"] = _written(publication.groups[""][summed], decimals).iloc[0]
    return table


def _here(values: pd.Series, decimals: int) -> pd.Series:
    """Write the figure of each commune; a rank tells among how many."""
    if values.name == "rank":
        said = [
            labels.text("sheets.rank_of", rank=int(each), communes=len(values))
            if pd.notna(each) else labels.text("sheets.no_rank")
            for each in values
        ]  # fmt: skip
        return pd.Series(said, index=values.index)
    if values.dtype.kind in "fiu":
        return _written(values, decimals)
    return values.fillna("").astype(str)


def _written(values: pd.Series, decimals: int) -> pd.Series:
    said = [counted(each, decimals) for each in values.astype(float)]
    return pd.Series(said, index=values.index, dtype=object)
