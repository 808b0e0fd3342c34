"""The places of services as one layer, a mark for each service, the same wherever they stand."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ctg_geo import labels
from ctg_geo.export._words import status_word
from ctg_geo.export.layer import Layer
from ctg_geo.export.qml import categorised, marker, qml, rgb, symbol
from ctg_geo.export.qml_labels import MARKS_BELOW, mark_labels
from ctg_geo.export.theme_places import SYMBOLS, places_of
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

__all__ = ["PLACES", "place_layers", "place_marks"]

PLACES: Final = "lieux"  # name of the layer
_COLUMNS: Final = ("equipement_id", "place_nom", "service_label", "code_insee", "delivery",
                   "location_status", "source")  # fmt: skip

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
    places["location_status"] = places["location_status"].map(status_word)
    places["delivery"] = places["delivery"].map(lambda key: labels.text(f"delivery.{key}"))
    titles = {name: _title(name) for name in _COLUMNS}
    here = [name for key, name in services.items() if (places["service"] == key).any()]
    table = places.reset_index()[[*_COLUMNS, "geometry"]]
    return [(Layer(PLACES, table, titles, said), place_marks(here, titles))]


def _title(name: str) -> str:
    return labels.text("themes.columns.service" if name == "service_label" else f"columns.{name}")


def place_marks(
    services: Sequence[str], titles: Mapping[str, str], shown: Sequence[str] = ()
) -> str:
    """Return the QML of places: a mark for each service, the same whatever the theme.

    Parameters
    ----------
    services : labels of all, in order
    titles : by column of the layer
    shown : labels of those drawn, all if there are none
    """
    entries: list[tuple[str, str, ET.Element]] = []
    for at, label in enumerate(services):
        if label in shown or not shown:
            shape, tone = SYMBOLS[at % len(SYMBOLS)]
            drawn = marker(rgb(tone), size=3.0, shape=_MARKERS.get(shape, "disc"))
            entries.append((label, label, symbol(str(len(entries)), "marker", drawn)))
    names = mark_labels('"place_nom"', below=MARKS_BELOW)
    told = ("service_label", "delivery", "location_status")
    return qml(categorised("service_label", entries), titles, labeling=names,
               headline="place_nom", told=told)  # fmt: skip
