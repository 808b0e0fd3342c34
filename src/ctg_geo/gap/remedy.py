"""What would fix a gap: places to add here, minutes to save, places to bring a group level."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import Sharing
from ctg_geo.access.aligned import aligned, known
from ctg_geo.gap.grouped import divided, numbered
from ctg_geo.gap.rounding import MET
from ctg_geo.gap.undefined import Measure, Undefined
from ctg_geo.travel import TravelTimes

__all__ = [
    "Levelling",
    "added_access",
    "added_access_at",
    "minutes_to_save",
    "places_to_add",
    "places_to_level",
]


@dataclass(frozen=True, slots=True)
class Levelling:
    """Places that would bring one group to the level of another.

    `to_present` reaches the level that the other has today, `to_equal` the level it will have
    once some of the new places serve its own people. `kept` is the share (0-1) of the new
    places that serve the group: the rest goes to others.
    """

    level: float  # supply per person of the group today
    aim: float  # of the other group today
    to_present: Measure
    to_equal: Measure
    kept: float


def added_access(
    times: TravelTimes, demand: pd.Series, owner: pd.Series, *, sharing: Sharing
) -> pd.DataFrame:
    """Supply per person that one more place at each destination adds to each owner.

    Parameters
    ----------
    times : origins × destinations
        The destinations may be existing places or sites that could open (a chef-lieu); in
        3SFCA existing places only, for there a new one changes how people divide.
    demand : by origin, people, all those who would share the place
    owner : by origin, the commune or group its mean access is wanted for
    sharing : by which measure supply is shared; with several modes, that of each destination

    Returns
    -------
    DataFrame owners × destinations
        NaN in the row of an owner with nobody, and the column of a site that nobody reaches.

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        As `ctg_geo.access.e2sfca`; if `owner` lacks an origin.

    Notes
    -----
    The demand that comes to a site, `V_j = Σ come_ij P_i`, does not depend on supply (see
    `ctg_geo.access.sharing`). So access is linear in it, with slope `use_ij / V_j`, exactly: an
    owner's slope is its mean over people.
    """
    people = aligned(demand, times.origins, table="demand")
    names, number = numbered(owner, times.origins, table="owner")
    whole = np.bincount(number, people, len(names))
    slope = np.full((len(names), len(times.destinations)), np.nan)
    for _, rule, own in sharing.by_care(times):
        pairs, sites = rule.used(times.to_destinations(own)), int(own.sum())
        reached = np.bincount(pairs.to, people[pairs.row] * pairs.come, sites)
        cell = number[pairs.row] * sites + pairs.to
        served = np.bincount(cell, people[pairs.row] * pairs.use, len(names) * sites)
        bottom = whole[:, None] * reached[None, :]
        slope[:, own] = np.divide(
            served.reshape(len(names), sites), bottom, out=np.full(bottom.shape, np.nan),
            where=bottom > 0,
        )  # fmt: skip
    return pd.DataFrame(slope, index=names, columns=times.destinations)


def added_access_at(
    times: TravelTimes, demand: pd.Series, owner: pd.Series, at: pd.Series, *, sharing: Sharing
) -> pd.Series:
    """Supply per person that one more place at its own site adds to each owner.

    The same figures as `added_access(...)` has at (owner, its site), in memory that grows with
    the pairs within reach and not with owners × sites: for a country.

    Parameters
    ----------
    times, demand, owner, sharing : see `added_access`
    at : by owner, one of the destinations (missing or absent: none)

    Returns
    -------
    Series by owner
        NaN for an owner with nobody or without a site, or whose site nobody reaches.

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        See `added_access`; if a site is no destination.
    """
    people = aligned(demand, times.origins, table="demand")
    names, number = numbered(owner, times.origins, table="owner")
    sites = at.reindex(names)
    known(pd.Index(sites.dropna().unique()), times.destinations, table="times")
    whole = np.bincount(number, people, len(names))
    slope = np.full(len(names), np.nan)
    for _, rule, own in sharing.by_care(times):
        column = times.destinations[own].get_indexer(pd.Index(sites))
        here = column >= 0
        pairs = rule.used(times.to_destinations(own))
        reached = np.bincount(pairs.to, people[pairs.row] * pairs.come, int(own.sum()))
        home = column[number[pairs.row]] == pairs.to
        row = pairs.row[home]
        served = np.bincount(number[row], people[row] * pairs.use[home], len(names))
        bottom = np.where(here, whole * reached[column], 0.0) if len(reached) else 0.0 * whole
        here &= bottom > 0
        slope[here] = served[here] / bottom[here]
    return pd.Series(slope, index=names)


def places_to_add(
    level: pd.Series,
    slope: pd.DataFrame | pd.Series,
    *,
    norm: float,
    at: pd.Series | None = None,
) -> pd.DataFrame:
    """Fewest places to add at one site so that each owner reaches the norm, on its own.

    Parameters
    ----------
    level : by owner, supply per person today (mean over its people)
    slope : owners × sites, see `added_access`; or by owner that of its site (`added_access_at`)
    norm : supply per person
    at : by owner, the site to add them at (its nearest place, its chef-lieu); needed with a
        slope by owner; by default the site where the fewest are needed (on a tie the first)

    Returns
    -------
    DataFrame by owner
        gap (supply per person), site (NaN where none is wanted), places (0 where the norm is
        met; NaN where undefined), undefined (empty, or why: nobody, out_of_reach, nobody_reaches).

    Raises
    ------
    UnknownCodeError
        If `slope` lacks an owner or a site of `at`.

    Notes
    -----
    Exact: measuring again with these places gives the norm. The needs of several owners do
    not add up: a place added for one serves its neighbours too.
    """
    known(level.index, slope.index, table="slope")
    chosen, each = _slopes(level, slope, at)
    now = level.to_numpy(np.float64)
    gap = np.where(now >= norm * MET, 0.0, norm - now)
    met = gap <= 0
    why = np.select(
        [np.isnan(gap), met, np.isnan(each), each <= 0],
        ["nobody", "", "nobody_reaches", "out_of_reach"], default="",
    )  # fmt: skip
    wanted = (why == "") & ~met
    places = np.where(met, 0.0, np.where(wanted, divided(gap, np.nan_to_num(each)), np.nan))
    site = np.where(wanted, chosen, np.nan)
    return pd.DataFrame(
        {"gap": gap, "site": site, "places": places, "undefined": why}, index=level.index
    )


def _slopes(
    level: pd.Series, slope: pd.DataFrame | pd.Series, at: pd.Series | None
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    """Return the site of each owner, and what a place there adds to it (0 without a site)."""
    values = slope.reindex(level.index).to_numpy(np.float64)
    if at is None:
        assert isinstance(slope, pd.DataFrame), "a slope by owner is that of a site"
        best = np.nan_to_num(values).argmax(axis=1)
        each = np.nan_to_num(values[np.arange(len(values)), best])
        return slope.columns.to_numpy(dtype=object)[best], each
    known(level.index, at.index, table="at")
    sites = at.reindex(level.index)
    named = sites.notna().to_numpy()
    if isinstance(slope, pd.DataFrame):
        known(pd.Index(sites.dropna().unique()), slope.columns, table="slope")
        column = slope.columns.get_indexer(pd.Index(sites))  # -1: no site
        values = values[np.arange(len(values)), column]
    return sites.to_numpy(dtype=object), np.where(named, values, 0.0)


def minutes_to_save(minutes: pd.Series, *, within_min: float) -> pd.DataFrame:
    """Minutes that a trip would have to lose for the norm on time to be met.

    Parameters
    ----------
    minutes : by place, to the nearest; NaN where nothing is within the limit

    Returns
    -------
    DataFrame by place
        minutes (0 where the norm is met, NaN where undefined), undefined (empty or no_route).
    """
    saved = (minutes - within_min).clip(lower=0.0)
    why = np.where(minutes.isna(), "no_route", "")
    return pd.DataFrame({"minutes": saved, "undefined": why}, index=minutes.index)


def places_to_level(
    level: pd.Series,
    people: pd.Series,
    slope: pd.DataFrame,
    mix: pd.Series,
    *,
    group: str,
    like: str,
) -> Levelling:
    """Places, added in given proportions, that bring one group to the level of another.

    Parameters
    ----------
    level, people : by group, supply per person today, and people
    slope : groups × sites, see `added_access`
    mix : by site, how the new places are shared among sites (not negative; scaled to sum
        to 1): the present places of the group, or its sites alike
    group, like : the group to raise, and the one whose level is aimed at

    Returns
    -------
    Levelling
        `to_present` is 0 where the group is not below. Undefined where new places at these
        sites do not raise the group (`out_of_reach`), or raise the other as much
        (`no_catching_up`).

    Raises
    ------
    UnknownCodeError
        If a table lacks a group or a site.
    DataError
        If a share of the mix is missing or negative.
    """
    known(pd.Index([group, like]), level.index, table="level")
    known(pd.Index([group, like]), slope.index, table="slope")
    known(pd.Index([group]), people.index, table="people")
    known(mix.index, slope.columns, table="slope")
    share = aligned(mix, mix.index, table="mix")
    low, high = float(level[group]), float(level[like])
    gap = max(0.0, high - low)
    share = share / share.sum() if share.sum() else share
    each = slope.loc[[group, like], mix.index].to_numpy(np.float64)
    each = np.where(share > 0, each, 0.0)
    own, other = (float(row @ share) for row in each)
    if not own > 0:
        none: Measure = Undefined("out_of_reach") if gap else 0.0
        return Levelling(low, high, none, none, 0.0)
    kept = own * float(people[group])
    if not gap:
        return Levelling(low, high, 0.0, 0.0, kept)
    equal: Measure = gap / (own - other) if own > other else Undefined("no_catching_up")
    return Levelling(low, high, gap / own, equal, kept)
