"""What a page about a diagnosis says, in words: the map as PNG and QGIS pages say the same."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._longest import Longest, longest
from ctg_geo.export._words import of_mean
from ctg_geo.export.publish import Publication

__all__ = [
    "Said",
    "caveat",
    "compared",
    "foot",
    "headline",
    "highlighted",
    "lack",
    "legend_title",
    "longest_times",
    "subtitle",
    "title",
    "worst",
]

_FEW = 1.5  # below which a rounded count would take the singular
_NEARLY_ALL = 0.995  # above which a share would be rounded to all
_WORST = 5  # communes that a page lists
_SUPPLY: Final = ("below", "access_per_100", "missing", "concerned")
_PLAIN: Final = ("places", "reached_share", "mean_min")  # without a norm
_TIME: Final = ("below", "mean_min", "within_share", "concerned")


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a page: its size in points and whether it is in bold type."""

    text: str
    size: float
    bold: bool = False


def title(publication: Publication) -> str:
    """Name the map of a diagnosis."""
    service = publication.diagnosis.service
    key = "map.title_supply" if service.judged_on_supply else "map.title_time"
    return labels.text(key, label=service.label, unit=service.unit, people=service.people_label)


def subtitle(publication: Publication) -> str:
    """Name the study and the norm."""
    kind = "subtitle" if publication.diagnosis.service.judged else "subtitle_no_norm"
    return labels.text(f"map.{kind}", study=publication.study, norm=publication.norm)


def caveat(publication: Publication) -> tuple[str, str]:
    """Say what is estimated, and in a few loud words that times are schematic; "" if not."""
    estimated = publication.diagnosis.estimated
    if not estimated:
        return "", ""
    reasons = ", ".join(labels.text(f"estimated.{key}") for key in estimated)
    loud = labels.text("map.schematic") if "schematic" in estimated else ""
    return labels.text("map.estimated", reasons=reasons), loud


def legend_title(publication: Publication) -> str:
    """Say what classes are of."""
    service = publication.diagnosis.service
    said = labels.text(
        "map.legend_supply" if service.judged_on_supply else "map.legend_time",
        unit=service.unit, people=service.people_label, way=publication.way,
    )  # fmt: skip
    return said[:1].upper() + said[1:]


def foot(publication: Publication) -> tuple[str, str]:
    """Name the source of the norm, and those of the data."""
    service = publication.diagnosis.service
    key = "map.norm_source" if service.judged else "map.no_norm_source"
    return (
        labels.text(key, source=service.norm_source),
        labels.text("map.sources", sources=" ; ".join(publication.sources)),
    )


def headline(publication: Publication) -> list[Said]:
    """Say the verdict over the whole territory."""
    whole = publication.groups[""].iloc[0]
    service = publication.diagnosis.service
    if not service.judged:
        key = of_mean("map.mean", whole["mean_min"])
        said = labels.text(key, mean=whole["mean_min"], people=service.people_label,
                           share=_share(whole["reached_share"]), limit=service.max_min)  # fmt: skip
        return [Said(labels.text("map.headline_no_norm"), 13, bold=True), Said(said, 9)]
    below, communes = int(whole["below"]), int(whole["communes"])
    partly = publication.spread and float(whole["concerned"]) > 0
    none = "map.headline_partly" if partly else "map.headline_none"
    key = {0: none, 1: "map.headline_one"}.get(below, "map.headline")
    lines = [Said(labels.text(key, below=below, communes=communes), 13, bold=True)]
    if (below or partly) and service.judged_on_supply and pd.notna(whole["missing"]):
        few = float(whole["missing"]) < _FEW
        kind = "_few" if few else "_estimated" if publication.diagnosis.estimated else ""
        said = labels.text(f"map.missing{kind}", missing=whole["missing"], unit=service.unit)
        lines.append(Said(said, 11, bold=True))
    if below or partly:
        kind = "_few" if float(whole["concerned"]) < _FEW else "_spread" if partly else ""
        said = labels.text(
            f"map.concerned{kind}", concerned=whole["concerned"], people=service.people_label
        )
        lines.append(Said(said, 9))
    if not service.judged_on_supply and pd.notna(whole["within_share"]):
        said = labels.text("map.within", share=_share(whole["within_share"]),
                           people=service.people_label, within=service.within_min)  # fmt: skip
        lines.append(Said(said, 9))
    return lines


def _share(share: float) -> str:
    """Write a share; one that is not whole never reads 100 %."""
    if _NEARLY_ALL < share < 1:
        return labels.percent(min(share, 0.999), 1)
    return labels.percent(share)


def compared(publication: Publication) -> tuple[list[str], Mapping[str, list[str]]]:
    """Compare groups: what each number is, and by name of the group its numbers in words.

    Both are empty where communes are not grouped; the whole territory comes last.
    """
    grouping = publication.grouping
    if grouping is None:
        return [], {}
    table, names = publication.groups[grouping], publication.group_names[grouping]
    service = publication.diagnosis.service
    keys = _SUPPLY if service.judged_on_supply else _TIME if service.judged else _PLAIN
    measures = [
        labels.text(
            f"map.row_{key}", unit=service.unit, within=service.within_min, limit=service.max_min
        )
        for key in keys
    ]
    said = {names.get(str(key), str(key)).split(" (")[0]: row for key, row in table.iterrows()}
    said[labels.text("map.whole")] = publication.groups[""].iloc[0]
    return measures, {name: _cells(row, keys) for name, row in said.items()}


def _cells(row: pd.Series, keys: tuple[str, ...]) -> list[str]:
    decimals = {"access_per_100": 1, "mean_min": 1}
    said = {
        "below": labels.text("map.part", part=row["below"], whole=row["communes"]),
        "within_share": labels.percent(float(row["within_share"])),
        "reached_share": labels.percent(float(row["reached_share"])),
    }
    return [
        said[key] if key in said else labels.number(float(row[key]), decimals.get(key, 0))
        for key in keys
    ]


def worst(publication: Publication) -> pd.DataFrame:
    """Return the communes below the norm that the page lists, the worst first."""
    table = publication.communes
    told = ["demand", "concerned"] if publication.diagnosis.service.judged else ["demand"]
    table = table[table[told].notna().all(axis=1)]
    below = table[table["below"] == labels.text("words.yes")]
    return pd.DataFrame(below.head(_WORST))


def longest_times(publication: Publication) -> Longest | None:
    """Return what the page lists where no commune is below a norm: the longest times.

    None where one is, where the service is judged on supply, or where no time is long.
    """
    if publication.diagnosis.service.judged_on_supply or not worst(publication).empty:
        return None
    found = longest(publication)
    return None if found.ranked and found.known.empty else found


def highlighted(publication: Publication) -> list[str]:
    """Return the codes of the communes that the page names as the worst of all."""
    times = longest_times(publication)
    if times is None:
        return [str(code) for code in worst(publication).index]
    return [str(code) for code in times.known.index] if times.ranked else []


def lack(publication: Publication, missing: float, minutes: float) -> str:
    """Say what a commune lacks: places, or else the time to the nearest one."""
    service = publication.diagnosis.service
    if not service.judged_on_supply:
        beyond = labels.text("map.beyond_limit", limit=service.max_min)
        return beyond if math.isnan(minutes) else labels.text("units.minutes", value=minutes)
    if pd.isna(missing):
        return labels.number(float("nan"))
    kind = "_few" if missing < _FEW else ""
    return labels.text(f"map.lack{kind}", missing=missing, unit=service.unit)
