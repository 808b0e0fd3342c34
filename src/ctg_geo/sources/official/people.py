"""Official tables about people: the reader of each format."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from ctg_geo.config.people_source import CellsSource, IndicatorSource
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.official.caf_communes import read_caf_communes
from ctg_geo.sources.official.cells_read import CellsRead
from ctg_geo.sources.official.census_iris import read_base_ic
from ctg_geo.sources.official.census_rates import read_census_rates
from ctg_geo.sources.official.commune_ages import read_commune_ages
from ctg_geo.sources.official.density import read_density
from ctg_geo.sources.official.filosofi import read_filosofi
from ctg_geo.sources.official.fragility import read_fragility
from ctg_geo.sources.official.income import read_income
from ctg_geo.sources.official.plain_indicators import read_plain
from ctg_geo.sources.official.population_raster import read_population_raster
from ctg_geo.sources.population import read_population

__all__ = ["read_cells", "read_indicator", "read_people"]

_INDICATORS: Final[dict[str, Callable[..., TableRead]]] = {
    "income": read_income, "families": read_census_rates, "employment": read_census_rates,
    "density": read_density, "fragility": read_fragility, "plain": read_plain,
}  # fmt: skip


def read_people(
    path: Path, source: PopulationSource, *, within: Collection[str] | None
) -> TableRead:
    """Read people by commune from a plain table or an official one.

    Parameters
    ----------
    path : of the file
    source : its `format` chooses the reader
    within : commune codes to keep of a national file; None for all

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError, ConfigError
        See the reader of each format.
    """
    if source.format == "base_ic":
        return read_base_ic(path, source, within=within)
    if source.format == "commune_ages":
        return read_commune_ages(path, source, within=within)
    if source.format == "caf_communes":
        return read_caf_communes(path, source, within=within)
    return read_population(path, source)


def read_cells(
    path: Path, source: CellsSource, *, bounds: tuple[float, float, float, float], crs: str
) -> CellsRead:
    """Read the cells that touch bounds (west, south, east, north; metres in `crs`).

    Parameters
    ----------
    path : of the file, in any format of the catalogue
    source : what the study says of it
    bounds : west, south, east, north; metres
    crs : of `bounds`, projected

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        See the reader of each format.
    """
    if source.format == "filosofi":
        return read_filosofi(path, source, bounds=bounds, crs=crs)
    return read_population_raster(path, bounds=bounds, crs=crs)


def read_indicator(
    path: Path, source: IndicatorSource, *, within: Collection[str] | None
) -> TableRead:
    """Read figures about the families of each commune (contract `indicators`).

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError, ConfigError
        See the reader of each format.
    """
    return _INDICATORS[source.format](path, source, within=within)
