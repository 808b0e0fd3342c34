"""`resultats.csv`, as a French spreadsheet opens it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.export.publish import SPREAD, Publication
from ctg_geo.quality import Finding, by_severity, to_frame
from ctg_geo.sources.inert import inert

__all__ = [
    "findings_csv",
    "findings_sheet",
    "groups_csv",
    "results_csv",
    "spreadsheet",
]

_COLUMNS = (
    "rank", "nom", "below", "missing", "missing_status", "concerned", "score", "certainty_label",
    "certainty", "why", "demand", "demand_status", "population", "places_here", "supply_here",
    "nearest_min", "nearest_status", "nearest_place", "access_per_100", "class_label",
    "result_status", "estimated",
)  # fmt: skip
_WHOLE = ("hidden", "rank", "places_here", "population", "communes", "places", "below",
          "share_below")  # fmt: skip
# The figure as it is: a reader who rounds it finds what sentences and maps tell.
_TWO = ("gap_distance", "gap_saturation", "gap_lack", "missing")
_DECIMALS = {"certainty": 3, "cluster_p": 3, **dict.fromkeys(_TWO, 2), **dict.fromkeys(_WHOLE, 0)}


def results_csv(publication: Publication) -> bytes:
    """Return the results by commune: `;`, decimal comma, UTF-8 with BOM, the worst first."""
    table = publication.communes.drop(columns="geometry").reset_index()
    spread = SPREAD if publication.spread else ()
    columns = [
        "code_insee",
        "nom",
        *publication.group_labels,
        *_COLUMNS[:1],
        *_COLUMNS[2:],
        *publication.mode_columns,
        *publication.care_columns,
        *spread,
        *publication.gap_columns,
    ]
    return _csv(publication, pd.DataFrame(table[columns]))


def groups_csv(publication: Publication) -> bytes:
    """Return the comparison, one block per grouping, the whole territory last."""
    parts, whole = [], labels.text("words.whole")
    for name, table in publication.groups.items():
        words = publication.group_names.get(name, {})
        said = [words.get(str(key), str(key) or whole) for key in table.index]
        label = publication.group_labels[name].capitalize() if name else ""
        parts.append(_block(table, said, label))
    people = publication.around.people.items()
    parts += [_block(table, list(map(str, table.index)), label) for label, table in people]
    every = pd.concat(parts[1:] + parts[:1], ignore_index=True)
    for column in ("concerned_share", "within_share", "reached_share"):
        every[column] = 100 * every[column]
    return _csv(publication, every.rename(columns={"below": "share_below"}))


def _block(table: pd.DataFrame, names: Sequence[str], grouping: str) -> pd.DataFrame:
    """Return the rows of a grouping, named, with what they are groups of."""
    return table.reset_index(drop=True).assign(group=names, grouping=grouping)[
        ["group", "grouping", *table.columns]
    ]


def _csv(publication: Publication, table: pd.DataFrame) -> bytes:
    return spreadsheet(table, publication.title, _DECIMALS)


def spreadsheet(
    table: pd.DataFrame, title: Callable[[str], str], decimals: Mapping[str, int]
) -> bytes:
    """Return a table as a French spreadsheet opens it: `;`, decimal comma, UTF-8 with BOM.

    Parameters
    ----------
    table : its index is left out
    title : of a column, by its name
    decimals : by name of column; 1 where it is not named
    """
    said = {
        title(str(name)): _cells(table[name], decimals.get(str(name), 1)) for name in table.columns
    }
    lines = [list(said), *zip(*said.values(), strict=True)]
    return "".join(";".join(_quoted(cell) for cell in line) + "\r\n" for line in lines).encode(
        "utf-8-sig"
    )


def _cells(column: pd.Series, decimals: int) -> list[str]:
    """Write a column for a spreadsheet: no thousands separator, so that it stays a number."""
    if column.dtype.kind not in "fiu":
        return ["" if pd.isna(value) else str(value) for value in column]
    return [
        ""
        if not np.isfinite(value)
        else f"{labels.rounded(value, decimals) + 0.0:.{decimals}f}".replace(".", ",")
        for value in column.astype(float)
    ]


def _quoted(cell: str) -> str:
    """Quote where needed, and keep text that looks like a formula from being one."""
    cell = inert(cell)
    if any(mark in cell for mark in ';"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def findings_csv(publication: Publication, findings: Sequence[Finding]) -> bytes:
    """Return what is known of the data and the result, the warnings first."""
    ordered = by_severity(findings)
    return _csv(publication, to_frame(ordered, publication.diagnosis.territory.names))


def findings_sheet(findings: Sequence[Finding], names: Mapping[str, str]) -> bytes:
    """Return findings that are not of one service, the warnings first; `names` by identifier."""
    ordered = by_severity(findings)
    told = to_frame(ordered, names)
    return spreadsheet(told, lambda name: labels.text(f"columns.{name}"), {})
