"""How speeds are fitted to observed times, and what a fitted speed may be."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["CAR_BOUNDS", "Bounds", "CalibrationRules"]

Kmh = Annotated[float, Field(gt=0, le=150)]
Bounds = tuple[Kmh, Kmh]

# Mean running speeds that are plausible for a car, stops at junctions apart: from crawling
# along a winding or crowded road of the class to driving at its usual French limit.
CAR_BOUNDS: dict[str, Bounds] = {
    "motorway": (60, 130),
    "motorway_link": (25, 110),
    "trunk": (45, 110),
    "trunk_link": (20, 90),
    "primary": (20, 90),
    "primary_link": (15, 80),
    "secondary": (20, 90),
    "secondary_link": (15, 80),
    "tertiary": (15, 80),
    "tertiary_link": (12, 70),
    "unclassified": (10, 80),
    "residential": (8, 50),
    "living_street": (4, 30),
    "service": (4, 40),
    "track": (4, 40),
}


class CalibrationRules(Parameter):
    """How speeds are fitted; see `docs/calibration.md` for what each number means.

    `bounds` replaces the plausible speeds of a class, km/h; a class without any may run from
    0.4 to 2 times its default. `use_stated` overrides that of the profile: without it, one
    speed per class and surroundings replaces what the roads state. A class is fitted if at
    least `least_trips` trips take it for `least_km` in all. Errors up to `usual_error` of the
    time of a trip (of `short_min` at least) count squared, larger ones in proportion;
    `prior_error` is how wrong the default speeds may well be, `stop_error` the default stops:
    they rule how strongly what few trips meet keeps to its default. Of two rounds whose speeds
    differ by less than `still`, the second is the last. The fitted profile is recommended if
    it lowers the mean error on trips it has not seen by `least_gain` or more.
    """

    rounds: int = Field(default=15, ge=1, le=100)
    still: float = Field(default=0.005, gt=0, le=0.1)
    folds: int = Field(default=5, ge=2, le=20)
    bounds: dict[str, Bounds] = {}
    limit_factor: tuple[float, float] = (0.4, 1.2)
    longest_stop_s: float = Field(default=45, gt=0, le=600)
    longest_start_min: float = Field(default=10, gt=0, le=60)
    use_stated: bool | None = None
    fit_junctions: bool = True
    fit_start: bool = False
    least_trips: int = Field(default=10, ge=1)
    least_km: float = Field(default=10, ge=0)
    usual_error: float = Field(default=0.1, gt=0, le=1)
    short_min: float = Field(default=5, gt=0, le=60)
    prior_error: float = Field(default=0.3, gt=0, le=5)
    stop_error: float = Field(default=1.0, gt=0, le=5)
    draws: int = Field(default=200, ge=20, le=10_000)
    least_gain: float = Field(default=0.02, ge=0, le=1)
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for low, high in (self.limit_factor, *self.bounds.values()):
            if not 0 < low < high:
                raise refusal("bounds", low=low, high=high)
        return self
