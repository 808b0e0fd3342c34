"""Travel times shared by all scenarios: only the columns of new and moved places are computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Columns", "arranged"]

_CM = 100


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Times from homes to spots on one network, each spot computed once whoever asks for it.

    `known` are times to places as they are, at `at` (by destination of `known`).
    """

    network: RoadNetwork
    snapping: Snapping
    homes: "gpd.GeoSeries"
    limit_min: float
    known: TravelTimes
    at: "gpd.GeoSeries"
    _spots: dict[str, TravelTimes] = field(default_factory=dict)

    def share(self, places: Sequence["gpd.GeoSeries"]) -> None:
        """Compute at once the times to all spots of several scenarios that are not known yet."""
        import geopandas as gpd  # noqa: PLC0415  (heavy)

        wanted = {
            spot: point
            for each in places
            for (code, point), spot in zip(each.items(), _named(each), strict=True)
            if not self._is_known(str(code), spot) and spot not in self._spots
        }
        if not wanted:
            return
        points = gpd.GeoSeries(wanted, crs=self.homes.crs)
        made = travel_times(
            self.network, self.homes, points, limit_min=self.limit_min, snapping=self.snapping
        )
        for spot in wanted:
            self._spots[spot] = made.to_destinations(np.asarray(made.destinations == spot))

    def to(self, places: "gpd.GeoSeries") -> TravelTimes:
        """Return the times to places, in their order; columns already known are taken as such."""
        self.share([places])
        spots = dict(zip(map(str, places.index), _named(places), strict=True))
        new = {
            code: self._spots[spot] for code, spot in spots.items()
            if not self._is_known(code, spot)
        }  # fmt: skip
        return arranged(self.known, new, places.index)

    def _is_known(self, code: str, spot: str) -> bool:
        return code in self.at.index and _named(self.at.loc[[code]])[0] == spot


def arranged(known: TravelTimes, new: Mapping[str, TravelTimes], places: pd.Index) -> TravelTimes:
    """Put columns together as the times to some places.

    Parameters
    ----------
    known : times to places, some of which may not be asked for
    new : by place, times to it alone, on the homes of `known` and to the same limit
    places : all those asked for, in order; each in `new` or among the destinations of `known`

    Returns
    -------
    TravelTimes; `known` itself where these are its destinations
    """
    if not new and places.equals(known.destinations):
        return known
    number = pd.Series(np.arange(len(places)), index=places)
    kept = known.to_destinations(
        known.destinations.isin(places) & ~known.destinations.isin(list(new))
    )
    columns = [(kept, number[kept.destinations].to_numpy(np.int64))]
    columns += [(each, np.array([number[code]])) for code, each in new.items()]
    row = np.concatenate([each.rows for each, _ in columns])
    to = np.concatenate([at[each.to] for each, at in columns])
    time_ms = np.concatenate([each.time_ms for each, _ in columns])
    order = np.lexsort((to, row))
    count = np.bincount(row, minlength=len(known.origins))
    snaps = pd.concat([each.destination_snaps.set_axis(places[at]) for each, at in columns])
    return TravelTimes(
        known.origins, places, np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        to[order], time_ms[order], known.limit_min, known.origin_snaps, snaps.loc[places],
        known.method,
    )  # fmt: skip


def _named(points: "gpd.GeoSeries") -> list[str]:
    """Name points by where they are, to the centimetre."""
    at = np.rint(_CM * np.c_[points.x, points.y]).astype(np.int64)
    return [f"{x},{y}" for x, y in at]
