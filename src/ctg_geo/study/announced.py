"""Places that are known to exist, or may exist, and are in no file."""

from collections.abc import Sequence

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.parameters import KnownCount
from ctg_geo.quality import Finding

__all__ = ["located_in_part"]


def located_in_part(
    made: Diagnosis, known: KnownCount | None, sources: Sequence[EquipementsSource]
) -> list[Finding]:
    """Tell where some places of the territory are not located, or may not be.

    Where the number that exists is known, fewer located are a part. Else places are a part
    where all come from sources that say they are not complete.
    """
    if known is None:
        return _listed_in_part(made, sources)
    inside = made.equipements["code_insee"].isin(made.territory.inside)
    if int(inside.sum()) >= known.count:
        return []
    facts: dict[str, object] = {
        "service": made.service.label, "announced": known.count, "source": known.source,
        "located": int(inside.sum()),
    }  # fmt: skip
    return [Finding("warning", "count_short", "equipements", made.key, facts)]


def _listed_in_part(made: Diagnosis, sources: Sequence[EquipementsSource]) -> list[Finding]:
    """Tell that all places are of incomplete lists, which the source of each place names."""
    partial = {each.said for each in sources if not each.complete}
    own = made.equipements["source"]
    if own.empty or not own.isin(partial).all():
        return []
    facts: dict[str, object] = {"service": made.service.label, "sources": sorted(set(own)),
                                "located": len(own)}  # fmt: skip
    return [Finding("warning", "list_partial", "equipements", made.key, facts)]
