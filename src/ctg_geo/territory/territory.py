"""A territory: communes, the people in them, the places that serve them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.contracts import Band
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.territory.homes import Homes, at_points

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Territory"]


def _nothing_partial() -> pd.DataFrame:
    return pd.DataFrame({"service": [], "code_insee": []}, dtype=object)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Territory:
    """The study area with its buffer, all tables on `code_insee`, in one metric CRS.

    `communes` holds nom, epci, inside (in the territory, else in its buffer), rim (at the
    outer edge of the buffer) and the polygons. `points` is where the people of each
    commune are taken to be. `population` has one column per figure and its status.
    `equipements` keeps the contract of that name, plus inside, a point geometry, and
    from_file, from_row, from_column: where its capacity was read. `spread` is where people
    are inside each commune, if that is known better than `points`. `ages` are those of the people
    of each figure that declares them. `partial` names the communes of which a file does not know
    all the places of a service: what is missing there is unknown, not zero.
    """

    name: str
    communes: "gpd.GeoDataFrame"  # by code_insee
    points: "gpd.GeoSeries"  # by code_insee
    point_status: pd.Series  # by code_insee
    population: pd.DataFrame  # by code_insee
    equipements: "gpd.GeoDataFrame"  # by equipement_id
    findings: tuple[Finding, ...]
    ledgers: tuple[Ledger, ...]
    spread: Homes | None = None
    ages: Mapping[str, Band] = field(default_factory=dict)  # of the people of figures, if told
    partial: pd.DataFrame = field(default_factory=_nothing_partial)  # service, code_insee
    _at_points: dict[str, Homes] = field(default_factory=dict, init=False)  # made once, when asked

    def __repr__(self) -> str:
        inside = int(self.communes["inside"].sum())
        around = len(self.communes) - inside
        places = len(self.equipements)
        return f"<Territory {self.name}: {inside} communes, {around} around, {places} places>"

    def with_findings(self, before: Iterable[Finding]) -> "Territory":
        """Return the same territory with findings of its sources put first."""
        return replace(self, findings=(*before, *self.findings))

    def with_spread(self, homes: Homes, ledgers: Iterable[Ledger] = ()) -> "Territory":
        """Return the same territory with its people placed inside the communes."""
        said = (*self.findings, *homes.findings)
        return replace(self, spread=homes, findings=said, ledgers=(*self.ledgers, *ledgers))

    @property
    def homes(self) -> Homes:
        """Where people are taken to be: as spread, else at the point of each commune."""
        if self.spread is not None:
            return self.spread
        if "homes" not in self._at_points:
            self._at_points["homes"] = at_points(self.points, self.point_status, self.population)
        return self._at_points["homes"]

    @property
    def crs(self) -> str:
        """The metric CRS of every geometry."""
        return str(self.communes.crs)

    @property
    def names(self) -> dict[str, str]:
        """Names of communes and places, by identifier."""
        return {**self.communes["nom"].to_dict(), **self.equipements["nom"].to_dict()}

    @property
    def inside(self) -> pd.Index:
        """Codes of the territory itself, without its buffer."""
        codes: pd.Index = self.communes.index[self.communes["inside"]]
        return codes
