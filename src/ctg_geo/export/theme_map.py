"""The map of a theme: people by commune, in the classes of the convention."""

from collections.abc import Sequence

from ctg_geo import labels
from ctg_geo.diagnosis import people_class
from ctg_geo.export import palettes
from ctg_geo.export.drawn import Drawn, Entry
from ctg_geo.export.theme_words import ThemeState
from ctg_geo.territory import Territory

__all__ = ["drawn_theme"]

_NAMED, _BOLD = 24, 8  # communes named, the largest; those in bold


def drawn_theme(
    state: ThemeState, territory: Territory, *, study: str, sources: Sequence[str]
) -> Drawn:
    """Say what the map of a theme shows; communes of unknown people are grey."""
    theme, shown, names = state.theme, state.shown(), state.classes()
    colours = palettes.people_colours(list(names))
    number = people_class(shown, theme) if names else shown * float("nan")
    kind = number.map(lambda each: str(int(each)), na_action="ignore")
    largest = shown.fillna(0).sort_values(ascending=False, kind="stable").index
    key = "themes.map_subtitle" if names else "themes.no_classes"
    bounds = (labels.text("themes.map_bounds"),) if names else ()
    people = theme.people_label
    return Drawn(
        title=labels.text("themes.map_title", theme=theme.label, people=people),
        subtitle=labels.text(key, study=study, reason=theme.no_classes),
        caveat=labels.text("themes.map_estimated", method=state.method) if state.estimated else "",
        legend=people[:1].upper() + people[1:],
        kind=kind.reindex(territory.inside),
        entries=tuple(Entry(str(each), colours[each], said) for each, said in names.items()),
        unknown=labels.text("map.unknown" if names else "themes.class_none"),
        named=tuple(map(str, largest[:_NAMED])), bold=frozenset(map(str, largest[:_BOLD])),
        notes=(*bounds, *((theme.note,) if theme.note else ())),
        foot=(f"{theme.source}.", labels.text("map.sources", sources=" ; ".join(sources))),
    )  # fmt: skip
