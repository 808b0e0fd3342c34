"""The dials: what people set."""

from ctg_geo.parameters.calibration import CalibrationRules
from ctg_geo.parameters.opening import AssumedHours
from ctg_geo.parameters.profile import (
    MODES,
    Mode,
    Penalties,
    Period,
    Snapping,
    Surroundings,
    TravelProfile,
)
from ctg_geo.parameters.robustness import Robustness
from ctg_geo.parameters.schematic import SchematicRules
from ctg_geo.parameters.secrecy import RULES, CellCost, SecrecyRule
from ctg_geo.parameters.service import (
    CapacityEach,
    DecayRule,
    ExponentialRule,
    FlatRule,
    GaussianRule,
    LogisticRule,
    Norm,
    PowerRule,
    Service,
    StepsRule,
)

__all__ = [
    "MODES",
    "RULES",
    "AssumedHours",
    "CalibrationRules",
    "CapacityEach",
    "CellCost",
    "DecayRule",
    "ExponentialRule",
    "FlatRule",
    "GaussianRule",
    "LogisticRule",
    "Mode",
    "Norm",
    "Penalties",
    "Period",
    "PowerRule",
    "Robustness",
    "SchematicRules",
    "SecrecyRule",
    "Service",
    "Snapping",
    "StepsRule",
    "Surroundings",
    "TravelProfile",
]
