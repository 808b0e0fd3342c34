"""IGN ROUTE 500, class TRONCON_ROUTE: the road network between communes.

Written from the content description of ROUTE 500 (IGN, *ROUTE 500, descriptif de contenu*,
version 3). It has no speeds and no streets: times are those of the classes. The shapes are
generalised; the length of a road is that of the column LONGUEUR where it is plausible.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from ctg_geo.config.road_source import Route500Roads
from ctg_geo.sources.ign.lines import Features, LinesRead, finished, opened

__all__ = ["read_route500"]

_LAYER: Final = "TRONCON_ROUTE"
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "vocation": ("VOCATION",),
    "sens": ("SENS",),
    "etat": ("ETAT",),
    "acces": ("ACCES",),
    "numero": ("NUM_ROUTE",),
    "classement": ("CLASS_ADM",),
    "longueur": ("LONGUEUR",),
}
_CLASSES: Final = {
    "Type autoroutier": "motorway", "Liaison principale": "primary",
    "Liaison régionale": "secondary", "Liaison locale": "tertiary", "Bretelle": "motorway_link",
    "Piste cyclable": "cycleway", "Bac piéton": "ferry", "Bac auto": "ferry",
}  # fmt: skip
_SENS: Final = {"Double sens": "both", "Sens unique": "forward", "Sens direct": "forward",
                "Sens inverse": "backward", "Sans objet": "both", "": "both"}  # fmt: skip
_STATES: Final = {"Revêtu": "used", "Non revêtu": "used", "En construction": "aside",
                  "Inconnu": "used", "Sans objet": "used", "": "used"}  # fmt: skip
_ACCESS: Final = {"Libre": "open", "A péage": "open", "À péage": "open", "Saisonnier": "open",
                  "Inconnu": "open", "Sans objet": "open", "": "open",
                  "Interdit au public": "closed", "Interdit": "closed"}  # fmt: skip
_PLAUSIBLE: Final = (0.8, 2.0)  # times the length of the generalised shape


def read_route500(path: Path, source: Route500Roads, *, crs: str, area: Any) -> LinesRead:  # noqa: ANN401
    """Read the roads of ROUTE 500 within an area; as `read_bdtopo`."""
    features = opened(path, source, layer=_LAYER, area=area, names=_NAMES,
                      needed=("vocation", "sens"))  # fmt: skip
    road_class = features.meaning("vocation", _CLASSES, otherwise="")
    express = (road_class == "motorway") & (features.words("classement") != "Autoroute")
    road_class = np.where(express & features.has("classement"), "trunk", road_class)
    features.aside = {
        "unknown_class": road_class == "",
        "not_in_use": features.meaning("etat", _STATES, otherwise="used") == "aside",
    }
    way = features.meaning("sens", _SENS, otherwise="both")
    open_ = features.meaning("acces", _ACCESS, otherwise="open") == "open"
    motors = np.isin(road_class, ("motorway", "trunk", "motorway_link"))
    table: dict[str, object] = {
        "road_class": road_class,
        "speed_kmh": np.nan,
        "speed_kind": "mean",
        "name": features.words("numero"),
        "structure": "",
        "car": np.where(open_ & (road_class != "cycleway"), way, "no"),
        "bicycle": np.where(open_ & ~motors, way, "no"),
        "foot": np.where(open_ & ~motors, "both", "no"),
        "longueur": _lengths(features),
    }
    read = finished(features, table, crs=crs)
    drawn = shapely.length(read.lines.geometry.to_numpy())
    told = read.lines.pop("longueur").to_numpy(np.float64)
    low, high = _PLAUSIBLE
    read.lines["length_m"] = np.where((told >= low * drawn) & (told <= high * drawn), told, drawn)
    return read


def _lengths(features: Features) -> npt.NDArray[np.float64]:
    """Return the lengths that the file states, in metres; NaN where it states none."""
    words = [word.replace(",", ".") for word in features.words("longueur")]
    return np.array([1000 * float(word) if _is_number(word) else np.nan for word in words])


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdigit()
