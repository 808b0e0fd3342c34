"""Access as a linear function of the places at each candidate: what fair plans are made on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from ctg_geo.access.aligned import aligned, known
from ctg_geo.access.decay import Decay
from ctg_geo.errors import FairSitingError, TravelError
from ctg_geo.siting.given import refuse_untold
from ctg_geo.travel import TravelTimes

__all__ = ["Ground", "ground_of"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ground:
    """People, candidates and the slopes between them.

    Origins whose people count and whose slopes are the same, one by one, are one *class*:
    their access is the same whatever is built, so that putting them together is exact.
    """

    times: TravelTimes  # origins × candidates
    demand: pd.Series  # by origin, all who share the places
    decay: Decay
    counted: Bools  # by origin: its people count in the objective
    kind: Ints  # by origin, the number of its class; -1 where nobody counts
    slope: sparse.csr_array  # classes × candidates: access that one more place adds
    people: Floats  # by class, those who count
    reached: Floats  # by candidate, people within reach, weighted

    def __repr__(self) -> str:
        classes, candidates = self.slope.shape
        return f"<Ground {len(self.demand)} origins in {classes} classes, {candidates} candidates>"

    @property
    def candidates(self) -> pd.Index:
        """Destinations of the times."""
        return self.times.destinations

    def access(self, size: Floats) -> Floats:
        """Supply per person of each class, with `size` places at each candidate."""
        return np.asarray(self.slope @ size)

    def people_of(self, among: pd.Series | None) -> Floats:
        """Count, by class, the people of the origins where `among` is true (all if None)."""
        if among is None:
            return self.people
        known(self.times.origins, among.index, table="among")
        chosen = among.reindex(self.times.origins).to_numpy(dtype=bool) & (self.kind >= 0)
        weight = self.demand.to_numpy(np.float64)[chosen]
        return np.bincount(self.kind[chosen], weight, len(self.people)).astype(np.float64)

    def origins_of(self, classes: Ints | Bools) -> list[str]:
        """Name the origins of some classes."""
        numbers = np.arange(len(self.people))[classes]
        return [str(code) for code in self.times.origins[np.isin(self.kind, numbers)]]


def ground_of(
    times: TravelTimes,
    demand: pd.Series,
    *,
    decay: Decay,
    counted: pd.Series | None = None,
) -> Ground:
    """Make the ground of fair plans: slopes `w_ij / V_j`, which do not depend on supply.

    Parameters
    ----------
    times : origins × candidates; places that stand today are candidates too
    demand : by origin, people: all those who share the places, the buffer included
    decay : minutes -> weight, see `ctg_geo.access.e2sfca`
    counted : by origin, whether its people count in objectives (the territory without its
        buffer); all by default

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        As `ctg_geo.access.e2sfca`.
    SitingError
        If times or demand are bare arrays.
    FairSitingError
        If nobody counts.

    Notes
    -----
    `access = slope @ size` for sizes of all candidates, places that stand included: E2SFCA,
    with `V_j = Σ_k w_kj P_k` of the demand alone. The column of a candidate that nobody
    reaches is empty.
    """
    refuse_untold(times, TravelTimes, "times")
    if times.limit_min is not None and decay.reach_min > times.limit_min:
        raise TravelError("limit", asked=decay.reach_min, known=times.limit_min)
    refuse_untold(demand, pd.Series, "demand")
    people = aligned(demand, times.origins, table="demand")
    counts = np.ones(len(people), dtype=bool)
    if counted is not None:
        known(times.origins, counted.index, table="counted")
        counts = counted.reindex(times.origins).to_numpy(dtype=bool)
    inhabited = counts & (people > 0)
    if not inhabited.any():
        raise FairSitingError("nobody")
    shape = len(times.origins), len(times.destinations)
    weight = sparse.csr_array((decay.at_ms(times.time_ms), times.to, times.start), shape=shape)
    reached = np.asarray(weight.T @ people)
    each = np.divide(1.0, reached, out=np.zeros_like(reached), where=reached > 0)
    slope = sparse.csr_array(weight * each[None, :])
    slope.eliminate_zeros()
    kind, first = _alike(slope, inhabited)
    weights = np.bincount(kind[inhabited], people[inhabited], len(first)).astype(np.float64)
    whole = pd.Series(people, index=times.origins, name="demand")
    return Ground(
        times, whole, decay, counts, kind, sparse.csr_array(slope[first]), weights, reached
    )


def _alike(slope: sparse.csr_array, chosen: Bools) -> tuple[Ints, Ints]:
    """Put identical rows, among those chosen, in classes; give the first row of each."""
    numbers: dict[tuple[bytes, bytes], int] = {}
    kind = np.full(len(chosen), -1, dtype=np.intp)
    first: list[int] = []
    for row in np.flatnonzero(chosen):
        part = slice(slope.indptr[row], slope.indptr[row + 1])
        key = slope.indices[part].tobytes(), slope.data[part].tobytes()
        kind[row] = numbers.setdefault(key, len(first))
        if kind[row] == len(first):
            first.append(int(row))
    return kind, np.array(first, dtype=np.intp)
