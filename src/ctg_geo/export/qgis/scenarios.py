"""The project of a comparison of scenarios: what each changes, after it, and as it is today."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ctg_geo import labels
from ctg_geo.diagnosis import map_classes
from ctg_geo.export._page_words import Said
from ctg_geo.export._said import number, words
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.place_layers import PLACES
from ctg_geo.export.qgis.map_page import PageWords
from ctg_geo.export.qgis.project import MapLayer, Project
from ctg_geo.export.qgis.results import results_project
from ctg_geo.export.qgis.scene import Scene, Tables, drawn_words, plain_key
from ctg_geo.export.scenario_layers import changed_marks, drawn_scenario, measure_words
from ctg_geo.export.scenario_told import Told
from ctg_geo.export.scenario_words import norm_words, two_lines
from ctg_geo.export.theme_setting import Setting
from ctg_geo.scenarios import Comparison, Outcome

__all__ = ["scenarios_project"]

_FILE: Final = "./comparaison.gpkg"
_CHANGED: Final = "lieux_changes"
_TOLD: Final = 7.6
_MOST_BESIDE: Final = 4  # groups, beyond which a page has no room for them
_COMPARED: Final = {"missing": 1, "concerned": 0}  # beside what is followed; decimals


def scenarios_project(
    made: Comparison, told: Told, setting: Setting, layers: Sequence[Layer],
    styles: Sequence[NamedStyle],
) -> Project:  # fmt: skip
    """Return the project that stands beside `comparaison.gpkg`.

    Parameters
    ----------
    setting : the territory, and the groups whose limits are drawn
    layers, styles : of the GeoPackage
    """
    held, label = Tables.of(_FILE, layers, styles), made.base.service.label
    places = (held.layer(PLACES, title=labels.text("qgis.layer_equipements", service=label)),
              ) if PLACES in held.tables else ()  # fmt: skip
    groups = []
    for outcome in made.outcomes:
        name = _named(made, outcome)
        marks = _changes(held, outcome, name)
        scenes = [_change(made, outcome, told, held, setting, (*marks, *places), name),
                  _after(made, outcome, told, held, (*marks, *places), name)]  # fmt: skip
        groups.append((name, scenes))
    groups.append((words("as_is"), [_before(made, told, held, places)]))
    title = words("title", label=label, count=len(made.outcomes), study=told.study)
    return results_project(title, labels.text("qgis.about_scenarios"), setting, held, groups)


def _named(made: Comparison, outcome: Outcome) -> str:
    """Name a scenario as no other of the comparison is named."""
    name = outcome.variant.name
    alike = [each for each in made.outcomes if each.variant.name == name]
    return name if len(alike) == 1 else f"{name} ({outcome.variant.key})"


def _changes(held: Tables, outcome: Outcome, name: str) -> tuple[MapLayer, ...]:
    """Return the places that a scenario changes, if it changes any."""
    if _CHANGED not in held.tables:
        return ()
    layer, key = held.tables[_CHANGED], outcome.variant.key
    own = layer.table[layer.table["scenario_key"] == key]
    if own.empty:
        return ()
    return (held.layer(
        _CHANGED, key=plain_key(f"{_CHANGED}_{key}"),
        title=labels.text("qgis.layer_changed", name=name),
        style=changed_marks(own, layer.titles), subset=f"\"scenario_key\" = '{key}'",
    ),)  # fmt: skip


def _change(
    made: Comparison, outcome: Outcome, told: Told, held: Tables, setting: Setting,
    over: tuple[MapLayer, ...], name: str,
) -> Scene:  # fmt: skip
    """Return the map of who gains and who loses."""
    drawn = drawn_scenario(made, outcome, told, setting.groups, setting.grouping)
    table = f"ecart_{outcome.variant.key}"
    said = replace(drawn_words(drawn), title=name, compared=_compared(made, outcome, told))
    return Scene(
        labels.text("qgis.view_change", name=name), held.layer(table, key=plain_key(table)),
        held.styles[table], drawn.legend, said, over, ("A4", "A3"),
    )  # fmt: skip


def _after(
    made: Comparison, outcome: Outcome, told: Told, held: Tables, over: tuple[MapLayer, ...],
    name: str,
) -> Scene:  # fmt: skip
    """Return the map of the situation that a scenario makes."""
    table = f"apres_{outcome.variant.key}"
    view = labels.text("qgis.view_after", name=name)
    said = _state_words(made, told, view, two_lines(made, outcome))
    said = replace(said, compared=_compared(made, outcome, told))
    return _state(made, held, table, view, said, over)


def _before(made: Comparison, told: Told, held: Tables, over: tuple[MapLayer, ...]) -> Scene:
    """Return the map of the situation as it is."""
    said = _state_words(made, told, words("as_is"), ())
    return _state(made, held, "avant", words("as_is"), said, over)


def _state(
    made: Comparison, held: Tables, table: str, view: str, said: PageWords,
    over: tuple[MapLayer, ...],
) -> Scene:  # fmt: skip
    style = held.styles[table]
    return Scene(view, held.layer(table, key=plain_key(table)), style,
                 measure_words(made, made.followed), said, over, ("A4",),
                 len(map_classes(made.base.service)))  # fmt: skip


def _state_words(made: Comparison, told: Told, view: str, lines: Sequence[str]) -> PageWords:
    service = made.base.service
    norm = words("norm", norm=norm_words(service), source=service.norm_source)
    return PageWords(
        view, words("state_subtitle", label=service.label, study=told.study),
        told.basis.band, told.basis.loud, (), (),
        tuple(Said(line, _TOLD) for line in (norm, *lines)), (told.basis.foot,),
    )  # fmt: skip


def _compared(made: Comparison, outcome: Outcome, told: Told) -> tuple[tuple[str, ...], ...]:
    """Return each measure before and after, by group and over the territory, as a table."""
    grouping = next((each for each in told.groups if _known(made, outcome, each)), "")
    key = outcome.variant.key
    own = made.by_group(key, grouping) if grouping else {}
    if len(own) > _MOST_BESIDE:
        own = {}
    names = told.groups[grouping][1] if own else {}
    columns = {names.get(each, each).split(" (")[0] or labels.text("words.no_group"): table
               for each, table in own.items()}  # fmt: skip
    columns[labels.text("map.whole")] = made.whole(key)
    rows = [("", *columns)]
    for measure, decimals in {made.followed: 1, **_COMPARED}.items():
        if measure not in made.measures:
            continue
        for figure in ("before", "after"):
            said = words(f"row_{figure}", what=words(f"brief.{measure}",
                                                     unit=made.base.service.unit))  # fmt: skip
            cells = (float(each.loc[[measure], figure].iloc[0]) for each in columns.values())
            rows.append((said, *(number(cell, decimals) for cell in cells)))
    return tuple(rows)


def _known(made: Comparison, outcome: Outcome, grouping: str) -> bool:
    level = made.groups.index.get_level_values("grouping")
    return outcome.variant.key in made.groups.index and grouping in set(level)
