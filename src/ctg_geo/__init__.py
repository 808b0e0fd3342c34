"""ctg-geo: where families of a French territory are under-served, and what to build where.

>>> import ctg_geo as ctg
>>> study = ctg.open_study("config/valence_romans.toml")   # doctest: +SKIP
>>> today = study.diagnose("creche")                       # doctest: +SKIP
>>> today.worst(10, study.how_sure(today))                 # doctest: +SKIP

Names load on first use, so that `import ctg_geo` is instant.
"""

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOMES = {
    "Calibration": "ctg_geo.calibration",
    "Catchment": "ctg_geo.access",
    "CtgGeoError": "ctg_geo.errors",
    "Diagnosis": "ctg_geo.diagnosis",
    "Matrix": "ctg_geo.travel",
    "Nearest": "ctg_geo.travel",
    "RoadNetwork": "ctg_geo.network",
    "Routes": "ctg_geo.travel",
    "Snapping": "ctg_geo.parameters",
    "Study": "ctg_geo.study",
    "TravelProfile": "ctg_geo.parameters",
    "TravelTimes": "ctg_geo.travel",
    "by_group": "ctg_geo.diagnosis",
    "calibrate": "ctg_geo.calibration",
    "compare": "ctg_geo.study",
    "diagnose": "ctg_geo.diagnosis",
    "e2sfca": "ctg_geo.access",
    "isochrones": "ctg_geo.travel",
    "matrix": "ctg_geo.travel",
    "nearest": "ctg_geo.travel",
    "open_study": "ctg_geo.study",
    "raam": "ctg_geo.access",
    "routes": "ctg_geo.travel",
    "surface": "ctg_geo.travel",
    "transit_times": "ctg_geo.travel",
    "travel_times": "ctg_geo.travel",
}
_ROOMS = (
    "access", "calibration", "export", "gap", "network", "patterns", "scenarios", "secrecy",
    "territory", "tours", "travel", "uncertainty",
)  # fmt: skip

__all__ = [
    "Calibration",
    "Catchment",
    "CtgGeoError",
    "Diagnosis",
    "Matrix",
    "Nearest",
    "RoadNetwork",
    "Routes",
    "Snapping",
    "Study",
    "TravelProfile",
    "TravelTimes",
    "__version__",
    "access",
    "by_group",
    "calibrate",
    "calibration",
    "compare",
    "diagnose",
    "e2sfca",
    "export",
    "gap",
    "isochrones",
    "matrix",
    "nearest",
    "network",
    "open_study",
    "patterns",
    "raam",
    "routes",
    "scenarios",
    "secrecy",
    "surface",
    "territory",
    "tours",
    "transit_times",
    "travel",
    "travel_times",
    "uncertainty",
]

if TYPE_CHECKING:
    from ctg_geo import (
        access,
        calibration,
        export,
        gap,
        network,
        patterns,
        scenarios,
        secrecy,
        territory,
        tours,
        travel,
        uncertainty,
    )
    from ctg_geo.access import Catchment, e2sfca, raam
    from ctg_geo.calibration import Calibration
    from ctg_geo.calibration.calibrate import calibrate
    from ctg_geo.diagnosis import Diagnosis, by_group, diagnose
    from ctg_geo.errors import CtgGeoError
    from ctg_geo.network import RoadNetwork
    from ctg_geo.parameters import Snapping, TravelProfile
    from ctg_geo.study import Study, compare, open_study
    from ctg_geo.travel import Matrix, Nearest, Routes, TravelTimes, transit_times, travel_times
    from ctg_geo.travel.isochrones import isochrones
    from ctg_geo.travel.matrix import matrix
    from ctg_geo.travel.nearest import nearest
    from ctg_geo.travel.routes import routes
    from ctg_geo.travel.surface import surface


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"ctg_geo.{name}")
    raise AttributeError(f"module 'ctg_geo' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
