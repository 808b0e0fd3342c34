"""Who uses the places of a territory: its people, or those who live around it."""

from dataclasses import dataclass

import numpy as np

from ctg_geo.access import decay
from ctg_geo.access.weights import weights_of
from ctg_geo.diagnosis import Diagnosis

__all__ = ["Crossing", "crossing"]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Supply of the territory and what of it crosses its boundary, in the unit of supply.

    `inside` stands in the territory; `out` of it is used by people from around; `into` is
    what the territory's people use of places around. `unused` is reached by nobody.
    """

    inside: float
    out: float
    into: float
    unused: float

    @property
    def own(self) -> float:
        """What the people of the territory use, wherever it stands."""
        return self.inside - self.unused - self.out + self.into


def crossing(diagnosis: Diagnosis) -> Crossing | None:
    """Return who uses supply across the boundary; None for a service without a norm on supply.

    Notes
    -----
    E2SFCA shares the supply of place j among all who reach it: those outside use
    `R_j Σ w_ij P_i` of it, summed over them. Nothing is lost: what the territory's people use
    is what stands there, less what goes out, plus what comes in (`Crossing.own`, equal to
    `Σ P_i A_i` over them).
    """
    catchment, rule = diagnosis.catchment, diagnosis.service.decay
    if catchment is None or rule is None:
        return None
    homes, places = diagnosis.homes, diagnosis.equipements
    weights = weights_of(diagnosis.times, decay.from_rule(rule))
    inside = homes["code_insee"].isin(diagnosis.territory.inside).to_numpy()
    people = homes["demand"].to_numpy(np.float64)
    ratio = np.nan_to_num(catchment.ratio.to_numpy(np.float64))
    here = places["inside"].to_numpy(bool)
    supply = places["capacity"].to_numpy(np.float64)
    out = ratio * weights.to_sites(np.where(inside, 0.0, people))
    into = ratio * weights.to_sites(np.where(inside, people, 0.0))
    unused = catchment.ratio.isna().to_numpy()
    return Crossing(
        float(supply[here].sum()), float(out[here].sum()), float(into[~here].sum()),
        float(supply[here & unused].sum()),
    )  # fmt: skip
