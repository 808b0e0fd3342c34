"""The dice: how sure a result is when the inputs are a little wrong."""

from ctg_geo.uncertainty.composite import weighed
from ctg_geo.uncertainty.inputs import Inputs, Norms
from ctg_geo.uncertainty.laws import relative_error
from ctg_geo.uncertainty.sensitivity import People, sensitivity
from ctg_geo.uncertainty.sureness import Sureness, sureness
from ctg_geo.uncertainty.throwing import Draws, Found, draws

__all__ = [
    "Draws",
    "Found",
    "Inputs",
    "Norms",
    "People",
    "Sureness",
    "draws",
    "relative_error",
    "sensitivity",
    "sureness",
    "weighed",
]
