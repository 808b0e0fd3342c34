"""The signs of places: one a service at each position, side by side where several stand."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._paper import Paper
from ctg_geo.export._placing import Box, Room
from ctg_geo.export._view import View
from ctg_geo.export.theme_places import Located, at_positions, places_of
from ctg_geo.territory import Territory

__all__ = ["draw_symbols"]

_SIGN, _HIGH, _TEXT = 6.4, 9.6, 6.4  # size of a symbol, of its line, of its number, points
_ROW = 3  # symbols side by side
_AWAY = 120.0  # points that a block of symbols may be moved to stand free
_LEADER = 7.0  # points beyond which a line ties the block to its position


@dataclass(frozen=True, slots=True)
class _Cell:
    shape: str
    colour: str
    hollow: bool
    number: str  # "" for one place
    width: float


def draw_symbols(
    paper: Paper, view: View, territory: Territory, services: Sequence[Located], room: Room
) -> pd.DataFrame:
    """Draw the places of services; a number stands beside a symbol of several.

    Blocks of symbols keep off each other, the fullest placed first; one that cannot stand on
    its position is tied to it by a line.

    Returns
    -------
    The circle (x, y, radius, points) that each block takes, for the names around it.
    """
    symbols = {each.state.key: each.symbol for each in services if each.symbol is not None}
    table = at_positions(places_of(territory, list(symbols)))
    table = table.assign(order=table["service"].map({key: at for at, key in enumerate(symbols)}))
    blocks = []
    for _, group in table.groupby(["x", "y"], sort=True):
        spot = view.on_page(shapely.Point(float(group["x"].iloc[0]), float(group["y"].iloc[0])))
        rows = group.sort_values(["order", "mobile"]).to_dict("records")
        cells = [_cell(paper, *symbols[str(row["service"])], row) for row in rows]
        blocks.append((float(spot.x), float(spot.y), cells))
    blocks.sort(key=lambda each: (-len(each[2]), each[0], each[1]))
    found = [_block(paper, room, *each) for each in blocks]
    return pd.DataFrame(found, columns=["x", "y", "radius"], dtype=np.float64)


def _cell(paper: Paper, shape: str, colour: str, row: Mapping[Hashable, Any]) -> _Cell:
    number = labels.number(row["n"]) if row["n"] > 1 else ""
    wide = _SIGN + 2.4 + (paper.width_of(number, _TEXT, bold=True) + 1.5 if number else 0)
    return _Cell(shape, colour, bool(row["mobile"]), number, wide)


def _block(
    paper: Paper, room: Room, x: float, y: float, cells: list[_Cell]
) -> tuple[float, float, float]:
    """Draw the symbols of one position; return the circle that they take."""
    rows = [cells[at : at + _ROW] for at in range(0, len(cells), _ROW)]
    width = max(sum(cell.width for cell in row) for row in rows)
    height = _HIGH * len(rows)
    box = _stand(room, x, y, width, height)
    room.take(box)
    middle_x, middle_y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if math.hypot(middle_x - x, middle_y - y) > _LEADER + height / 2:
        near_x, near_y = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
        paper.line([x, near_x], [y, near_y], palettes.INK, 0.6, zorder=4.5)
        paper.circle(x, y, 1.6, palettes.PLACE, order=4.6)
    if len(cells) > 1:
        paper.rectangle(box[0], box[1], width, height, "#ffffffd9", edgecolor=palettes.RULE,
                        linewidth=0.4, zorder=4.7)  # fmt: skip
    for at, row in enumerate(rows):
        _row(paper, row, middle_x, box[1] + _HIGH * (at + 0.5))
    return middle_x, middle_y, max(width, height) / 2


def _row(paper: Paper, row: list[_Cell], middle: float, y: float) -> None:
    left = middle - sum(cell.width for cell in row) / 2
    for cell in row:
        paper.symbol(left + _SIGN / 2 + 1, y, cell.shape, _SIGN, cell.colour, hollow=cell.hollow)
        if cell.number:
            paper.write(left + _SIGN + 2.6, y - 0.62 * _TEXT, cell.number, _TEXT, bold=True,
                        halo=1.6, order=5.2)  # fmt: skip
        left += cell.width


def _stand(room: Room, x: float, y: float, width: float, height: float) -> Box:
    """Find the nearest free box to a position, itself first; itself where none is free."""
    for across, down in _around():
        box = (x + across - width / 2, y + down - height / 2,
               x + across + width / 2, y + down + height / 2)  # fmt: skip
        if room.free(np.array([box]), margin=0.4)[0]:
            return box
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _around() -> Iterator[tuple[float, float]]:
    """Give places around a point, ever further."""
    yield 0.0, 0.0
    for ring in range(1, int(_AWAY / 3) + 1):
        for turn in range(16):
            angle = 2 * math.pi * turn / 16
            yield 3 * ring * math.cos(angle), 3 * ring * math.sin(angle)
