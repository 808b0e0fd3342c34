"""Whether the sources of two dates may be compared, and what is said where they may not."""

from collections.abc import Sequence
from dataclasses import dataclass

from ctg_geo import labels
from ctg_geo.config.comparability import Comparability
from ctg_geo.errors import ComparisonError
from ctg_geo.quality import Finding

__all__ = ["Described", "Doubt", "doubts", "refuse"]


@dataclass(frozen=True, slots=True)
class Described:
    """A source of one date: what it is for, whose it is, and of when."""

    role: str  # population, cells, equipements, roads
    family: str
    vintage: str
    sha256: str = ""  # of its file; one and the same file is no change of source


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two sources that are not comparable, or with care only."""

    role: str
    before: str
    after: str
    refused: bool
    reason: str
    source: str

    def explain(self) -> str:
        """Say it as one line of a list."""
        return labels.text(
            "evolution.pair", before=self.before, after=self.after, reason=self.reason,
            source=self.source,
        )  # fmt: skip

    def finding(self) -> Finding:
        """Return what readers are told of it once they compare all the same."""
        facts = {"before": self.before, "after": self.after, "reason": self.reason,
                 "source": self.source}  # fmt: skip
        if self.refused:
            return Finding("warning", "evolution_forced", self.role, facts=facts)
        if self.reason:
            return Finding("warning", "evolution_caution", self.role, facts=facts)
        return Finding("warning", "evolution_source", self.role, facts=facts)


def doubts(
    before: Sequence[Described], after: Sequence[Described], table: Comparability
) -> list[Doubt]:
    """List what speaks against comparing the sources of two dates, the refusals first.

    Each source is held against those of the same role at the other date, unless it is there at
    both dates, the same file or the same vintage of the same family.
    """
    found: dict[tuple[str, str, str], Doubt] = {}
    for early in before:
        others = [each for each in after if each.role == early.role]
        if any(_same(early, late) for late in others):
            continue
        for late in others:
            if any(_same(each, late) for each in before if each.role == late.role):
                continue
            made = _doubt(early, late, table)
            if made is not None:
                found[made.role, made.before, made.after] = made
    return sorted(found.values(), key=lambda each: (not each.refused, each.role, each.before))


def _same(early: Described, late: Described) -> bool:
    if early.role != late.role or early.family != late.family:
        return False
    return early.vintage == late.vintage or early.sha256 == late.sha256 != ""


def _doubt(early: Described, late: Described, table: Comparability) -> Doubt | None:
    first, second = (f"{table.label(each.family)}, {each.vintage}" for each in (early, late))
    rule = table.rule(early.family, late.family)
    if rule is not None:
        refused = rule.verdict == "refused"
        return Doubt(early.role, first, second, refused, rule.reason, rule.source)
    if early.family == late.family:
        return None
    return Doubt(early.role, first, second, refused=False, reason="", source="")


def refuse(found: Sequence[Doubt]) -> None:
    """Refuse two dates that their producers say not comparable.

    Raises
    ------
    ComparisonError
        Naming each pair, the reason, who says so, and the mend.
    """
    against = [each.explain() for each in found if each.refused]
    if against:
        raise ComparisonError("producers", count=len(against), pairs="\n".join(against))
