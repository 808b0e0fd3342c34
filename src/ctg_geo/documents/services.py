"""What is known of each service of a theme, and which files would tell more."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.documents.cells import table_of_sheet
from ctg_geo.documents.parts import Table
from ctg_geo.documents.published import Published, Sheet, read_sheet

__all__ = ["glance", "known_in_part", "missing_items", "services_table"]

_KNOWN: Final = ("service", "norm", "places", "announced", "below", "missing", "reached_share",
                 "mean_min")  # fmt: skip
_IN_PART: Final = frozenset(("count_short", "list_partial"))  # findings on lists of places


def services_table(whole: Published, theme: str, reach: Mapping[str, str]) -> Table:
    """Return the services of a theme: those with places, and what was found.

    Parameters
    ----------
    reach : by name of service, how and how far one travels to it
    """
    sheet = read_sheet(whole.folder / "themes.csv")
    at = _columns(sheet, ("theme", "state", *_KNOWN), "themes.columns")
    kept = [at[name] for name in _KNOWN]
    rows = [
        (labels.text("documents.sheet_way", service=row[at["service"]],
                     way=reach[row[at["service"]]]) if row[at["service"]] in reach
         else row[at["service"]], *(row[each] for each in kept[1:]))
        for row in sheet.rows if row[at["theme"]] == theme and _diagnosed(row[at["state"]])
    ]  # fmt: skip
    shown = Sheet(tuple(sheet.titles[each] for each in kept), tuple(rows))
    return table_of_sheet(shown, labels.text("documents.theme_services", theme=theme))


def known_in_part(published: Published) -> bool:
    """Tell whether a run said of its service that files may not hold all its places."""
    sheet = read_sheet(published.folder / "constats.csv")
    key = sheet.titles.index(labels.text("columns.key"))
    return any(row[key] in _IN_PART for row in sheet.rows)


def missing_items(whole: Published, theme: str) -> tuple[str, ...]:
    """Name the services of a theme without places, and the file that would give them."""
    if not whole.has("manques.csv"):
        return ()
    sheet = read_sheet(whole.folder / "manques.csv")
    at = _columns(sheet, ("theme", "service", "file"), "themes.columns")
    return tuple(
        labels.text("documents.missing_item", service=row[at["service"]], file=row[at["file"]])
        for row in sheet.rows if row[at["theme"]] == theme
    )  # fmt: skip


def glance(whole: Published) -> Table:
    """Count, by theme, the services diagnosed, those below their norm, those without places.

    Where none of the services diagnosed has a norm, none can be below it: that is said, not 0.
    A theme of context, which stands for itself in the table of themes, has none.
    """
    sheet = read_sheet(whole.folder / "themes.csv")
    at = _columns(sheet, ("theme", "service", "state", "below"), "themes.columns")
    rows = []
    of_services = [row for row in sheet.rows if row[at["service"]] != row[at["theme"]]]
    for theme in dict.fromkeys(row[at["theme"]] for row in of_services):
        own = [row for row in of_services if row[at["theme"]] == theme]
        known = [row for row in own if _diagnosed(row[at["state"]])]
        rows.append((theme, str(len(known)), _lacking([row[at["below"]] for row in known]),
                     str(len(own) - len(known))))  # fmt: skip
    titles = [labels.text(f"documents.glance_{each}")
              for each in ("theme", "diagnosed", "below", "missing")]  # fmt: skip
    return Table(labels.text("documents.glance"), titles, rows, (False, True, True, True))


def _diagnosed(state: str) -> bool:
    """Tell whether a service has places that count; its people may reach none of them."""
    return state == labels.text("themes.diagnosed")


def _lacking(below: Sequence[str]) -> str:
    """Count the services that lack somewhere; a service without a norm leaves its cell blank."""
    judged = [cell for cell in below if cell]
    if not judged:
        return labels.text("words.no_norm") if below else labels.number(math.nan)
    return str(sum(cell != "0" for cell in judged))


def _columns(sheet: Sheet, names: tuple[str, ...], titles: str) -> Mapping[str, int]:
    return {name: sheet.titles.index(labels.text(f"{titles}.{name}")) for name in names}
