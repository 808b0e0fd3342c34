"""Beside the map of a theme: its classes with communes and people, its signs, its services."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._keys import KEY, SIZE, STEP, count_of, entry, limits, swatch
from ctg_geo.export._paper import Column
from ctg_geo.export._theme_groups import theme_groups
from ctg_geo.export._theme_page_words import headline
from ctg_geo.export._unshown import people_signs
from ctg_geo.export.theme_places import Located
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState, file_needed

__all__ = ["class_counts", "theme_panel"]

_PEOPLE = 58.0  # width of the column of people, points
_SMALL = 7.2


def class_counts(state: ThemeState) -> pd.DataFrame:
    """Count the communes and the people of each class, the largest first (by class number)."""
    numbers, shown = state.numbers(), state.shown()
    found = pd.DataFrame({"communes": numbers.groupby(numbers).size(),
                          "people": shown.groupby(numbers).sum()})  # fmt: skip
    return found.reindex(list(state.classes()), fill_value=0)


def theme_panel(
    column: Column, state: ThemeState, setting: Setting, services: Sequence[Located], *,
    beyond: bool,
) -> None:  # fmt: skip
    """Write the panel down a column; `beyond` tells that ground beyond the buffer shows."""
    _headline(column, state)
    _classes(column, state)
    _signs(column, state, setting, beyond=beyond)
    column.skip(8)
    _services(column, services)
    theme_groups(column, state, setting, services)
    if state.theme.note:
        column.skip(6)
        column.say(state.theme.note, _SMALL, colour=palettes.GREY)


def _headline(column: Column, state: ThemeState) -> None:
    total, where = headline(state)
    column.head(total.text, total.size, 10.5)
    column.say(where.text, where.size)
    column.skip(9)


def _classes(column: Column, state: ThemeState) -> None:
    """Write each class with its communes and its people."""
    names = state.classes()
    if not names:
        return
    key = "themes.panel_computed" if state.computed else "themes.panel_classes"
    column.say(labels.text(key), 9.5, bold=True)
    column.skip(3)
    for right, key in ((column.right - _PEOPLE, "communes_short"), (column.right, "people_short")):
        column.paper.write(right, column.y, labels.text(f"themes.{key}"), _SMALL, align="right",
                           colour=palettes.GREY)  # fmt: skip
    column.skip(11)
    colours, counts = palettes.people_colours(list(names)), class_counts(state)
    for number, name in names.items():
        communes, people = counts["communes"][number], counts["people"][number]
        _numbers(column, int(communes), float(people))
        entry(column, name, partial(swatch, column, colours[number]))
    column.say(labels.text("themes.map_bounds"), 6.8, colour=palettes.GREY)
    column.skip(5)


def _numbers(column: Column, communes: int, people: float) -> None:
    """Write the numbers of a class at the right of its line."""
    colour = palettes.INK if communes else palettes.GREY
    for right, number in ((column.right - _PEOPLE, communes), (column.right, people)):
        column.paper.write(right, column.y + 2, labels.number(number), SIZE, align="right",
                           colour=colour)  # fmt: skip


def _signs(column: Column, state: ThemeState, setting: Setting, *, beyond: bool) -> None:
    assert state.status is not None, "the theme has people"
    for sign, mask in people_signs(state.status).items():
        said = count_of(int(mask.sum()))
        column.paper.write(column.right, column.y + 2, said, SIZE, align="right")
        entry(column, labels.text(sign.legend), partial(_hatched, column, sign.hatch))
    if setting.groups is not None:
        names = sorted(str(each) for each in set(setting.groups))
        limits(column, names, setting.grouping)
    entry(column, labels.text("themes.map_around"), partial(swatch, column, palettes.AROUND))
    if beyond:
        entry(column, labels.text("map.beyond"), partial(swatch, column, palettes.BEYOND))


def _hatched(column: Column, hatch: str, y: float) -> None:
    colour = palettes.NO_DATA
    swatch(column, colour, y, edge="none")
    swatch(column, "none", y, edge=palettes.hatch_colour(colour), hatch=hatch)
    swatch(column, "none", y)


def _services(column: Column, services: Sequence[Located]) -> None:
    """Write each service of the theme: its places located and announced, or the file to find."""
    if not services:
        return
    column.say(labels.text("themes.panel_services"), 9.5, bold=True)
    column.skip(3)
    for each in services:
        _service(column, each)
    if any(each.places for each in services):
        column.say(labels.text("themes.panel_several"), 6.8, colour=palettes.GREY)
    if any(each.mobile for each in services):
        column.say(labels.text("themes.panel_mobile"), 6.8, colour=palettes.GREY)


def _service(column: Column, each: Located) -> None:
    colour = palettes.INK if each.places else palettes.GREY

    def sign(y: float) -> None:
        if each.symbol is not None:
            shape, tone = each.symbol
            hollow = each.mobile == each.places
            column.paper.symbol(column.left + KEY / 2, y, shape, 8, tone, hollow=hollow)

    entry(column, each.state.service.label, sign, colour=colour)
    column.skip(-3.5)
    for said in _said(each):
        column.say(said, _SMALL, colour=colour, indent=KEY + 8)
    column.skip(STEP / 4)


def _said(each: Located) -> list[str]:
    """Say how many places are located and announced, and what is missing."""
    announced = each.announced
    known = "" if announced is None else labels.text("themes.panel_announced", count=announced)
    if not each.places:
        return [labels.text("themes.panel_none") + known,
                labels.text("themes.panel_file", file=file_needed(each.state))]  # fmt: skip
    key = "panel_rounds" if each.mobile == each.places else "panel_located"
    said = [labels.text(f"themes.{key}", count=each.places) + known]
    if 0 < each.mobile < each.places:
        said.append(labels.text("themes.panel_stops", count=each.mobile))
    if each.state.state == "none_counted":
        said.append(labels.text("themes.panel_uncounted"))
    if each.state.state == "refused":
        said.append(labels.text("themes.state_refused"))
    return said
