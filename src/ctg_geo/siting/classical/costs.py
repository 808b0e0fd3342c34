"""What it costs each origin to use each candidate: one form, whatever it was given as."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import SitingError
from ctg_geo.siting.given import refuse_untold
from ctg_geo.travel.times import MS_PER_MIN, TravelTimes, bound_ms

__all__ = ["ABSENT", "Costs", "Given"]

ABSENT = 2**31 - 1  # in a table of whole numbers; infinity in the others

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Table = npt.NDArray[np.int32] | npt.NDArray[np.float64]

Given = TravelTimes | pd.DataFrame
"""Travel times, or a table of costs, origins × candidates, `inf` where one cannot use the other."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Costs:
    """Costs of origins × candidates, in whole numbers wherever the data are.

    Whole numbers add up without rounding, so that a bound within less than one of a plan
    proves it. `unit` is what one of them is worth at the surface: a millisecond is
    1 / 60 000 min.
    """

    origins: pd.Index
    candidates: pd.Index
    table: Table  # int32 (ABSENT: none) or float64 (inf: none)
    unit: float

    @classmethod
    def of(cls, given: Given) -> "Costs":
        """Read travel times (minutes at the surface) or a table of costs.

        Raises
        ------
        SitingError
            If neither is given, a cost is missing or negative, or a candidate is named twice.
        """
        refuse_untold(given, (TravelTimes, pd.DataFrame), "times")
        if isinstance(given, TravelTimes):
            table = np.full((len(given.origins), len(given.destinations)), ABSENT, dtype=np.int32)
            table[given.rows, given.to] = given.time_ms
            return cls(given.origins, given.destinations, table, 1 / MS_PER_MIN)
        for index in (given.index, given.columns):
            if not index.is_unique:
                codes = [str(code) for code in index[index.duplicated()].unique()]
                raise SitingError("twice", codes=codes)
        values = given.to_numpy(np.float64)
        wrong = np.argwhere(~(values >= 0))
        if len(wrong):
            row, column = wrong[0]
            raise SitingError("bad_cost", origin=str(given.index[int(row)]),
                              site=str(given.columns[int(column)]),
                              value=str(values[row, column]))  # fmt: skip
        return cls(given.index, given.columns, _compact(values), 1.0)

    @property
    def there(self) -> Mask:
        """Which pairs exist."""
        return self.table < self._none

    @property
    def _none(self) -> float:
        return ABSENT if self.table.dtype == np.int32 else np.inf

    def within(self, most: float) -> Mask:
        """Return which pairs cost at most `most`, in the unit of the surface."""
        if self.unit == 1.0:
            return (self.table <= most) & self.there
        return (self.table <= bound_ms(most)) & self.there


def _compact(values: Floats) -> Table:
    finite = np.isfinite(values)
    known = values[finite]
    if (known == np.rint(known)).all() and (not len(known) or known.max() < ABSENT):
        return np.where(finite, values, ABSENT).astype(np.int32)
    return values
