"""Themes as tables: what each service came to, and the files that are missing."""

from collections.abc import Sequence

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.theme_words import PORTRAIT, ServiceState, ThemeState, missing

__all__ = ["missing_csv", "summary_csv"]

_NUMBERS = ("demand", "below", "concerned", "missing", "reached_share", "within_share", "mean_min")
_DECIMALS = dict.fromkeys(("places", "announced", "demand", "below", "concerned"), 0)


def summary_csv(states: Sequence[ThemeState]) -> bytes:
    """Return one row a theme and service: its state, its places and its result."""
    rows = [row for theme in states for row in _rows(theme)]
    return spreadsheet(pd.DataFrame(rows), _title, _DECIMALS)


def _rows(theme: ThemeState) -> list[dict[str, object]]:
    """Return the rows of a theme: one a service; of context, where its portrait is."""
    if theme.services:
        return [_row(theme, each) for each in theme.services]
    said = {"theme": theme.theme.label, "service": labels.text("themes.context_row"),
            "state": labels.text("themes.context_written"), "people": theme.theme.people_label,
            "folder": PORTRAIT}  # fmt: skip
    return [dict(said)]


def _row(theme: ThemeState, state: ServiceState) -> dict[str, object]:
    row = {} if state.row is None else {str(key): each for key, each in state.row.items()}
    key = "diagnosed" if state.state == "diagnosed" else f"state_{state.state}"
    found: dict[str, object] = {
        "theme": theme.theme.label, "service": state.service.label,
        "state": labels.text(f"themes.{key}"), "norm": state.norm, "way": state.way,
        "places": row.get("places", 0 if state.state == "no_place" else float("nan")),
        "announced": float("nan") if state.known is None else state.known.count,
        "people": state.service.people_label,
    }  # fmt: skip
    found |= {name: _number(row.get(name), name) for name in _NUMBERS}
    return found | {"folder": state.folder}


def _number(value: object, name: str) -> float:
    if not isinstance(value, int | float):
        return float("nan")
    return 100 * value if name.endswith("_share") else value


def missing_csv(states: Sequence[ThemeState]) -> bytes:
    """Return one row for each theme and service without places: the file to find, the key."""
    columns = ("theme", "service", "why", "file", "key", "effect")
    rows = [
        {"theme": theme.theme.label, "service": each.service.label, **missing(each)}
        for theme in states
        for each in theme.services
        if each.state in ("no_place", "none_counted")
    ]
    return spreadsheet(pd.DataFrame(rows, columns=list(columns)), _title, {})


def _title(name: str) -> str:
    return labels.text(f"themes.columns.{name}")
