"""What any days that hold some stops must drive: cuts that teach the programme the road."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.problem import Vehicle

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Cut", "RoadCuts"]

Floats = npt.NDArray[np.float64]

_LIFT = 1e-4  # weight of stops not visited, so that a cut also speaks of them


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A bound: ``(per_visit * visited).sum() - constant`` is at most the road, or the days."""

    per_visit: Floats  # frequencies × places
    constant: float


class RoadCuts:
    """Bounds on the road and the days of a vehicle, by the dual of a covering of its stops.

    The least road of days that cover given visits is no less than the linear programme that
    covers them by runs in part; its dual prices bound the road of any other visits too.
    """

    def __init__(self, vehicle: Vehicle, often: tuple[float, ...]) -> None:
        from scipy.sparse import csr_array, hstack, kron  # noqa: PLC0415  (heavy)

        places = len(vehicle.minutes) - 1
        rows: list[npt.NDArray[np.int64]] = []
        columns: list[npt.NDArray[np.int64]] = []
        road: list[Floats] = []
        for stops, minutes in vehicle.runs:
            start = sum(len(each) for each in road)
            rows.append(np.repeat(np.arange(len(stops)) + start, stops.shape[1]))
            columns.append(stops.ravel() - 1)
            road.append(minutes)
        at = np.concatenate([*rows, np.zeros(0, dtype=int)]).astype(int)
        to = np.concatenate([*columns, np.zeros(0, dtype=int)]).astype(int)
        self._road = np.concatenate([*road, np.zeros(0)])
        self._holds = csr_array((np.ones(len(at)), (at, to)), shape=(len(self._road), places))
        self._often, self._days = np.array(often), vehicle.days
        self._alone = csr_array(kron(np.eye(len(often)), self._holds))
        day = csr_array(-np.repeat(self._often, len(self._road))[:, None])
        self._with_days = csr_array(hstack([self._alone, day]))
        held = np.isin(np.arange(places), to)
        self._most = np.where(np.tile(held, len(often)), np.inf, 0.0)

    def road(self, visited: Floats) -> Cut | None:
        """Return the bound on the road that is highest for visits in part, within the days."""
        limit = np.concatenate([each * self._road for each in self._often])
        wish = np.append(visited.ravel() + _LIFT, -float(self._days))
        prices = _highest(self._with_days, limit, wish, np.append(self._most, np.inf))
        if prices is None:
            return None
        return Cut(prices[:-1].reshape(visited.shape), float(prices[-1]) * self._days)

    def days(self, visited: Floats) -> Cut | None:
        """Return the bound on the days that is highest for visits in part."""
        limit = np.repeat(self._often, len(self._road))
        prices = _highest(self._alone, limit, visited.ravel() + _LIFT, self._most)
        return None if prices is None else Cut(prices.reshape(visited.shape), 0.0)


def _highest(matrix: "csr_array", limit: Floats, wish: Floats, most: Floats) -> Floats | None:
    """Return prices within limits whose sum, weighted by wishes, is highest."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  (heavy)

    rules = LinearConstraint(matrix, -np.inf, limit)
    found = milp(-wish, constraints=rules, bounds=Bounds(np.zeros(len(most)), most))
    return np.asarray(found.x, dtype=np.float64) if found.status == 0 else None
