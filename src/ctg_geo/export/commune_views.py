"""Other ways to look at the communes of a diagnosis: how solid, why, where it gathers."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export.layer import ClassWords, NamedStyle
from ctg_geo.export.palettes import NO_DATA, OUTLINE
from ctg_geo.export.publish import Publication
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol

__all__ = ["commune_views"]

# By column: the group of words, and the colour of each; the darker, the more it is so.
_VIEWS: Final[Mapping[str, tuple[str, str, Mapping[str, str]]]] = {
    "certainty_label": ("solidite", "certainty", {
        "solid": "#27476b", "likely": "#88b6d8", "fragile": "#eec98f",
    }),
    "gap_main": ("causes", "cause_of_gap", {
        "distance": "#2a6496", "saturation": "#cf9468", "lack": "#803c0d",
    }),
    "cluster": ("grappes", "cluster", {
        "low_low": "#803c0d", "low_high": "#e3b58c", "high_low": "#bfd9ec",
        "high_high": "#2a6496", "not_significant": "#f1ede4",
    }),
}  # fmt: skip


def commune_views(
    publication: Publication, titles: Mapping[str, str], names: ET.Element, told: Sequence[str]
) -> list[NamedStyle]:
    """Return a style for each of the views that the diagnosis can tell of.

    Parameters
    ----------
    titles : by column of the communes
    names : what writes the names of communes
    told : columns that the map tip tells
    """
    return [
        _view(publication, column, titles, names, told)
        for column in _VIEWS
        if column in titles and publication.diagnosis.service.judged
    ]


def _view(
    publication: Publication, column: str, titles: Mapping[str, str], names: ET.Element,
    told: Sequence[str],
) -> NamedStyle:  # fmt: skip
    key, words, colours = _VIEWS[column]
    values = publication.communes[column]
    kinds = [(labels.text(f"{words}.{each}"), colour) for each, colour in colours.items()]
    counts = [(said, int((values == said).sum())) for said, _ in kinds]
    rest = labels.text(f"commune_views.rest_{key}")
    counts.append((rest, len(values) - sum(count for _, count in counts)))
    entries = [
        (said, said[:1].upper() + said[1:],
         symbol(str(at), "fill", fill(rgb(colour), rgb(OUTLINE))))
        for at, (said, colour) in enumerate(kinds)
    ]  # fmt: skip
    last = symbol(str(len(entries)), "fill", fill(rgb(NO_DATA), rgb(OUTLINE)))
    entries.append(("", rest[:1].upper() + rest[1:], last))
    classes = tuple(ClassWords(said, said, count)
                    for (_, said, _), (_, count) in zip(entries, counts, strict=True))  # fmt: skip
    style = qml(categorised(column, entries), titles, labeling=names,
                told=tuple(dict.fromkeys([column, *told])))  # fmt: skip
    return NamedStyle("communes", key, labels.text(f"commune_views.{key}"), style, classes)
