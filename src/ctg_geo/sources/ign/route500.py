"""Roads of ROUTE 500 of IGN: what each value of `TRONCON_ROUTE` means for a road.

Source: IGN, ROUTE 500 version 3.0, *Descriptif de contenu*, April 2020, class
"TRONCON_ROUTE"; its words of earlier editions (``Sens unique``, ``Non revêtu``) are read too.
ROUTE 500 holds the main roads only, drawn for maps of 1:500 000; it says no speed and no town.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ctg_geo.config.road_source import Route500Roads
from ctg_geo.sources.ign.product import Product, read_product
from ctg_geo.sources.ign.words import Column, Opening, RoadRule, Said, vocabulary
from ctg_geo.sources.roads_read import RoadsRead

if TYPE_CHECKING:
    from shapely import Geometry

__all__ = ["ROUTE500", "read_route500", "route500_rule"]

_COLUMNS: Final = (
    Column("id_rte500", "ID_RTE500"),
    Column("vocation", "VOCATION", needed=True),
    Column("nb_chausse", "NB_CHAUSSE", needed=True),
    Column("sens", "SENS", needed=True),
    Column("acces", "ACCES", needed=True),
    Column("class_adm", "CLASS_ADM", needed=True),
    Column("etat", "ETAT"),
    Column("num_route", "NUM_ROUTE"),
    Column("longueur", "LONGUEUR"),
)
_VOCATION: Final = vocabulary({
    "Type autoroutier": "trunk", "Liaison principale": "primary",
    "Liaison régionale": "secondary", "Liaison locale": "tertiary", "Bretelle": "link",
})  # fmt: skip
_CARRIAGEWAYS: Final = vocabulary({"1 chaussée": 1, "2 chaussées": 2})
_SENSE: Final[Mapping[str, Opening]] = vocabulary({
    "Double sens": "both", "Sens unique": "forward", "Sens direct": "forward",
    "Sens inverse": "backward",
})  # fmt: skip
_ACCESS: Final = vocabulary({
    "Libre": "open", "A péage": "toll", "Saisonnier": "seasonal", "Inconnu": "unknown",
    "Interdit au public": "closed",
})  # fmt: skip
_CLASS: Final = vocabulary({
    "Autoroute": "motorway", "Nationale": "primary", "Départementale": "secondary",
    "Sans objet": "unclassified",
})  # fmt: skip
_STATE: Final = vocabulary({"Revêtu": True, "Non revêtu": True, "En construction": False})
_TWO: Final = 2


def read_route500(
    path: Path, source: Route500Roads, *, crs: str, area: "Geometry | None" = None
) -> RoadsRead:
    """Read the roads of a ROUTE 500: Shapefile, or a GeoPackage made of it.

    Lengths are those of the column LONGUEUR (km), where it agrees with the drawing; see
    `read_bdtopo` for the parameters and what it raises.
    """
    return read_product(path, source, ROUTE500, crs=crs, area=area)


def route500_rule(values: Mapping[str, str]) -> RoadRule:
    """Tell what a row of `TRONCON_ROUTE` is, who may use it and which way.

    Examples
    --------
    >>> rule = route500_rule({
    ...     "vocation": "Liaison régionale", "nb_chausse": "1 chaussée", "acces": "Libre",
    ...     "sens": "Double sens", "class_adm": "Départementale"})
    >>> rule.road_class, rule.car, rule.bicycle
    ('secondary', 'both', 'both')
    """
    said = Said(values)
    vocation = said.need("vocation", _VOCATION)
    if vocation is None:
        return RoadRule("unknown_nature", odd=tuple(said.odd))
    if said.read("etat", _STATE) is False:
        return RoadRule("not_in_service", odd=tuple(said.odd))
    road_class = _class(said, vocation)
    sense = said.need("sens", _SENSE) or "both"
    access = said.need("acces", _ACCESS)
    if access == "closed":
        return RoadRule("closed_to_all", road_class, odd=tuple(said.odd))
    motors_only = vocation == "trunk" or road_class == "motorway_link"
    notes = tuple(name for name in ("toll", "seasonal", "unknown") if access == name)
    return RoadRule(
        "", road_class, sense, "no" if motors_only else sense, "no" if motors_only else "both",
        notes=notes, odd=tuple(said.odd),
    )  # fmt: skip


def _class(said: Said, vocation: str) -> str:
    """Return the class of a road, of its purpose, its administrative class and its shape."""
    kind = said.need("class_adm", _CLASS) or "unclassified"
    carriageways = said.need("nb_chausse", _CARRIAGEWAYS)
    if vocation == "link":
        return kind if kind == "unclassified" else f"{kind}_link"
    if vocation == "trunk" and kind == "motorway":
        return "motorway"
    if vocation == "primary" and carriageways == _TWO:
        return "trunk"
    if vocation == "tertiary" and kind == "unclassified":
        return "unclassified"
    return vocation


ROUTE500: Final = Product(
    name="ROUTE 500",
    layer="TRONCON_ROUTE",
    columns=_COLUMNS,
    identifier="id_rte500",
    names=("num_route",),
    rule=route500_rule,
    length_km="longueur",
)
