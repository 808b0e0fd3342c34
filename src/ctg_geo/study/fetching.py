"""Fetch what a study names and does not have."""

from dataclasses import dataclass

from ctg_geo import sources
from ctg_geo.cache import folder
from ctg_geo.config import StudyConfig
from ctg_geo.config.road_source import OsmRoads
from ctg_geo.study.road_reading import study_communes
from ctg_geo.study.roads import around
from ctg_geo.study.study import timed

__all__ = ["Fetching", "fetch_roads"]


@dataclass(frozen=True, slots=True)
class Fetching:
    """What a study had already, and what was fetched, by the name of its section."""

    kept: dict[str, str]  # names of files
    fetched: dict[str, sources.Fetched]


def fetch_roads(config: StudyConfig) -> Fetching:
    """Fetch the OpenStreetMap roads that a study names and does not have.

    Each section of roads of kind osm whose file does not exist is fetched for the study's
    area and the section's margin. A file that exists is never touched.

    Raises
    ------
    FetchError
        If a download does not come to its end; the message says where to put a file that
        was downloaded by hand.
    """
    named = {
        name: roads for name, roads in config.file.roads.items() if isinstance(roads, OsmRoads)
    }
    paths = {name: config.resolve(roads.path) for name, roads in named.items()}
    kept = {name: path.name for name, path in paths.items() if path.exists()}
    missing = [name for name in named if name not in kept]
    if not missing:
        return Fetching(kept, {})
    communes = study_communes(config)
    fetched = {
        name: timed(
            "fetch", sources.fetch_osm, around(communes, named[name].margin_km), paths[name],
            cache=folder(),
        )
        for name in missing
    }  # fmt: skip
    return Fetching(kept, fetched)
