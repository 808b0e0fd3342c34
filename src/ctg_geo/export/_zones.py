"""Areas below the norm on the map: their limits, a number in each, and what it stands for."""

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from matplotlib.patches import Rectangle

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._keys import KEY, entry
from ctg_geo.export._names import middle
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._placing import Room, near
from ctg_geo.export._view import View
from ctg_geo.export.publish import Publication
from ctg_geo.export.zone_words import around

__all__ = ["draw_zones", "list_zones", "numbered", "zone_sign"]

_NUMBERED: Final = 9  # zones that the map numbers, those with most people
_LISTED: Final = 6
_RADIUS, _SIZE = 6.6, 8.6
_REACH: Final = 60.0  # points from the middle of a zone to its number
_FEW: Final = 1.5


def numbered(publication: Publication) -> pd.DataFrame:
    """Return the zones that the map shows, by number; none where the norm is met."""
    if publication.gaps is None:
        return pd.DataFrame()
    return pd.DataFrame(publication.gaps.zones.head(_NUMBERED))


def draw_zones(
    paper: Paper,
    publication: Publication,
    view: View,
    clip: Rectangle,
    room: Room,
    boundary: Any,  # noqa: ANN401
) -> None:
    """Draw the limits of the zones, and number those with most people, off the `boundary`."""
    zones = numbered(publication)
    if zones.empty or publication.gaps is None:
        return
    every = view.on_page(publication.gaps.zones.geometry.to_numpy())
    line: dict[str, Any] = {"facecolor": "none", "joinstyle": "round"}
    for shape in every:
        paper.shape(shape, clip, edgecolor="white", linewidth=3.4, zorder=2.6, **line)
    for shape in every:
        paper.shape(shape, clip, edgecolor=palettes.INK, linewidth=1.5, zorder=2.7, **line)
    for number, shape in zip(zones.index, every, strict=False):
        home = max(shapely.get_parts(shape), key=shapely.area)
        spot = middle(home)
        size = (2 * _RADIUS + 2, 2 * _RADIUS + 2)
        found = near(room, (spot.x, spot.y), home, boundary, size, reach=_REACH)
        if found is None:
            continue
        room.take(found[0])
        x, y = np.mean(found[0][::2]), np.mean(found[0][1::2])
        _badge(paper, float(x), float(y), int(number))


def _badge(paper: Paper, x: float, y: float, number: int) -> None:
    paper.symbol(x, y, "o", 2 * _RADIUS, palettes.INK, order=6.5)
    paper.write(x, y - 0.6 * _SIZE, str(number), _SIZE, bold=True, colour="white",
                align="center", order=6.6)  # fmt: skip


def zone_sign(column: Column, publication: Publication) -> None:
    """Explain the limits and numbers of zones, if there are any."""
    if numbered(publication).empty:
        return

    def sign(y: float) -> None:
        left, high = column.left + 0.8, 9.0
        column.paper.rectangle(left, y - high / 2, KEY - 1.6, high, "none",
                               edgecolor=palettes.INK, linewidth=1.5)  # fmt: skip

    entry(column, labels.text("map.zone"), sign)


def list_zones(column: Column, publication: Publication) -> None:
    """List the zones with most people: around which commune, how many, what is missing."""
    zones = numbered(publication)
    if zones.empty:
        return
    service, people = publication.diagnosis.service, publication.diagnosis.service.people_label
    column.say(labels.text("map.zones"), 9, bold=True)
    column.skip(2)
    for number, row in zip(zones.index[:_LISTED], zones.to_dict("records"), strict=False):
        right = ""
        if service.judged_on_supply and pd.notna(row["missing"]):
            kind = "_few" if row["missing"] < _FEW else ""
            right = labels.text(f"map.lack{kind}", missing=row["missing"], unit=service.unit)
        width = column.paper.width_of(right, 8) + 8 if right else 0.0
        column.paper.write(column.right, column.y, right, 8, align="right")
        said = around(str(row["name"]))
        said = labels.text("map.zone_name", number=int(number), around=said[:1].upper() + said[1:])
        column.say(said, 8, bold=True, room=column.width - width)
        count = len(str(row["codes"]).split(","))
        kind = "zone_hidden" if pd.isna(row["people"]) else "zone_few" if (
            row["people"] < _FEW) else "zone_people"  # fmt: skip
        said = labels.text(f"map.{kind}", people=row["people"], label=people, count=count,
                           area=row["area_km2"])  # fmt: skip
        column.say(said, 7, colour=palettes.GREY, indent=11)
        column.skip(2)
    rest = len(publication.gaps.zones) - min(_LISTED, len(zones)) if publication.gaps else 0
    if rest > 0:
        column.say(labels.text("map.zones_more", count=rest), 7, colour=palettes.GREY, indent=11)
    column.skip(6)
