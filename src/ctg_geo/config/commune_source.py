"""The sources of communes: their limits, chefs-lieux, and what became of them."""

from typing import Literal, Self

from pydantic import model_validator

from ctg_geo.config.kinds import ColumnName, need
from ctg_geo.config.table_source import TableSource

__all__ = ["MergersSource", "PlacesSource", "PolygonSource", "SplitsSource"]

Status = Literal["observed", "estimated"]


class PolygonSource(TableSource):
    """Commune polygons: GeoJSON, GeoPackage, Shapefile, GeoParquet.

    With a `format` the columns are those that the provider publishes; `columns` may still
    name others.
    """

    format: Literal["admin_express", "contours_etalab", "api_geo"] | None = None
    columns: dict[Literal["code_insee", "nom", "epci"], ColumnName] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.format is None:
            need(self.columns, "code_insee")
        return self


class PlacesSource(TableSource):
    """The point that stands for each commune (chef-lieu)."""

    columns: dict[Literal["code_insee", "lon", "lat"], ColumnName]
    status: Status = "observed"

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "code_insee", "lon", "lat")
        return self


class MergersSource(TableSource):
    """What became of communes: a table of old and current codes, or a file of the COG.

    `format` is cog_mouvements (events, v_mvt_commune) or cog (delegated and associated
    communes, v_commune). Without it `columns` name the old code, the current one and, if
    the table has them, the date of the change (2019-01-01) and the old name; a row whose code
    stayed only gives a name of the past.
    """

    format: Literal["cog_mouvements", "cog"] | None = None
    columns: dict[Literal["old_code", "code_insee", "date", "old_nom"], ColumnName] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.format is None:
            need(self.columns, "old_code", "code_insee")
        return self


class SplitsSource(TableSource):
    """The share of each commune's figures that goes to each commune it was cut into."""

    columns: dict[Literal["old_code", "code_insee", "share"], ColumnName]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "old_code", "code_insee", "share")
        return self
