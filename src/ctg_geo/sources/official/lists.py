"""Cells that hold several values, in whichever way a file joins them."""

import re

import numpy as np
import numpy.typing as npt

__all__ = ["split"]

_SIGNS = "|;,"


def split(cells: npt.NDArray[np.object_], *, comma: bool = True) -> list[list[str]]:
    """Return the values of each cell of a column.

    Brackets, braces and quotes around values (JSON, PostgreSQL) are dropped.

    Parameters
    ----------
    cells : a column as text
    comma : whether a comma parts values too; not in a column of sentences

    Examples
    --------
    >>> split(np.array(["CCAS|ASSO", "BIB"], dtype=object))
    [['CCAS', 'ASSO'], ['BIB']]
    >>> split(np.array(['["mission-locale", "ccas-cias"]', "{caf}", "[]"], dtype=object))
    [['mission-locale', 'ccas-cias'], ['caf'], []]
    """
    signs = _SIGNS if comma else _SIGNS.replace(",", "")
    parts = [re.split(f"[{re.escape(signs)}]", str(cell)) for cell in cells]
    bare = [[part.strip(" \t\n[]{}\"'") for part in each] for each in parts]
    return [[part for part in each if part] for each in bare]
