"""What a place really offers: for the hours it is there, the ages it takes, whom it admits."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import DataError, Defect, UnknownCodeError
from ctg_geo.territory import admission, presence
from ctg_geo.travel import TravelTimes

__all__ = ["admissible", "admitting", "effective_supply", "share_of_ages", "share_of_time"]


def share_of_time(
    hours_per_week: pd.Series,
    *,
    reference_hours: float,
    weeks_per_year: pd.Series | None = None,
    reference_weeks: float = 52.0,
) -> pd.Series:
    """Share (0-1) of the reference time that a place is there.

    Parameters
    ----------
    hours_per_week : by destination; 0 is never there
    reference_hours : weekly hours of a place that counts whole (> 0)
    weeks_per_year : by destination; by default all weeks of the reference
    reference_weeks : weeks a year of a place that counts whole (> 0)

    Returns
    -------
    Series by destination; a place there for longer than the reference counts whole, no more

    Raises
    ------
    DataError
        If hours or weeks are missing or negative: nothing is guessed.

    Examples
    --------
    A desk open 7 of 35 hours a week, and one as long but in half of the weeks:

    >>> hours, weeks = pd.Series({"x": 7, "y": 7}), pd.Series({"x": 52, "y": 26})
    >>> share_of_time(hours, reference_hours=35, weeks_per_year=weeks).tolist()
    [0.2, 0.1]
    """
    index = hours_per_week.index
    hours = pd.Series(aligned(hours_per_week, index, table="hours_per_week"), index)
    weeks = weeks_per_year
    if weeks is not None:
        weeks = pd.Series(aligned(weeks, index, table="weeks_per_year"), index)
    share = presence.share_of_time(
        hours, reference_hours=reference_hours, weeks=weeks, reference_weeks=reference_weeks
    )
    return share.rename("share_of_time")


def share_of_ages(first: pd.Series, last: pd.Series, *, band: tuple[int, int]) -> pd.Series:
    """Share (0-1) of a place's ages that belong to a band: what of it these people may use.

    Parameters
    ----------
    first, last : by destination, youngest and oldest age taken, both included
    band : youngest and oldest age of the people considered, both included

    Returns
    -------
    Series by destination; 0 where no age is common

    Raises
    ------
    DataError
        If an age is missing, negative, or the oldest is under the youngest.

    Notes
    -----
    Places are taken to be used alike by every age they take. A place for part of the band
    only keeps its supply whole; cut the band in two where that matters, and mix the measures
    (`mixture`).

    Examples
    --------
    >>> share_of_ages(pd.Series({"x": 3}), pd.Series({"x": 17}), band=(12, 17)).tolist()
    [0.4]
    """
    young = aligned(first, first.index, table="first")
    old = aligned(last, first.index, table="last")
    wrong = np.flatnonzero(old < young)
    if len(wrong):
        raise DataError([
            Defect("last", "ages_order", column="last", value=f"{old[at]:g}",
                   facts={"index": str(first.index[int(at)]), "first": f"{young[at]:g}"})
            for at in wrong
        ])  # fmt: skip
    share = admission.share_of_ages(young, old, band)
    return pd.Series(share, index=first.index, name="share_of_ages")


def effective_supply(capacity: pd.Series, *shares: pd.Series) -> pd.Series:
    """Multiply the capacity of each place by its shares (of time, of ages, of residents).

    Parameters
    ----------
    capacity : by destination, in its own unit
    shares : by destination, 0 to 1

    Returns
    -------
    Series by destination, in the unit of `capacity`

    Raises
    ------
    UnknownCodeError
        If a share lacks a destination.
    DataError
        If a value is missing or negative, or a share is over 1.

    Notes
    -----
    Linear in `capacity`; never over it.
    """
    offer = aligned(capacity, capacity.index, table="capacity")
    for share in shares:
        table = "share" if share.name is None else str(share.name)
        part = aligned(share, capacity.index, table=table)
        wrong = np.flatnonzero(part > 1)
        if len(wrong):
            raise DataError([
                Defect(table, "share_over_1", column=table, value=f"{part[at]:g}",
                       facts={"index": str(capacity.index[int(at)])})
                for at in wrong
            ])  # fmt: skip
        offer = offer * part
    return pd.Series(offer, index=capacity.index, name="supply")


def admitting(
    times: TravelTimes, residence: pd.Series, admitted: Mapping[str, Collection[str]]
) -> TravelTimes:
    """Return the times of the pairs that are allowed: some places admit some communes only.

    Parameters
    ----------
    times : origins × destinations
    residence : by origin, the commune its people live in (code_insee)
    admitted : by destination, the communes whose people may use it; places that are not
        named are open to all

    Returns
    -------
    TravelTimes
        On the same origins and destinations. Every measure then leaves the other pairs out,
        in sharing and in adding, and keeps its laws.

    Raises
    ------
    UnknownCodeError
        If `residence` lacks an origin, or `admitted` names what is no destination.

    Examples
    --------
    >>> pairs = pd.DataFrame({"origin": ["a", "b"], "destination": "x", "minutes": 5.0})
    >>> times = TravelTimes.from_frame(pairs, limit_min=30)
    >>> admitting(times, pd.Series({"a": "26281", "b": "26362"}), {"x": ["26281"]})
    <TravelTimes 2 origins × 1 destinations, 1 pairs, limit 30 min>
    """
    _known(times.origins.difference(residence.index), "residence")
    _known(pd.Index(list(admitted), dtype=object).difference(times.destinations), "admitted")
    commune, codes = pd.factorize(residence.reindex(times.origins))
    open_to = np.ones((len(times.destinations), len(codes) + 1), dtype=bool)
    for place, communes in admitted.items():
        own = np.append(codes.isin(list(communes)), False)  # the last: people of no commune
        open_to[times.destinations.get_loc(place)] = own
    return times.only(open_to[times.to, commune[times.rows]])


def admissible(times: TravelTimes, residence: pd.Series, places: pd.DataFrame) -> TravelTimes:
    """Return the times from homes to the places that admit who lives there (`admitting`).

    Parameters
    ----------
    times : homes × places
    residence : by origin, the commune its people live in (code_insee)
    places : contract `equipements`, those of the times at least

    Returns
    -------
    TravelTimes; those given where every place admits everybody

    Raises
    ------
    UnknownCodeError
        See `admitting`.
    """
    limited = admission.reserved(places[places.index.isin(times.destinations)])
    return admitting(times, residence, limited) if limited else times


def _known(missing: pd.Index, table: str) -> None:
    if len(missing):
        codes = [str(code) for code in missing]
        raise UnknownCodeError(table=table, count=len(codes), codes=codes)
