"""The places of a theme: how many of each service are located or announced, and their signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo.export.theme_words import ServiceState
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["SYMBOLS", "Located", "at_positions", "located", "places_of"]

# Shapes told apart in greyscale; black first, then the same in grey.
_SHAPES: Final = ("o", "s", "^", "D", "v", "P", "X", "*", "p", "h", "<", ">")
SYMBOLS: Final = tuple((shape, tone) for tone in ("#1d1d1b", "#8a8a8a") for shape in _SHAPES)
_MOBILE: Final = "mobile"


@dataclass(frozen=True, slots=True)
class Located:
    """The places of one service in the territory.

    `places` counts them all, `mobile` those that are stops of a round, `announced` how many are
    known to exist (None where nobody says). `symbol` is a shape and a colour, None without places.
    """

    state: ServiceState
    places: int
    mobile: int
    announced: int | None
    symbol: tuple[str, str] | None


def places_of(territory: Territory, services: Sequence[str]) -> "gpd.GeoDataFrame":
    """Return the places of services that stand in the territory, in a stable order."""
    every = territory.equipements
    here = every["service"].isin(services) & every["inside"].astype(bool)
    return every[here].sort_index()


def located(services: Sequence[ServiceState], territory: Territory) -> tuple[Located, ...]:
    """Count the places of each service of a theme, and give a symbol to those that have some."""
    places = places_of(territory, [each.key for each in services])
    found: list[Located] = []
    used = 0
    for each in services:
        own = places[places["service"] == each.key]
        symbol = None
        if len(own):
            symbol = SYMBOLS[used % len(SYMBOLS)]
            used += 1
        mobile = int((own["delivery"] == _MOBILE).sum())
        announced = None if each.known is None else each.known.count
        found.append(Located(each, len(own), mobile, announced, symbol))
    return tuple(found)


def at_positions(places: "gpd.GeoDataFrame") -> pd.DataFrame:
    """Count places by position (x, y in whole metres), service and whether they are mobile."""
    geometry = places.geometry
    table = pd.DataFrame({
        "x": geometry.x.round(0).to_numpy(), "y": geometry.y.round(0).to_numpy(),
        "service": places["service"].to_numpy(),
        "mobile": (places["delivery"] == _MOBILE).to_numpy(),
    })  # fmt: skip
    return table.groupby(["x", "y", "service", "mobile"], sort=True).size().reset_index(name="n")
