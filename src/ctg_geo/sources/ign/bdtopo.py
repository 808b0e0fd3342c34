"""Roads of the BD TOPO of IGN: what each value of `troncon_de_route` means for a road.

Source: IGN, BD TOPO version 3, *Descriptif de contenu*, class "Tronçon de route" (3.0 of
April 2021 to 3.4 for the cycling columns). The columns of the GeoPackage have their full
names; those of the Shapefile, the capitals beside them. The table from `nature` and
`importance` to classes of road is in ``docs/roads.md``, with its reasons.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ctg_geo.config.road_source import BdTopoRoads
from ctg_geo.sources.ign.product import Product, read_product
from ctg_geo.sources.ign.words import YES_NO, Column, Opening, RoadRule, Said, vocabulary
from ctg_geo.sources.roads_read import RoadsRead
from ctg_geo.words import plain

if TYPE_CHECKING:
    from shapely import Geometry

__all__ = ["BDTOPO", "bdtopo_rule", "read_bdtopo"]

_COLUMNS: Final = (
    Column("cleabs", "ID"),
    Column("nature", "NATURE", needed=True),
    Column("importance", "IMPORTANCE", needed=True),
    Column("sens_de_circulation", "SENS", needed=True),
    Column("acces_vehicule_leger", "ACCES_VL", needed=True),
    Column("etat_de_l_objet", "ETAT", needed=True),
    Column("urbain", "URBAIN", needed=True),
    Column("vitesse_moyenne_vl", "VIT_MOY_VL", needed=True),
    Column("prive", "PRIVE"),
    Column("fictif", "FICTIF"),
    Column("acces_pieton", "ACCES_PED"),
    Column("nature_de_la_restriction", "NAT_RESTR"),
    Column("periode_de_fermeture", "FERMETURE"),
    Column("position_par_rapport_au_sol", "POS_SOL"),
    Column("cpx_classement_administratif", "CL_ADMIN"),
    Column("restriction_de_hauteur", "RESTR_H"),
    Column("restriction_de_poids_total", "RESTR_P"),
    Column("bande_cyclable", "CYCLABLE", dated=True),
    Column("sens_amenagement_cyclable_gauche", "SENS_CYC_G", dated=True),
    Column("sens_amenagement_cyclable_droit", "SENS_CYC_D", dated=True),
    Column("nom_collaboratif_gauche", "NOM_COLL_G"),
    Column("nom_voie_ban_gauche", "NOM_BAN_G"),
    Column("nom_1_gauche", "NOM_1_G"),
    Column("nom_collaboratif_droite", "NOM_COLL_D"),
    Column("nom_voie_ban_droite", "NOM_BAN_D"),
    Column("nom_1_droite", "NOM_1_D"),
    Column("cpx_numero", "NUMERO"),
)
_NAMES: Final = (
    "nom_collaboratif_gauche", "nom_voie_ban_gauche", "nom_1_gauche", "nom_collaboratif_droite",
    "nom_voie_ban_droite", "nom_1_droite", "cpx_numero",
)  # fmt: skip

_ALL, _SLOW = frozenset({"car", "bicycle", "foot"}), frozenset({"bicycle", "foot"})


@dataclass(frozen=True, slots=True)
class _Nature:
    """Class of road by importance, and who may use it where nothing more particular is said."""

    classes: Mapping[str, str]
    users: frozenset[str] = _ALL


def _alone(road_class: str, *users: str) -> _Nature:
    return _Nature(dict.fromkeys("123456", road_class), frozenset(users))


_CARRIAGEWAY: Final = {
    "1": "primary", "2": "primary", "3": "secondary", "4": "tertiary", "5": "unclassified",
    "6": "service",
}  # fmt: skip
_RAMP: Final = {
    "1": "motorway_link", "2": "primary_link", "3": "secondary_link", "4": "tertiary_link",
    "5": "unclassified", "6": "service",
}  # fmt: skip
_MOTORWAY: Final = plain("Type autoroutier")
_NATURE: Final = vocabulary({
    "Type autoroutier": _alone("trunk", "car"),
    "Bretelle": _Nature(_RAMP),
    "Route à 2 chaussées": _Nature({**_CARRIAGEWAY, "1": "trunk"}),
    "Route à 1 chaussée": _Nature(_CARRIAGEWAY),
    "Rond-point": _Nature(_CARRIAGEWAY),
    "Route empierrée": _alone("track", *_ALL),
    "Chemin": _alone("track", *_SLOW),
    "Sentier": _alone("path", *_SLOW),
    "Escalier": _alone("steps", "foot"),
    "Piste cyclable": _alone("cycleway", *_SLOW),
    "Bac ou liaison maritime": _alone("ferry", *_ALL),
})  # fmt: skip
_IMPORTANCE: Final = {rank: rank for rank in "123456"}
_LEAST: Final = "5"  # importance of a road that says none: desserte locale

_IN_SERVICE: Final = vocabulary({
    "En service": True, "En construction": False, "En projet": False, "Projet": False,
    "Non exploité": False,
})  # fmt: skip
_ACCESS: Final = vocabulary({
    "Libre": "open", "A péage": "toll", "Physiquement impossible": "impossible",
    "Restreint aux ayants droit": "restricted",
})  # fmt: skip
_SENSE: Final[Mapping[str, Opening]] = vocabulary({
    "Double sens": "both", "Sens direct": "forward", "Sens inverse": "backward",
    "Sans objet": "both",
})  # fmt: skip
_CYCLE_SENSE: Final[Mapping[str, Opening]] = {**_SENSE, plain("Sans objet"): "no"}
_CYCLE_COLUMNS: Final = (
    "bande_cyclable", "sens_amenagement_cyclable_gauche", "sens_amenagement_cyclable_droit",
)  # fmt: skip
_RESTRICTION: Final = vocabulary({
    "Plot amovible": "barred", "Entrée avec gardien": "barred", "Passage barré": "barred",
    "Voie de tramway utilisable par les véhicules de secours": "barred",
    "Voie verte": "cycled", "Aménagement mixte hors voie verte": "cycled",
    "Piste cyclable": "cycled", "Double sens cyclable non matérialisé": "contraflow",
    "Vélorue": "none", "Chaussée à voie centrale banalisée": "none",
})  # fmt: skip
_LEVEL: Final[Mapping[str, int]] = vocabulary({
    **{str(level): level for level in range(-9, 10)}, "Gué ou radier": 0,
})  # fmt: skip
_PASSABLE: Final = ("open", "toll")
_CAR_HEIGHT_M, _CAR_WEIGHT_T = 2.0, 3.5


def read_bdtopo(
    path: Path, source: BdTopoRoads, *, crs: str, area: "Geometry | None" = None
) -> RoadsRead:
    """Read the roads of a BD TOPO: GeoPackage or Shapefile.

    Parameters
    ----------
    path : file with the layer troncon_de_route
    source : `layer`, `crs` and `encoding` where the file does not say them right
    crs : metric CRS of the result, where lengths are measured
    area : shape in longitude and latitude (EPSG:4326); roads that do not touch it are counted
        and left. None: the whole file

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, MissingCrsError, ConfigError
        If the file is not there, is cut, lacks the layer or a column, or does not say its CRS.
    DataError
        If a shape is no line or a speed no number, with the number of the row.
    NoRoadError
        If no road of the file is in the area.
    """
    return read_product(path, source, BDTOPO, crs=crs, area=area)


def bdtopo_rule(values: Mapping[str, str]) -> RoadRule:
    """Tell what a row of `troncon_de_route` is, who may use it and which way.

    Parameters
    ----------
    values : by full name of the column; those that the file lacks are absent

    Examples
    --------
    >>> rule = bdtopo_rule({
    ...     "nature": "Route à 1 chaussée", "importance": "4", "etat_de_l_objet": "En service",
    ...     "sens_de_circulation": "Sens inverse", "acces_vehicule_leger": "A péage"})
    >>> rule.road_class, rule.car, rule.foot, rule.notes
    ('tertiary', 'backward', 'both', ('toll',))
    """
    said = Said(values)
    nature = said.need("nature", _NATURE)
    if nature is None:
        return RoadRule("unknown_nature", odd=tuple(said.odd))
    if not said.need("etat_de_l_objet", _IN_SERVICE):
        return RoadRule("not_in_service", odd=tuple(said.odd))
    urban = said.read("urbain", YES_NO) or False
    road_class = _class(said, nature, urban=urban)
    users = nature.users if road_class != "motorway_link" else frozenset({"car"})
    opened = _openings(said, users)
    level = said.read("position_par_rapport_au_sol", _LEVEL) or 0
    notes = tuple(_notes(said, car=opened["car"]))
    aside = "closed_to_all" if set(opened.values()) == {"no"} else ""
    return RoadRule(
        aside, road_class, **opened, urban=urban,
        structure="bridge" if level > 0 else "tunnel" if level < 0 else "",
        notes=notes, odd=tuple(said.odd),
    )  # fmt: skip


def _class(said: Said, nature: _Nature, *, urban: bool) -> str:
    """Return the class of a road; what is no number of importance counts as the least."""
    rank = said.need("importance", _IMPORTANCE) or _LEAST
    if plain(said.get("nature")) == _MOTORWAY and _is_motorway(said):
        return "motorway"
    road_class = nature.classes[rank]
    return "residential" if urban and road_class == "unclassified" else road_class


def _is_motorway(said: Said) -> bool:
    """Tell an autoroute from an express road: its class, else its number; both absent, it is."""
    if not {"cpx_classement_administratif", "cpx_numero"} & set(said.values):
        return True
    if "autoroute" in plain(said.get("cpx_classement_administratif")):
        return True
    return any(re.fullmatch(r"A[0-9].*", each) for each in said.get("cpx_numero").split("/"))


def _openings(said: Said, users: frozenset[str]) -> dict[str, Opening]:
    """Tell which way each mode may go."""
    access = said.read("acces_vehicule_leger", _ACCESS) or "open"
    on_foot = said.read("acces_pieton", _ACCESS)
    restriction = said.read("nature_de_la_restriction", _RESTRICTION) or "none"
    private = said.read("prive", YES_NO) or False
    sense = said.read("sens_de_circulation", _SENSE) or "both"
    carless = private or access not in _PASSABLE or restriction in ("barred", "cycled")
    cycled = [said.read(column, _CYCLE_SENSE) or "no" for column in _CYCLE_COLUMNS]
    if restriction == "contraflow" or (restriction == "cycled" and set(cycled) == {"no"}):
        cycled.append("both")
    if access != "restricted":
        cycled.append(sense)
    walkable = on_foot in _PASSABLE or (on_foot is None and not private)
    return {
        "car": sense if "car" in users and not carless else "no",
        "bicycle": _together(cycled) if "bicycle" in users and not private else "no",
        "foot": "both" if "foot" in users and walkable else "no",
    }


def _together(ways: Iterable[Opening]) -> Opening:
    """Return what several lanes open together."""
    found = set(ways) - {"no"}
    if not found:
        return "no"
    return found.pop() if len(found) == 1 else "both"


def _notes(said: Said, *, car: Opening) -> list[str]:
    """Say what is to be counted of a road."""
    access = _ACCESS.get(plain(said.get("acces_vehicule_leger")))
    facts = {
        "toll": access == "toll" and car != "no",
        "restricted": access == "restricted",
        "private": bool(YES_NO.get(plain(said.get("prive")))),
        "barred": _RESTRICTION.get(plain(said.get("nature_de_la_restriction"))) == "barred",
        "seasonal": bool(said.get("periode_de_fermeture")) and car != "no",
        "fictive": said.read("fictif", YES_NO) or False,
        "low": car != "no" and (
            _below(said.get("restriction_de_hauteur"), _CAR_HEIGHT_M)
            or _below(said.get("restriction_de_poids_total"), _CAR_WEIGHT_T)
        ),
    }  # fmt: skip
    return [name for name, holds in facts.items() if holds]


def _below(value: str, limit: float) -> bool:
    """Tell whether a limit is given and would stop a car: 0 stands for none."""
    try:
        return 0 < float(value) < limit
    except ValueError:
        return False


BDTOPO: Final = Product(
    name="BD TOPO",
    layer="troncon_de_route",
    columns=_COLUMNS,
    identifier="cleabs",
    names=_NAMES,
    rule=bdtopo_rule,
    speed="vitesse_moyenne_vl",
    speed_kind="mean",
)
