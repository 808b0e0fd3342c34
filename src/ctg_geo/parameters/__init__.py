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
from ctg_geo.parameters.recipe import Ingredient, Recipe
from ctg_geo.parameters.robustness import Robustness
from ctg_geo.parameters.schematic import SchematicRules
from ctg_geo.parameters.secrecy import RULES, CellCost, SecrecyRule
from ctg_geo.parameters.service import (
    CapacityEach,
    DecayRule,
    FlatRule,
    GaussianRule,
    Norm,
    Service,
    StepsRule,
)
from ctg_geo.parameters.uncertainty import FactorRange, Figure, RelativeError, Uncertainty

__all__ = [
    "MODES",
    "RULES",
    "AssumedHours",
    "CalibrationRules",
    "CapacityEach",
    "CellCost",
    "DecayRule",
    "FactorRange",
    "Figure",
    "FlatRule",
    "GaussianRule",
    "Ingredient",
    "Mode",
    "Norm",
    "Penalties",
    "Period",
    "Recipe",
    "RelativeError",
    "Robustness",
    "SchematicRules",
    "SecrecyRule",
    "Service",
    "Snapping",
    "StepsRule",
    "Surroundings",
    "TravelProfile",
    "Uncertainty",
]
