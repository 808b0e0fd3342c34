"""The outputs of a country: tables by département, an overview, what is to be known, a manifest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.folder import write_whole
from ctg_geo.export.tables import spreadsheet
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import SEVERITIES, Finding, to_frame

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["OVERVIEW", "department", "write_national"]

OVERVIEW: Final = "apercu.fgb"
_FINDINGS: Final = "constats.csv"
_MANIFEST: Final = "manifest.json"
_TEXT: Final = (
    "nom", "demand_status", "nearest_status", "nearest_place", "missing_status", "result_status",
    "estimated", "cause", "territory",
)  # fmt: skip
_SEEN: Final = (
    "nom", "territory", "class", "rank", "below", "demand", "demand_status", "nearest_min",
    "nearest_status", "access_per_100", "missing", "missing_status", "concerned", "cause",
    "certainty_variants", "certainty_draws", "result_status",
)  # fmt: skip
_OVERSEAS: Final = ("97", "98")


def department(code: str) -> str:
    """Return the département of a commune by its code.

    Examples
    --------
    >>> department("26362"), department("2A004"), department("97411")
    ('26', '2A', '974')
    """
    return code[:3] if code.startswith(_OVERSEAS) else code[:2]


def write_national(
    out: Path,
    results: "gpd.GeoDataFrame",
    *,
    findings: Sequence[Finding],
    names: Mapping[str, str],
    inputs: Iterable[InputFile] = (),
    ledgers: Iterable[Ledger] = (),
    parameters: Mapping[str, object],
    enter: Callable[[], None] | None = None,
) -> tuple[str, ...]:
    """Write the results of all communes, whole or not at all.

    The same results give the same bytes, whatever they were cut into while they were made.

    Parameters
    ----------
    out : folder
    results : by code_insee, in a metric CRS
    findings : what is known of the data and the result
    names : of communes and places, by identifier
    inputs, ledgers, parameters : for the manifest
    enter : notes the publication in a register, before it can be seen

    Returns
    -------
    names of the files: ``communes/departement=26/communes.parquet`` (GeoParquet) and so on, an
    overview for maps (FlatGeobuf), findings and manifest

    Raises
    ------
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    table = _typed(results)
    parts = table.groupby(table.index.map(department), sort=True)
    files = {f"communes/departement={name}/communes.parquet": part for name, part in parts}
    outputs = (*files, OVERVIEW, _FINDINGS, _MANIFEST)

    def make(staging: Path) -> None:
        for name, part in files.items():
            (staging / name).parent.mkdir(parents=True)
            part.to_parquet(staging / name, index=True)
        seen = [name for name in _SEEN if name in table.columns]
        table[[*seen, "geometry"]].reset_index().to_file(
            staging / OVERVIEW, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="YES"
        )
        (staging / _FINDINGS).write_bytes(_findings(findings, names))
        if enter is not None:
            enter()

    former = {path.relative_to(out).as_posix() for path in out.glob("communes/*/communes.parquet")}
    return write_whole(
        out, outputs, make, inputs=list(inputs), ledgers=list(ledgers), parameters=parameters,
        gone=tuple(sorted(former - set(outputs))),
    )  # fmt: skip


def _typed(results: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    """Return results with one type a column, whether or not a part of them has any value of it."""
    table = results.copy()
    table.index = table.index.astype(str).rename("code_insee")
    for name in table.columns.drop("geometry"):
        column = table[name]
        if name in _TEXT or column.dtype == object or isinstance(column.dtype, pd.StringDtype):
            table[name] = column.astype(object).where(column.notna(), None).astype("str")
        elif column.dtype.kind in "iu":
            table[name] = column.astype("int64")
        elif column.dtype.kind == "f":
            table[name] = column.astype("float64")
    return table


def _findings(findings: Sequence[Finding], names: Mapping[str, str]) -> bytes:
    ordered = sorted(findings, key=lambda each: SEVERITIES.index(each.severity))
    return spreadsheet(
        to_frame(ordered, names), lambda name: labels.text(f"fleet.columns.{name}"), {}
    )
