"""The places of services as one layer, a mark for each service, side by side at one point."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ctg_geo import labels
from ctg_geo.export._words import status_word
from ctg_geo.export.layer import Layer
from ctg_geo.export.qml import categorised, marker, ordered, qml, rgb, sized, symbol
from ctg_geo.export.qml_labels import MARKS_BELOW, mark_labels
from ctg_geo.export.theme_places import SYMBOLS, places_of
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    import geopandas as gpd
    import pandas as pd

__all__ = ["PLACES", "place_layers", "place_marks"]

PLACES: Final = "lieux"  # name of the layer
_COLUMNS: Final = ("equipement_id", "place_nom", "service_label", "beside", "code_insee",
                   "delivery", "location_status", "source")  # fmt: skip
_AND: Final = " ; "  # between the services of one point
_SIZE: Final = 3.0  # of a mark, mm
_STEP: Final = 3.3  # from a mark to the next, mm
_ROW: Final = 3  # marks side by side, as on the maps in PNG

# Shapes of matplotlib as QGIS draws them; those that it has not are discs.
_MARKERS: Final = {"o": "disc", "s": "square", "^": "triangle", "v": "down", "D": "diamond",
                   "P": "plus", "X": "cross", "*": "star", "p": "pentagon", "h": "hexagon",
                   "<": "left", ">": "right"}  # fmt: skip


def place_layers(
    territory: Territory, services: Mapping[str, str], said: str
) -> list[tuple[Layer, str]]:
    """Return the layer of the places of services, and its style; none without places.

    Parameters
    ----------
    services : by key, what each is called
    said : what the layer is
    """
    places = places_of(territory, list(services)).rename(columns={"nom": "place_nom"})
    if places.empty:
        return []
    places["service_label"] = places["service"].map(dict(services))
    places["beside"] = _beside(places, list(services.values()))
    places["location_status"] = places["location_status"].map(status_word)
    places["delivery"] = places["delivery"].map(lambda key: labels.text(f"delivery.{key}"))
    titles = {name: _title(name) for name in _COLUMNS}
    here = [name for key, name in services.items() if (places["service"] == key).any()]
    table = places.reset_index()[[*_COLUMNS, "geometry"]]
    return [(Layer(PLACES, table, titles, said), place_marks(here, titles))]


def _beside(places: "gpd.GeoDataFrame", ordered: Sequence[str]) -> "pd.Series":
    """Return the services that stand at the point of each place, in order."""
    order = {label: at for at, label in enumerate(ordered)}
    spots = [places.geometry.x.round(0), places.geometry.y.round(0)]
    found: pd.Series = places.groupby(spots)["service_label"].transform(
        lambda own: _AND.join(sorted(set(own), key=order.__getitem__))
    )
    return found


def _title(name: str) -> str:
    own = {"service_label": "themes.columns.service", "beside": "themes.columns.beside"}
    return labels.text(own.get(name, f"columns.{name}"))


def place_marks(
    services: Sequence[str], titles: Mapping[str, str], shown: Sequence[str] = (), *,
    named: str = '"place_nom"', over: str = "",
) -> str:  # fmt: skip
    """Return the QML of places: a mark for each service, the same whatever the theme.

    Parameters
    ----------
    services : labels of all, in order
    titles : by column of the layer
    shown : labels of those drawn, all if there are none
    named : expression of the name that is written beside a mark
    over : expression, the greater the more a mark is drawn over others; "" for as they come
    """
    entries: list[tuple[str, str, ET.Element]] = []
    for at, label in enumerate(services):
        if label in shown or not shown:
            shape, tone = SYMBOLS[at % len(SYMBOLS)]
            mark = marker(rgb(tone), size=_SIZE, shape=_MARKERS.get(shape, "disc"))
            sized(mark, _offset(shown), "offset")
            entries.append((label, label, symbol(str(len(entries)), "marker", mark)))
    names = mark_labels(named, below=MARKS_BELOW)
    told = ("service_label", "delivery", "location_status")
    drawn = categorised("service_label", entries)
    return qml(ordered(drawn, over) if over else drawn, titles, labeling=names,
               headline="place_nom", told=told)  # fmt: skip


def _offset(shown: Sequence[str]) -> str:
    """Return how far a mark is moved, so that services of one point stand side by side.

    An expression of QGIS, "x,y" in mm, over the services of the point that are shown, all if
    none is named; the mark stays where its service is alone.
    """
    here = f"string_to_array(\"beside\", '{_AND}')"
    if shown:
        named = ",".join("'" + each.replace("'", "''") + "'" for each in shown)
        here = f"array_filter({here}, array_contains(array({named}), @element))"
    row, last = f"floor(@at / {_ROW})", f"floor((@many - 1) / {_ROW})"
    in_row = f"min({_ROW}, @many - {_ROW} * {row})"
    across = f"{_STEP} * (@at % {_ROW} - ({in_row} - 1) / 2)"
    down = f"{_STEP} * ({row} - {last} / 2)"
    # in a legend there is no place, and the service is found nowhere
    moved = f"if(coalesce(@at, -1) < 0, '0,0', concat({across}, ',', {down}))"
    for name, value in (("at", 'array_find(@here, "service_label")'),
                        ("many", "array_length(@here)"), ("here", here)):  # fmt: skip
        moved = f"with_variable('{name}', {value}, {moved})"
    return moved
