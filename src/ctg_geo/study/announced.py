"""Places that are known to exist, or may exist, and are in no file."""

from collections.abc import Sequence

import pandas as pd

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.parameters import KnownCount
from ctg_geo.quality import Finding
from ctg_geo.territory import Territory

__all__ = ["in_part", "located_in_part"]


def located_in_part(
    made: Diagnosis, known: KnownCount | None, sources: Sequence[EquipementsSource]
) -> list[Finding]:
    """Tell where some places of the territory are not located, or may not be; see `in_part`."""
    places, label = made.equipements, made.service.label
    if not in_part(places, made.territory, known, sources):
        return []
    if known is None:
        facts: dict[str, object] = {"service": label, "sources": sorted(set(places["source"])),
                                    "located": len(places)}  # fmt: skip
        return [Finding("warning", "list_partial", "equipements", made.key, facts)]
    facts = {"service": label, "announced": known.count, "source": known.source,
             "located": _located(places, made.territory)}  # fmt: skip
    return [Finding("warning", "count_short", "equipements", made.key, facts)]


def in_part(
    places: pd.DataFrame,
    territory: Territory,
    known: KnownCount | None,
    sources: Sequence[EquipementsSource],
) -> bool:
    """Tell whether the places of a service are known to be, or may be, a part of them.

    Where the number that exists is known, fewer located are a part. Else places are a part
    where all come from sources that say they are not complete.
    """
    if known is not None:
        return _located(places, territory) < known.count
    partial = {each.said for each in sources if not each.complete}
    own = places["source"]
    return not own.empty and bool(own.isin(partial).all())


def _located(places: pd.DataFrame, territory: Territory) -> int:
    return int(places["code_insee"].isin(territory.inside).sum())
