"""IGN BD TOPO, class TRONCON_DE_ROUTE: names of the GeoPackage and of the Shapefile delivery.

Written from the content description of BD TOPO version 3 (IGN, *BD TOPO, descriptif de
contenu*); natures of version 2 are understood too. The rules are in ``docs/roads.md``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ctg_geo.config.road_source import BdTopoRoads
from ctg_geo.sources.ign.lines import Features, LinesRead, finished, opened

__all__ = ["read_bdtopo"]

Objects = npt.NDArray[np.object_]

_LAYER: Final = "troncon_de_route"
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "nature": ("nature",),
    "importance": ("importance",),
    "sens": ("sens_de_circulation", "SENS"),
    "etat": ("etat_de_l_objet", "ETAT"),
    "sol": ("position_par_rapport_au_sol", "POS_SOL"),
    "vitesse": ("vitesse_moyenne_vl", "VIT_MOY_VL"),
    "acces": ("acces_vehicule_leger", "ACCES_VL"),
    "pieton": ("acces_pieton", "ACCES_PED"),
    "urbain": ("urbain",),
    "prive": ("prive",),
    "fermeture": ("periode_de_fermeture", "FERMETURE"),
    "cyclable_gauche": ("sens_amenagement_cyclable_gauche", "SENS_CYC_G", "CYCLABLE"),
    "cyclable_droit": ("sens_amenagement_cyclable_droit", "SENS_CYC_D"),
    "numero": ("cpx_numero", "NUMERO"),
    "nom": ("nom_collaboratif_gauche", "NOM_COLL_G", "nom_1_gauche", "NOM_1_G",
            "nom_voie_ban_gauche"),
}  # fmt: skip
_NEEDED: Final = ("nature", "importance", "sens")

_ROAD: Final = "road"  # its class is that of its importance
_NATURES: Final[Mapping[str, str]] = {
    "Type autoroutier": "motorway", "Autoroute": "motorway", "Quasi-autoroute": "trunk",
    "Bretelle": "link", "Route à 1 chaussée": _ROAD, "Route à 2 chaussées": _ROAD,
    "Rond-point": _ROAD, "Route empierrée": "stony", "Chemin": "track", "Sentier": "path",
    "Escalier": "steps", "Piste cyclable": "cycleway", "Bac ou liaison maritime": "ferry",
    "Bac auto": "ferry", "Bac piéton": "foot_ferry",
}  # fmt: skip
_CLASS: Final = {"1": "primary", "2": "primary", "3": "secondary", "4": "tertiary",
                 "5": "unclassified", "6": "service"}  # fmt: skip
_LINK: Final = {"1": "motorway_link", "2": "primary_link", "3": "secondary_link"}
_SENS: Final = {"Double sens": "both", "Sens direct": "forward", "Sens inverse": "backward",
                "Sans objet": "both", "": "both", "NC": "both"}  # fmt: skip
_STATES: Final = {"En service": "used", "": "used", "En construction": "aside",
                  "En projet": "aside", "Projet": "aside", "Non exploité": "aside"}  # fmt: skip
_CAR: Final = {"Libre": "open", "A péage": "open", "À péage": "open", "": "open",
               "Restreint aux ayants droit": "closed",
               "Physiquement impossible": "closed"}  # fmt: skip
_FOOT: Final = {**_CAR, "Interdit": "closed"}
_MOTOR_ONLY: Final = ("motorway", "motorway_link", "trunk")
_NO_CARS: Final = ("track", "path", "steps", "cycleway", "foot_ferry")


def read_bdtopo(path: Path, source: BdTopoRoads, *, crs: str, area: Any) -> LinesRead:  # noqa: ANN401
    """Read the roads of BD TOPO within an area.

    Parameters
    ----------
    path : GeoPackage, Shapefile or any layer with these attributes
    source : margin, layer, CRS where the file does not say it
    crs : metric CRS of the result
    area : shape in longitude and latitude; features whose bounds do not touch it are counted

    Returns
    -------
    LinesRead
        Speeds are the means of light vehicles that IGN gives (`speed_kind` is mean).

    Raises
    ------
    See `lines.opened` and `lines.finished`.
    """
    features = opened(path, source, layer=_LAYER, area=area, names=_NAMES, needed=_NEEDED)
    nature = features.meaning("nature", _NATURES, otherwise="unknown")
    road_class = _classes(features, nature)
    features.aside = {
        "unknown_class": nature == "unknown",
        "not_in_use": features.meaning("etat", _STATES, otherwise="used") == "aside",
    }
    features.count("bdtopo_private", features.yes("prive"))
    features.count("bdtopo_seasonal", features.words("fermeture") != "")
    return finished(features, _table(features, nature, road_class), crs=crs)


def _classes(features: Features, nature: Objects) -> Objects:
    """Give each feature the class of road that the profiles know."""
    importance = features.meaning("importance", _CLASS | {"": "unclassified"}, otherwise="service")
    digit = features.words("importance")
    link = np.array([_LINK.get(each, "tertiary_link") for each in digit], dtype=object)
    found = np.where(nature == _ROAD, importance, nature)
    found = np.where(nature == "link", link, found)
    same = {"stony": "track", "foot_ferry": "ferry", "unknown": ""}
    return np.array([same.get(each, each) for each in found], dtype=object)


def _table(features: Features, nature: Objects, road_class: Objects) -> dict[str, object]:
    way = features.meaning("sens", _SENS, otherwise="both")
    car = features.meaning("acces", _CAR, otherwise="open") == "open"
    foot = features.meaning("pieton", _FOOT, otherwise="open") == "open"
    motors = np.isin(road_class, _MOTOR_ONLY)
    ferry = road_class == "ferry"
    private = features.words("acces") == "Restreint aux ayants droit"
    rides = ~motors & (road_class != "steps") & ~private
    raw_speed = [_number(word) for word in features.words("vitesse")]
    speed = np.where(ferry, np.nan, np.array(raw_speed, dtype=np.float64))
    return {
        "road_class": road_class,
        "speed_kmh": np.where(speed > 0, speed, np.nan),
        "speed_kind": "mean",
        "name": _named(features),
        "urban": features.yes("urbain"),
        "structure": _structures(features),
        "car": np.where(car & ~np.isin(nature, _NO_CARS), way, "no"),
        "bicycle": np.where(rides, np.where(_contraflow(features), "both", way), "no"),
        "foot": np.where(~motors & foot & ~private, "both", "no"),
    }


def _contraflow(features: Features) -> npt.NDArray[np.bool_]:
    """Tell where bicycles may ride both ways."""
    told = [features.words(column) for column in ("cyclable_gauche", "cyclable_droit")]
    return np.isin(told[0], ("Double sens", "Indifférencié")) | np.isin(
        told[1], ("Double sens", "Indifférencié")
    )


def _structures(features: Features) -> Objects:
    level = np.array([_number(word) for word in features.words("sol")], dtype=np.float64)
    return np.where(level > 0, "bridge", np.where(level < 0, "tunnel", "")).astype(object)


def _named(features: Features) -> Objects:
    number, name = features.words("numero"), features.words("nom")
    return np.where(number != "", number, name).astype(object)


def _number(word: str) -> float:
    try:
        return float(word.replace(",", "."))
    except ValueError:
        return float("nan")
