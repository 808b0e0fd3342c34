"""Tours on maps: stops, the roads between them and the communes, as layers and as a picture."""

from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.drawn import Drawn, Entry, Lines, Marks
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import INK, KINDS, NO_DATA, OUTLINE, STOP, TYPES
from ctg_geo.export.qml import categorised, fill, line, marker, qml, rgb, symbol
from ctg_geo.export.qml_labels import MARKS_BELOW, NAMES_BELOW, mark_labels, place_labels
from ctg_geo.export.tour_words import Round, ToursTold, map_sentences, said
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["commune_table", "drawn_round", "round_name", "tour_layers"]

_KINDS: Final = {"reached": KINDS["within"], "part": KINDS["stop_only"], "left": KINDS["beyond"],
                 "other": KINDS["neither"]}  # fmt: skip
_NAMED: Final = 24
_WAYS: Final = (TYPES[0], TYPES[5], TYPES[2], TYPES[6])
_SHAPES: Final = {"today": "disc", "plan": "diamond"}
_WHOLE: Final = 1 - 1e-9


def commune_table(told: ToursTold, each: Round, territory: Territory) -> pd.DataFrame:
    """Return one row a commune of the territory: people to serve, reached, left, and its kind."""
    table = each.run.communes.reindex(territory.inside)
    made = table[["people", "reached", "left", "hours", "stops"]].copy()
    made.insert(0, "nom", territory.communes["nom"][made.index])
    kind = pd.Series("other", index=table.index)
    serve = table["to_serve"].fillna(value=False).astype(bool)
    kind[serve] = "part"
    kind[serve & (table["share"] >= _WHOLE)] = "reached"
    kind[serve & ~(table["share"] > 0)] = "left"
    made["kind"] = kind
    made["kind_label"] = kind.map(lambda key: said(f"kind_{key}", people=told.rules.people_label))
    if not told.counts:
        made[["people", "reached", "left"]] = float("nan")
    return made.rename_axis("code_insee")


def tour_layers(
    told: ToursTold, territory: Territory, sites: "gpd.GeoDataFrame"
) -> tuple[list[Layer], dict[str, str]]:
    """Return the layers of every round, stops first, and their styles."""
    layers, styles = [], {}
    for each in told.rounds:
        made = (_stops(told, each, sites), _depots(told, each, sites), _ways(told, each),
                _communes(told, each, territory))  # fmt: skip
        for layer, style in made:
            layers.append(layer)
            styles[layer.name] = style
    return layers, styles


def _titles(table: pd.DataFrame, told: ToursTold) -> dict[str, str]:
    return {str(name): said(f"columns.{name}", people=told.rules.people_label)
            for name in table.columns if name != "geometry"}  # fmt: skip


def _stops(told: ToursTold, each: Round, sites: "gpd.GeoDataFrame") -> tuple[Layer, str]:
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    table = stop_table(told, each)
    points = sites.geometry.loc[each.run.stops["place"]].to_numpy()
    made = gpd.GeoDataFrame(table.assign(estimated=told.basis.cell), geometry=points,
                            crs=sites.crs)  # fmt: skip
    titles = _titles(made, told)
    drawn = symbol("0", "marker", marker(rgb(STOP), size=3.2, shape=_SHAPES[each.key]))
    names = mark_labels('"nom"', below=MARKS_BELOW)
    style = qml(categorised("1", [("1", said("mark_stop"), drawn)]), titles, labeling=names,
                told=("tour", "day", "order", "hours", "presence"))  # fmt: skip
    return Layer(f"haltes_{round_name(each)}", made, titles, said(f"layer_stops_{each.key}")), style


def _depots(told: ToursTold, each: Round, sites: "gpd.GeoDataFrame") -> tuple[Layer, str]:
    """Return where tours start from."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    depots = [tour.depot for tour in each.tours.values()]
    own = sites.loc[depots]
    made = gpd.GeoDataFrame(
        {"tour": [tour.label for tour in each.tours.values()], "nom": own["nom"].to_numpy(),
         "code_insee": own["code_insee"].to_numpy()},
        geometry=own.geometry.to_numpy(), crs=sites.crs,
    )  # fmt: skip
    titles = _titles(made, told)
    drawn = symbol("0", "marker", marker(rgb(INK), size=3.2, shape="square"))
    names = mark_labels('"tour"', below=MARKS_BELOW)
    style = qml(categorised("1", [("1", said("mark_depot"), drawn)]), titles, labeling=names,
                headline="tour", told=("nom",))  # fmt: skip
    return Layer(
        f"depots_{round_name(each)}", made, titles, said(f"layer_depots_{each.key}")
    ), style


def stop_table(told: ToursTold, each: Round) -> pd.DataFrame:
    """Return one row a visit, in the order of the week."""
    stops, days = each.run.stops, each.run.days["name"].to_dict()
    table = stops[["code_insee", "nom", "order", "every_weeks", "hours", "weekly_hours",
                   "leg_min", "leg_km", "reached", "alone"]].copy()  # fmt: skip
    table.insert(0, "tour", [each.tours[key].label for key in stops["tour"]])
    keys = zip(stops["tour"], stops["day"], strict=True)
    table.insert(1, "day", [days[key] for key in keys])
    table["presence"] = 100 * stops["presence"]
    if not told.counts:
        table[["reached", "alone"]] = float("nan")
    return table


def _ways(told: ToursTold, each: Round) -> tuple[Layer, str]:
    legs, days = each.run.legs, each.run.days["name"].to_dict()
    table = legs[["origin", "destination", "order", "minutes", "km", "geometry"]].copy()
    table.insert(0, "tour", [each.tours[key].label for key in legs["tour"]])
    keys = zip(legs["tour"], legs["day"], strict=True)
    table.insert(1, "day", [days[key] for key in keys])
    schematic = "schematic" in told.basis.estimated
    table["line"] = said("line_schematic" if schematic else "line_road")
    titles = _titles(table, told)
    names = list(dict.fromkeys(table["tour"]))
    drawn = [(name, name, symbol(str(at), "line", line(rgb(_WAYS[at % len(_WAYS)]), width=0.9,
                                                       dashed=schematic)))
             for at, name in enumerate(names)]  # fmt: skip
    style = qml(categorised("tour", drawn), titles, headline="tour", told=("day", "minutes", "km"))
    layer = Layer(f"trajets_{round_name(each)}", table, titles, said(f"layer_ways_{each.key}"))
    return layer, style


def _communes(told: ToursTold, each: Round, territory: Territory) -> tuple[Layer, str]:
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    table = commune_table(told, each, territory).assign(estimated=told.basis.cell)
    made = gpd.GeoDataFrame(
        table.reset_index(), geometry=territory.communes.geometry[table.index].to_numpy(),
        crs=territory.crs,
    )  # fmt: skip
    titles = _titles(made, told)
    entries = [
        (key, said(f"kind_{key}", people=told.rules.people_label),
         symbol(str(at), "fill", fill(rgb(colour), rgb(OUTLINE))))
        for at, (key, colour) in enumerate(_KINDS.items())
    ]  # fmt: skip
    unknown = symbol(str(len(_KINDS)), "fill", fill(rgb(NO_DATA), rgb(OUTLINE)))
    entries.append(("", labels.text("map.unknown"), unknown))
    names = place_labels(closer_than=NAMES_BELOW)
    style = qml(categorised("kind", entries), titles, labeling=names,
                told=("kind_label", "people", "hours"))  # fmt: skip
    said_of = said(f"layer_communes_{each.key}")
    return Layer(f"communes_{round_name(each)}", made, titles, said_of), style


def round_name(each: Round) -> str:
    """Return what ends the names of the layers of a round."""
    return {"today": "actuelles", "plan": "proposees"}[each.key]


def drawn_round(
    told: ToursTold, each: Round, territory: Territory, sites: "gpd.GeoDataFrame"
) -> Drawn:
    """Say what the map of a round shows."""
    table, people = commune_table(told, each, territory), told.rules.people_label
    kinds = [key for key in _KINDS if (table["kind"] == key).any()]
    left = table[table["kind"] == "left"].sort_values("left", ascending=False, kind="stable")
    places = list(dict.fromkeys(each.run.stops["code_insee"]))
    named = list(dict.fromkeys([*places, *left.index]))[:_NAMED]
    ways = [
        Lines(each.run.legs.geometry[each.run.legs["tour"] == key],
              _WAYS[at % len(_WAYS)], tour.label)
        for at, (key, tour) in enumerate(each.tours.items())
    ]  # fmt: skip
    depots = list(dict.fromkeys(tour.depot for tour in each.tours.values()))
    stops = list(dict.fromkeys(each.run.stops["place"]))
    schematic = "schematic" in told.basis.estimated
    return Drawn(
        title=said(f"map_title_{told.variant(each)}", label=told.rules.label),
        subtitle=said("map_subtitle", study=told.study, people=people, reach=told.reach),
        caveat="", legend=said("map_legend", people=people), kind=table["kind"],
        entries=tuple(Entry(key, _KINDS[key], said(f"kind_{key}", people=people))
                      for key in kinds),
        unknown=labels.text("map.unknown"), named=tuple(named), bold=frozenset(places),
        marks=(Marks(sites.geometry[stops], STOP, said("mark_stop")),
               Marks(sites.geometry[depots], INK, said("mark_depot"), "s")),
        lines=tuple(ways),
        notes=(said("map_note", reference=told.reference_hours),
               *((said("map_schematic"),) if schematic else ())),
        told=(*map_sentences(told, each), *_quality(each)),
        foot=(said("chosen", source=told.rules.source), told.basis.foot),
        band=told.basis.band, loud=told.basis.loud,
    )  # fmt: skip


def _quality(each: Round) -> tuple[str, ...]:
    if each.design is None:
        return (said("map_assumed"),)
    if each.design.proven:
        return (said(f"proven_{each.design.objective}"),)
    return (said(f"bounded_{each.design.objective}", gap=100 * each.design.gap),)
