"""Scenarios as layers that open styled, before, after and difference, and as maps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.config.scenario_file import Scenario
from ctg_geo.diagnosis import Diagnosis, map_classes
from ctg_geo.export._class_style import class_entries
from ctg_geo.export._said import words
from ctg_geo.export._unshown import state_keys
from ctg_geo.export.drawn import Drawn, Marks
from ctg_geo.export.gain_classes import gain_classes
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE, PLACE
from ctg_geo.export.place_layers import place_layers
from ctg_geo.export.qml import categorised, fill, marker, qml, rgb, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels, written
from ctg_geo.export.scenario_changes import change_words
from ctg_geo.export.scenario_told import Told
from ctg_geo.export.scenario_words import two_lines
from ctg_geo.parameters import Change, ChangeTour
from ctg_geo.scenarios import Comparison, Outcome
from ctg_geo.scenarios.stops import stop_key, weekly_hours

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    import geopandas as gpd

__all__ = [
    "changed_marks",
    "changed_places",
    "drawn_scenario",
    "measure_words",
    "scenario_layers",
]

_NAMED: Final = 14
_LISTED: Final = 6  # changes told beside a map
_SHARE: Final = "concerned_share"
_SHAPES: Final = {"open": "star", "close": "cross", "move": "diamond", "resize": "square",
                  "hours": "triangle", "tour": "disc"}  # fmt: skip
_MARKERS: Final = {"open": "*", "close": "X", "move": "D", "resize": "s", "hours": "^", "tour": "o"}
_PLACES: Final = frozenset(_SHAPES)


def scenario_layers(made: Comparison, told: Told) -> tuple[list[Layer], dict[str, str]]:
    """Return the layers and their styles: as it is, then after and change of each scenario.

    Figures that may not be told are missing, as in the tables.
    """
    label = made.base.service.label
    first, style = _state("avant", made.base, made, None, words("layer_before", label=label))
    layers, styles = [first], {first.name: style}
    for outcome in made.outcomes:
        key, name = outcome.variant.key, outcome.variant.name
        after = _state(f"apres_{key}", outcome.variant.diagnosis, made, outcome,
                       words("layer_after", label=label, name=name))  # fmt: skip
        change = _change(made, outcome, told, words("layer_change", label=label, name=name))
        for layer, drawn in (change, after):
            layers.append(layer)
            styles[layer.name] = drawn
    said = labels.text("qgis.layer_equipements", service=label)
    for layer, drawn in place_layers(made.base.territory, {made.key: label}, said):
        layers.append(layer)
        styles[layer.name] = drawn
    places = changed_places(made, told)
    if len(places):
        titles = {
            str(name): words(f"columns.{name}") if labels.has(f"scenarios.columns.{name}")
            else labels.text(f"columns.{name}") for name in places.columns if name != "geometry"
        }  # fmt: skip
        layer = Layer("lieux_changes", places, titles, words("layer_places", label=label))
        layers.append(layer)
        styles[layer.name] = changed_marks(places, titles)
    return layers, styles


def _state(
    name: str, state: Diagnosis, made: Comparison, outcome: Outcome | None, said: str
) -> tuple[Layer, str]:
    """Return the figures of one state by commune, in the classes of its diagnosis."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    which = "before" if outcome is None else "after"
    key = made.outcomes[0].variant.key if outcome is None else outcome.variant.key
    codes = state.communes.index
    table = pd.DataFrame({"nom": state.communes["nom"]})
    titles = {each: labels.text(f"columns.{each}") for each in ("code_insee", "nom")}
    for measure in made.measures:
        own = made.by_commune(key, measure)[which].reindex(codes)
        table[measure] = own * (100 if measure == _SHARE else 1)
        titles[measure] = measure_words(made, measure)
    classes = map_classes(state.service)
    names = {each.number: labels.text(f"class.{each.label}", low=each.low, high=each.high)
             for each in classes}  # fmt: skip
    table["class"] = state.communes["class"]
    table["class_label"] = table["class"].map(names)
    table["drawn"] = state_keys(state)
    titles |= {each: labels.text(f"columns.{each}") for each in ("class", "drawn")}
    titles["class_label"] = words("columns.class_label")
    drawn = class_entries(classes, names, table["drawn"])
    layer: gpd.GeoDataFrame = gpd.GeoDataFrame(
        table.rename_axis("code_insee").reset_index(),
        geometry=state.communes.geometry.to_numpy(), crs=state.territory.crs,
    )  # fmt: skip
    style = qml(
        categorised("drawn", drawn),
        titles,
        labeling=_names("people"),
        told=("class_label", made.followed),
    )
    return Layer(name, layer, titles, said), style


def _change(made: Comparison, outcome: Outcome, told: Told, said: str) -> tuple[Layer, str]:
    """Return before, after and change of every measure by commune, drawn by gain and loss."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    communes = made.base.communes
    table = pd.DataFrame({"nom": communes["nom"]})
    titles = {each: labels.text(f"columns.{each}") for each in ("code_insee", "nom")}
    for measure in made.measures:
        own = made.by_commune(outcome.variant.key, measure)
        for figure in ("before", "after", "change"):
            name = f"{measure}_{figure}"
            column = own[figure].reindex(table.index)
            table[name] = column * (100 if measure == _SHARE else 1)
            titles[name] = f"{measure_words(made, measure)} — {words(f'columns.{figure}')}"
    size, entries = gain_classes(made, outcome)
    names = {each.key: each.label for each in entries}
    unknown = labels.text("map.unknown")
    table["moved"] = [words(f"moved.{each if isinstance(each, str) else 'unknown'}")
                      for each in outcome.moved.reindex(table.index)]  # fmt: skip
    table["size"] = size.where(size.notna(), None)
    table["size_label"] = size.map(names).fillna(unknown)
    table["sources"] = " ; ".join(told.basis.sources)
    table["estimated"] = told.basis.cell
    titles |= {each: words(f"columns.{each}") for each in ("moved", "size", "size_label",
                                                           "sources")}  # fmt: skip
    titles["estimated"] = labels.text("columns.estimated")
    kinds = [*((each.key, each.label, each.colour) for each in entries), ("", unknown, NO_DATA)]
    drawn = [(key, label, symbol(str(at), "fill", fill(rgb(colour), rgb(OUTLINE))))
             for at, (key, label, colour) in enumerate(kinds)]  # fmt: skip
    layer: gpd.GeoDataFrame = gpd.GeoDataFrame(
        table.rename_axis("code_insee").reset_index(),
        geometry=communes.geometry.to_numpy(), crs=made.base.territory.crs,
    )  # fmt: skip
    shown = ("size_label", f"{made.followed}_before", f"{made.followed}_after")
    style = qml(categorised("size", drawn), titles, labeling=_names("people_before"), told=shown)
    return Layer(f"ecart_{outcome.variant.key}", layer, titles, said), style


def drawn_scenario(made: Comparison, outcome: Outcome, told: Told, groups: pd.Series | None,
                   grouping: str) -> Drawn:  # fmt: skip
    """Say what the map of a scenario shows: who gains and who loses, and what was changed.

    Parameters
    ----------
    groups : by code_insee, the group whose limits are drawn; None for none
    grouping : what it is called
    """
    service = made.base.service
    own = made.by_commune(outcome.variant.key, made.followed)["change"]
    kind, entries = gain_classes(made, outcome)
    moved = own.abs()[outcome.moved.isin(["gain", "loss"]).reindex(own.index)]
    places = changed_places(made, told)
    mine = places[places["scenario_key"] == outcome.variant.key] if len(places) else places
    done = next(each for each in told.scenarios if each.key == outcome.variant.key)
    at = [str(code) for code in dict.fromkeys(mine["code_insee"])] if len(mine) else []
    most = [str(code) for code in moved.sort_values(ascending=False, kind="stable").index]
    marks = tuple(
        Marks(mine.geometry[(mine["kind"] == words(f"kind.{each}")).to_numpy()], PLACE,
              words(f"kind.{each}"), _MARKERS[each])
        for each in _MARKERS if len(mine) and (mine["kind"] == words(f"kind.{each}")).any()
    )  # fmt: skip
    changes = [f"– {change_words(each, told)}" for each in done.steps[:_LISTED]]
    more = len(done.steps) - _LISTED
    if more > 0:
        changes.append(words("map_more", count=more))
    legend = words(f"legend.{made.followed}", unit=service.unit, people=service.people_label)
    return Drawn(
        title=words("map_title", name=outcome.variant.name),
        subtitle=words("map_subtitle", label=service.label, study=told.study),
        caveat="", legend=legend, kind=kind, entries=entries, unknown=labels.text("map.unknown"),
        named=tuple(dict.fromkeys([*at, *most[:_NAMED]])), bold=frozenset(at), marks=marks,
        notes=(words("map_note"), *_scale(made)), told=(*changes, *two_lines(made, outcome)),
        foot=(told.basis.foot,), band=told.basis.band, loud=told.basis.loud, group=groups,
        grouping=grouping,
    )  # fmt: skip


def _scale(made: Comparison) -> tuple[str, ...]:
    """Say that the maps of several scenarios read alike."""
    return (words("map_scale"),) if len(made.outcomes) > 1 else ()


def changed_places(made: Comparison, told: Told) -> "gpd.GeoDataFrame":
    """Return the places of the service that each scenario opens, closes, moves or resizes.

    A place that closes stands where it was; one that moves, where it goes.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    rows = [
        row for outcome, scenario in zip(made.outcomes, told.scenarios, strict=True)
        for row in _rows(made, outcome, scenario, told)
    ]  # fmt: skip
    columns = ["scenario", "scenario_key", "kind", "place", "nom", "code_insee", "said", "geometry"]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns), geometry="geometry", crs=made.base.territory.crs
    )


def _rows(
    made: Comparison, outcome: Outcome, scenario: Scenario, told: Told
) -> list[tuple[object, ...]]:
    before, after = (each.territory.equipements for each in (made.base, outcome.variant.diagnosis))
    found: list[tuple[object, ...]] = []
    for step in scenario.steps:
        if step.change.kind not in _PLACES:
            continue
        for key in _keys(step.change, made):
            table = after if key in after.index else before
            if key not in table.index or table.at[key, "service"] != made.key:
                continue
            row = table.loc[key]
            found.append((scenario.name, scenario.key, words(f"kind.{step.change.kind}"), key,
                          row["nom"], row["code_insee"], change_words(step, told),
                          row["geometry"]))  # fmt: skip
    return found


def _keys(change: Change, made: Comparison) -> list[str]:
    """Return the identifiers of the places that a change is about: of a tour, its new stops."""
    if isinstance(change, ChangeTour):
        territory = made.base.territory
        return [stop_key(territory, change.service, place) for place in weekly_hours(change)]
    return [str(getattr(change, "place", ""))]


def _names(people: str) -> "ET.Element":
    return place_labels(closer_than=NAMES_BELOW, first=people)


def changed_marks(places: "gpd.GeoDataFrame", titles: Mapping[str, str]) -> str:
    """Return the QML of places that change: a sign for each kind of change there is."""
    kinds = [each for each in _SHAPES if (places["kind"] == words(f"kind.{each}")).any()]
    drawn = [
        (words(f"kind.{each}"), words(f"kind.{each}"),
         symbol(str(at), "marker", marker(rgb(PLACE), size=4.2, shape=_SHAPES[each])))
        for at, each in enumerate(kinds)
    ]  # fmt: skip
    names = written('"nom"', kind="point", size=7.5, by={"Bold": "true"})
    return qml(categorised("kind", drawn), titles, labeling=names, told=("scenario", "said"))


def measure_words(made: Comparison, measure: str) -> str:
    """Return what a measure is called."""
    service = made.base.service
    return words(f"measure.{measure}", unit=service.unit, people=service.people_label)
