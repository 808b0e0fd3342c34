"""Small services to throw dice for, and the diagnosis done again the slow way."""

import numpy as np
import pandas as pd

from ctg_geo import TravelTimes
from ctg_geo.access import alone, nearest, weighted_mean, weighted_quantile
from ctg_geo.access.decay import flat, gaussian, steps
from ctg_geo.gap import concerned, missing_supply, score, time_score
from ctg_geo.parameters import RelativeError, Uncertainty
from ctg_geo.uncertainty import Inputs, Norms

STEPS = steps([5, 10, 15], [1, 0.68, 0.22])
SOURCE = "test"


def error(relative):
    return RelativeError(relative=relative, source=SOURCE)


def inputs_of(
    pairs, people, commune, supply, *, norm=0.1, decays=(STEPS,), limit_min=60.0, within_min=15.0,
    measure="e2sfca", sharings=None,
    people_error=0.0, inside_error=0.0, supply_error=0.0, hidden=(), control=None,
):  # fmt: skip
    """Make inputs of (origin, destination, minutes); errors are the same everywhere."""
    people, commune = pd.Series(people, dtype=float), pd.Series(commune, dtype=object)
    supply = pd.Series(supply, dtype=float)
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    times = TravelTimes.from_frame(
        frame.astype({"minutes": float}), limit_min=limit_min, origins=people.index,
        destinations=supply.index,
    )  # fmt: skip
    codes = pd.Index(sorted(set(commune)))
    total = people.groupby(commune).transform("sum")
    alike = 1 / people.groupby(commune).transform("size")
    share = (people / total.where(total > 0)).fillna(alike)
    shared = sharings or tuple(alone(each, measure) for each in decays)
    return Inputs(
        times=times, people=people, share=share, commune=commune, supply=supply,
        norms=Norms(within_min, norm, shared if norm is not None else ()), judged=codes,
        hidden=pd.Index(list(hidden), dtype=object), people_error=pd.Series(people_error, codes),
        inside_error=pd.Series(inside_error, people.index),
        supply_error=pd.Series(supply_error, supply.index),
        control=pd.Series(dtype=object) if control is None else control,
    )  # fmt: skip


def town(*, seed=3, homes=60, places=7, communes=12, **given):
    """Return a random service: people in several places of each commune."""
    rng = np.random.default_rng(seed)
    names, sites = [f"h{k:03d}" for k in range(homes)], [f"c{k}" for k in range(places)]
    minutes = rng.integers(0, 40 * 60, (homes, places)) / 60
    pairs = [(o, d, minutes[i, j]) for i, o in enumerate(names) for j, d in enumerate(sites)]
    commune = {o: f"{26000 + k % communes}" for k, o in enumerate(names)}
    people = dict(zip(names, rng.integers(0, 60, homes), strict=True))
    supply = dict(zip(sites, rng.integers(5, 40, places), strict=True))
    return inputs_of(pairs, people, commune, supply, **given)


def every_die(**given):
    """Return settings where all that is not in the inputs is thrown."""
    span = {"low": 0.8, "high": 1.2, "source": SOURCE}
    named = {
        "times": error(0.2), "local_times": error(0.1), "norm": span, "reach": span, "draws": 40,
        "seed": 11,
    }  # fmt: skip
    return Uncertainty.model_validate({**named, **given})


def slow_diagnosis(inputs, throw, codes):
    """Diagnose one throw with the plain measures, one after the other."""
    origins = inputs.times.origins
    slower = pd.Series(throw.slower, index=codes)[inputs.commune].to_numpy()
    frame = inputs.times.to_frame()
    factor = pd.Series(slower, index=origins)[frame["origin"]].to_numpy()
    frame["minutes"] = np.rint(inputs.times.time_ms * factor) / 60_000
    times = TravelTimes.from_frame(
        frame, limit_min=None, origins=origins, destinations=inputs.times.destinations
    )
    people, share = pd.Series(throw.people, origins), pd.Series(throw.share, origins)
    owner, norms = inputs.commune, inputs.norms
    if norms.supply is None:
        within = norms.within_min * throw.norm
        minutes = nearest(times)["minutes"]
        value = weighted_quantile(minutes, share, owner, share=0.5)
        gap = concerned(~(minutes <= within), people).groupby(owner).sum()
        return value, gap, ~(value <= within), time_score(value, within_min=within)
    norm = norms.supply * throw.norm
    supply = pd.Series(throw.supply, inputs.times.destinations)
    access = norms.sharings[throw.decay].catchment(times, people, supply).access
    value = weighted_mean(access, share, owner)
    gap = missing_supply(access, people, norm=norm).groupby(owner).sum()
    return value, gap, value < norm, score(value, norm=norm)


DECAYS = (STEPS, flat(15), gaussian(12))
