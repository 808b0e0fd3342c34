"""Tables of a whole country: the few columns and rows that a study needs, read in one pass.

Rows are filtered while the file is read, block by block, so that memory holds what is kept
and no more. Cells stay text; what is kept passes the same door as any other table.
"""

import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import ConfigError, UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.cells import as_text, damaged_parquet, detail
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import check_present
from ctg_geo.sources.guards import STREAM, check_member, gunzipped
from ctg_geo.sources.zips import BROKEN_ZIP, opened_zip

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Bulk", "Keep", "among", "read_bulk", "unzipped"]

Keep = Callable[["pa.Table"], npt.NDArray[np.bool_]]
Choose = Callable[[list[str]], Mapping[str, str]]

_BLOCK: Final = 1 << 24
_SEPARATORS: Final = (";", ",", "\t", "|")
_NOT_UTF8: Final = "invalid UTF8"  # as Arrow says it
_META: Final = ("meta", "varmod", "readme", "lisez")


@dataclass(frozen=True, slots=True, eq=False)
class Bulk:
    """What was kept of a table, and how many rows its file has."""

    raw: RawTable
    rows: int
    titles: Mapping[str, str]  # our name of a column -> its heading in the file

    @property
    def left(self) -> int:
        """Rows that the filter set aside."""
        return self.rows - len(self.raw)


def read_bulk(path: Path, source: TableSource, *, choose: Choose, keep: Keep | None) -> Bulk:
    """Read some columns of some rows of a CSV (also .gz or .zip) or a Parquet file.

    Parameters
    ----------
    path : the file; of a zip, its only table, or the one that `source.layer` names
    source : its separator and encoding are recognised where they are not given
    choose : headings of the file -> heading of each column wanted, by our name; it raises
        where one is missing
    keep : tells which rows of a block (columns under our names, text) to keep; None for all

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError
        If the file is not there, is empty, is cut, or lacks a column.
    ConfigError
        If a zip holds several tables and none is named.
    """
    check_present(path)
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path, source, choose, keep)
    try:
        with unzipped(path, source) as stream:
            return _read_csv(path.name, stream, source, choose, keep)
    except UnreadableFileError as error:
        if source.encoding is not None or _NOT_UTF8 not in str(error.facts.get("detail")):
            raise
    with unzipped(path, source) as stream:  # old files of Insee are in the code page of Windows
        old = source.model_copy(update={"encoding": "cp1252"})
        bulk = _read_csv(path.name, stream, old, choose, keep)
    facts = {"file": path.name, "encoding": "cp1252"}
    bulk.raw.findings.append(Finding("info", "encoding", path.name, facts=facts))
    return bulk


def among(column: str, codes: Collection[str]) -> Keep:
    """Keep the rows whose column is one of some codes."""

    def keep(block: "pa.Table") -> npt.NDArray[np.bool_]:
        import pyarrow as pa  # noqa: PLC0415  (heavy)
        from pyarrow import compute  # noqa: PLC0415

        wanted = pa.array(sorted(codes), type=pa.string())
        found = compute.is_in(compute.utf8_trim_whitespace(block[column]), value_set=wanted)
        return np.asarray(found.to_numpy())

    return keep


@contextmanager
def unzipped(path: Path, source: TableSource) -> Iterator[IO[bytes]]:
    """Open a file, or the table inside a zip or a gzip, as a stream of bytes.

    Raises
    ------
    UnreadableFileError, ConfigError
        If the archive is damaged, unpacks to too much, holds no table, or several and none is
        named.
    """
    lower = path.name.lower()
    try:
        if lower.endswith(".zip"):
            with opened_zip(path) as archive:
                part = archive.getinfo(_member(archive, source))
                check_member(part, path.name, STREAM)
                with archive.open(part) as stream:
                    yield stream
        elif lower.endswith(".gz"):
            with gunzipped(path, STREAM) as stream:
                yield stream
        else:
            with path.open("rb") as stream:
                yield stream
    except BROKEN_ZIP as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def _member(archive: zipfile.ZipFile, source: TableSource) -> str:
    names = [each for each in archive.namelist() if each.lower().endswith((".csv", ".txt"))]
    tables = [
        each for each in names if not PurePosixPath(each).name.lower().startswith(_META)
    ] or names
    file = str(archive.filename and PurePosixPath(archive.filename).name)
    if source.layer is not None:
        named = [each for each in archive.namelist() if PurePosixPath(each).name == source.layer]
        if not named:
            raise ConfigError("no_layer", file=file, layer=source.layer, known=tables)
        return named[0]
    if not tables:
        raise UnreadableFileError("no_rows", file=file)
    if len(tables) > 1:
        raise ConfigError("several_layers", file=file, known=tables)
    return tables[0]


def _read_csv(
    name: str, stream: IO[bytes], source: TableSource, choose: Choose, keep: Keep | None
) -> Bulk:
    import pyarrow as pa  # noqa: PLC0415  (heavy)
    from pyarrow import csv  # noqa: PLC0415

    first = stream.readline(_BLOCK)
    encoding = source.encoding or _encoding(first)
    try:
        head = first.decode(encoding).lstrip("\ufeff").strip("\r\n")
    except (ValueError, LookupError) as error:
        raise UnreadableFileError("encoding", file=name, encoding=encoding) from error
    separator = source.separator or max(_SEPARATORS, key=head.count)
    headings = [each.strip().strip('"') for each in head.split(separator)]
    titles = dict(choose(headings))
    try:
        reader = csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=csv.ReadOptions(
                column_names=[f"c{at}" for at in range(len(headings))], block_size=_BLOCK,
                encoding="utf8" if encoding.startswith("utf-8") else encoding,
            ),
            parse_options=csv.ParseOptions(delimiter=separator),
            convert_options=_all_text([f"c{headings.index(each)}" for each in titles.values()]),
        )  # fmt: skip
        return _gathered(name, reader, list(titles), titles, source, keep, first_row=2)
    except pa.ArrowInvalid as error:
        reason = "no_rows" if "empty" in str(error).lower() else "cut"
        raise UnreadableFileError(reason, file=name, detail=detail(error)) from error


def _encoding(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _all_text(columns: list[str]) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  (heavy)
    from pyarrow import csv  # noqa: PLC0415

    return csv.ConvertOptions(
        include_columns=columns, column_types=dict.fromkeys(columns, pa.string()),
        strings_can_be_null=False,
    )  # fmt: skip


def _read_parquet(path: Path, source: TableSource, choose: Choose, keep: Keep | None) -> Bulk:
    from pyarrow import parquet  # noqa: PLC0415  (heavy)

    try:
        file = parquet.ParquetFile(path)
        titles = dict(choose(list(file.schema_arrow.names)))
        blocks = file.iter_batches(batch_size=1 << 18, columns=list(titles.values()))
        return _gathered(path.name, blocks, list(titles), titles, source, keep, first_row=1)
    except damaged_parquet() as error:
        if isinstance(error, UnreadableFileError | KeyError):
            raise
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def _gathered(
    name: str,
    blocks: Any,  # noqa: ANN401
    names: list[str],
    titles: Mapping[str, str],
    source: TableSource,
    keep: Keep | None,
    *,
    first_row: int,
) -> Bulk:
    """Keep what is wanted of each block, with its row in the file."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    parts, at, rows = [], [], 0
    for batch in blocks:
        block = pa.Table.from_batches([batch])
        if set(block.column_names) >= set(titles.values()):
            block = block.select(list(titles.values()))
        block = block.rename_columns(names)
        mask = np.ones(len(block), dtype=np.bool_) if keep is None else keep(block)
        if mask.any():
            parts.append(block.filter(pa.array(mask)))
            at.append(np.flatnonzero(mask) + rows + first_row)
        rows += len(block)
    if rows == 0:
        raise UnreadableFileError("no_rows", file=name)
    frame = pa.concat_tables(parts).to_pandas() if parts else pd.DataFrame(columns=names)
    frame.columns = pd.Index(list(titles.values()))  # errors speak of the headings of the file
    row = np.concatenate(at).astype(np.int64) if at else np.empty(0, dtype=np.int64)
    decimals = (".", source.decimal)
    return Bulk(RawTable(name, as_text(frame), row, source, [], [], decimals), rows, titles)
