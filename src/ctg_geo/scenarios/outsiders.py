"""Who uses the places of a territory: its people, or those who live around it."""

from dataclasses import dataclass

import numpy as np

from ctg_geo.diagnosis import Diagnosis

__all__ = ["Crossing", "crossing"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Crossing:
    """Supply of the territory and what of it crosses its boundary, in the unit of supply.

    `inside` stands in the territory; `out` of it is used by people from around; `into` is
    what the territory's people use of places around. `unused` is reached by nobody; `lost` is what
    distance makes worthless (M2SFCA; nothing by the other measures).
    """

    inside: float
    out: float
    into: float
    unused: float
    lost: float = 0.0

    @property
    def own(self) -> float:
        """What the people of the territory use, wherever it stands."""
        return self.inside - self.unused - self.lost - self.out + self.into


def crossing(diagnosis: Diagnosis) -> Crossing | None:
    """Return who uses supply across the boundary; None for a service without a norm on supply.

    Notes
    -----
    The supply of place j is shared among all who come to it: those outside use
    `R_j Σ use_ij P_i` of it, summed over them (see `ctg_geo.access.sharing`; in E2SFCA `use` is the
    weight of the time). What the territory's people use is what stands there, less what
    goes out or is lost, plus what comes in (`Crossing.own`, equal to `Σ P_i A_i` over them).
    """
    catchment, sharing = diagnosis.catchment, diagnosis.sharing
    if catchment is None or sharing is None:
        return None
    homes, places = diagnosis.homes, diagnosis.equipements
    inside = homes["code_insee"].isin(diagnosis.territory.inside).to_numpy()
    people = homes["demand"].to_numpy(np.float64)
    ratio = np.nan_to_num(catchment.ratio.to_numpy(np.float64))
    here = places["inside"].to_numpy(bool)
    supply = places["capacity"].to_numpy(np.float64)
    out, into = np.zeros(len(places)), np.zeros(len(places))
    for _, rule, own in sharing.by_care(diagnosis.times):
        pairs, size = rule.used(diagnosis.times.to_destinations(own)), int(own.sum())
        for used, of in (
            (out, np.where(inside, 0.0, people)),
            (into, np.where(inside, people, 0.0)),
        ):
            used[own] = np.bincount(pairs.to, of[pairs.row] * pairs.use, size)
    out, into = ratio * out, ratio * into
    unused = catchment.ratio.isna().to_numpy()
    lost = np.where(unused, 0.0, supply - out - into)
    lost[np.abs(lost) <= _ROUNDING * supply] = 0.0
    return Crossing(
        float(supply[here].sum()), float(out[here].sum()), float(into[~here].sum()),
        float(supply[here & unused].sum()), float(lost[here].sum()),
    )  # fmt: skip
