"""Rows of a BPE file that a study wants, found without holding the whole country in memory."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import DataError, Defect, MissingColumnError, UnreadableFileError
from ctg_geo.sources.cells import as_text, damaged_parquet, detail
from ctg_geo.sources.files import check_present
from ctg_geo.sources.guards import STREAM, gunzipped
from ctg_geo.sources.official.headings import by_heading

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["KEYS", "Picked", "pick"]

KEYS: Final = ("DEPCOM", "TYPEQU")
_BLOCK: Final = 16 << 20  # bytes of text read at once
_SEPARATORS: Final = (b";", b",", b"\t", b"|")


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """The rows wanted, as text, and what the others were."""

    frame: pd.DataFrame  # the columns asked for that the file has, upper case
    row: npt.NDArray[np.int64]  # in the file, counted as a spreadsheet does
    rows: int  # in the file
    elsewhere: Mapping[str, int]  # by type: rows of it in other communes
    other_types: int
    types: frozenset[str]  # in the file, whole


class _Tally:
    """Adds up what blocks of the file held."""

    def __init__(self, file: str, types: Collection[str], codes: Collection[str] | None) -> None:
        import pyarrow as pa  # noqa: PLC0415  (heavy)

        self._file = file
        self._types = pa.array(sorted(types), pa.string())
        self._codes = None if codes is None else pa.array(sorted(codes), pa.string())
        self.rows = self.other_types = 0
        self.elsewhere: Counter[str] = Counter()
        self.seen: set[str] = set()

    def wanted(self, keys: "pa.Table") -> npt.NDArray[np.int64]:
        """Return the positions wanted of a block, and count the others."""
        import pyarrow as pa  # noqa: PLC0415  (heavy)
        import pyarrow.compute as pc  # noqa: PLC0415

        types = _plain(keys["TYPEQU"])
        self.seen.update(str(value) for value in pc.unique(types).to_pylist() if value)
        of_type = _mask(pc.is_in(types, value_set=self._types))
        here = np.ones(len(of_type), dtype=np.bool_)
        if self._codes is not None:
            communes = _plain(keys["DEPCOM"])
            self._refuse_lost_zeros(pc.unique(communes).to_pylist())
            here = _mask(pc.is_in(communes, value_set=self._codes))
        self.rows += len(of_type)
        self.other_types += int((~of_type).sum())
        self.elsewhere.update(map(str, types.filter(pa.array(of_type & ~here)).to_pylist()))
        return np.flatnonzero(of_type & here)

    def _refuse_lost_zeros(self, codes: list[str | None]) -> None:
        """Refuse codes of four figures: taken for those of other communes, they would vanish."""
        lost = sorted(code for code in codes if code and len(code) == 4 and code.isdecimal())  # noqa: PLR2004
        if lost:
            raise DataError([
                Defect(self._file, "code_leading_zero", None, "DEPCOM", code, {"mend": f"0{code}"})
                for code in lost
            ])  # fmt: skip


def pick(
    path: Path,
    source: TableSource,
    *,
    columns: Collection[str],
    types: Collection[str],
    codes: Collection[str] | None,
) -> Picked:
    """Read the rows of some types in some communes, of a Parquet or a CSV file.

    Parameters
    ----------
    path : .parquet, .csv or .csv.gz
    source : separator and encoding, where they are not the usual ones
    columns : those wanted, where the file has them; DEPCOM and TYPEQU must be there
    types : values of TYPEQU
    codes : values of DEPCOM; None for all

    Raises
    ------
    MissingColumnError, MissingFileError, UnreadableFileError, DataError
        The last where codes of communes lost their zero.
    """
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    check_present(path)
    lower = path.name.lower()
    blocks = _parquet if lower.endswith(".parquet") else _delimited
    tally = _Tally(path.name, types, codes)
    tables, rows = [], []
    first = 1 if lower.endswith(".parquet") else 2  # the header of a text is its row 1
    for before, at, found in blocks(path, source, columns, tally):
        tables.append(found)
        rows.append(at + before + first)
    if not tally.rows:
        raise UnreadableFileError("no_rows", file=path.name)
    frame = as_text(pa.concat_tables(tables).to_pandas())
    row = np.concatenate(rows).astype(np.int64)
    seen = frozenset(tally.seen)
    return Picked(frame, row, tally.rows, tally.elsewhere, tally.other_types, seen)


Blocks = Iterator[tuple[int, npt.NDArray[np.int64], "pa.Table"]]


def _parquet(path: Path, _: TableSource, columns: Collection[str], tally: _Tally) -> Blocks:
    """Read the two keys of each group of rows, and the rest where a row is wanted."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(path, memory_map=True, read_dictionary=list(KEYS)) as file:
            names = _names(file.schema_arrow.names, columns, path.name)
            keys = [names[key] for key in KEYS]
            for group in range(file.num_row_groups):
                before = tally.rows
                block = file.read_row_group(group, columns=keys).select(keys)
                at = tally.wanted(block.rename_columns(list(KEYS)))
                kept = list(names.values())
                if len(at):
                    found = file.read_row_group(group, columns=kept).select(kept)
                    found = found.take(pa.array(at)).rename_columns(list(names))
                else:
                    empty = file.schema_arrow.empty_table().select(kept)
                    found = empty.rename_columns(list(names))
                yield before, at, found
    except (MissingColumnError, DataError):
        raise
    except damaged_parquet() as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def _delimited(path: Path, source: TableSource, columns: Collection[str], tally: _Tally) -> Blocks:
    """Read a text block by block, all cells as text."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)
    from pyarrow import csv  # noqa: PLC0415

    try:
        with _opened(path) as stream:
            head = stream.read(1 << 16).split(b"\n")[0].removeprefix(b"\xef\xbb\xbf")
        sign = source.separator.encode() if source.separator else max(_SEPARATORS, key=head.count)
        encoding = source.encoding or "utf-8"
        titles = [title.strip().strip('"') for title in head.decode(encoding).split(sign.decode())]
        names = _names(titles, columns, path.name)
        with (
            _opened(path) as stream,
            csv.open_csv(
                pa.PythonFile(stream, mode="r"),
                csv.ReadOptions(block_size=_BLOCK, encoding=encoding),
                csv.ParseOptions(delimiter=sign.decode()),
                csv.ConvertOptions(
                    include_columns=list(names.values()),
                    column_types={name: pa.string() for name in names.values()},
                    strings_can_be_null=False,
                ),
            ) as reader,
        ):
            for batch in reader:
                block = pa.Table.from_batches([batch]).rename_columns(list(names))
                before = tally.rows
                at = tally.wanted(block.select(list(KEYS)))
                yield before, at, block.take(pa.array(at))
    except (MissingColumnError, DataError, UnreadableFileError):
        raise
    except (pa.ArrowException, UnicodeDecodeError, LookupError, EOFError, OSError) as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    return gunzipped(path, STREAM) if path.suffix.lower() == ".gz" else path.open("rb")


def _names(there: Collection[str], wanted: Collection[str], file: str) -> dict[str, str]:
    """Return the column of the file for each one wanted that it has, whatever its case."""
    by_name = by_heading(there)
    missing = [key for key in KEYS if key.casefold() not in by_name]
    if missing:
        raise MissingColumnError("columns", file=file, missing=missing, found=list(there))
    names = dict.fromkeys((*KEYS, *wanted))
    return {name: by_name[name.casefold()] for name in names if name.casefold() in by_name}


def _plain(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Return a column of text without its dictionary."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    return column.cast(pa.string())


def _mask(found: "pa.ChunkedArray") -> npt.NDArray[np.bool_]:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
