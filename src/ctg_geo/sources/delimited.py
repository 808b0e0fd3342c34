"""CSV and its cousins: any separator, encoding, line ending; uneven rows are told."""

import codecs
import csv
import io
import re
from pathlib import Path

import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.cells import detail
from ctg_geo.sources.guards import TABLE, gunzipped

__all__ = ["read_delimited"]

_SEPARATORS = (";", "\t", "|", ",")
_FOR_EXCEL = re.compile(r"\"?sep=[^\"]\"?[;,\t|]*", re.IGNORECASE)


def read_delimited(
    path: Path, source: TableSource, findings: list[Finding]
) -> tuple[pd.DataFrame, int]:
    """Read a text file as rows of text, its header first.

    Returns
    -------
    DataFrame with numbered columns; row in the file of its first line (blank lines above
    the header are skipped)

    Raises
    ------
    UnreadableFileError
        If the file is no text, unpacks to too much, or its rows cannot be told apart.
    """
    name = path.name
    text = _decoded(_bytes(path), source, name, findings).lstrip("\ufeff")
    if not text.strip():
        raise UnreadableFileError("empty", file=name)
    if "\x00" in text:
        raise UnreadableFileError("not_text", file=name)
    lines = re.match(r"(?:[ \t]*(?:\r\n|\r|\n))*", text)
    above = lines.group() if lines is not None else ""
    text = text[len(above) :]
    head = re.split(r"[\r\n]", text, maxsplit=1)[0]
    if _FOR_EXCEL.fullmatch(head):
        raise UnreadableFileError("sep_line", file=name, line=head)
    separator = source.separator or max(_SEPARATORS, key=head.count)
    frame = _parsed(text, separator, name)
    first = len(above.splitlines()) + 1
    if '"' in text:
        _refuse_swallowed(frame, separator, name, first)
    _say_short(frame, text, separator, name, first, findings)
    return frame.fillna(""), first


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() == ".gz":
        with gunzipped(path, TABLE) as stream:
            return stream.read()
    return path.read_bytes()


def _decoded(content: bytes, source: TableSource, name: str, findings: list[Finding]) -> str:
    if source.encoding is not None:
        try:
            return content.decode(source.encoding)
        except (ValueError, LookupError) as error:
            raise UnreadableFileError("encoding", file=name, encoding=source.encoding) from error
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if wide:
            raise UnreadableFileError("cut", file=name, detail=detail(error)) from error
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableFileError("not_text", file=name) from error
    if "\x00" in text:
        raise UnreadableFileError("not_text", file=name)
    findings.append(Finding("info", "encoding", name, facts={"file": name, "encoding": "cp1252"}))
    return text


def _parsed(text: str, separator: str, name: str) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
        )
    except pd.errors.ParserError as error:
        raise _uneven(text, separator, name, error) from error


def _uneven(text: str, separator: str, name: str, error: Exception) -> UnreadableFileError:
    """Find the first row that is longer than the header, else a quote that never closes."""
    unclosed = re.search(r"starting at row (\d+)", str(error))
    if unclosed is not None:
        return UnreadableFileError("quotes", file=name, row=str(int(unclosed.group(1)) + 1))
    width = 0
    try:
        for row, record in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
            width = width or len(record)
            if len(record) > width:
                facts = {"row": str(row), "found": len(record), "expected": width}
                return UnreadableFileError("ragged", file=name, **facts)
    except csv.Error:
        pass
    return UnreadableFileError("cut", file=name, detail=detail(error))


def _refuse_swallowed(frame: pd.DataFrame, separator: str, name: str, first: int) -> None:
    """Refuse a cell that holds whole rows: two stray quotes hide all that is between them.

    Between them the row break hides as many separators as a row has.
    """
    a_row = frame.shape[1] - 1
    for column in frame.columns if a_row else ():
        long = frame.index[frame[column].str.contains("\n", regex=False).fillna(value=False)]
        for at in long:
            cell = str(frame.at[at, column])
            if cell.count(separator) >= a_row * cell.count("\n"):
                raise UnreadableFileError("quotes", file=name, row=str(int(at) + first))


def _say_short(
    frame: pd.DataFrame, text: str, separator: str, name: str, first: int, findings: list[Finding]
) -> None:
    """Say which rows stop before the header does: their last cells are taken as empty."""
    if not (frame.iloc[:, -1] == "").any():
        return
    try:
        records = [len(record) for record in csv.reader(io.StringIO(text), delimiter=separator)]
    except csv.Error:
        return
    rows = [
        str(at + first)
        for at, length in enumerate(records)
        if 0 < length < frame.shape[1] and at < len(frame) and (frame.iloc[at] != "").any()
    ]
    if rows:
        facts: dict[str, object] = {"count": len(rows), "rows": rows}
        findings.append(Finding("warning", "short_rows", name, facts=facts))
