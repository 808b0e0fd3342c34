"""The dials: what people set."""

from ctg_geo.parameters.analysis import (
    AlsoPeople,
    Analysis,
    BeyondReach,
    DoubleDeprivation,
    GroupBalance,
)
from ctg_geo.parameters.calibration import CalibrationRules
from ctg_geo.parameters.opening import AssumedHours
from ctg_geo.parameters.patterns import Patterns
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
    ExponentialRule,
    FlatRule,
    GaussianRule,
    HoursEach,
    LogisticRule,
    Norm,
    PowerRule,
    Presence,
    Service,
    StepsRule,
)
from ctg_geo.parameters.theme import KnownCount, Theme
from ctg_geo.parameters.tour import (
    Crew,
    DesignRules,
    HourWorth,
    Itinerant,
    Tour,
    TourDay,
    TourStop,
)
from ctg_geo.parameters.uncertainty import (
    FactorRange,
    Figure,
    RelativeError,
    Uncertainty,
    WeightRange,
)

__all__ = [
    "MODES",
    "RULES",
    "AlsoPeople",
    "Analysis",
    "AssumedHours",
    "BeyondReach",
    "CalibrationRules",
    "CapacityEach",
    "CellCost",
    "Crew",
    "DecayRule",
    "DesignRules",
    "DoubleDeprivation",
    "ExponentialRule",
    "FactorRange",
    "Figure",
    "FlatRule",
    "GaussianRule",
    "GroupBalance",
    "HourWorth",
    "HoursEach",
    "Ingredient",
    "Itinerant",
    "KnownCount",
    "LogisticRule",
    "Mode",
    "Norm",
    "Patterns",
    "Penalties",
    "Period",
    "PowerRule",
    "Presence",
    "Recipe",
    "RelativeError",
    "Robustness",
    "SchematicRules",
    "SecrecyRule",
    "Service",
    "Snapping",
    "StepsRule",
    "Surroundings",
    "Theme",
    "Tour",
    "TourDay",
    "TourStop",
    "TravelProfile",
    "Uncertainty",
    "WeightRange",
]
