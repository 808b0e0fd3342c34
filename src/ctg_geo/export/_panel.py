"""Beside the map: the verdict, the legend, the comparison of groups, the worst communes."""

from ctg_geo import labels
from ctg_geo.export._comparison import comparison
from ctg_geo.export._legend import legend
from ctg_geo.export._longest import Longest
from ctg_geo.export._page_words import headline, lack, longest_times, worst
from ctg_geo.export._paper import Column
from ctg_geo.export._zones import list_zones
from ctg_geo.export.palettes import GREY
from ctg_geo.export.publish import Publication

__all__ = ["panel"]


def panel(column: Column, publication: Publication, *, beyond: bool) -> None:
    """Write the panel down a column; `beyond` tells that ground beyond the buffer shows."""
    _headline(column, publication)
    legend(column, publication, beyond=beyond)
    comparison(column, publication)
    list_zones(column, publication)
    _worst(column, publication)


def _headline(column: Column, publication: Publication) -> None:
    for line in headline(publication):
        column.say(line.text, line.size, bold=line.bold)
    column.skip(9)


def _worst(column: Column, publication: Publication) -> None:
    """List the worst communes with their cause; where none is below, the longest times."""
    table, times = worst(publication), longest_times(publication)
    if times is not None:
        _longest(column, times)
    if table.empty:
        return
    column.say(labels.text("map.worst"), 9, bold=True)
    column.skip(2)
    for at, row in enumerate(table.to_dict("records"), start=1):
        lacking = lack(publication, row["missing"], row["nearest_min"])
        _row(column, f"{at}.{labels.NBSP}{row['nom']}", lacking, bold=True)
        column.say(str(row["why"]), 7, colour=GREY, indent=11)
        column.skip(2)


def _longest(column: Column, times: Longest) -> None:
    """Count the communes beyond the limit, then list the longest times that are known."""
    if times.count:
        column.say(times.count, 9, bold=True)
        column.skip(2)
    if times.known.empty:
        return
    column.say(times.title, 9, bold=True)
    column.skip(2)
    for nom, minutes in times.known[["nom", "nearest_min"]].to_numpy():
        _row(column, str(nom), labels.text("units.minutes", value=minutes), bold=times.ranked)


def _row(column: Column, left: str, right: str, *, bold: bool) -> None:
    room = column.width - column.paper.width_of(right, 8) - 8
    column.paper.write(column.right, column.y, right, 8, align="right")
    column.say(left, 8, bold=bold, room=room)
