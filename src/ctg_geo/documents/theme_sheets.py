"""Tables of the workbook: one a theme, with the rows of all its services, then the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.documents.published import Layer, read_layer
from ctg_geo.documents.results import Results, ServiceResults

__all__ = ["ThemeTable", "theme_figures", "theme_layer_of", "theme_people", "theme_tables"]

_FIRST: Final = ("service", "code_insee", "nom")  # what stays in sight
_ADDED: Final = ("service", "unit", "people_label")
_PEOPLE: Final = ("number", "status", "class", "class_label")  # of a theme: whom it is for
_KNOWN: Final = frozenset(("code_insee", "nom", "drawn"))  # told by the rows of services
_THEME: Final = "theme_"  # before them, where services stand beside


@dataclass(frozen=True, slots=True, eq=False)
class ThemeTable:
    """A sheet to be: what it is called, its rows, and how many first columns stay in sight."""

    name: str
    layer: Layer
    pinned: int


def theme_tables(results: Results) -> Iterator[ThemeTable]:
    """Return the table of each theme that has figures, then of each service of no theme.

    A theme has a row a service and commune, the worst first, with the people of the theme at
    the end; without services, a row a commune. A service of two themes is in both.
    """
    themes = {} if results.whole is None else results.whole.themes
    told: set[str] = set()
    for key, declared in themes.items():
        services = [each for each in map(results.service, declared["services"]) if each is not None]
        told |= {each.key for each in services}
        people = theme_people(results, key)
        layer = _stacked(services, people) if services else people
        if layer is not None:
            pinned = len(_FIRST) if services else len(_FIRST) - 1
            yield ThemeTable(str(declared["label"]), _in_order(layer), pinned)
    for service in results.services:
        if service.key not in told:
            yield ThemeTable(service.label, _in_order(service.communes), len(_FIRST) - 1)


def theme_people(results: Results, theme: str) -> Layer | None:
    """Read the people and the indicators of a theme, None where there are none."""
    if results.whole is None:
        return None
    geopackage = results.whole.folder / "themes.gpkg"
    return read_layer(geopackage, theme_layer_of(theme)) if geopackage.exists() else None


def _stacked(services: Sequence[ServiceResults], people: Layer | None) -> Layer:
    """Put the communes of services one under another, what each counts in beside them."""
    columns = _merged([*_ADDED, *each.communes.table.columns] for each in services)
    parts = [
        each.communes.table.assign(
            service=each.label, unit=each.unit, people_label=str(each.declared["people_label"])
        ).reindex(columns=columns)
        for each in services
    ]
    rows = [row for part in parts for row in part.to_dict("records")]
    table = pd.DataFrame(rows, columns=columns)
    titles = _titles(services, columns)
    if people is not None:
        table, titles = _beside(table, titles, people)
    return Layer(table, titles, "")


def _merged(lists: Iterable[Sequence[str]]) -> list[str]:
    """Merge lists of columns, each new one after the one that it follows."""
    merged: list[str] = []
    for names in lists:
        at = 0
        for name in names:
            if name in merged:
                at = merged.index(name) + 1
            else:
                merged.insert(at, name)
                at += 1
    return merged


def _titles(services: Sequence[ServiceResults], columns: Sequence[str]) -> dict[str, str]:
    """Return the title of each column; where units differ, it says "unit of the service"."""
    titles = {each: labels.text(f"legend.added.{each}") for each in _ADDED}
    for name in columns:
        if name in titles:
            continue
        said = [(each, each.communes.titles[name]) for each in services
                if name in each.communes.titles]  # fmt: skip
        alike = dict.fromkeys(title for _, title in said)
        if len(alike) > 1:
            alike = dict.fromkeys(_general(title, each) for each, title in said)
        titles[name] = " / ".join(alike)
    return titles


def _general(title: str, service: ServiceResults) -> str:
    unit, people = service.unit, str(service.declared["people_label"])
    return title.replace(people, labels.text("legend.their_people")).replace(
        f"({unit}", f"({labels.text('legend.their_unit')}"
    )


def _beside(
    table: pd.DataFrame, titles: Mapping[str, str], people: Layer
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Add the figures of a theme to the rows of its services, commune by commune."""
    named = theme_figures(people)
    figures = named.table.set_index("code_insee").drop(columns="nom")
    said = {name: named.titles[name] for name in map(str, figures.columns)}
    return table.join(figures, on="code_insee"), {**titles, **said}


def theme_figures(people: Layer) -> Layer:
    """Return the people and indicators of a theme under names that no service has."""
    own = [str(each) for each in people.table.columns if each not in _KNOWN]
    names = {each: f"{_THEME}{each}" for each in own}
    said = {
        names[each]: labels.text("legend.of_theme", title=people.titles[each])
        if each in _PEOPLE else people.titles[each]
        for each in own
    }  # fmt: skip
    table = people.table[["code_insee", "nom", *own]].rename(columns=names)
    kept = {each: people.titles[each] for each in ("code_insee", "nom")}
    return Layer(table, {**kept, **said}, people.description)


def theme_layer_of(theme: str) -> str:
    """Name the layer of the people and indicators of a theme."""
    return f"{_THEME}{theme}"


def _in_order(layer: Layer) -> Layer:
    """Put what names a row first."""
    first = [each for each in _FIRST if each in layer.table.columns]
    rest = [each for each in layer.table.columns if each not in first]
    return Layer(layer.table[[*first, *rest]], layer.titles, layer.description)
