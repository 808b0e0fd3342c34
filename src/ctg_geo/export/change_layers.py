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
from ctg_geo.export.drawn import Drawn
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.parameters import Service
from ctg_geo.territory import Territory

__all__ = ["drawn_evolution", "evolution_layer", "followed_measure", "projection_layer"]

_FIGURES: Final = ("before", "after", "change", *PARTS)
_NAMED: Final = 16
_SHARE: Final = "concerned_share"


def followed_measure(service: Service) -> str:
    """Return the measure that maps follow: what is missing, else whom it concerns."""
    return "missing" if service.judged_on_supply else "concerned"


def evolution_layer(made: Evolution, territory: Territory, basis: Basis) -> tuple[Layer, str]:
    """Return one row a commune, with every measure at both dates and its parts, and the style.

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
    change = table[f"{followed_measure(service)}_change"]
    said = labels.text("evolution.layer", label=service.label)
    return _layer("evolution", table, titles, change, territory, said, basis)


def projection_layer(
    made: Projection,
    territory: Territory,
    measures: Sequence[str],
    titles: Mapping[str, str],
    basis: Basis,
) -> tuple[Layer, str]:
    """Return one row a commune and, by variant, the first and the last year; and the style.

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
    change = table[f"{measure}_{last}_central"] - table[f"{measure}_{first}_central"]
    said = labels.text("projection.layer", label=made.service.label, first=str(first),
                       last=str(last))  # fmt: skip
    return _layer("projection", table, headings, change, territory, said, basis)


def drawn_evolution(
    made: Evolution, territory: Territory, studies: tuple[str, str], basis: Basis, *, warning: str
) -> Drawn:
    """Say what the map of a comparison shows.

    Parameters
    ----------
    studies : names of the two studies, the earlier first
    basis : what the figures rest on
    warning : that a producer advises against it, or nothing
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
        notes=(labels.text("evolution.map_note"),),
        foot=(labels.text("evolution.method"), basis.foot), band=basis.band, loud=basis.loud,
    )  # fmt: skip


def _applies(service: Service, measure: object) -> bool:
    return service.judged_on_supply or measure not in ("access_per_100", "missing")


def _layer(
    name: str, table: pd.DataFrame, titles: dict[str, str], change: pd.Series,
    territory: Territory, said: str, basis: Basis,
) -> tuple[Layer, str]:  # fmt: skip
    """Put geometry, sign and size to a table by commune, and draw each class."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    kind, bounds = change_kind(change), change_bounds(change)
    sized, entries = change_class(change, bounds), change_entries(bounds)
    names = {each.key: each.label for each in entries}
    signs = {each: labels.text(f"evolution.kind.{each}") for each in ("less", "same", "more")}
    unknown = labels.text("map.unknown")
    told = table.assign(kind=kind.where(kind.notna(), None),
                        kind_label=kind.map(signs).fillna(unknown),
                        size=sized.where(sized.notna(), None),
                        size_label=sized.map(names).fillna(unknown), estimated=basis.cell,
                        sources=" ; ".join(basis.sources))  # fmt: skip
    made: gpd.GeoDataFrame = gpd.GeoDataFrame(
        told.rename_axis("code_insee").reset_index(),
        geometry=territory.communes.geometry[table.index].to_numpy(), crs=territory.crs,
    )  # fmt: skip
    own = ("kind", "kind_label", "size", "size_label", "sources")
    titles = titles | {each: labels.text(f"evolution.columns.{each}") for each in own}
    titles["estimated"] = labels.text("columns.estimated")
    kinds = [*((each.key, each.label, each.colour) for each in entries), ("", unknown, NO_DATA)]
    drawn = [
        (key, label, symbol(str(at), "fill", fill(rgb(colour), rgb(OUTLINE))))
        for at, (key, label, colour) in enumerate(kinds)
    ]
    return Layer(name, made, titles, said), qml(
        categorised("size", drawn), titles, told=("size_label",)
    )
