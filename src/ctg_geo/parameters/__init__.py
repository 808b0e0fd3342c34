"""The dials: what people set."""

from ctg_geo.parameters.profile import Snapping, TravelProfile
from ctg_geo.parameters.robustness import Robustness
from ctg_geo.parameters.schematic import SchematicRules
from ctg_geo.parameters.service import (
    CapacityEach,
    DecayRule,
    FlatRule,
    GaussianRule,
    Norm,
    Service,
    StepsRule,
)

__all__ = [
    "CapacityEach",
    "DecayRule",
    "FlatRule",
    "GaussianRule",
    "Norm",
    "Robustness",
    "SchematicRules",
    "Service",
    "Snapping",
    "StepsRule",
    "TravelProfile",
]
