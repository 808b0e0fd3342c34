"""Numbers of people that hardly can be: told to be looked at again, never refused."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo import contracts
from ctg_geo.contracts import Band
from ctg_geo.quality import Finding
from ctg_geo.territory.territory import Territory

__all__ = ["improbable"]

_PEOPLE: Final = "population"
_YEAR: Final = 0.05  # of a population, in one year of age: births are 1 % of it, 4 % in Mayotte
_FEW: Final = 5.0  # people in one year of age, under which a share is chance
_DENSE: Final = 50_000.0  # people per km²: the densest arrondissement of Paris has 40 000
_HOUSEHOLD: Final = 6.0  # people: the mean is 2.2 in France, 4.0 in Mayotte
_SOME: Final = 100.0  # people, under which one home for the old makes the mean
_HOMES: Final = ("households", "dwellings")
_AGES: Final = re.compile(r".*_([0-9]{1,3})_([0-9]{1,3})")

Facts = dict[str, object]
Found = Iterator[tuple[str, int, Facts]]
Floats = npt.NDArray[np.float64]


def improbable(given: Territory, labelled: Mapping[str, str], table: str) -> list[Finding]:
    """Tell of communes whose figures cannot well be right together.

    One year of age with more than 5 % of the inhabitants, a part larger than the whole, more
    people per km² than anywhere in France, homes of more than six.

    Parameters
    ----------
    given : its figures in clear; those under a rule of secrecy are not for this
    labelled : how each figure is called, by its name
    table : the file of people

    References
    ----------
    Insee, bilan démographique: 10 births per 1 000 inhabitants in France, 38 in Mayotte;
    recensement 2021: 2.2 people per household, 39 900 people per km² in Paris 11e.
    """
    if _PEOPLE not in given.population:
        return []
    people = given.population[_PEOPLE].to_numpy(float)
    found = list(_dense(given, people))
    for name, label in labelled.items():
        number = given.population[name].to_numpy(float)
        ages = given.ages.get(name) or _named_ages(name)
        if ages is not None:
            found += _ages(number, people, ages, label)
        if name.startswith(_HOMES):
            found += _homes(number, people)
    codes, noms = given.population.index, given.communes["nom"].reindex(given.population.index)
    return [
        Finding("warning", key, table, str(codes[at]), {"nom": noms.iloc[at], **facts})
        for key, at, facts in found
    ]


def _named_ages(name: str) -> Band | None:
    """Return the ages that a figure's name says: `children_0_2`."""
    said = _AGES.fullmatch(name)
    return None if said is None else contracts.band(f"{said[1]}-{said[2]}")


def _dense(given: Territory, people: Floats) -> Found:
    area_m2 = given.communes.geometry.area.reindex(given.population.index)
    density = people / (area_m2.to_numpy(float) / 1e6)
    for at in np.flatnonzero(density > _DENSE):
        facts: Facts = {
            "population": float(people[at]),
            "density": float(density[at]),
            "limit": _DENSE,
        }
        yield "people_dense", int(at), facts


def _ages(number: Floats, people: Floats, ages: Band, label: str) -> Found:
    a_year = number / ages.years
    more = (number > people) & (number > _FEW)
    many = ~more & (people > 0) & (a_year > _YEAR * people) & (a_year > _FEW)
    for at in np.flatnonzero(more):
        yield "people_over_population", int(at), _facts(number, people, int(at), label)
    for at in np.flatnonzero(many):
        share = {"share": float(a_year[at] / people[at]), "limit": _YEAR}
        yield "people_improbable", int(at), _facts(number, people, int(at), label) | share


def _facts(number: Floats, people: Floats, at: int, label: str) -> Facts:
    return {"column": label, "value": float(number[at]), "population": float(people[at])}


def _homes(number: Floats, people: Floats) -> Found:
    crowded = (people > _SOME) & (number > 0) & (people > _HOUSEHOLD * number)
    for at in np.flatnonzero(crowded):
        facts: Facts = {"population": float(people[at]), "homes": float(number[at]),
                        "size": float(people[at] / number[at])}  # fmt: skip
        yield "households_large", int(at), facts
