"""Beside the map: the verdict, the legend, the comparison of groups, the worst communes."""

import math

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._comparison import comparison
from ctg_geo.export._legend import legend
from ctg_geo.export._names import worst
from ctg_geo.export._paper import Column
from ctg_geo.export._zones import list_zones
from ctg_geo.export.palettes import GREY
from ctg_geo.export.publish import Publication

__all__ = ["panel"]

_FEW = 1.5  # below which a rounded count would take the singular
_NEARLY_ALL = 0.995  # above which a share would be rounded to all


def panel(column: Column, publication: Publication, *, beyond: bool) -> None:
    """Write the panel down a column; `beyond` tells that ground beyond the buffer shows."""
    _headline(column, publication)
    legend(column, publication, beyond=beyond)
    comparison(column, publication)
    list_zones(column, publication)
    _worst(column, publication)


def _headline(column: Column, publication: Publication) -> None:
    whole = publication.groups[""].iloc[0]
    service = publication.diagnosis.service
    if not service.judged:
        column.say(labels.text("map.headline_no_norm"), 13, bold=True)
        said = labels.text("map.mean", mean=whole["mean_min"], people=service.people_label,
                           share=_share(whole["reached_share"]), limit=service.max_min)  # fmt: skip
        column.say(said, 9)
        column.skip(9)
        return
    below, communes = int(whole["below"]), int(whole["communes"])
    partly = publication.spread and float(whole["concerned"]) > 0
    none = "map.headline_partly" if partly else "map.headline_none"
    key = {0: none, 1: "map.headline_one"}.get(below, "map.headline")
    column.say(labels.text(key, below=below, communes=communes), 13, bold=True)
    if (below or partly) and service.judged_on_supply and pd.notna(whole["missing"]):
        few = float(whole["missing"]) < _FEW
        kind = "_few" if few else "_estimated" if publication.diagnosis.estimated else ""
        said = labels.text(f"map.missing{kind}", missing=whole["missing"], unit=service.unit)
        column.say(said, 11, bold=True)
    if below or partly:
        kind = "_few" if float(whole["concerned"]) < _FEW else "_spread" if partly else ""
        said = labels.text(
            f"map.concerned{kind}", concerned=whole["concerned"], people=service.people_label
        )
        column.say(said, 9)
    if not service.judged_on_supply and pd.notna(whole["within_share"]):
        said = labels.text("map.within", share=_share(whole["within_share"]),
                           people=service.people_label, within=service.within_min)  # fmt: skip
        column.say(said, 9)
    column.skip(9)


def _share(share: float) -> str:
    """Write a share; one that is not whole never reads 100 %."""
    if _NEARLY_ALL < share < 1:
        return labels.percent(min(share, 0.999), 1)
    return labels.percent(share)


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
        right = _lack(publication, row["missing"], row["nearest_min"])
        room = column.width - column.paper.width_of(right, 8) - 8
        column.paper.write(column.right, column.y, right, 8, align="right")
        column.say(f"{at}.{labels.NBSP}{row['nom']}", 8, bold=True, room=room)
        if below:
            column.say(str(row["why"]), 7, colour=GREY, indent=11)
            column.skip(2)


def _lack(publication: Publication, missing: float, minutes: float) -> str:
    if not publication.diagnosis.service.judged_on_supply:
        limit = publication.diagnosis.service.max_min
        beyond = labels.text("map.beyond_limit", limit=limit)
        return beyond if math.isnan(minutes) else labels.text("units.minutes", value=minutes)
    if pd.isna(missing):
        return labels.number(float("nan"))
    kind = "_few" if missing < _FEW else ""
    unit = publication.diagnosis.service.unit
    return labels.text(f"map.lack{kind}", missing=missing, unit=unit)
