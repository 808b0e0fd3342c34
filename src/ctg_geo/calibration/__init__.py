"""The proving ground: speeds of a profile fitted to observed times, and judged on others."""

from ctg_geo.calibration.calibrate import Calibration, calibrate
from ctg_geo.calibration.exposure import Exposure, exposure
from ctg_geo.calibration.terms import Term, Terms, terms_of
from ctg_geo.calibration.trips import Trips

__all__ = [
    "Calibration",
    "Exposure",
    "Term",
    "Terms",
    "Trips",
    "calibrate",
    "exposure",
    "terms_of",
]
