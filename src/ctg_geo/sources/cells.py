"""Cells of typed files written as text, as the cells of a CSV already are."""

import struct

import numpy as np
import pandas as pd

__all__ = ["as_text", "cell", "damaged_parquet", "detail"]


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Write typed columns as text, whole numbers without decimals and nothing for missing."""
    columns = {}
    for name in frame.columns:
        column = frame[name]
        said = column.astype(object).map(cell)
        columns[str(name)] = said.astype(str)
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def cell(value: object) -> str:
    """Write one value as text."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return ""
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)


def detail(error: BaseException) -> str:
    """Return what a library says of a damaged file, on one line."""
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= 160 else said[:157] + "..."  # noqa: PLR2004


def damaged_parquet() -> tuple[type[Exception], ...]:
    """Return what pyarrow, and pyproj on the CRS inside, raise on a damaged file."""
    from pyarrow import ArrowException  # noqa: PLC0415  (heavy)

    return (
        ArrowException, OSError, ValueError, KeyError, EOFError, IndexError, TypeError,
        RuntimeError, AttributeError, struct.error,
    )  # fmt: skip
