"""Several modes: of care, each with its own decay, added; of travel, chosen or mixed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.access.catchment import divided, e2sfca
from ctg_geo.access.decay import Decay
from ctg_geo.access.nearest import nearest
from ctg_geo.access.weights import weights_of
from ctg_geo.errors import DataError, Defect, TravelError
from ctg_geo.travel import TravelTimes

__all__ = ["Care", "ModalCatchment", "added_access", "e2sfca_by_mode", "least_times", "mixture",
           "reach_by_mode"]  # fmt: skip

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Care:
    """One mode of care: where its places are, what they offer, how far people go for it."""

    times: TravelTimes
    supply: pd.Series  # by destination of `times`
    decay: Decay


def added_access(demand: pd.Series, modes: Mapping[str, Care]) -> pd.DataFrame:
    """Add the access to several modes of care, each shared with its own decay (`e2sfca`).

    Parameters
    ----------
    demand : by origin, people, the same for all modes
    modes : by name; their times start from the same origins, and supply has one unit

    Returns
    -------
    DataFrame by origin
        A column for each mode, and `access`, their sum, in supply per person.

    Raises
    ------
    TravelError
        If the modes have different origins.

    Notes
    -----
    Conservation: ``(access * demand).sum()`` is all supply of all modes that somebody reaches.
    """
    _same_points({name: care.times for name, care in modes.items()}, "origins")
    found = {
        name: e2sfca(care.times, demand, care.supply, decay=care.decay).access
        for name, care in modes.items()
    }
    table = pd.DataFrame(found)
    table["access"] = table.sum(axis=1)
    return table


def least_times(modes: Mapping[str, TravelTimes]) -> TravelTimes:
    """Return the least time of each pair over a set of modes of travel.

    Parameters
    ----------
    modes : by name (car, bicycle, foot); the same origins, destinations and limit

    Returns
    -------
    TravelTimes
        A pair is there if some mode has it. Snaps are those of the first mode.

    Raises
    ------
    TravelError
        If the modes have different points, or were computed up to different limits.

    Notes
    -----
    One mode more never lengthens a time.
    """
    _same_points(modes, "origins")
    _same_points(modes, "destinations")
    every = list(modes.values())
    limits = {times.limit_min for times in every}
    if len(limits) > 1:
        raise TravelError("modes_limit", limits=sorted(map(str, limits)))
    first = every[0]
    wide = len(first.destinations)
    pair = np.concatenate([times.rows * wide + times.to for times in every])
    time_ms = np.concatenate([times.time_ms for times in every]).astype(np.int64)
    order = np.lexsort((time_ms, pair))
    kept = order[np.unique(pair[order], return_index=True)[1]]
    row = pair[kept] // wide
    start = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(first.origins)))))
    return replace(first, start=start.astype(np.int64), to=pair[kept] % wide, time_ms=time_ms[kept])


def reach_by_mode(modes: Mapping[str, TravelTimes]) -> pd.DataFrame:
    """Time to the nearest place by each mode of travel, and by the best of them.

    Parameters
    ----------
    modes : by name of the mode, times over the same origins

    Returns
    -------
    DataFrame by origin
        A column of minutes for each mode (NaN where none is within its limit), then
        `minutes` (the least) and `mode` (which; on a tie the first given).

    Raises
    ------
    TravelError
        If the modes have different origins.
    """
    _same_points(modes, "origins")
    table = pd.DataFrame({name: nearest(times)["minutes"] for name, times in modes.items()})
    known = table.to_numpy()
    reached = ~np.isnan(known).all(axis=1)
    best = np.where(np.isnan(known), np.inf, known).argmin(axis=1)
    least = table.min(axis=1)
    names = np.array(list(modes), dtype=object)[best]
    table["minutes"], table["mode"] = least, np.where(reached, names, np.nan)
    return table


def mixture(measures: pd.DataFrame, shares: pd.DataFrame) -> pd.Series:
    """Mean of a measure over groups that have different means, weighted by who has them.

    Parameters
    ----------
    measures : by origin, a column for each group (households with a car, without)
    shares : by origin, the share of people in each group; they sum to 1

    Returns
    -------
    Series by origin
        NaN where the measure of a group that is there is unknown: it does not vanish.

    Raises
    ------
    UnknownCodeError, DataError
        If a share is missing or negative, or the shares of an origin do not sum to 1.

    Examples
    --------
    >>> measures = pd.DataFrame({"car": [0.5], "foot": [0.1]}, index=["a"])
    >>> mixture(measures, pd.DataFrame({"car": [0.75], "foot": [0.25]}, index=["a"])).tolist()
    [0.4]
    """
    part = _columns(shares, measures.index, list(measures.columns), "shares")
    total = part.sum(axis=1)
    wrong = np.flatnonzero(np.abs(total - 1) > _ROUNDING)
    if len(wrong):
        raise DataError([
            Defect("shares", "shares_sum", value=f"{total[at]:g}",
                   facts={"index": str(measures.index[int(at)])})
            for at in wrong
        ])  # fmt: skip
    known = measures.to_numpy(np.float64)
    mean = np.where(part > 0, known * part, 0.0).sum(axis=1)
    return pd.Series(mean, index=measures.index, name="mixture")


@dataclass(frozen=True, slots=True, eq=False)
class ModalCatchment:
    """What the people of each origin and mode can use, and the ratio of each site."""

    access: pd.DataFrame  # origin × mode, supply per person
    mean: pd.Series  # by origin, over its people; NaN where nobody is
    ratio: pd.Series  # by destination; NaN where no demand reaches the site


def e2sfca_by_mode(
    modes: Mapping[str, TravelTimes],
    demand: pd.DataFrame,
    supply: pd.Series,
    *,
    decays: Mapping[str, Decay],
) -> ModalCatchment:
    """Share each site among people who come by different modes of travel (MM-2SFCA).

    Unlike a mixture of measures made apart, those who drive and those who walk compete here
    for the same supply.

    Parameters
    ----------
    modes : by name; the same origins and destinations
    demand : by origin, the people who have each mode, a column for each
    supply : by destination
    decays : by mode

    Raises
    ------
    TravelError
        If the modes have different points.

    Notes
    -----
    Conservation: ``(access * demand).sum()`` over origins and modes is the supply that
    somebody reaches. With one mode it is `e2sfca`.

    References
    ----------
    Mao & Nekorchuk (2013), Health & Place 24, doi:10.1016/j.healthplace.2013.08.008.
    """
    _same_points(modes, "origins")
    _same_points(modes, "destinations")
    first = next(iter(modes.values()))
    offer = aligned(supply, first.destinations, table="supply")
    people = _columns(demand, first.origins, list(modes), "demand")
    weights = [weights_of(times, decays[name]) for name, times in modes.items()]
    came = [each.to_sites(people[:, at].copy()) for at, each in enumerate(weights)]
    ratio = divided(offer, np.sum(came, axis=0))
    shared = np.nan_to_num(ratio)
    found = np.column_stack([each.to_homes(shared) for each in weights])
    mean = divided((found * people).sum(axis=1), people.sum(axis=1))
    return ModalCatchment(
        pd.DataFrame(found, index=first.origins, columns=list(modes)),
        pd.Series(mean, index=first.origins, name="access"),
        pd.Series(ratio, index=first.destinations, name="ratio"),
    )


def _columns(
    table: pd.DataFrame, index: pd.Index, names: list[str], said: str
) -> "np.typing.NDArray[np.float64]":
    empty = pd.Series(np.nan, index=table.index)
    columns = [aligned(table.get(name, empty), index, table=f"{said}.{name}") for name in names]
    return np.column_stack(columns)


def _same_points(modes: Mapping[str, TravelTimes], end: str) -> None:
    """Check that all modes have the same origins, or destinations."""
    if not modes:
        raise TravelError("modes_none")
    named = list(modes)
    for name in named[1:]:
        if not getattr(modes[name], end).equals(getattr(modes[named[0]], end)):
            raise TravelError("modes_points", one=named[0], other=name, end=end)
