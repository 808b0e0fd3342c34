"""The legend: classes on both sides of the norm, then the other signs."""

from functools import partial

from ctg_geo import labels
from ctg_geo.diagnosis import MapClass
from ctg_geo.export import palettes
from ctg_geo.export._keys import GAP, KEY, SIZE, STEP, count_of, entry, limits, swatch
from ctg_geo.export._map import HATCH
from ctg_geo.export._page_words import legend_title
from ctg_geo.export._paper import Column
from ctg_geo.export._unshown import signs_of
from ctg_geo.export._view import radius_per_root, references
from ctg_geo.export._zones import zone_sign
from ctg_geo.export.publish import Publication

__all__ = ["legend"]


def legend(column: Column, publication: Publication, *, beyond: bool) -> None:
    """Write the legend down a column."""
    service = publication.diagnosis.service
    supply = service.judged_on_supply
    column.head(legend_title(publication), 9.5, 8.8)
    column.skip(3)
    if service.judged:
        below = [each for each in publication.classes if each.level < 0]
        above = [each for each in publication.classes if each.level > 0]
        _side(column, publication, below, "map.below")
        _divider(column, publication)
        _side(column, publication, above, "map.above")
    else:
        _entries(column, publication, list(publication.classes))
    column.say(labels.text("map.bounds_supply" if supply else "map.bounds_time"), 6.8,
               colour=palettes.GREY)  # fmt: skip
    column.skip(5)
    _signs(column, publication, beyond=beyond)
    column.skip(8)


def _side(column: Column, publication: Publication, classes: list[MapClass], heading: str) -> None:
    """Write the classes of one side of the norm, with their numbers of communes."""
    numbers = publication.communes["class"].value_counts()
    counts = [int(numbers.get(each.number, 0)) for each in classes]
    said = labels.text(heading)
    paper = column.paper
    paper.write(column.left, column.y, said[:1].upper() + said[1:], SIZE, bold=True)
    paper.write(column.right, column.y, count_of(sum(counts)), SIZE, bold=True, align="right")
    column.skip(STEP - 1)
    _entries(column, publication, classes)


def _entries(column: Column, publication: Publication, classes: list[MapClass]) -> None:
    """Write some classes with their numbers of communes."""
    numbers = publication.communes["class"].value_counts()
    counts = [int(numbers.get(each.number, 0)) for each in classes]
    paper = column.paper
    colours = palettes.class_colours(publication.classes)
    for each, count in zip(classes, counts, strict=True):
        faint = palettes.INK if count else palettes.GREY
        paper.write(column.right, column.y + 2, count_of(count), SIZE, align="right", colour=faint)
        sign = partial(swatch, column, colours[each.number])
        entry(column, publication.class_labels[each.number], sign, colour=faint)


def _divider(column: Column, publication: Publication) -> None:
    """Rule a heavy line where the norm stands, with its value."""
    service = publication.diagnosis.service
    said = (
        labels.text("map.norm_line_time", norm=service.within_min)
        if service.per_100 is None
        else labels.text("map.norm_line", norm=service.per_100)
    )
    column.skip(3)
    width = column.paper.width_of(said, 7.6, bold=True)
    y = column.y + 5
    column.paper.line([column.left, column.right - width - 6], [y, y], palettes.INK, 2.0)
    column.paper.write(column.right, column.y, said, 7.6, bold=True, align="right")
    column.skip(STEP - 1)


def _signs(column: Column, publication: Publication, *, beyond: bool) -> None:
    """Write the entries for what is not a class."""
    unknown = int((~publication.communes["class"].isin(
        [each.number for each in publication.classes])).sum())  # fmt: skip
    if unknown:
        said = count_of(unknown)
        column.paper.write(column.right, column.y + 2, said, SIZE, align="right")
        entry(column, labels.text("map.unknown"), partial(swatch, column, palettes.NO_DATA))
    if (publication.communes["certainty_label"] == labels.text("certainty.fragile")).any():
        entry(
            column, labels.text("map.fragile"), partial(_hatched, column, publication, hatch=HATCH)
        )
    for sign, mask in signs_of(publication).items():
        said = count_of(int(mask.sum()))
        column.paper.write(column.right, column.y + 2, said, SIZE, align="right")
        entry(column, labels.text(sign.legend),
               partial(_hatched, column, publication, hatch=sign.hatch))  # fmt: skip
    zone_sign(column, publication)
    if publication.grouping is not None:
        present = publication.communes[publication.grouping].astype(str).unique()
        limits(column, sorted(present), publication.group_labels[publication.grouping])
    entry(column, labels.text("map.around"), partial(swatch, column, palettes.AROUND))
    if beyond:
        entry(column, labels.text("map.beyond"), partial(swatch, column, palettes.BEYOND))
    _places(column, publication)


def _hatched(column: Column, publication: Publication, y: float, *, hatch: str) -> None:
    """Show a hatch on the darkest class below and the lightest above."""
    colours = palettes.class_colours(publication.classes)
    below = [colours[each.number] for each in publication.classes if each.level < 0]
    above = [colours[each.number] for each in publication.classes if each.level > 0]
    if not below:  # without a norm
        below = above = [colours[each.number] for each in publication.classes]
        above = above[::-1]
    for start, colour in ((0.0, below[min(1, len(below) - 1)]), (0.5, above[0])):
        swatch(column, colour, y, part=0.5, start=start, edge="none")
        swatch(
            column,
            "none",
            y,
            part=0.5,
            start=start,
            edge=palettes.hatch_colour(colour),
            hatch=hatch,
        )
    swatch(column, "none", y)


def _places(column: Column, publication: Publication) -> None:
    """Explain the circles; where their size speaks, show up to three with their numbers."""
    service = publication.diagnosis.service
    key = "map.place" if service.judged_on_supply else "map.place_plain"
    said = labels.text(key, place=service.place_label, unit=service.unit)
    shown = references(publication) if service.judged_on_supply else []
    paper, x = column.paper, column.left
    entry(column, said, lambda y: paper.circle(x + KEY / 2, y, 4, palettes.PLACE))
    if not shown:
        return
    radii = [radius_per_root(publication) * each**0.5 for each in shown]
    column.skip(1)
    middle = column.y + radii[-1]
    x += KEY + GAP
    for number, radius in zip(shown, radii, strict=True):
        said = labels.number(number)
        if number == shown[-1]:
            said = labels.text("map.lack", missing=number, unit=service.unit)
        paper.circle(x + radius, middle, radius, palettes.PLACE)
        paper.write(x + 2 * radius + 3, middle - 5.3, said, SIZE)
        x += 2 * radius + 3 + paper.width_of(said, SIZE) + 14
    column.skip(2 * radii[-1] + 3)
