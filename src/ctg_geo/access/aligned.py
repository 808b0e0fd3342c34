"""Values in the order of an index, complete and not negative: the door of every measure."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import DataError, Defect, UnknownCodeError

__all__ = ["aligned", "known"]


def aligned(values: pd.Series, index: pd.Index, *, table: str) -> npt.NDArray[np.float64]:
    """Return `values` in the order of `index`, complete, finite and not negative.

    Raises
    ------
    UnknownCodeError
        If `values` lacks a code of `index`.
    DataError
        If a value is missing, infinite or negative.
    """
    found = _in_order(values, index, table)
    wrong = np.flatnonzero(~((found >= 0) & (found < np.inf)))
    if len(wrong):
        column = table if values.name is None else str(values.name)
        raise DataError([
            Defect(table, "measure_value", column=column,
                   value=str(found[at]), facts={"index": str(index[int(at)])})
            for at in wrong
        ])  # fmt: skip
    return found


def known(asked: pd.Index, index: pd.Index, *, table: str) -> None:
    """Make sure that every code asked for is in the index of a table.

    Raises
    ------
    UnknownCodeError
        If one is not.
    """
    missing = asked.difference(index)
    if len(missing):
        codes = [str(code) for code in missing]
        raise UnknownCodeError(table=table, count=len(codes), codes=codes)


def _in_order(values: pd.Series, index: pd.Index, table: str) -> npt.NDArray[np.float64]:
    if values.index.equals(index):  # the usual case, and the cheapest
        return values.to_numpy(np.float64)
    known(index, values.index, table=table)
    return values.reindex(index).to_numpy(np.float64)
