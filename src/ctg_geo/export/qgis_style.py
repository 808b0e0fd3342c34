"""QGIS styles as QML, from the stored classes, so that QGIS draws what the report says."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export._unshown import SIGNS, Sign, signs_of
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import BOUNDARY, NO_DATA, OUTLINE, PLACE, ZONE, class_colours
from ctg_geo.export.publish import Publication
from ctg_geo.export.qml import categorised, fill, line, marker, qml, rgb, single, symbol

__all__ = ["quarters_style", "styles_of"]


def styles_of(publication: Publication, layers: Sequence[Layer]) -> dict[str, str]:
    """Return the QML of each spatial layer that has a style of its own."""
    aliases = {layer.name: layer.titles for layer in layers}
    renderers = {
        "communes": _communes(publication),
        "groupes": single("fill", fill("0,0,0,0", "34,38,43,255", width=0.7)),
        "points_demande": _points(publication),
        "equipements": single("marker", marker(rgb(PLACE), size=2.6)),
        "routes": single("line", line("130,120,110,200")),
    }
    styles = {
        name: qml(renderer, aliases[name])
        for name, renderer in renderers.items()
        if name in aliases
    }
    if "zones" in aliases:
        styles["zones"] = _zones(aliases["zones"])
    return styles | {name: quarters_style(aliases[name]) for name in {"qpv"} & set(aliases)}


def _zones(titles: Mapping[str, str]) -> str:
    """Return the QML of areas below the norm: an outline, so that classes are seen."""
    drawn = fill("0,0,0,0", rgb(ZONE), width=0.9)
    told = ("people", "people_share", "missing", "communes", "reason")
    return qml(single("fill", drawn), titles, headline="name", told=told)


def quarters_style(titles: Mapping[str, str]) -> str:
    """Return the QML of QPV: an outline and a hatch, so that what lies under them is seen."""
    drawn = fill(rgb(BOUNDARY), rgb(BOUNDARY), width=0.5, brush="b_diagonal")
    return qml(single("fill", drawn), titles, headline="lib_qp", told=("code_qp", "vintage"))


def _communes(publication: Publication) -> ET.Element:
    """Categories on the stored class number, with one for communes without data.

    Where people are secret or unknown the same classes come again under a hatch: the class
    tells of the place, the hatch that its people are not shown.
    """
    entries = _classes(publication)
    last = labels.text("map.unknown")
    entries.append(("", last, symbol("", "fill", fill(rgb(NO_DATA), rgb(OUTLINE)))))
    signs = signs_of(publication)
    for sign, mask in signs.items():
        there = set(publication.communes.loc[mask, "class"].astype(str))
        said = labels.text(sign.legend)
        over = fill("34,38,43,150", rgb(OUTLINE), brush=sign.brush)
        entries += [
            (f"{value} {sign.status}", f"{label} – {said}", _under(drawn, over))
            for value, label, drawn in _classes(publication) if value in there
        ]  # fmt: skip
    for number, (_, _, drawn) in enumerate(entries):
        drawn.set("name", str(number))
    if not signs:
        return categorised("class", entries)
    return categorised(_expression('to_string("class")', tuple(signs)), entries)


def _classes(publication: Publication) -> list[tuple[str, str, ET.Element]]:
    colours = class_colours(publication.classes)
    return [
        (
            str(each.number),
            _told(publication.class_labels[each.number], each.level),
            symbol("", "fill", fill(rgb(colours[each.number]), rgb(OUTLINE))),
        )
        for each in publication.classes
    ]


def _told(said: str, level: int) -> str:
    if not level:
        return said
    return f"{said} ({labels.text('map.below' if level < 0 else 'map.above')})"


def _under(drawn: ET.Element, over: ET.Element) -> ET.Element:
    drawn.append(over)
    return drawn


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
    there = set(publication.diagnosis.demand_status)
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
