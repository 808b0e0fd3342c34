"""The people of a study: official tables read for its communes, and spread inside them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import contracts, sources, territory
from ctg_geo.config import StudyConfig
from ctg_geo.config.people_source import Spread
from ctg_geo.config.table_source import FileSource
from ctg_geo.contracts import Band
from ctg_geo.errors import ConfigError, UnreadableFileError
from ctg_geo.network import RoadNetwork, street_metres
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources import TableRead
from ctg_geo.territory import Homes, Moves, Pieces, Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["PathOf", "ages_of", "read_people", "spread_people"]

PathOf = Callable[[str, FileSource], Path]


def read_people(
    config: StudyConfig, path_of: PathOf, area: Callable[[], frozenset[str]]
) -> TableRead:
    """Read the population of a study; of a national file, its communes only.

    Parameters
    ----------
    area : the codes of the study, old ones too; asked only for a national file
    """
    source = config.file.sources.population
    path = path_of("population", source)
    if source.format == "plain":
        return sources.read_people(path, source, within=None)
    return sources.read_people(path, source, within=set(area()))


def ages_of(config: StudyConfig) -> dict[str, Band]:
    """Return the ages of each figure that says them, by `ages` or by its column."""
    figures = config.file.sources.population.values  # noqa: PD011  (a field of the settings)
    found = {name: contracts.band(value.ages or value.column) for name, value in figures.items()}
    return {name: ages for name, ages in found.items() if ages is not None}


def spread_people(
    given: Territory,
    people: TableRead,
    moves: Moves,
    config: StudyConfig,
    path_of: PathOf,
    roads: Callable[[], RoadNetwork],
) -> Territory:
    """Place the people of each commune inside it, as the study asks.

    Parameters
    ----------
    given : people at the point of each commune
    people : as read, with its IRIS where the file has them
    roads : the roads open to cars; asked only for a spread over streets

    Raises
    ------
    ConfigError
        If people are to be spread by IRIS and are not known by IRIS.
    UnreadableFileError
        If no cell lies in the study.
    """
    asked = config.file.sources.population.spread
    if asked is None:
        return given
    now = moves.became()
    zones, parts, said = _zones(given, people, now, config, path_of)
    if asked.over == "iris" and parts is None:
        raise ConfigError("iris_parts", file=config.path.name)
    pieces, more, ledgers = _pieces(given, asked, zones, now, config, path_of, roads)
    point = zones.geometry.representative_point()
    whole = zones.index.intersection(given.points.index)
    point[whole] = given.points[whole]
    status = pd.Series(contracts.ESTIMATED, index=zones.index, dtype=object)
    status[whole] = given.point_status[whole]
    homes: Homes = territory.spread_homes(
        given.population, territory.with_lone_points(pieces, point, status), zones,
        ages=ages_of(config), zone_people=parts, whole=asked.whole,
    )  # fmt: skip
    placed = given.with_spread(homes, ledgers)
    return placed.with_findings([*said, *more])


def _zones(
    given: Territory,
    people: TableRead,
    now: Mapping[str, str],
    config: StudyConfig,
    path_of: PathOf,
) -> tuple["gpd.GeoDataFrame", pd.DataFrame | None, list[Finding]]:
    """Return the zones that keep their own total (IRIS, else communes), and these totals."""
    communes = given.communes[["geometry"]].assign(code_insee=given.communes.index)
    source = config.file.sources.iris
    if source is None or people.parts is None:
        return communes, None, []
    iris, said = sources.read_iris(path_of("iris", source), source, crs=given.crs)
    iris["code_insee"] = _current(iris["code_insee"], now)
    iris = iris[iris["code_insee"].isin(communes.index)]
    alone = communes[~communes.index.isin(iris["code_insee"])]
    zones = pd.concat([iris, alone[iris.columns]]).sort_index()
    parts = people.parts.assign(code_insee=_current(people.parts["code_insee"], now))
    parts = parts[parts["code_insee"].isin(communes.index)]
    unknown = parts[~parts.index.isin(zones.index)]
    lost = list(unknown.index[~unknown["code_insee"].isin(alone.index)])
    if lost:
        facts = {"count": len(lost), "codes": lost}
        said.append(Finding("warning", "iris_lone", "population", facts=facts))
    return zones, parts, said


def _current(codes: pd.Series, now: Mapping[str, str]) -> pd.Series:
    return codes.map(lambda code: now.get(code, code)).astype(object)


def _pieces(
    given: Territory,
    asked: Spread,
    zones: "gpd.GeoDataFrame",
    now: Mapping[str, str],
    config: StudyConfig,
    path_of: PathOf,
    roads: Callable[[], RoadNetwork],
) -> tuple[Pieces, list[Finding], list[Ledger]]:
    if asked.over == "iris":
        return territory.zone_pieces(zones), [], []
    if asked.over == "streets":
        network = roads()
        homes, every = street_metres(network, asked.streets), street_metres(network, None)
        return territory.street_pieces(network.x, network.y, homes, every, zones), [], []
    source = config.file.sources.cells
    assert source is not None, "checked with the configuration"
    west, south, east, north = (float(each) for each in given.communes.total_bounds)
    read = sources.read_cells(
        path_of("cells", source), source, bounds=(west, south, east, north), crs=given.crs
    )
    pieces = territory.cell_pieces(read, zones, straddling=asked.straddling, moves=now)
    if pieces.table.empty:
        raise UnreadableFileError("no_cells", file=read.name)
    used = len(read.table) - pieces.outside
    aside = {**read.aside, "outside": pieces.outside}
    return pieces, list(read.findings), [Ledger(read.name, read.rows, used, aside)]
