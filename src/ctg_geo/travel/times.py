"""Travel times from origins to destinations, as compressed rows of integer milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import TravelError

__all__ = ["MS_PER_MIN", "NO_ROUTE_MS", "TravelTimes", "bound_ms", "empty_snaps"]

MS_PER_MIN = 60_000
NO_ROUTE_MS = 2**31 - 1  # in dense results of 32 bits: no route within the limit
_ROUNDING_MS = 1e-6

Ints = npt.NDArray[np.integer]
Floats = npt.NDArray[np.float64]


def bound_ms(limit_min: float | None) -> float:
    """Return the last whole millisecond within a limit: a time is within a limit equal to it.

    59 ms are 59 / 60 000 min, which times 60 000 is a little less than 59.
    """
    if limit_min is None:
        return float("inf")
    return float(np.floor(limit_min * MS_PER_MIN + _ROUNDING_MS))


def empty_snaps(index: pd.Index) -> pd.DataFrame:
    """Return the snap table of points that are nodes: distance 0, on the main part."""
    count = len(index)
    node = {
        "snap_m": np.zeros(count),
        "road_class": _repeated("", count),
        "urban": np.zeros(count, dtype=bool),
        "status": _repeated("node", count),
    }
    return pd.DataFrame(node, index=index, copy=False)


@lru_cache(maxsize=4)
def _repeated(word: str, count: int) -> "pd.api.extensions.ExtensionArray":
    """Return a column of one word: made once, for its memory is shared and never written."""
    return pd.array([word], dtype="str").repeat(count)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TravelTimes:
    """Times of the pairs that exist, row by row.

    Row i (origin i) holds destinations `to[start[i]:start[i + 1]]`, increasing, with
    `time_ms` alike. An absent pair has no route within `limit_min` (None: no limit, so
    absent means no route at all); 0 is on the spot. A bound is `t <= limit`.
    """

    origins: pd.Index
    destinations: pd.Index
    start: Ints  # by origin + 1
    to: Ints  # by pair, destination number
    time_ms: Ints  # by pair
    limit_min: float | None
    origin_snaps: pd.DataFrame = field(repr=False)  # by origin: see Snaps
    destination_snaps: pd.DataFrame = field(repr=False)
    method: str = "given"  # plain, bounded or hierarchy where the engine computed them

    def __post_init__(self) -> None:
        assert len(self.start) == len(self.origins) + 1, "start does not fit origins"
        assert self.start[-1] == len(self.to) == len(self.time_ms), "pairs do not fit start"

    def __repr__(self) -> str:
        limit = "no limit" if self.limit_min is None else f"limit {self.limit_min:g} min"
        size = f"{len(self.origins)} origins × {len(self.destinations)} destinations"
        return f"<TravelTimes {size}, {len(self.to)} pairs, {limit}>"

    @classmethod
    def from_frame(
        cls,
        pairs: pd.DataFrame,
        *,
        limit_min: float | None,
        origins: Sequence[object] | pd.Index | None = None,
        destinations: Sequence[object] | pd.Index | None = None,
    ) -> "TravelTimes":
        """Make times of a table of pairs, from any other program.

        Parameters
        ----------
        pairs : columns origin, destination, minutes
            A pair beyond `limit_min`, or with infinite minutes, counts as absent.
        limit_min : minutes, or None for no limit
        origins, destinations : the full lists, where some have no pair at all; by default
            those of the table, in order of appearance.

        Raises
        ------
        TravelError
            If a column is missing, minutes are not a number, negative or missing, a pair
            appears twice or is outside the given lists, a list names one code twice, or
            the limit is not positive.
        """
        if limit_min is not None and not limit_min > 0:
            raise TravelError("bad_limit", value=limit_min)
        minutes = _checked(pairs)
        rows = pd.Index(pairs["origin"].unique() if origins is None else origins, name="origin")
        columns = pd.Index(
            pairs["destination"].unique() if destinations is None else destinations,
            name="destination",
        )
        for index in (rows, columns):
            if not index.is_unique:
                twice = [str(code) for code in index[index.duplicated()].unique()]
                raise TravelError("index_twice", name=index.name, codes=twice)
        row = rows.get_indexer(pd.Index(pairs["origin"]))
        to = columns.get_indexer(pd.Index(pairs["destination"]))
        if (row < 0).any() or (to < 0).any():
            wrong = int(np.flatnonzero((row < 0) | (to < 0))[0])
            raise TravelError(
                "stranger",
                origin=str(pairs["origin"].iloc[wrong]),
                destination=str(pairs["destination"].iloc[wrong]),
            )
        time_ms = np.rint(minutes * MS_PER_MIN)
        kept = np.isfinite(time_ms) & (time_ms <= bound_ms(limit_min))
        return cls._of_pairs(
            rows, columns, row[kept], to[kept], time_ms[kept].astype(np.int64), limit_min
        )

    @classmethod
    def _of_pairs(
        cls,
        origins: pd.Index,
        destinations: pd.Index,
        row: Ints,
        to: Ints,
        time_ms: Ints,
        limit_min: float | None,
    ) -> "TravelTimes":
        order = np.lexsort((to, row))
        start = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(origins)))))
        return cls(
            origins,
            destinations,
            start.astype(np.int64),
            to[order].astype(np.int64),
            time_ms[order],
            limit_min,
            empty_snaps(origins),
            empty_snaps(destinations),
        )

    @property
    def rows(self) -> Ints:
        """Origin number of each pair."""
        return np.repeat(np.arange(len(self.origins)), np.diff(self.start))

    @property
    def minutes(self) -> Floats:
        """Minutes of each pair."""
        return self.time_ms / MS_PER_MIN

    def to_frame(self) -> pd.DataFrame:
        """Return one row per existing pair: origin, destination, minutes."""
        return pd.DataFrame(
            {
                "origin": self.origins[self.rows],
                "destination": self.destinations[self.to],
                "minutes": self.minutes,
            }
        )

    def to_matrix(self) -> pd.DataFrame:
        """Return minutes, origins × destinations, `inf` where no route is within the limit."""
        dense = np.full((len(self.origins), len(self.destinations)), np.inf)
        dense[self.rows, self.to] = self.minutes
        return pd.DataFrame(dense, index=self.origins, columns=self.destinations)

    def within(self, limit_min: float) -> "TravelTimes":
        """Return the pairs of at most `limit_min` minutes.

        Raises
        ------
        TravelError
            If the times were computed up to a shorter limit: the rest is unknown.
        """
        if self.limit_min is not None and limit_min > self.limit_min:
            raise TravelError("limit", asked=limit_min, known=self.limit_min)
        return self._kept(self.time_ms <= bound_ms(limit_min), limit_min)

    def scaled(self, factor: float) -> "TravelTimes":
        """Return all times multiplied by `factor` (> 0), and the limit with them."""
        limit = None if self.limit_min is None else self.limit_min * factor
        return replace(
            self, time_ms=np.rint(self.time_ms * factor).astype(np.int64), limit_min=limit
        )

    def to_destinations(self, kept: npt.NDArray[np.bool_]) -> "TravelTimes":
        """Return the times to the destinations where `kept` is true."""
        number = np.cumsum(kept) - 1
        some = self._kept(kept[self.to], self.limit_min)
        return replace(
            some,
            destinations=self.destinations[kept],
            to=number[some.to],
            destination_snaps=self.destination_snaps[kept],
        )

    def only(self, pairs: npt.NDArray[np.bool_]) -> "TravelTimes":
        """Return the pairs where `pairs` (by pair) is true, on the same points and limit."""
        return self._kept(pairs, self.limit_min)

    def _kept(self, pairs: npt.NDArray[np.bool_], limit_min: float | None) -> "TravelTimes":
        count = np.bincount(self.rows[pairs], minlength=len(self.origins))
        start = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
        return replace(
            self, start=start, to=self.to[pairs], time_ms=self.time_ms[pairs], limit_min=limit_min
        )


Column = Literal["origin", "destination", "minutes"]


def _checked(pairs: pd.DataFrame) -> Floats:
    """Check a table of pairs, and return its minutes."""
    for column in ("origin", "destination", "minutes"):
        if column not in pairs.columns:
            raise TravelError("pairs_column", column=column, found=[str(c) for c in pairs.columns])
    said = pairs["minutes"]
    minutes = pd.to_numeric(said, errors="coerce").to_numpy(np.float64)
    wrong = np.flatnonzero(np.isnan(minutes) | (minutes < 0))
    if len(wrong):
        raise TravelError("pairs_minutes", row=int(wrong[0]), value=str(said.iloc[wrong[0]]))
    twice = pairs.duplicated(["origin", "destination"]).to_numpy()
    if twice.any():
        first = pairs.iloc[int(np.flatnonzero(twice)[0])]
        raise TravelError(
            "pairs_twice", origin=str(first["origin"]), destination=str(first["destination"])
        )
    return minutes
