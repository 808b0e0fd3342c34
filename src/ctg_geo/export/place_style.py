"""How places look in QGIS: the sign of their service, as large as what they offer."""

from collections.abc import Mapping

from ctg_geo import labels
from ctg_geo.export.palettes import GREY, PLACE, STOP
from ctg_geo.export.publish import Publication
from ctg_geo.export.qml import marker, qml, rgb, rules, sized, symbol
from ctg_geo.export.qml_labels import MARKS_BELOW, mark_labels

__all__ = ["place_style"]


def place_style(publication: Publication, titles: Mapping[str, str]) -> str:
    """Return the QML of the places of a service.

    Places of the territory are darker than those around it, which count too; mobile stops have
    a colour of their own. Where capacities differ, the surface of a sign follows them.
    """
    service = publication.diagnosis.service
    yes, mobile = labels.text("words.yes"), labels.text("delivery.mobile")
    size = _size(publication)
    entries = [
        (f"\"inside\" = '{yes}' AND coalesce(\"delivery\", '') <> '{mobile}'",
         service.place_label, rgb(PLACE)),
        (f"\"inside\" = '{yes}' AND \"delivery\" = '{mobile}'",
         labels.text("map.place_mobile"), rgb(STOP)),
        (f"\"inside\" <> '{yes}'", labels.text("map.place_around"), rgb(GREY)),
    ]  # fmt: skip
    there = publication.diagnosis.equipements
    kinds = (there["inside"].astype(bool) & (there["delivery"] != "mobile"),
             there["inside"].astype(bool) & (there["delivery"] == "mobile"),
             ~there["inside"].astype(bool))  # fmt: skip
    drawn = [
        (condition, said, symbol("", "marker", sized(marker(colour, size=3.0), size)))
        for (condition, said, colour), mask in zip(entries, kinds, strict=True)
        if mask.any()
    ]
    names = mark_labels('"place_nom"', below=MARKS_BELOW)
    told = (
        "capacity",
        "capacity_status",
        "delivery",
        "hours_per_week",
        "location_status",
        "source",
    )
    return qml(rules(drawn), titles, labeling=names, headline="place_nom", told=told)


def _size(publication: Publication) -> str:
    """Return the diameter in mm as an expression."""
    if not publication.diagnosis.service.judged_on_supply:
        return "3.2"
    return (
        'CASE WHEN "capacity_at_point" > 0 '
        'THEN max(1.6, min(10, 0.36 * sqrt("capacity_at_point"))) ELSE 1.6 END'
    )
