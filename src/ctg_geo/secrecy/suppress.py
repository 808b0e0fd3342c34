"""Which cells to hide, secret ones and those that would give them away."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ctg_geo.parameters import CellCost
from ctg_geo.secrecy.cells import Cells
from ctg_geo.secrecy.exact import exact
from ctg_geo.secrecy.heuristic import heuristic
from ctg_geo.secrecy.needs import Needs, completed, needs

__all__ = ["EXACT_UP_TO", "Suppression", "suppress"]

EXACT_UP_TO = 250
"""Cells that may be hidden, beyond which the fewest are no longer proven."""

Method = Literal["none", "exact", "heuristic"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Suppression:
    """What to hide. `method` "exact" is proven cheapest; "heuristic" is only safe."""

    cells: Cells  # completed
    hidden: npt.NDArray[np.bool_]
    need: Needs
    method: Method

    def __repr__(self) -> str:
        return f"<Suppression: {int(self.hidden.sum())} of {len(self.cells)}, {self.method}>"

    @property
    def secondary(self) -> npt.NDArray[np.bool_]:
        """Cells hidden only to protect others."""
        return self.hidden & ~self.cells.held


def suppress(
    cells: Cells, *, cost: CellCost = "cells", exact_up_to: int = EXACT_UP_TO
) -> Suppression:
    """Choose the cells to hide.

    Parameters
    ----------
    cells : of all tables published together
    cost : hide the fewest cells (ties go to the smaller values), or the least value
    exact_up_to : how many cells may be chosen from before a heuristic does it

    Raises
    ------
    SecrecyError
        If the figures contradict each other, or a secret is known outside already.
    """
    if not cells.secret.any():
        nothing = np.full(len(cells), np.nan)
        return Suppression(cells, cells.held, (nothing, nothing), "none")
    full = completed(cells)
    need = needs(full)
    price = _price(full, cost)
    if int(full.choices.sum()) <= exact_up_to:
        chosen = exact(full, need, price)
        if chosen is not None:
            return Suppression(full, chosen, need, "exact")
    return Suppression(full, heuristic(full, need, price), need, "heuristic")


def _price(cells: Cells, cost: CellCost) -> npt.NDArray[np.float64]:
    if cost == "value":
        return np.log1p(np.abs(cells.value))
    rank = np.empty(len(cells))
    rank[np.lexsort((np.arange(len(cells)), np.abs(cells.value)))] = np.arange(len(cells))
    return 1 + rank / (len(cells) * (len(cells) + 1))  # all ranks together weigh under half a cell
