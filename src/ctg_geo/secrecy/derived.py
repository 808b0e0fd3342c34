"""A figure made from others, shown and hidden as they are: what must stay open of it."""

import pandas as pd

from ctg_geo import contracts
from ctg_geo.secrecy.cells import Cell, Cells, assembled
from ctg_geo.secrecy.needs import Needs, completed, needs
from ctg_geo.secrecy.primary import UNRULED_WIDTH

__all__ = ["derived"]


def derived(values: pd.Series, status: pd.Series, *, fewest: float) -> tuple[Cells, Needs]:
    """Return a figure that no plan holds as cells, and the interval each secret must keep open.

    Parameters
    ----------
    values : by name of cell, NaN where it is not told
    status : on the same index; of a secret one an outsider knows nothing but that it is no
        less than 0, and must learn nothing closer than `fewest` less 1
    fewest : the least number of people that is told, 0 itself apart; 0 where no rule says it

    Examples
    --------
    >>> told = pd.Series([30.0, float("nan")], index=["a", "b"])
    >>> derived(told, pd.Series(["projected", "secret"], index=["a", "b"]), fewest=5)[1][1]
    array([nan,  4.])
    """
    width = max(fewest - 1, 0.0) or UNRULED_WIDTH
    secret = (status == contracts.SECRET).to_list()
    own = [
        Cell(str(name), float(value), secret=hidden, width=width)
        for (name, value), hidden in zip(values.items(), secret, strict=True)
    ]
    cells = completed(assembled(own, []))
    return cells, needs(cells)
