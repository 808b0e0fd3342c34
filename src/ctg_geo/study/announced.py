"""Places that are known to exist, and are in no file."""

from ctg_geo.diagnosis import Diagnosis
from ctg_geo.parameters import KnownCount
from ctg_geo.quality import Finding

__all__ = ["announced_short"]


def announced_short(made: Diagnosis, known: KnownCount | None) -> list[Finding]:
    """Tell where fewer places of the territory are located than are known to exist."""
    inside = made.equipements["code_insee"].isin(made.territory.inside)
    if known is None or int(inside.sum()) >= known.count:
        return []
    facts: dict[str, object] = {
        "service": made.service.label, "announced": known.count, "source": known.source,
        "located": int(inside.sum()),
    }  # fmt: skip
    return [Finding("warning", "count_short", "equipements", made.key, facts)]
