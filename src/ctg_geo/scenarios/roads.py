"""Roads as they would be: other speeds, a bridge closed, a new link."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from ctg_geo.config.scenario_file import Step
from ctg_geo.errors import Defect, ScenarioError
from ctg_geo.network import NO_ARC, RoadNetwork
from ctg_geo.network.arcs import CLOSED_MS, milliseconds
from ctg_geo.parameters import ChangeSpeed, CloseRoad, LinkRoad, Mode
from ctg_geo.scenarios.check import nearest_names

__all__ = ["NEAR_M", "changed_roads"]

NEAR_M = 2000.0  # a point further than this from every road names none

Ints = npt.NDArray[np.int64]


def changed_roads(network: RoadNetwork, steps: Sequence[Step], mode: Mode) -> RoadNetwork:
    """Make the changes of roads that bear on one mode.

    Parameters
    ----------
    network : timed for a profile of the mode
    steps : changes of roads, in order
    mode : what one travels by

    Returns
    -------
    RoadNetwork
        `network` itself where no change bears on it: its times need not be computed again.

    Raises
    ------
    ScenarioError
        If no road has such a class or name, or none is near a point; all at once.
    """
    defects: list[Defect] = []
    made = network
    for step in steps:
        try:
            made = _changed(made, step, mode)
        except ScenarioError as error:
            defects += error.defects
    if defects:
        raise ScenarioError(defects)
    return made


def _changed(network: RoadNetwork, step: Step, mode: Mode) -> RoadNetwork:
    match step.change:
        case ChangeSpeed():
            return _at_speed(network, step, step.change) if step.change.mode == mode else network
        case CloseRoad():
            return network.closing(_edges(network, step, step.change))
        case LinkRoad():
            return _linked(network, step, step.change) if mode in step.change.modes else network
        case _:
            msg = "a change that is not of roads"
            raise AssertionError(msg)


def _at_speed(network: RoadNetwork, step: Step, change: ChangeSpeed) -> RoadNetwork:
    """Divide the running time of classes of roads by their factor; junctions cost as before."""
    classes = network.edges["road_class"].astype(str)
    known = sorted(set(classes))
    wrong = [
        _defect(step, "road_class", name, nearest_names(name, {each: each for each in known})
                or known)
        for name in change.factors if name not in known
    ]  # fmt: skip
    if wrong:
        raise ScenarioError(wrong)
    factor = classes.map(change.factors).fillna(1.0).to_numpy(np.float64)
    times = network.time_ms.copy()
    for arcs in (network.forward, network.backward):
        edges = np.flatnonzero((arcs != NO_ARC) & (factor != 1.0))
        own = arcs[edges]
        open_ = times[own] < CLOSED_MS
        own, faster = own[open_], factor[edges[open_]]
        lost = 0 if network.arrival_ms is None else network.arrival_ms[own]
        times[own] = milliseconds((times[own] - lost) / faster / 1000) + lost
    told = network.edges.assign(speed_kmh=network.edges["speed_kmh"] * factor)
    return replace(network, time_ms=times, edges=told)


def _edges(network: RoadNetwork, step: Step, change: CloseRoad) -> Ints:
    """Return the edges of a name, or the one nearest to a point."""
    names = network.edges["name"].astype(str).to_numpy()
    chosen = np.arange(len(names))
    if change.name is not None:
        chosen = np.flatnonzero(names == change.name)
        if not len(chosen):
            known = {each: each for each in sorted(set(names) - {""})}
            near = nearest_names(change.name, known) or list(known)[:8] or ["–"]
            raise ScenarioError([_defect(step, "road_name", change.name, near)])
    if change.at is None:
        return chosen
    point = shapely.Point(*_metric(network, change.at))
    distance = shapely.distance(network.edge_lines[chosen], point)
    best = int(distance.argmin())
    if distance[best] > NEAR_M:
        raise ScenarioError([_far(step, change.at, float(distance[best]))])
    return chosen[[best]]


def _linked(network: RoadNetwork, step: Step, change: LinkRoad) -> RoadNetwork:
    """Join the nearest nodes from which one can go everywhere."""
    usable = np.flatnonzero(network.part == 0)
    ends, defects = list[int](), list[Defect]()
    for at in (change.start, change.end):
        x, y = _metric(network, at)
        distance = np.hypot(network.x[usable] - x, network.y[usable] - y)
        best = int(distance.argmin())
        if distance[best] > NEAR_M:
            defects.append(_far(step, at, float(distance[best])))
        ends.append(int(usable[best]))
    if not defects and ends[0] == ends[1]:
        defects.append(_defect(step, "link_nowhere", change.name or "–", []))
    if defects:
        raise ScenarioError(defects)
    first, last = ends
    length_m = float(np.hypot(network.x[first] - network.x[last], network.y[first]
                              - network.y[last]))  # fmt: skip
    return network.with_road(
        first, last, length_m / change.speed_kmh * 3.6, one_way=change.one_way,
        road_class=change.road_class, name=change.name,
    )  # fmt: skip


def _metric(network: RoadNetwork, at: tuple[float, float]) -> tuple[float, float]:
    x, y = Transformer.from_crs("EPSG:4326", network.crs, always_xy=True).transform(*at)
    return float(x), float(y)


def _defect(step: Step, reason: str, value: str, near: list[str]) -> Defect:
    facts: dict[str, object] = {"near": near} if near else {}
    return Defect(step.file, f"scenario_{reason}", value=value, facts=facts, change=step.number)


def _far(step: Step, at: tuple[float, float], metres: float) -> Defect:
    facts: dict[str, object] = {"km": metres / 1000, "within": NEAR_M / 1000}
    return Defect(step.file, "scenario_road_far", value=f"{at[0]:g}, {at[1]:g}", facts=facts,
                  change=step.number)  # fmt: skip
