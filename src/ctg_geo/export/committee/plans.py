"""Plans that a committee may start from: places of today changed, moved, and new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Opened", "Other", "Paid", "Plans", "Proposal", "Site", "Unshown"]


@dataclass(frozen=True, slots=True)
class Site:
    """A position that is no chef-lieu of the territory, where a plan puts a place.

    `degrees` is its longitude and latitude as the plan writes them, None for a chef-lieu around
    the territory; `lon` and `lat` are where it is drawn.
    """

    key: str
    code: str  # code_insee of its commune
    commune: str
    inside: bool
    lon: float
    lat: float
    degrees: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A new place: `site` is a code_insee of the territory (its chef-lieu) or a `Site`'s key."""

    place: str
    name: str
    site: str
    capacity: float


@dataclass(frozen=True, slots=True)
class Paid:
    """What the plan declares of one change: euros, euros a year, why; None where it does not."""

    cost: float | None
    cost_per_year: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """A change of a plan that the page does not show, kept as its file writes it.

    `lacks` has the costs (`cost`, `cost_per_year`) that it can have and does not declare.
    """

    toml: str
    paid: Paid
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that the linear model shows exactly; the places of today left out stay as they are.

    `capacity` gives places of today another size (0: closed), `moved` another site. `paid` is
    what each change declares, by `open:`, `move:` or `resize:` (a closing too) and the place.
    Costs of the whole are in euros, None where they are not known. `others` are its changes
    of other services.
    """

    name: str
    motive: str
    source: str
    capacity: Mapping[str, float]
    moved: Mapping[str, str]
    opened: tuple[Opened, ...]
    cost: float | None = None
    cost_per_year: float | None = None
    paid: Mapping[str, Paid] = field(default_factory=dict)
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Unshown:
    """A plan that the page cannot show: `reasons` are people, roads, norm or none of this."""

    name: str
    motive: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of a page, in the order given, and the further sites they need."""

    shown: tuple[Proposal, ...] = ()
    unshown: tuple[Unshown, ...] = ()
    sites: tuple[Site, ...] = ()
