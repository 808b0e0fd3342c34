"""How sure a diagnosis is, in sentences."""

from collections.abc import Iterable

from ctg_geo import labels
from ctg_geo.diagnosis import HowSure
from ctg_geo.export._certainty import percent_of_draws
from ctg_geo.export.publish import Publication

__all__ = ["choice_word", "sure_words"]

_OPEN = 0.05  # under it a commune is not told as one that may be among the worst


def sure_words(publication: Publication) -> list[str]:
    """Say how sure the verdicts and the ranking are; nothing where no dice were thrown."""
    sure = publication.sure
    if sure is None:
        return []
    result, confidence = sure.result, sure.settings.confidence
    unknown = publication.communes["certainty"] == 0  # no draw knows what nobody counted
    below = result.communes["below_share"].mask(unknown.reindex(result.communes.index))
    short = int((below >= confidence).sum())
    met = int((below <= 1 - confidence).sum())
    facts: dict[str, object] = {"draws": result.draws, "seed": sure.settings.seed,
                                "error": result.error, "confidence": confidence}  # fmt: skip
    lines = [
        labels.text("sure.draws", "fr", **facts),
        labels.text(
            "sure.verdict", below=short, met=met, open=len(below) - short - met,
            confidence=confidence,
        ),
    ]  # fmt: skip
    if unknown.any():
        lines.append(labels.text("sure.unknown", count=int(unknown.sum())))
    lines += _worst(publication, sure) + _close(publication, sure) + _moved(publication, sure)
    if result.cut:
        lines.append(labels.text("sure.cut", cut=result.cut))
    return lines


def choice_word(publication: Publication, choice: str, variant: str) -> str:
    """Name a choice and what was tried for it."""
    said = labels.text(f"sure.choice.{choice}")
    if not variant:
        return said
    return labels.text(
        "sure.variant", choice=said, variant=_variant_word(publication, choice, variant)
    )


def _variant_word(publication: Publication, choice: str, variant: str) -> str:
    decided = publication.secrecy
    if choice == "demand":
        figures = {} if decided is None else decided.figures
        return figures[variant].label if variant in figures else variant
    if choice == "decay":
        kind, _, rest = variant.partition(" ")
        key = f"sure.decay.{kind}"
        return f"{labels.text(key)} {rest}" if labels.has(key) else variant
    return f"× {labels.number(float(variant), 2)}"


def _worst(publication: Publication, sure: HowSure) -> list[str]:
    share = sure.result.communes["worst_share"].dropna().sort_values(ascending=False, kind="stable")
    settled = share[share >= sure.settings.confidence]
    may = share[(share < sure.settings.confidence) & (share >= _OPEN)]
    facts: dict[str, object] = {"worst": sure.result.worst, "confidence": sure.settings.confidence}
    lines = []
    if len(settled):
        names = _names(publication, settled.index)
        lines.append(labels.text("sure.worst", "fr", **facts, names=names))
    if len(may):
        said = [
            f"{name} ({percent_of_draws(float(value), sure.settings.confidence)})"
            for name, value in zip(_names(publication, may.index), may, strict=True)
        ]
        lines.append(labels.text("sure.may", "fr", **facts, names=said))
    return lines


def _close(publication: Publication, sure: HowSure) -> list[str]:
    """Name the groups too close to call in which one may be among the worst."""
    share = sure.result.communes["worst_share"]
    return [
        labels.text("sure.close_all", count=len(group)) if len(group) == len(share)
        else labels.text("sure.close", names=_names(publication, group))
        for group in sure.result.too_close() if (share[group] >= _OPEN).any()
    ]  # fmt: skip


def _moved(publication: Publication, sure: HowSure) -> list[str]:
    table = sure.sensitivity[sure.sensitivity["tau"].notna()]
    if table.empty:
        return []
    first = table.iloc[0]
    choice = choice_word(publication, str(first["choice"]), str(first["variant"]))
    return [
        labels.text(
            "sure.moved", choice=choice, tau=float(first["tau"]), changed=float(first["changed"]),
            entered=float(first["entered"]),
        )
    ]  # fmt: skip


def _names(publication: Publication, codes: Iterable[str]) -> list[str]:
    names = publication.communes["nom"].to_dict()
    return [str(names[code]) for code in codes]
