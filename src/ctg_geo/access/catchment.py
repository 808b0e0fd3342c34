"""Floating catchments: supply shared among the people who can reach it, in two or three steps."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.access.decay import Decay, flat
from ctg_geo.access.weights import weights_of
from ctg_geo.travel import TravelTimes

__all__ = [
    "Catchment", "bfca", "divided", "e2sfca", "m2sfca", "parted", "reached", "reached_selecting",
    "three_step", "two_step",
]  # fmt: skip

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Catchment:
    """What each origin can use, and the ratio of each site it comes from."""

    access: pd.Series  # by origin, supply per person
    ratio: pd.Series  # by destination, supply per person; NaN where no demand reaches the site
    parts: pd.DataFrame = field(default_factory=pd.DataFrame)  # of access, by mode of care


def e2sfca(
    times: TravelTimes,
    demand: pd.Series,
    supply: pd.Series,
    *,
    decay: Decay,
    among: pd.Series | None = None,
) -> Catchment:
    """Share the supply of each site among the people who can reach it.

    Step 1 divides the supply of every site by the demand within its reach;
    step 2 sums, for every origin, the ratios it can reach. Both steps weigh
    people by `decay`, so supply is neither created nor lost.

    Parameters
    ----------
    times : origins × destinations
        Known at least up to `decay.reach_min`; pairs beyond do not count.
    demand : by origin, people
        Zero is allowed, missing is not.
    supply : by destination, in its own unit (places, weekly hours)
        Scaled beforehand by the share of time the service is present.
    decay : minutes -> weight in [0, 1]
        How willingness to travel falls with time.
    among : by destination, the people it is shared among, where they are known (`reached`)
        The origins need then not be all that reach it.

    Returns
    -------
    Catchment
        `access` is 0 where nothing is within reach.

    Raises
    ------
    UnknownCodeError
        If `demand` or `supply` lacks an origin or a destination of `times`.
    DataError
        If one of them is missing or negative.
    TravelError
        If `times` are known to a shorter limit than the decay reaches.

    Notes
    -----
    Conservation: ``(access * demand).sum() + supply[ratio.isna()].sum() == supply.sum()``.
    Access is linear in `supply`; splitting an origin in two changes nothing; adding demand
    never raises any access.

    References
    ----------
    Luo & Qi (2009), Health & Place 15(4), doi:10.1016/j.healthplace.2009.06.002.

    Examples
    --------
    Two communes, one crèche of 10 places: a child next door weighs twice one 20 min away.

    >>> from ctg_geo.access import decay
    >>> pairs = pd.DataFrame(
    ...     {"origin": ["26281", "26362"], "destination": ["c1", "c1"], "minutes": [0.0, 20.0]}
    ... )
    >>> times = TravelTimes.from_frame(pairs, limit_min=30)
    >>> children = pd.Series({"26281": 20.0, "26362": 40.0})
    >>> half = decay.steps([10, 30], [1, 0.5])
    >>> e2sfca(times, children, pd.Series({"c1": 10.0}), decay=half).access
    origin
    26281    0.250
    26362    0.125
    Name: access, dtype: float64
    """
    people, offer = _tables(times, demand, supply)
    weights = weights_of(times, decay)
    ratio = divided(offer, weights.to_sites(people) if among is None else _among(among, times))
    return _catchment(times, weights.to_homes(np.nan_to_num(ratio)), ratio)


def reached(times: TravelTimes, demand: pd.Series, *, decay: Decay) -> pd.Series:
    """Return the weighted people that each destination is shared among in `e2sfca`, `m2sfca`.

    Parameters, Raises
        See `e2sfca`.
    """
    people = aligned(demand, times.origins, table="demand")
    return pd.Series(weights_of(times, decay).to_sites(people), index=times.destinations)


def reached_selecting(times: TravelTimes, demand: pd.Series, *, decay: Decay) -> pd.Series:
    """Return the weighted people that each destination is shared among in `three_step`.

    Every destination that an origin reaches must be in `times`, for it takes part of its people.
    """
    people, weights = aligned(demand, times.origins, table="demand"), weights_of(times, decay)
    whole = weights.to_homes(np.ones(len(times.destinations)))
    among = weights.squared().to_sites(parted(people, whole))
    return pd.Series(among, index=times.destinations)


def two_step(
    times: TravelTimes, demand: pd.Series, supply: pd.Series, *, reach_min: float
) -> Catchment:
    """Share supply among all who are within `reach_min`, near or far alike (2SFCA).

    See `e2sfca`, of which this is the case of a flat decay.

    Parameters
    ----------
    times : origins × destinations
    demand, supply : see `e2sfca`
    reach_min : minutes, at most `times.limit_min`

    References
    ----------
    Luo & Wang (2003), Environment and Planning B 30(6), doi:10.1068/b29120.
    """
    return e2sfca(times, demand, supply, decay=flat(reach_min))


def m2sfca(
    times: TravelTimes,
    demand: pd.Series,
    supply: pd.Series,
    *,
    decay: Decay,
    among: pd.Series | None = None,
) -> Catchment:
    """Share supply as `e2sfca` does, and lose of it what distance makes worthless (M2SFCA).

    The second step weighs twice, so that a place far from everybody is worth less than one
    near: supply in poor position is not used in full.

    Parameters, Raises
        See `e2sfca`.

    Notes
    -----
    ``(access * demand).sum() <= supply.sum()``, equal under a flat decay. Linear in `supply`;
    splitting an origin changes nothing; an opening lowers no access; more demand raises none.

    References
    ----------
    Delamater (2013), Health & Place 24, doi:10.1016/j.healthplace.2013.07.012.
    """
    people, offer = _tables(times, demand, supply)
    weights = weights_of(times, decay)
    ratio = divided(offer, weights.to_sites(people) if among is None else _among(among, times))
    return _catchment(times, weights.squared().to_homes(np.nan_to_num(ratio)), ratio)


def three_step(
    times: TravelTimes,
    demand: pd.Series,
    supply: pd.Series,
    *,
    decay: Decay,
    among: pd.Series | None = None,
) -> Catchment:
    """Share supply among people who share themselves among the sites they reach (3SFCA).

    Before the two steps of `e2sfca`, the people of an origin are given to sites in
    proportion to the weights, `w / Σ w`, so that demand is not counted once for each site.
    Every destination of `times` takes part, also one without supply.

    Parameters, Raises
        See `e2sfca`.

    Notes
    -----
    Conservation as in `e2sfca`. Linear in `supply` on given destinations; splitting an origin
    changes nothing; more demand raises no access. **A new site may lower the access** of
    people beyond its neighbourhood: those near it leave a part of their weight at their old
    sites, and what these offered them is shared anew. Do not read an opening off this measure.

    References
    ----------
    Wan, Zou & Sternberg (2012), International Journal of Geographical Information Science
    26(6), doi:10.1080/13658816.2011.624987.
    """
    people, offer = _tables(times, demand, supply)
    weights = weights_of(times, decay)
    all_weights = weights.to_homes(np.ones(len(offer)))
    squares = weights.squared()  # selection × weight = w² / Σ w
    if among is None:
        ratio = divided(offer, squares.to_sites(parted(people, all_weights)))
    else:
        ratio = divided(offer, _among(among, times))
    access = parted(squares.to_homes(np.nan_to_num(ratio)), all_weights)
    return _catchment(times, access, ratio)


def bfca(times: TravelTimes, demand: pd.Series, supply: pd.Series, *, decay: Decay) -> Catchment:
    """Share people among sites, and the level of service among origins, each once (BFCA).

    Weights are made to sum to 1 over the sites of an origin in the first step, and over the
    origins of a site in the second: neither demand nor level of service is inflated.

    Parameters, Raises
        See `e2sfca`.

    Notes
    -----
    ``access.sum() == ratio.sum()`` over the sites whose ratio is defined; supply per person
    is *not* conserved. **The result depends on how people are cut into origins**: an origin
    split in two changes it. A new site lowers no access: the demand of the others falls, and
    the weights of their origins stay. Linear in `supply` on given destinations; more demand
    raises no access.

    References
    ----------
    Páez, Higgins & Vivona (2019), PLoS ONE 14(6), doi:10.1371/journal.pone.0218773.
    """
    people, offer = _tables(times, demand, supply)
    weights = weights_of(times, decay)
    of_home = weights.to_homes(np.ones(len(offer)))
    of_site = weights.to_sites(np.ones(len(people)))
    ratio = divided(offer, weights.to_sites(parted(people, of_home)))
    access = weights.to_homes(parted(np.nan_to_num(ratio), of_site))
    return _catchment(times, access, ratio)


def divided(above: Floats, below: Floats) -> Floats:
    """Divide, and put NaN where there is nothing to divide by."""
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def parted(above: Floats, below: Floats) -> Floats:
    """Divide, and put 0 where there is nothing to divide by."""
    return np.nan_to_num(divided(above, below))


def _among(among: pd.Series, times: TravelTimes) -> Floats:
    return aligned(among, times.destinations, table="among")


def _tables(times: TravelTimes, demand: pd.Series, supply: pd.Series) -> tuple[Floats, Floats]:
    people = aligned(demand, times.origins, table="demand")
    return people, aligned(supply, times.destinations, table="supply")


def _catchment(times: TravelTimes, access: Floats, ratio: Floats) -> Catchment:
    return Catchment(
        pd.Series(access, index=times.origins, name="access"),
        pd.Series(ratio, index=times.destinations, name="ratio"),
    )
