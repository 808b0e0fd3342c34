"""A file, how to read it, and what a reader of the results must know of it."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from ctg_geo import contracts
from ctg_geo.config.kinds import Crs, Separator
from ctg_geo.parameters.parameter import Parameter

__all__ = ["FileSource", "TableSource"]


class FileSource(Parameter):
    """A file, and what a reader of the results must know of it.

    `dataset` names an entry of the catalogue, which gives what the source does not say.
    """

    dataset: str | None = None
    path: str = Field(min_length=1)
    provider: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    vintage: str = Field(min_length=1)
    note: str = ""


class TableSource(FileSource):
    """A table: CSV, Excel or Parquet, or the attributes of a layer.

    Unset `separator` and `encoding` are recognised and, where that is a guess, reported.
    `wider_area` says that the file covers more than the study: its rows elsewhere are
    counted and left; without it a code outside the communes layer is refused. `cog` is the
    year of the commune codes in the file, where its codes alone do not tell. A cell with one of
    the signs of `masked` is secret, with one of `missing`, or empty, not available (under a rule,
    see `PopulationSource`), with one of `no_object` not applicable; none is a zero. A sign of
    several lists is of the first.
    """

    separator: Separator | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    layer: str | None = None
    crs: Crs | None = None
    masked: tuple[str, ...] = contracts.SECRET_SIGNS
    missing: tuple[str, ...] = contracts.MISSING_SIGNS
    no_object: tuple[str, ...] = contracts.NO_OBJECT_SIGNS
    wider_area: bool = False
    duplicates: Literal["refuse", "keep_identical"] = "refuse"
    cog: int | None = Field(default=None, ge=1943, le=2100)

    @property
    def signs(self) -> Mapping[str, str]:
        """The status that a sign in place of a number gives, by the sign, its case folded."""
        return contracts.meanings(self.masked, self.missing, self.no_object)

    @property
    def blank_status(self) -> str:
        """The status that an empty cell in place of a number gives."""
        return contracts.NOT_AVAILABLE
