"""What each trip is made of on its fastest way: metres by term, stops by cause, the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.calibration.terms import FIXED, Terms
from ctg_geo.calibration.trips import Trips, destinations, points
from ctg_geo.network import NodeKind, RoadNetwork, with_profile
from ctg_geo.network.grades import slowed
from ctg_geo.network.junctions import junctions
from ctg_geo.network.surroundings import inside_towns
from ctg_geo.parameters import Penalties, TravelProfile
from ctg_geo.travel import Routes, routes

__all__ = ["Exposure", "exposure"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]

_SECONDS: dict[NodeKind, str] = {
    NodeKind.SIGNALS: "signals",
    NodeKind.STOP: "stop",
    NodeKind.CROSSING: "crossing",
    NodeKind.MINI_ROUNDABOUT: "mini_roundabout",
    NodeKind.BARRIER: "barrier",
}


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """Trips on their fastest ways under one profile; `status` is road, straight or none.

    Minutes of a trip are `work @ values + fixed_min` (`values` of the terms), those of the
    route itself up to rounding. Trips that are not on the road have no work.
    """

    work: Floats  # trips × terms
    fixed_min: Floats  # ways to and from the road, what is not fitted
    minutes: Floats  # of the route; NaN where there is none
    km: Floats  # trips × terms, on roads of the term (0 for stops and the start)
    fixed_km: Floats  # on roads whose speed is not fitted
    status: Objects
    far: Bools  # an end is further from the road than the profile allows
    dominant: Objects  # class of road of most metres, "" off the road
    urban: Bools  # the origin joins the road in a built-up area


def exposure(network: RoadNetwork, terms: Terms, profile: TravelProfile, trips: Trips) -> Exposure:
    """Send the trips their fastest way under a profile, and say what they take.

    Parameters
    ----------
    network : roads, with slopes if the profile has one; their times do not matter
    terms : of that network
    profile : made by `terms.profile_of`
    trips : in the CRS of the network or another
    """
    timed = with_profile(network, profile)
    to_x, to_y = destinations(timed, trips, profile.snapping)
    there = np.flatnonzero(~np.isnan(to_x))
    ways = routes(
        timed, points(trips.x[there], trips.y[there], trips.crs),
        points(to_x[there], to_y[there], trips.crs), snapping=profile.snapping,
    )  # fmt: skip
    made = _Made(timed, terms, profile, ways)
    count = len(trips)
    status = np.full(count, "none", dtype=object)
    status[there] = ways.status
    minutes = np.full(count, np.nan)
    minutes[there] = ways.minutes
    work, km, fixed = np.zeros((count, len(terms))), np.zeros((count, len(terms))), np.zeros(count)
    work[there], km[there] = made.work(), made.km()
    fixed[there] = made.fixed_min()
    fixed_km = np.zeros(count)
    fixed_km[there] = made.fixed_km()
    dominant = np.full(count, "", dtype=object)
    dominant[there] = made.dominant()
    far, urban = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    ends = ways.origin_snaps.table, ways.destination_snaps.table
    far[there] = (ends[0]["status"] == "far").to_numpy() | (ends[1]["status"] == "far").to_numpy()
    urban[there] = ends[0]["urban"].to_numpy(bool)
    return Exposure(work, fixed, minutes, km, fixed_km, status, far, dominant, urban)


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """The parts of routes, and what each stands for."""

    network: RoadNetwork
    terms: Terms
    profile: TravelProfile
    ways: Routes

    def work(self) -> Floats:
        """Return what each value of a term is multiplied by, routes × terms."""
        stops, count = self._stops(), len(self.ways)
        moved = self._per_term(self.terms.edge_term[self.ways.edge], self._part_min())
        for at, term in enumerate(self.terms.terms):
            if term.kind == "stop":
                pair, cause = self.ways.rows[stops >= 0], stops[stops >= 0]
                moved[:, at] = np.bincount(pair[cause == at], minlength=count) / 60
            elif term.kind == "start":
                moved[:, at] = self.ways.status == "road"
        return moved

    def km(self) -> Floats:
        """Return the kilometres on the roads of each term, routes × terms."""
        return self._per_term(self.terms.edge_term[self.ways.edge], self._part_m() / 1000)

    def fixed_km(self) -> Floats:
        """Return the kilometres of each route on roads of no term."""
        mine = self.terms.edge_term[self.ways.edge] == FIXED
        metres = np.where(mine, self._part_m(), 0.0)
        return np.bincount(self.ways.rows, metres, len(self.ways)) / 1000

    def fixed_min(self) -> Floats:
        """Return the minutes that no term changes: ends, roads and stops that are not fitted."""
        work = self.work()
        told = work @ self.terms.values_of(self.profile)
        return np.asarray(np.nan_to_num(self.ways.minutes) - told, dtype=np.float64)

    def dominant(self) -> Objects:
        """Return the class that each route follows longest; of equals the first by name."""
        classes, number = np.unique(
            self.network.edges["road_class"].to_numpy(dtype=str), return_inverse=True
        )
        metres = np.zeros((len(self.ways), len(classes)))
        np.add.at(metres, (self.ways.rows, number[self.ways.edge]), self._part_m())
        best = classes.astype(object)[metres.argmax(axis=1)] if len(classes) else classes
        return np.where(metres.sum(axis=1) > 0, best, "").astype(object)

    def _per_term(self, term: Ints, amount: Floats) -> Floats:
        found = np.zeros((len(self.ways), len(self.terms)))
        mine = term != FIXED
        np.add.at(found, (self.ways.rows[mine], term[mine]), amount[mine])
        return found

    def _part_m(self) -> Floats:
        length_m = self.network.edges["length_m"].to_numpy(np.float64)[self.ways.edge]
        return length_m * np.abs(self.ways.share_to - self.ways.share_from)

    def _part_min(self) -> Floats:
        """Minutes of each part at a value of 1: its slope and the period included."""
        network, factor = self.network, self.profile.now.time_factor
        slope = self.profile.slope
        edge, ahead = self.ways.edge, self.ways.forward
        slow = np.where(
            ahead,
            slowed(network, slope, ahead=True)[edge],
            slowed(network, slope, ahead=False)[edge],
        )
        period = np.where(inside_towns(network)[edge], factor.urban, factor.rural)
        return np.asarray(
            self._part_m() * self.terms.minute_per_m[edge] * slow * period, dtype=np.float64
        )

    def _stops(self) -> Ints:
        """Return the term of the stop that each part arrives at, `FIXED` where it is none."""
        ways, network = self.ways, self.network
        arrives = ways.share_to == np.where(ways.forward, 1.0, 0.0)
        node = np.where(ways.forward, network.edge_to[ways.edge], network.edge_from[ways.edge])
        found = np.full(len(ways.edge), FIXED, dtype=np.int64)
        if self.profile.period:
            inside = inside_towns(network)[ways.edge]
            for urban, lost in ((False, self.profile.now.rural), (True, self.profile.now.urban)):
                mine = np.flatnonzero(arrives & (inside == urban))
                found[mine] = self._causes(lost, mine, node[mine], urban=urban)
        return found

    def _causes(self, lost: Penalties, part: Ints, node: Ints, *, urban: bool) -> Ints:
        """Return the term of the longest stop at each node: that of the node before junctions."""
        network = self.network
        seconds, cause = np.zeros(len(part)), np.full(len(part), FIXED, dtype=np.int64)
        many = junctions(network, self.profile.side_classes)[node]
        road_class = network.edges["road_class"].to_numpy(object)[self.ways.edge[part]]
        keys = set(lost.junction) - {"default"}
        own = np.isin(road_class, sorted(keys))
        for key, value in lost.junction.items():
            mine = many & ((road_class == key) if key != "default" else ~own)
            seconds[mine] = value
            cause[mine] = self.terms.number("stop", f"junction.{key}", urban=urban)
        if network.node_kinds is None:
            return cause
        for kind, name in _SECONDS.items():
            mine = (network.node_kinds[node] == kind) & (getattr(lost, name) >= seconds)
            cause[mine] = self.terms.number("stop", name, urban=urban)
        return cause
