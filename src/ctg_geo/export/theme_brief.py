"""The little of each theme that one reads on a screen."""

from collections.abc import Sequence

from ctg_geo import labels
from ctg_geo.export.theme_words import ServiceState, ThemeState, people_lines

__all__ = ["brief_estimates", "theme_brief"]


def theme_brief(state: ThemeState) -> list[str]:
    """Say the little that one reads on a screen: the people, what is found, what has no place."""
    lines = [state.theme.label]
    if state.people is not None:
        lines += ["  " + said for said in people_lines(state)[:1]]
    found: dict[str, list[str]] = {}
    for each in state.services:
        if each.state in {"diagnosed", "refused"}:
            found.setdefault(_told_briefly(each), []).append(each.service.label)
    lines += ["  – " + labels.text("themes.found", service=" ; ".join(names), said=said)
              for said, names in found.items()]  # fmt: skip
    for why in ("none_counted", "no_place"):
        names = [each.service.label for each in state.services if each.state == why]
        if names:
            lines.append("  – " + labels.text(f"themes.brief_{why}", services=" ; ".join(names)))
    return lines


def brief_estimates(states: Sequence[ThemeState]) -> list[str]:
    """Say what the figures of `theme_brief` owe to estimates, once for all of them."""
    every = [key for state in states for each in state.services for key in each.estimated]
    if not every:
        return []
    reasons = ", ".join(labels.text(f"estimated.{each}") for each in dict.fromkeys(every))
    return [labels.text("themes.brief_estimated", reasons=reasons)]


def _told_briefly(state: ServiceState) -> str:
    if state.state == "refused":
        return labels.text("themes.brief_refused", why=state.why)
    said = state.verdict
    if not state.service.judged and state.row is not None:
        said = labels.text(
            "themes.brief_mean", share=float(state.row["reached_share"]),
            people=state.service.people_label, limit=state.service.max_min, way=state.way,
            mean=float(state.row["mean_min"]),
        )  # fmt: skip
    return f"{said} {labels.text('themes.brief_mark')}" if state.estimated else said
