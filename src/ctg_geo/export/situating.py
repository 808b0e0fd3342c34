"""A small map of each commune among its neighbours, in the classes of the map of a service."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapely

from ctg_geo import labels
from ctg_geo.diagnosis import map_classes
from ctg_geo.export import palettes
from ctg_geo.export._map import HATCH
from ctg_geo.export._names import Named, middle, name_all
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._placing import Box, Room
from ctg_geo.export._png import write_png
from ctg_geo.export._unshown import BEYOND_LIMIT, SIGNS
from ctg_geo.export._view import View
from ctg_geo.parameters import Service

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.figure import Figure

__all__ = ["situating_maps"]

_MAP: Final = (300.0, 190.0)  # points
_PANEL, _GUTTER, _EDGE = 160.0, 12.0, 4.0
_ROUGH = 1.5  # points: fineness of the shapes that names are put in
_TYPE, _HERE = 7.0, 8.6
_HATCHES: Final = {each.status: each.hatch for each in SIGNS} | {BEYOND_LIMIT.status: "\\\\\\\\"}


def situating_maps(
    communes: "gpd.GeoDataFrame", service: Service, folder: Path
) -> Iterator[tuple[str, Path]]:
    """Draw every commune among those that touch it, as PNG; the same inputs give the same bytes.

    Parameters
    ----------
    communes : by code_insee, published: nom, class, drawn (see `layers`), certainty_label, in a
        metric CRS
    service : whose classes these are
    folder : to write into

    Returns
    -------
    code and file of each commune, in the order of the table
    """
    for code in communes.index:
        path = folder / f"{code}.png"
        write_png(partial(_compose, communes, service, str(code)), path)
        yield str(code), path


def _compose(communes: "gpd.GeoDataFrame", service: Service, code: str) -> "Figure":
    width = _MAP[0] + _GUTTER + _PANEL + 2 * _EDGE
    paper = Paper(width, _MAP[1] + 2 * _EDGE)
    frame = (_EDGE, _EDGE, _EDGE + _MAP[0], _EDGE + _MAP[1])
    _map(paper, communes, service, code, frame)
    column = Column(paper, frame[2] + _GUTTER, _PANEL, frame[1])
    _legend(column, communes, service, str(communes.at[code, "nom"]))
    return paper.figure


def _map(
    paper: Paper, communes: "gpd.GeoDataFrame", service: Service, code: str, frame: Box
) -> None:
    home = communes.geometry[code]
    near = communes[communes.geometry.intersects(home)]
    view = View.over(near, frame)
    left, top, right, bottom = frame
    clip = paper.rectangle(left, top, right - left, bottom - top, palettes.BEYOND, zorder=1)
    window = shapely.box(left + 2, top + 2, right - 2, bottom - 2)
    shapes = view.on_page(communes.geometry.to_numpy())
    seen = communes[shapely.intersects(shapes, window)]
    colours = palettes.class_colours(map_classes(service))
    drawn_shapes = view.on_page(seen.geometry.to_numpy())
    for shape, drawn, fragile in zip(drawn_shapes, seen["drawn"], _fragile(seen), strict=True):
        number, _, status = str(drawn).partition(" ")
        colour = colours.get(int(number), palettes.NO_DATA)
        paper.shape(shape, clip, facecolor=colour, edgecolor=palettes.OUTLINE, linewidth=0.7,
                    zorder=2)  # fmt: skip
        for hatch in filter(None, (HATCH if fragile else "", _HATCHES.get(status))):
            paper.shape(shape, clip, facecolor="none", edgecolor=palettes.hatch_colour(colour),
                        hatch=hatch, linewidth=0, zorder=2.1)  # fmt: skip
    (outline,) = view.on_page([home])
    paper.shape(outline, clip, facecolor="none", edgecolor=palettes.INK, linewidth=2.2, zorder=4)
    _name(paper, communes, near.index.get_indexer([code])[0], view, near, window)
    paper.rectangle(left, top, right - left, bottom - top, "none", edgecolor=palettes.RULE,
                    linewidth=0.8, zorder=8)  # fmt: skip


def _fragile(communes: "gpd.GeoDataFrame") -> list[bool]:
    """Tell of which communes the verdict is fragile, as the maps of the service hatch them."""
    fragile = labels.text("certainty.fragile")
    return [each == fragile for each in communes["certainty_label"]]


def _name(
    paper: Paper, communes: "gpd.GeoDataFrame", first: int, view: View,
    near: "gpd.GeoDataFrame", window: shapely.Polygon,
) -> None:  # fmt: skip
    """Name the commune, then those around it where there is room, the largest first."""
    room = Room(window.bounds)
    here = near.index[first]
    order = [here, *near.index.drop(here)[(-near.drop(here).geometry.area).argsort(kind="stable")]]
    named = []
    for code, shape in zip(order, view.on_page(communes.geometry[order].to_numpy()), strict=True):
        seen = shapely.simplify(shapely.intersection(shape, window), _ROUGH)
        if seen.is_empty:
            continue
        seen = max(shapely.get_parts(seen), key=lambda part: part.area)
        spot, own = middle(seen), code == here
        named.append(Named(str(communes.at[code, "nom"]), float(spot.x), float(spot.y), seen,
                           _HERE if own else _TYPE, own, own, 0.0))  # fmt: skip
    name_all(paper, named, shapely.GeometryCollection(), room)


def _legend(column: Column, communes: "gpd.GeoDataFrame", service: Service, nom: str) -> None:
    """Say what is outlined, then the classes, the worst first, and the signs that are drawn."""
    high, wide = 9.0, 18.0
    entries: list[tuple[str, str, str | None, float]] = [(nom, "none", None, 1.8)]
    colours = palettes.class_colours(map_classes(service))
    entries += [
        (labels.text(f"class.{each.label}", low=each.low, high=each.high), colours[each.number],
         None, 0.4)
        for each in map_classes(service)
    ]  # fmt: skip
    statuses = {str(each).partition(" ")[2] for each in communes["drawn"]} - {""}
    entries += [(labels.text(f"status.{each}"), "white", hatch, 0.4)
                for each, hatch in _HATCHES.items() if each in statuses]  # fmt: skip
    unit = "supply" if service.judged_on_supply else "time"
    if any(_fragile(communes)):
        entries.append((labels.text("map.fragile"), "white", HATCH, 0.4))
    column.say(labels.text(f"documents.situation_{unit}", unit=service.unit,
                           people=service.people_label), _TYPE, bold=True)  # fmt: skip
    column.skip(3)
    for said, colour, hatch, edge in entries:
        column.paper.rectangle(column.left, column.y + 1, wide, high, colour, linewidth=edge,
                               edgecolor=palettes.INK, hatch=hatch)  # fmt: skip
        column.say(said, _TYPE + 0.5, indent=wide + 6)
        column.skip(3.5)
