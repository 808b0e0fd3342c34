"""Places that are known to exist, and are in no file."""

import pandas as pd

from ctg_geo.diagnosis import Diagnosis
from ctg_geo.parameters import KnownCount
from ctg_geo.quality import Finding
from ctg_geo.territory import Territory

__all__ = ["announced_short", "short_of"]


def announced_short(made: Diagnosis, known: KnownCount | None) -> list[Finding]:
    """Tell where fewer places of the territory are located than are known to exist."""
    if known is None or not short_of(made.equipements, made.territory, known):
        return []
    located = int(made.equipements["code_insee"].isin(made.territory.inside).sum())
    facts: dict[str, object] = {
        "service": made.service.label, "announced": known.count, "source": known.source,
        "located": located,
    }  # fmt: skip
    return [Finding("warning", "count_short", "equipements", made.key, facts)]


def short_of(places: pd.DataFrame, territory: Territory, known: KnownCount | None) -> bool:
    """Tell whether fewer places of the territory are located than are known to exist."""
    inside = places["code_insee"].isin(territory.inside)
    return known is not None and int(inside.sum()) < known.count
