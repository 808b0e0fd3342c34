"""Changes by commune, between two dates or ahead, as a layer that opens styled and as a map."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.evolution import PARTS, Evolution, Projection
from ctg_geo.export._words import status_word
from ctg_geo.export.basis import Basis
from ctg_geo.export.change_classes import (
    change_bounds,
    change_class,
    change_entries,
    change_kind,
)
from ctg_geo.export.classes import named_style
from ctg_geo.export.drawn import Drawn, Entry
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.palettes import NO_DATA, OUTLINE
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels
from ctg_geo.parameters import Service
from ctg_geo.territory import Territory

__all__ = [
    "drawn_evolution",
    "drawn_projection",
    "evolution_layer",
    "followed_measure",
    "projection_layer",
]

_FIGURES: Final = ("before", "after", "change", *PARTS)
_NAMED: Final = 16
_SHARE: Final = "concerned_share"


def followed_measure(service: Service) -> str:
    """Return the measure that maps follow: what is missing, else whom it concerns."""
    return "missing" if service.judged_on_supply else "concerned"


def evolution_layer(
    made: Evolution, territory: Territory, basis: Basis
) -> tuple[Layer, list[NamedStyle]]:
    """Return one row a commune, with every measure at both dates and its parts, and the styles.

    Parameters
    ----------
    made : a comparison; unknown and hidden figures are missing
    territory : of the later date
    basis : what the figures rest on
    """
    service, long = made.service, made.communes
    measures = [str(each) for each in long.index.unique(level="measure") if _applies(service, each)]
    codes = territory.inside.intersection(long.index.unique(level="code_insee"))
    table = pd.DataFrame({"nom": territory.communes.loc[codes, "nom"]})
    titles = {"code_insee": labels.text("columns.code_insee"), "nom": labels.text("columns.nom")}
    for measure in measures:
        own = long.xs(measure, level="measure").reindex(codes)
        what = labels.text(f"evolution.measure.{measure}", unit=service.unit,
                           people=service.people_label)  # fmt: skip
        for figure in _FIGURES:
            name = f"{measure}_{figure}"
            table[name] = own[figure] * (100 if measure == _SHARE else 1)
            titles[name] = f"{what} — {labels.text(f'evolution.columns.{figure}')}"
        table[f"{measure}_status"] = own["status"].map(status_word, na_action="ignore")
        titles[f"{measure}_status"] = f"{what} — {labels.text('evolution.columns.status')}"
    followed, told = followed_measure(service), labels.text("evolution.layer", label=service.label)
    changes = {
        figure: (labels.text(f"evolution.view.{figure}"), table[f"{followed}_{figure}"])
        for figure in ("change", *PARTS)
    }
    return _layer("evolution", table, titles, changes, territory, told, basis)


def projection_layer(
    made: Projection,
    territory: Territory,
    measures: Sequence[str],
    titles: Mapping[str, str],
    basis: Basis,
) -> tuple[Layer, list[NamedStyle]]:
    """Return one row a commune and, by variant, the first and the last year; and the styles.

    Parameters
    ----------
    measures : those told, columns of `made.communes`
    titles : what to call each
    basis : what the figures rest on
    """
    first, last = made.years[0], made.years[-1]
    table = pd.DataFrame({"nom": territory.communes.loc[territory.inside, "nom"]})
    headings = {"code_insee": labels.text("columns.code_insee"), "nom": labels.text("columns.nom")}
    ends = [("central", first), *((variant, last) for variant in made.variants)]
    for variant, year in ends:
        own = made.communes.xs((variant, year), level=("variant", "year")).reindex(table.index)
        for measure in measures:
            name = f"{measure}_{year}_{variant}"
            table[name] = own[measure] * (100 if measure == _SHARE else 1)
            said = labels.text(f"projection.variant.{variant}")
            headings[name] = labels.text("projection.layer_column", measure=titles[measure],
                                         year=str(year), variant=said)  # fmt: skip
    measure = followed_measure(made.service)
    start = table[f"{measure}_{first}_central"]
    order = sorted(made.variants, key=lambda each: each != "central")
    changes = {
        variant: (_variant_words(variant, first, last),
                  table[f"{measure}_{last}_{variant}"] - start)
        for variant in order
    }  # fmt: skip
    said = labels.text("projection.layer", label=made.service.label, first=str(first),
                       last=str(last))  # fmt: skip
    return _layer("projection", table, headings, changes, territory, said, basis)


def _variant_words(variant: str, first: int, last: int) -> str:
    said = labels.text(f"projection.variant.{variant}")
    return labels.text("projection.view", variant=said, first=str(first), last=str(last))


def drawn_projection(
    made: Projection, territory: Territory, study: str, basis: Basis, *, legend: str,
    told: Sequence[str],
) -> Drawn:  # fmt: skip
    """Say what the map of a projection shows: the change to the last year, by the middle variant.

    Parameters
    ----------
    study : its name
    basis : what the figures rest on
    legend : what is followed
    told : sentences that stand beside the map
    """
    first, last = made.years[0], made.years[-1]
    of = made.communes[followed_measure(made.service)]
    ends = (of.xs(("central", year), level=("variant", "year")).reindex(territory.inside)
            for year in (last, first))  # fmt: skip
    change = next(ends) - next(ends)
    bounds = change_bounds(change)
    return Drawn(
        title=labels.text("projection.map_title", label=made.service.label),
        subtitle=labels.text("projection.map_subtitle", study=study, first=str(first),
                             last=str(last)),
        caveat="", legend=legend, kind=change_class(change, bounds),
        entries=change_entries(bounds), unknown=labels.text("map.unknown"), named=(),
        notes=(labels.text("projection.warning"), labels.text("evolution.map_note")),
        told=tuple(told), foot=(labels.text("projection.method"), basis.foot),
        band=basis.band, loud=basis.loud,
    )  # fmt: skip


def drawn_evolution(
    made: Evolution, territory: Territory, studies: tuple[str, str], basis: Basis, *,
    warning: str, told: Sequence[str],
) -> Drawn:  # fmt: skip
    """Say what the map of a comparison shows.

    Parameters
    ----------
    studies : names of the two studies, the earlier first
    basis : what the figures rest on
    warning : that a producer advises against it, or nothing
    told : sentences that stand beside the map
    """
    service, measure = made.service, followed_measure(made.service)
    own = made.communes.xs(measure, level="measure").reindex(territory.inside)
    bounds = change_bounds(own["change"])
    most = own["change"].abs().sort_values(ascending=False, kind="stable").dropna().index
    what = labels.text(f"evolution.measure.{measure}", unit=service.unit,
                       people=service.people_label)  # fmt: skip
    return Drawn(
        title=labels.text("evolution.map_title", label=service.label),
        subtitle=labels.text("evolution.map_subtitle", before=studies[0], after=studies[1]),
        caveat=warning, legend=what, kind=change_class(own["change"], bounds),
        entries=change_entries(bounds),
        unknown=labels.text("map.unknown"), named=tuple(map(str, most[:_NAMED])),
        notes=(labels.text("evolution.map_note"),), told=tuple(told),
        foot=(labels.text("evolution.method"), basis.foot), band=basis.band, loud=basis.loud,
    )  # fmt: skip


def _applies(service: Service, measure: object) -> bool:
    return service.judged_on_supply or measure not in ("access_per_100", "missing")


def _layer(
    name: str, table: pd.DataFrame, titles: dict[str, str],
    changes: Mapping[str, tuple[str, pd.Series]], territory: Territory, said: str, basis: Basis,
) -> tuple[Layer, list[NamedStyle]]:  # fmt: skip
    """Put geometry, sign and size to a table by commune, and draw each class.

    `changes` have a title, and a number by commune; the first is that which opens. All are in
    the classes of the first, so that a colour means the same on each map.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    main = next(iter(changes.values()))[1]
    kind, bounds = change_kind(main), change_bounds(main)
    entries, unknown = change_entries(bounds), labels.text("map.unknown")
    names = {each.key: each.label for each in entries}
    signs = {each: labels.text(f"evolution.kind.{each}") for each in ("less", "same", "more")}
    told = table.assign(kind=kind.where(kind.notna(), None),
                        kind_label=kind.map(signs).fillna(unknown))  # fmt: skip
    titles = titles | {each: _column(each) for each in ("kind", "kind_label")}
    for at, (key, (title, change)) in enumerate(changes.items()):
        sized, column = change_class(change, bounds), f"size_{key}" if at else "size"
        told[column] = sized.where(sized.notna(), None)
        told[f"{column}_label"] = sized.map(names).fillna(unknown)
        for own, what in ((column, "size"), (f"{column}_label", "size_label")):
            titles[own] = f"{_column(what)} — {title}" if at else _column(what)
    told = told.assign(estimated=basis.cell, sources=" ; ".join(basis.sources))
    titles |= {"sources": _column("sources"), "estimated": labels.text("columns.estimated")}
    made: gpd.GeoDataFrame = gpd.GeoDataFrame(
        told.rename_axis("code_insee").reset_index(),
        geometry=territory.communes.geometry[table.index].to_numpy(), crs=territory.crs,
    )  # fmt: skip
    layer = Layer(name, made, titles, said)
    return layer, [
        named_style(layer, title, _style(f"size_{key}" if at else "size", entries, titles),
                    key=key)
        for at, (key, (title, _)) in enumerate(changes.items())
    ]  # fmt: skip


def _column(name: str) -> str:
    return labels.text(f"evolution.columns.{name}")


def _style(column: str, entries: Sequence[Entry], titles: Mapping[str, str]) -> str:
    """Return the QML of a change: each class in its colour, and communes without a figure."""
    kinds = [*((each.key, each.label, each.colour) for each in entries),
             ("", labels.text("map.unknown"), NO_DATA)]  # fmt: skip
    drawn = [
        (key, label, symbol(str(at), "fill", fill(rgb(colour), rgb(OUTLINE))))
        for at, (key, label, colour) in enumerate(kinds)
    ]
    names = place_labels(closer_than=NAMES_BELOW)
    return qml(categorised(column, drawn), titles, labeling=names, told=(f"{column}_label",))
