"""QGIS styles as QML, from the stored classes, so that QGIS draws what the report says."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._class_style import class_entries, hatched_classes
from ctg_geo.export._page_words import legend_title
from ctg_geo.export._unshown import SIGNS, Sign, drawn_keys
from ctg_geo.export.commune_views import commune_views
from ctg_geo.export.ground_layers import ground_styles
from ctg_geo.export.layer import ClassWords, Layer, NamedStyle
from ctg_geo.export.palettes import BOUNDARY, ZONE
from ctg_geo.export.place_style import place_style
from ctg_geo.export.publish import Publication
from ctg_geo.export.qml import categorised, fill, line, marker, qml, rgb, single, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels, written

__all__ = ["RESULT", "quarters_style", "result_style", "styles_of"]

RESULT: Final = "resultat"  # key of the style of the communes that opens
_TOLD: Final = ("class_label", "why", "nearest_place", "certainty_label", "result_status")


def styles_of(publication: Publication, layers: Sequence[Layer]) -> list[NamedStyle]:
    """Return the styles of each spatial layer that has some, that which opens first."""
    aliases = {layer.name: layer.titles for layer in layers}
    plain = {
        "groupes": _groups(aliases.get("groupes", {})),
        "points_demande": qml(_points(publication), aliases["points_demande"],
                              told=("demand", "nearest_min")),
        "equipements": place_style(publication, aliases["equipements"]),
        "routes": _roads(aliases["routes"]),
        "zones": _zones(aliases.get("zones", {})),
        "qpv": quarters_style(aliases.get("qpv", {})),
        **ground_styles(aliases),
    }  # fmt: skip
    return [
        result_style(publication, aliases["communes"]),
        *commune_views(publication, aliases["communes"], _names(), _TOLD),
        *(NamedStyle(name, name, "", style) for name, style in plain.items() if name in aliases),
    ]


def _names() -> ET.Element:
    return place_labels(closer_than=NAMES_BELOW, people="population")


def _groups(titles: Mapping[str, str]) -> str:
    drawn = single("fill", fill("0,0,0,0", rgb(BOUNDARY), width=0.6))
    by = written('"group"', kind="area", size=9, colour=BOUNDARY, further_than=NAMES_BELOW,
                 by={"Bold": "true"})  # fmt: skip
    return qml(drawn, titles, labeling=by, headline="group", told=("communes", "missing"))


def _roads(titles: Mapping[str, str]) -> str:
    """Draw roads of the territory, and faintly those that lie outside it."""
    entries = [
        (labels.text("words.yes"), labels.text("map.roads"),
         symbol("0", "line", line("130,120,110,200"))),
        ("", labels.text("map.roads_around"),
         symbol("1", "line", line("130,120,110,70", width=0.2))),
    ]  # fmt: skip
    return qml(categorised("inside", entries), titles, headline="road_name",
               told=("length_m", "forward_min", "road_status"))  # fmt: skip


def _zones(titles: Mapping[str, str]) -> str:
    """Return the QML of areas below the norm: an outline, so that classes are seen."""
    drawn = fill("0,0,0,0", rgb(ZONE), width=0.9)
    told = ("people", "people_share", "missing", "communes", "reason")
    return qml(single("fill", drawn), titles, headline="name", told=told)


def quarters_style(titles: Mapping[str, str]) -> str:
    """Return the QML of QPV: an outline and a hatch, so that what lies under them is seen."""
    drawn = fill(rgb(BOUNDARY), rgb(BOUNDARY), width=0.5, brush="b_diagonal")
    return qml(single("fill", drawn), titles, headline="lib_qp", told=("code_qp", "vintage"))


def result_style(publication: Publication, titles: Mapping[str, str]) -> NamedStyle:
    """Draw communes by their stored class, with a class for communes without data.

    Those whose verdict is fragile are hatched over it, if there are any.
    """
    drawn = drawn_keys(publication)
    counts = drawn.value_counts()
    entries = class_entries(publication.classes, publication.class_labels, drawn)
    short = {str(number): said for number, said in publication.class_labels.items()}
    classes = tuple(
        ClassWords(said, short.get(value, said), int(counts.get(value, 0)))
        for value, said, _ in entries
    )
    fragile = publication.communes["certainty_label"] == labels.text("certainty.fragile")
    renderer = categorised("drawn", entries)
    if fragile.any():
        renderer = hatched_classes(entries, publication.classes)
        words = labels.text("map.fragile"), labels.text("qgis.fragile_short")
        classes = (*classes, ClassWords(*words, int(fragile.sum())))
    style = qml(renderer, titles, labeling=_names(), told=_TOLD)
    return NamedStyle("communes", RESULT, legend_title(publication), style, classes)


def _expression(plain: str, signs: tuple[Sign, ...]) -> str:
    """Return what tells features apart in QGIS: a value, then the status if it has a sign."""
    cases = " ".join(
        f"WHEN \"demand_status\" = '{labels.text(f'status.{sign.status}')}' THEN ' {sign.status}'"
        for sign in signs
    )
    return f"concat({plain}, CASE {cases} ELSE '' END)"


def _points(publication: Publication) -> ET.Element:
    """One mark for people shown; others for none, and for each reason not to show."""
    plain = marker("120,120,120,255", size=1.2)
    there = set(pd.Series(publication.diagnosis.demand_status))
    signs = tuple(sign for sign in SIGNS if sign.status in there)
    if not signs:
        return single("marker", plain)
    entries = [
        ("shown", labels.text("map.people_shown"), symbol("0", "marker", plain)),
        ("zero", labels.text("map.people_none"),
         symbol("1", "marker", marker("200,200,200,255", size=1.2))),
    ]  # fmt: skip
    for number, sign in enumerate(signs, start=2):
        drawn = marker("34,38,43,255", size=2.0, shape=sign.marker)
        entries.append(
            (f" {sign.status}", labels.text(sign.legend), symbol(str(number), "marker", drawn))
        )
    shown = "CASE WHEN \"demand\" > 0 THEN 'shown' WHEN \"demand\" = 0 THEN 'zero' ELSE '' END"
    return categorised(_expression(shown, signs), entries)
