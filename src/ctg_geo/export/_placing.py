"""Where labels can stand: near what they name, over nothing else."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Box", "Room", "around", "near"]

Box = tuple[float, float, float, float]  # left, top, right, bottom, in points
_Boxes = npt.NDArray[np.float64]
_OUTSIDE = 16.0  # cost of a name wholly outside what it names


class Room:
    """The frame of the map, and what is already taken in it."""

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self.taken: list[Box] = []

    def take(self, box: Box) -> None:
        """Keep everything else off this box."""
        self.taken.append(box)

    def free(self, boxes: _Boxes, *, margin: float = 1.0) -> npt.NDArray[np.bool_]:
        """Tell which boxes are inside the frame and touch nothing taken."""
        left, top, right, bottom = self.frame
        inside = (boxes[:, 0] >= left) & (boxes[:, 1] >= top)
        inside &= (boxes[:, 2] <= right) & (boxes[:, 3] <= bottom)
        for box in self.taken:
            apart = (boxes[:, 0] >= box[2] + margin) | (boxes[:, 2] <= box[0] - margin)
            apart |= (boxes[:, 1] >= box[3] + margin) | (boxes[:, 3] <= box[1] - margin)
            inside &= apart
        return inside


def _boxes_at(xs: _Boxes, ys: _Boxes, width: float, height: float) -> _Boxes:
    """Return the boxes of a size centred on every x and y."""
    x, y = (each.ravel() for each in np.meshgrid(xs, ys))
    return np.column_stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2])


def near(
    room: Room, point: tuple[float, float], home: Any, line: Any, size: tuple[float, float], *,  # noqa: ANN401
    reach: float,
) -> tuple[Box, float] | None:  # fmt: skip
    """Find the best free box near a point, inside its own polygon if possible.

    Returns
    -------
    The box and its cost; None where nothing is free within `reach` points.
    """
    (x, y), (width, height) = point, size
    xs = np.linspace(x - width / 2 - reach, x + width / 2 + reach, 27)
    ys = np.linspace(y - height / 2 - reach, y + height / 2 + reach, 21)
    boxes = _boxes_at(xs, ys, width, height)
    boxes = boxes[room.free(boxes)]
    if not len(boxes):
        return None
    drawn = shapely.box(*boxes.T)
    away = shapely.distance(drawn, shapely.Point(x, y))
    centred = np.hypot(boxes[:, ::2].mean(axis=1) - x, boxes[:, 1::2].mean(axis=1) - y)
    cost = 0.6 * away + 0.12 * centred + 14 * shapely.intersects(drawn, line)
    cost += _OUTSIDE * _outside(drawn, home, width * height, cost)
    best = int(np.argmin(np.round(cost, 6)))
    left, top, right, bottom = (float(each) for each in boxes[best])
    return (left, top, right, bottom), float(cost[best])


def _outside(drawn: Any, home: Any, area: float, cost: _Boxes) -> _Boxes:  # noqa: ANN401
    """Return the share of each box that lies outside a polygon.

    Only boxes at its edge are cut, and of these only those whose other `cost` leaves them a
    chance to be the best; the rest count as outside, which changes no choice.
    """
    shapely.prepare(home)
    share = np.where(shapely.contains_properly(home, drawn), 0.0, 1.0)
    ceiling = (cost + _OUTSIDE * share).min() + 1e-3
    edge = (share > 0) & (cost <= ceiling)
    edge[edge] = shapely.intersects(home, drawn[edge])
    share[edge] = 1 - shapely.area(shapely.intersection(drawn[edge], home)) / area
    return share


def around(
    room: Room, home: Any, others: Sequence[Any], whole: Any, size: tuple[float, float]  # noqa: ANN401
) -> Box | None:  # fmt: skip
    """Find a free box beside a group of communes, off the whole territory."""
    width, height = size
    left, top, right, bottom = room.frame
    xs = np.linspace(left + width / 2, right - width / 2, 48)
    ys = np.linspace(top + height / 2, bottom - height / 2, 64)
    boxes = _boxes_at(xs, ys, width, height)
    boxes = boxes[room.free(boxes, margin=3.0)]
    if len(boxes):
        boxes = boxes[shapely.distance(shapely.box(*boxes.T), whole) > 5]  # noqa: PLR2004
    if not len(boxes):
        return None
    drawn = shapely.box(*boxes.T)
    cost = shapely.distance(drawn, home) + 0.10 * shapely.distance(
        shapely.centroid(drawn), home.centroid
    )
    for other in others:
        cost -= 0.35 * np.minimum(shapely.distance(drawn, other), 90)
    best = boxes[int(np.argmin(np.round(cost, 6)))]
    return (float(best[0]), float(best[1]), float(best[2]), float(best[3]))
