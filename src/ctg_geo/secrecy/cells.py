"""Tables to publish as one linear system: cells, and how they add up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Cell", "Cells", "Sum", "assembled"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure that could be published.

    `value` is NaN where nobody here knows it (masked by its source, or rounded). `low` and
    `high` are what an outsider knows of it by the rules alone once it is hidden; `told` is
    what showing it says (its value, or the interval of a rounded one). A `fixed` cell is
    known outside whatever is decided here. Of a `secret` cell, the inferred interval must
    keep `share` of what the rules leave open on each side of the value, and need not go
    further than `width` from it.
    """

    name: str
    value: float
    low: float = 0.0
    high: float = float("inf")
    told: tuple[float, float] | None = None
    secret: bool = False
    fixed: bool = False
    share: float = 1.0
    width: float = float("inf")


@dataclass(frozen=True, slots=True)
class Sum:
    """A total is the sum of its parts, each times a number."""

    total: str
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Cells:
    """All cells of one or more tables published together, in arrays of one entry per cell.

    Tables share a cell by its name; so do two scenarios, two groupings and two vintages.
    `relations @ value == 0`, one row per sum.
    """

    names: tuple[str, ...]
    value: Floats
    low: Floats
    high: Floats
    told_low: Floats
    told_high: Floats
    secret: Mask
    fixed: Mask
    unknown: Mask  # cannot be shown: nobody here knows its value
    share: Floats
    width: Floats
    relations: "csr_array"

    def __repr__(self) -> str:
        return f"<Cells: {len(self)}, {int(self.secret.sum())} secret, {self.rows} sums>"

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.names)

    def positions(self, names: Iterable[str]) -> npt.NDArray[np.int64]:
        """Return where cells stand, -1 for those that are not there."""
        at = {name: number for number, name in enumerate(self.names)}
        return np.array([at.get(name, -1) for name in names], dtype=np.int64)

    @property
    def rows(self) -> int:
        """Number of sums."""
        return int(self.relations.shape[0])

    @property
    def held(self) -> Mask:
        """Cells that are hidden whatever else is: secret ones, and those nobody knows."""
        return (self.secret & ~self.fixed) | self.unknown

    @property
    def choices(self) -> Mask:
        """Cells that may be hidden to protect others; one known to be 0 would hide nothing."""
        return ~self.held & ~self.fixed & (self.high > self.low)

    @property
    def above(self) -> Floats:
        """How much higher a cell may be once it is hidden than showing it tells; 0 or more.

        Hiding adds nothing to a cell that is told to be without bound.
        """
        return _beyond(self.high, self.told_high)

    @property
    def below(self) -> Floats:
        """How much lower a cell may be once it is hidden than showing it tells; 0 or more."""
        return _beyond(-self.low, -self.told_low)

    def only(self, kept: npt.NDArray[np.int64]) -> "Cells":
        """Return some of the cells; their sums hold of changes, where the others do not change."""
        arrays = {
            each: getattr(self, each)[kept]
            for each in ("value", "low", "high", "told_low", "told_high", "secret", "fixed",
                         "unknown", "share", "width")
        }  # fmt: skip
        names = tuple(self.names[at] for at in kept)
        return Cells(names, **arrays, relations=self.relations.tocsc()[:, kept].tocsr())

    def known(self, hidden: Mask) -> tuple[Floats, Floats]:
        """Return the bounds of each cell that an outsider starts from, given what is hidden."""
        hidden = hidden & ~self.fixed
        low = np.where(hidden, self.low, self.told_low)
        high = np.where(hidden, self.high, self.told_high)
        return low, high


def _beyond(hidden: Floats, told: Floats) -> Floats:
    """Subtract bounds, of which both may be infinite."""
    more = np.subtract(hidden, told, out=np.zeros_like(told), where=np.isfinite(told))
    return np.maximum(more, 0.0)


def assembled(cells: Iterable[Cell], sums: Sequence[Sum]) -> Cells:
    """Put cells and sums into one system.

    Parameters
    ----------
    cells : each name once
    sums : over names of `cells`

    Examples
    --------
    >>> cells = [Cell("a", 3, 1, 4, secret=True), Cell("b", 9, 5), Cell("all", 12, 5)]
    >>> assembled(cells, [Sum("all", {"a": 1, "b": 1})])
    <Cells: 3, 1 secret, 1 sums>
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  (heavy)

    given = list(cells)
    names = tuple(each.name for each in given)
    at = {name: number for number, name in enumerate(names)}
    assert len(at) == len(names), "a cell stands twice"
    row, column, factor = [], [], []
    for number, each in enumerate(sums):
        assert each.total not in each.parts, f"{each.total} is a part of itself"
        for name, times in [(each.total, -1.0), *each.parts.items()]:
            row.append(number)
            column.append(at[name])
            factor.append(float(times))
    shape = (len(sums), len(given))
    value = np.array([each.value for each in given], dtype=np.float64)
    told = [each.told or (each.value, each.value) for each in given]
    fixed = np.array([each.fixed for each in given], dtype=bool)
    untold = np.array([each.told is None for each in given], dtype=bool)
    low = np.array([each.low for each in given], dtype=np.float64)
    high = np.array([each.high for each in given], dtype=np.float64)
    unknown = np.isnan(value) & untold
    assert not (unknown & fixed).any(), "a fixed cell must tell something"
    return Cells(
        names, value, low, high,
        np.where(unknown, low, [each[0] for each in told]),
        np.where(unknown, high, [each[1] for each in told]),
        np.array([each.secret for each in given], dtype=bool), fixed, unknown,
        np.array([each.share for each in given], dtype=np.float64),
        np.array([each.width for each in given], dtype=np.float64),
        csr_array((factor, (row, column)), shape=shape, dtype=np.float64),
    )  # fmt: skip
