"""The sizes that sites may have, checked: places that stand, that may be added, and their price."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import SitingError
from ctg_geo.siting.classical.asked import Asked
from ctg_geo.siting.rules import SiteRules

__all__ = ["Sizes", "sizes"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Places by site in use: those standing, then those forced, then the free ones."""

    at: Ints  # numbers of the candidates
    standing: int  # how many of them stand
    held: Floats  # places standing
    most: Floats  # places at most
    smallest: float  # places of a site opened, at least
    total: float  # places to add over all sites, at most
    price: Floats  # of a place added
    opening: Floats  # of opening the site, 0 where it stands
    budget: float

    @property
    def together(self) -> bool:
        """Whether the places added over all sites are bounded, by number or by money."""
        priced = bool(np.isfinite(self.budget)) and bool(self.price.any())
        return bool(np.isfinite(self.total)) or priced


def sizes(it: Asked, rules: SiteRules) -> Sizes:
    """Check the rules on places.

    Raises
    ------
    SitingError
        If the largest size is under the smallest, or the places to add are too few for the
        sites that must open; if existing places are no numbers.
    """
    if rules.smallest > rules.largest:
        raise SitingError("smallest_over_largest", smallest=rules.smallest, largest=rules.largest)
    if rules.smallest < 0 or not rules.largest > 0:
        raise SitingError("not_positive", name="largest", value=rules.largest)
    must = len(it.sites.opened)
    if rules.exactly and rules.new is not None:
        must = rules.new
    must = max(must, len(it.sites.opened) + int(it.sites.choice.least.sum()))
    if rules.total is not None and rules.total < must * rules.smallest:
        raise SitingError("total_too_small", total=rules.total, sites=must,
                          smallest=rules.smallest, least=must * rules.smallest)  # fmt: skip
    standing = it.sites.standing
    names = it.costs.candidates
    held = aligned(rules.existing, names[standing], table="existing")
    grows = names[standing].isin(list(rules.resizable))
    new = len(it.sites.opened) + len(it.sites.free)
    at = np.concatenate((standing, it.sites.opened, it.sites.free))
    people = float(np.ceil(it.weight.sum()))
    largest = min(rules.largest, max(people, rules.smallest))
    grown = np.maximum(held, min(rules.largest, people))
    price = np.zeros(len(at))
    if rules.cost_place is not None and rules.budget is not None:
        price = aligned(rules.cost_place, names[at], table="cost_place")
    opening = np.zeros(len(at))
    if rules.cost_open is not None and rules.budget is not None:
        opening[len(standing) :] = aligned(rules.cost_open, names[at[len(standing) :]],
                                           table="cost_open")  # fmt: skip
    return Sizes(
        at,
        len(standing),
        np.concatenate((held, np.zeros(new))),
        np.concatenate((np.where(grows, grown, held), np.full(new, largest))),
        rules.smallest,
        np.inf if rules.total is None else rules.total,
        price,
        opening,
        np.inf if rules.budget is None else rules.budget,
    )
