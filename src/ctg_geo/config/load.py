"""Read TOML files into a validated study; every mistake is named by its path, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from ctg_geo.config.catalogue import Catalogue
from ctg_geo.config.datasets import NamedDataset, data_folders, filled
from ctg_geo.config.local_types import with_local_types
from ctg_geo.config.references import check_references, check_tours
from ctg_geo.config.refusals import keys_at
from ctg_geo.config.study_config import StudyConfig
from ctg_geo.config.study_file import StudyFile
from ctg_geo.config.toml_file import checked, content_of, load_parameters
from ctg_geo.errors import ConfigError
from ctg_geo.parameters import (
    Itinerant,
    Service,
    Theme,
    TravelProfile,
)
from ctg_geo.parameters.parameter import Parameter

__all__ = ["NamedFiles", "StudyConfig", "load_datasets", "load_study"]


class _Services(Parameter):
    services: dict[str, Service] = Field(min_length=1)
    themes: dict[str, Theme] = {}


class _Profiles(Parameter):
    profiles: dict[str, TravelProfile] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """The datasets that a study names, and whether it names roads of OpenStreetMap."""

    path: Path
    datasets: tuple[NamedDataset, ...]
    folders: tuple[Path, ...]
    has_osm: bool
    osm_files: tuple[Path, ...] = ()  # of the sections of roads of kind osm

    def resolve(self, path: str) -> Path:
        """Return `path` of the configuration, relative to the folder of the study's file."""
        return (self.path.parent / path).resolve()


def load_study(path: str | Path) -> StudyConfig:
    """Read a study's TOML with the services and profiles it names.

    Raises
    ------
    MissingFileError
        If a file is not there.
    ConfigError
        If a file is not TOML, has an unknown key, lacks one, or holds an impossible value.
    """
    where = Path(path)
    content, datasets, folders = _with_datasets(content_of(where), where)
    file = checked(StudyFile, content, where)
    services_path = where.parent / file.study.services
    profiles_path = where.parent / file.study.profiles
    declared = load_parameters(_Services, services_path)
    services = declared.services
    file = with_local_types(file, services, services_path.name)
    profiles = _with_periods(load_parameters(_Profiles, profiles_path).profiles)
    profiles = _with_outings(profiles, file, profiles_path.name)
    check_references(
        file, services, declared.themes, profiles, name=where.name, services_name=services_path.name
    )
    tours = {
        key: load_parameters(Itinerant, where.parent / path) for key, path in file.tours.items()
    }
    for key, each in tours.items():
        check_tours(each, file, services, profiles, Path(file.tours[key]).name)
    catalogue = [where.parent / file.study.catalogue] if datasets else []
    of_tours = [where.parent / path for path in file.tours.values()]
    files = (where, *catalogue, *of_tours, services_path, profiles_path)
    return StudyConfig(
        where.resolve(), file, services, profiles, files, datasets, folders, declared.themes, tours
    )


def load_datasets(path: str | Path) -> NamedFiles:
    """Read the datasets that a study names; its file may not be whole yet.

    Raises
    ------
    MissingFileError, ConfigError
        As `load_study`, but for keys that are missing and that fetching does not need: roads of
        OpenStreetMap are fetched around the communes, and need a whole study. Services and
        profiles are not read.
    """
    where = Path(path)
    content, datasets, folders = _with_datasets(content_of(where), where)
    sections = content.get("roads")
    roads = sections.values() if isinstance(sections, Mapping) else ()
    osm = [each for each in roads if isinstance(each, Mapping) and each.get("kind") == "osm"]
    files = tuple(
        (where.resolve().parent / each["path"]).resolve()
        for each in osm if isinstance(each.get("path"), str)
    )  # fmt: skip
    try:
        checked(StudyFile, content, where)
    except ConfigError as error:
        if osm or error.reason not in ("missing_key", "missing_keys"):
            raise
    return NamedFiles(where.resolve(), datasets, folders, bool(osm), files)


def _with_datasets(
    content: dict[str, Any], where: Path
) -> tuple[dict[str, Any], tuple[NamedDataset, ...], tuple[Path, ...]]:
    """Fill in the sources that name a dataset, before the study is checked."""
    study = content.get("study")
    said = study if isinstance(study, Mapping) else {}
    data_dir, name = said.get("data_dir"), said.get("catalogue", "sources.toml")
    root = where.parent.resolve()
    folders = data_folders(root, data_dir if isinstance(data_dir, str) else None)
    read: list[Catalogue] = []

    def catalogue() -> Catalogue:
        if not read:
            read.append(load_parameters(Catalogue, where.parent / str(name)))
        return read[0]

    made, named = filled(
        content, catalogue, folders=folders, keys_at=lambda at: keys_at(StudyFile, at),
        file=where.name,
    )  # fmt: skip
    return made, named, folders


def _with_periods(profiles: dict[str, TravelProfile]) -> dict[str, TravelProfile]:
    """Add each profile at each of its periods: ``car.peak`` is the profile car at its peak."""
    named = {f"{key}.{period}": profile.at(period)
             for key, profile in profiles.items() for period in profile.periods}  # fmt: skip
    return named | profiles


def _with_outings(
    profiles: dict[str, TravelProfile], file: StudyFile, name: str
) -> dict[str, TravelProfile]:
    """Add each profile that takes public transport on each outing: ``bus.mercredi``."""
    outings = () if file.transit is None else file.transit.outings
    made = {f"{key}.{outing}": profile for key, profile in profiles.items()
            if profile.transit is not None and "." not in key for outing in outings}  # fmt: skip
    for key in made.keys() & profiles.keys():
        raise ConfigError("outing_period", file=name, where=f"transit.outings.{key}", value=key)
    return made | profiles
