"""Beside the map: the verdict, the legend, the comparison of groups, the worst communes."""

from ctg_geo import labels
from ctg_geo.export._comparison import comparison
from ctg_geo.export._legend import legend
from ctg_geo.export._page_words import headline, lack, worst
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
    table = worst(publication)
    if table.empty:
        return
    below = table["below"].iloc[0] == labels.text("words.yes")
    if len(publication.communes) == 1 and not below:
        return  # alone it has no longest time
    key = "map.worst" if below else "map.longest"
    column.say(labels.text(key), 9, bold=True)
    column.skip(2)
    for at, row in enumerate(table.to_dict("records"), start=1):
        right = lack(publication, row["missing"], row["nearest_min"])
        room = column.width - column.paper.width_of(right, 8) - 8
        column.paper.write(column.right, column.y, right, 8, align="right")
        column.say(f"{at}.{labels.NBSP}{row['nom']}", 8, bold=True, room=room)
        if below:
            column.say(str(row["why"]), 7, colour=GREY, indent=11)
            column.skip(2)
