"""People who grow a year older every year, and who are born, come and go meanwhile."""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.contracts import Band

__all__ = ["OLDEST", "aged", "births_ahead", "newcomers", "of_ages"]

OLDEST = 100  # the last age of the census is "100 and more"

Floats = npt.NDArray[np.float64]


def aged(
    start: Floats, births: Floats, *, survival: float, migration: Floats, arrivals: Floats
) -> Floats:
    """Let cohorts grow older year by year.

    Parameters
    ----------
    start : communes × ages 0 to OLDEST, people at the end of a year; NaN where unknown
    births : communes × years that follow
    survival : share (0-1) of each age still there a year later
    migration : by commune, net arrivals per person and year
    arrivals : communes × years × ages, people who come to new homes, at the end of each year

    Returns
    -------
    communes × (1 + years) × ages, people at the end of each year, that of `start` first

    Notes
    -----
    Age 0 at the end of a year are those born in it: people of 0 to 2 at the end of a year are
    born in it and in the two years before. With a survival of 1, no migration and no arrival,
    cohorts only shift: the people of a year, less its births, are those of the year before.
    What is unknown stays so in its cohort and nowhere else; OLDEST gathers all who are older.

    Examples
    --------
    >>> import numpy as np
    >>> start = np.zeros((1, 101)); start[0, :2] = 10, 20
    >>> none = np.zeros((1, 1, 101))
    >>> aged(start, np.array([[7.0]]), survival=1, migration=np.zeros(1), arrivals=none)[0, 1, :4]
    array([ 7., 10., 20.,  0.])
    """
    communes, years = births.shape
    made = np.zeros((communes, years + 1, OLDEST + 1))
    made[:, 0] = start
    kept = survival * (1.0 + migration)[:, None]
    for year in range(years):
        now, then = made[:, year], made[:, year + 1]
        then[:, 1:] = now[:, :-1] * kept
        then[:, OLDEST] += now[:, OLDEST] * kept[:, 0]
        then[:, 0] = births[:, year]
        then += arrivals[:, year]
    return made


def births_ahead(
    observed: pd.DataFrame,
    until: int,
    *,
    kind: Literal["constant", "trend"],
    years: int,
    factor: float,
) -> pd.DataFrame:
    """Return births of the years observed and of those after them.

    Parameters
    ----------
    observed : by code_insee, one column a year without a gap; NaN where unknown
    until : last year wanted
    kind : the mean of the last `years` observed, or the least-squares line through them, which
        stops at 0
    factor : multiplies the births of the years after

    Returns
    -------
    DataFrame by code_insee, observed years as they are; NaN after them where one of the last
    `years` is unknown

    Examples
    --------
    >>> births = pd.DataFrame({2020: [10.0], 2021: [12.0], 2022: [14.0]}, index=["a"])
    >>> births_ahead(births, 2024, kind="trend", years=3, factor=1).loc["a"].tolist()
    [10.0, 12.0, 14.0, 16.0, 18.0]
    >>> births_ahead(births, 2024, kind="constant", years=2, factor=0.5).loc["a"].tolist()
    [10.0, 12.0, 14.0, 6.5, 6.5]
    """
    last = int(observed.columns[-1])
    recent = observed.iloc[:, -years:].to_numpy(np.float64)
    mean = recent.mean(axis=1)
    at = np.arange(years) - (years - 1) / 2
    slope = recent @ at / (at @ at) if kind == "trend" else np.zeros(len(recent))
    made = observed.copy()
    for year in range(last + 1, until + 1):
        ahead = mean + slope * (year - last + (years - 1) / 2)
        made[year] = factor * np.maximum(ahead, 0.0)
    return made


def newcomers(dwellings: Floats, persons: dict[Band, float]) -> Floats:
    """Return the people of new homes by age: even inside each band, up to OLDEST.

    Parameters
    ----------
    dwellings : communes × years
    persons : people per dwelling in each band

    Returns
    -------
    communes × years × ages; they sum to the dwellings times all persons
    """
    profile = np.zeros(OLDEST + 1)
    for band, count in persons.items():
        ages = slice(min(band.low, OLDEST), min(band.high, OLDEST) + 1)
        profile[ages] += count / (ages.stop - ages.start)
    return np.asarray(dwellings[:, :, None] * profile)


def of_ages(people: Floats, band: Band) -> Floats:
    """Add up the people (last axis: ages) of a band; unknown if one of its cohorts is.

    Parameters
    ----------
    people : any shape, last axis by single year of age from 0; NaN where unknown
    band : ages, both ends included

    Returns
    -------
    array without the last axis, people
    """
    return np.asarray(people[..., min(band.low, OLDEST) : min(band.high, OLDEST) + 1].sum(axis=-1))
