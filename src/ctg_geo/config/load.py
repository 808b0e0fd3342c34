"""Read TOML files into a validated study; every mistake is named by its path, in words."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from ctg_geo import labels
from ctg_geo.config.catalogue import Catalogue
from ctg_geo.config.datasets import NamedDataset, data_folders, filled
from ctg_geo.config.local_types import with_local_types
from ctg_geo.config.study_file import StudyFile
from ctg_geo.errors import ConfigError, MissingFileError, UnknownServiceError
from ctg_geo.parameters import (
    BeyondReach,
    DoubleDeprivation,
    GroupBalance,
    Itinerant,
    Outing,
    Service,
    Theme,
    TravelProfile,
    Uncertainty,
)
from ctg_geo.parameters.parameter import Parameter

__all__ = ["NamedFiles", "StudyConfig", "load_datasets", "load_parameters", "load_study"]

Model = TypeVar("Model", bound=BaseModel)

_BUILT_IN = frozenset(get_args(ErrorType))


class _Services(Parameter):
    services: dict[str, Service] = Field(min_length=1)
    themes: dict[str, Theme] = {}


class _Profiles(Parameter):
    profiles: dict[str, TravelProfile] = Field(min_length=1)


@dataclass(frozen=True, slots=True, eq=False)
class StudyConfig:
    """A validated study: its own file, the services and the travel profiles it uses.

    `themes` group its services, `tours` are those that travel. `datasets` are those that its
    sources name; `folders` where their files are, in order.
    """

    path: Path
    file: StudyFile
    services: dict[str, Service]
    profiles: dict[str, TravelProfile]
    files: tuple[Path, ...]
    datasets: tuple[NamedDataset, ...] = ()
    folders: tuple[Path, ...] = ()
    themes: dict[str, Theme] = field(default_factory=dict)
    tours: dict[str, Itinerant] = field(default_factory=dict)

    def resolve(self, path: str) -> Path:
        """Return `path` of the configuration, relative to the folder of the study's file."""
        return (self.path.parent / path).resolve()

    def is_kept(self, path: Path) -> bool:
        """Tell whether a file is where datasets are kept, which is no part of the study."""
        return any(path.parent == folder for folder in self.folders) and any(
            self.resolve(str(each.path)) == path for each in self.datasets
        )

    def check_fetched(self, key: str, path: Path) -> None:
        """Check that the file of a dataset is there.

        Raises
        ------
        MissingFileError
            Naming all datasets of the study that are not, the command that fetches them, and
            where to put each by hand.
        """
        if path.exists() or key not in {each.key for each in self.datasets}:
            return
        absent = {
            each.key: each for each in self.datasets if not self.resolve(str(each.path)).exists()
        }
        if len(absent) > 1:
            lines = [f"\n– {self._to_put(each)} ({name}, {each.dataset.page})"
                     for name, each in absent.items()]  # fmt: skip
            raise MissingFileError("datasets", count=len(absent), lines="".join(lines))
        one = next(each for each in self.datasets if each.key == key)
        file = str(self._to_put(one))
        raise MissingFileError("dataset", file=file, key=key, page=one.dataset.page)

    def _to_put(self, named: NamedDataset) -> Path:
        """Return the file to put by hand; where its archive is there, what fetch takes out."""
        wanted = self.resolve(str(named.wanted))
        return self.resolve(str(named.path)) if wanted.exists() else wanted

    def service(self, key: str) -> Service:
        """Return a declared service.

        Raises
        ------
        UnknownServiceError
            Naming the nearest declared ones.
        """
        if key not in self.services:
            near = difflib.get_close_matches(key, self.services, n=1)
            reason = "near" if near else "far"
            raise UnknownServiceError(
                reason, service=key, near=", ".join(near), known=sorted(self.services)
            )
        return self.services[key]

    def thrown(self, *, draws: int | None = None, seed: int | None = None) -> Uncertainty:
        """Return what dice are thrown for; `draws` and `seed` where others are asked for.

        Raises
        ------
        ConfigError
            If the study has no section ``[uncertainty]``, or a value is out of bounds.
        """
        section = self.file.uncertainty
        if section is None:
            raise ConfigError("no_uncertainty", file=self.path.name)
        asked = {"draws": draws, "seed": seed}
        given = {name: value for name, value in asked.items() if value is not None}
        return _checked(Uncertainty, {**section.model_dump(), **given}, self.path)

    def outing(self, profile: str) -> tuple[str, Outing] | None:
        """Return the outing of a profile that takes public transport: its own, or the first.

        None where the profile takes none, or the study declares no outing.
        """
        section = self.file.transit
        if section is None or self.profiles[profile].transit is None:
            return None
        named = profile.partition(".")[2]
        key = named if named in section.outings else next(iter(section.outings))
        return key, section.outings[key]

    def profile(self, key: str) -> TravelProfile:
        """Return a declared travel profile, or one at one of its periods.

        Raises
        ------
        ConfigError
            Naming the declared ones.
        """
        _check_declared(key, self.profiles, self.files[-1].name, "profile")
        return self.profiles[key]


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
    content, datasets, folders = _with_datasets(_content(where), where)
    file = _checked(StudyFile, content, where)
    services_path = where.parent / file.study.services
    profiles_path = where.parent / file.study.profiles
    declared = _validated(_Services, services_path)
    services = declared.services
    file = with_local_types(file, services, services_path.name)
    profiles = _with_periods(_validated(_Profiles, profiles_path).profiles)
    profiles = _with_outings(profiles, file, profiles_path.name)
    for key, service in services.items():
        where_profile = f"services.{key}.profile"
        _check_declared(service.profile, profiles, services_path.name, where_profile)
        _check_by_road(service.profile, profiles, services_path.name, where_profile)
        for mode in service.modes:
            _check_declared(mode, profiles, services_path.name, f"services.{key}.modes")
        for care in service.care:
            _check_care(care, services, services_path.name, f"services.{key}.care")
    for key, theme in declared.themes.items():
        for service_key in theme.services:
            where_theme = f"themes.{key}.services"
            _check_declared(service_key, services, services_path.name, where_theme)
    _check_services(file, services, where.name)
    for key, grouping in file.groups.items():
        if grouping.kind == "poles":
            where_group = f"groups.{key}.profile"
            _check_declared(grouping.profile, profiles, where.name, where_group)
            _check_by_road(grouping.profile, profiles, where.name, where_group)
    _check_calibration(file, services, profiles, where.name)
    _check_analyses(file, services, profiles, where.name)
    tours = {key: _validated(Itinerant, where.parent / path) for key, path in file.tours.items()}
    for key, each in tours.items():
        _check_tours(each, file, services, profiles, Path(file.tours[key]).name)
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
    content, datasets, folders = _with_datasets(_content(where), where)
    sections = content.get("roads")
    roads = sections.values() if isinstance(sections, Mapping) else ()
    osm = [each for each in roads if isinstance(each, Mapping) and each.get("kind") == "osm"]
    files = tuple(
        (where.resolve().parent / each["path"]).resolve()
        for each in osm if isinstance(each.get("path"), str)
    )  # fmt: skip
    try:
        _checked(StudyFile, content, where)
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
            read.append(_validated(Catalogue, where.parent / str(name)))
        return read[0]

    made, named = filled(
        content, catalogue, folders=folders, keys_at=lambda at: _keys_at(StudyFile, at),
        file=where.name,
    )  # fmt: skip
    return made, named, folders


def load_parameters(model: type[Model], path: Path) -> Model:
    """Read any TOML file that a model of parameters describes.

    Raises
    ------
    MissingFileError, ConfigError
        As `load_study`.
    """
    return _validated(model, path)


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


def _check_by_road(key: str, profiles: Mapping[str, TravelProfile], file: str, where: str) -> None:
    """Refuse public transport where only roads will do."""
    if profiles[key].transit is not None:
        raise ConfigError("by_road", file=file, where=where, value=key)


def _check_services(file: StudyFile, services: Iterable[str], name: str) -> None:
    """Check that the sources of places name services that exist."""
    for number, source in enumerate(file.sources.equipements, start=1):
        where = f"sources.equipements[{number}].service"
        for service in [source.service] if source.service else source.services.values():
            _check_declared(service, services, name, where if source.service else f"{where}s")
    for service in file.study.main_services:
        _check_declared(service, services, name, "study.main_services")
    for service in file.known_counts:
        _check_declared(service, services, name, f"known_counts.{service}")


def _check_calibration(
    file: StudyFile, services: Iterable[str], profiles: Mapping[str, TravelProfile], name: str
) -> None:
    """Check that a calibration names a profile and services that exist."""
    section = file.calibration
    if "calibration" in file.model_fields_set:
        _check_declared(section.profile, profiles, name, "calibration.profile")
        _check_by_road(section.profile, profiles, name, "calibration.profile")
    if section.observed is not None:
        named = [section.observed.service] if section.observed.service else []
        for service in (*named, *section.observed.services.values()):
            _check_declared(service, services, name, "calibration.observed.service")


def _check_analyses(
    file: StudyFile, services: Iterable[str], profiles: Iterable[str], name: str
) -> None:
    """Check that analyses name services, groupings, figures and profiles that exist."""
    figures = file.sources.population.values
    for key, each in file.analyses.items():
        named = [each.service] if isinstance(each, GroupBalance) else each.services
        for service in named:
            _check_declared(service, services, name, f"analyses.{key}.services")
        if isinstance(each, GroupBalance):
            _check_declared(each.grouping, file.groups, name, f"analyses.{key}.grouping")
        if isinstance(each, BeyondReach):
            _check_declared(each.demand, figures, name, f"analyses.{key}.demand")
            for profile in each.reach_min:
                _check_declared(profile, profiles, name, f"analyses.{key}.reach_min")
            for service in each.wider_services:
                _check_declared(service, services, name, f"analyses.{key}.wider_services")
        if isinstance(each, DoubleDeprivation) and each.demand is not None:
            _check_declared(each.demand, figures, name, f"analyses.{key}.demand")


def _check_tours(
    each: Itinerant, file: StudyFile, services: Mapping[str, Service], profiles: Iterable[str],
    name: str,
) -> None:  # fmt: skip
    """Check that a service that travels names services, figures, groupings that exist."""
    for service in (each.service, *each.beside):
        _check_declared(service, services, name, "service")
    _check_declared(each.demand, file.sources.population.values, name, "demand")
    if each.grouping is not None:
        _check_declared(each.grouping, file.groups, name, "grouping")
    for profile in (*each.reach_min, *(tour.profile for tour in each.tours.values())):
        _check_declared(profile, profiles, name, "reach_min, profile")
    if services[each.service].presence is None:
        raise ConfigError("tour_presence", file=name, value=each.service)


def _check_care(care: str, services: Mapping[str, Service], file: str, where: str) -> None:
    """Check that a mode of care names a declared service whose places can be added to others."""
    _check_declared(care, services, file, where)
    wrong = {"care_of_care": bool(services[care].care), "care_hours": services[care].counts_hours}
    for reason, holds in wrong.items():
        if holds:
            raise ConfigError(reason, file=file, where=f"{where}.{care}", value=care)


def _check_declared(value: str, known: Iterable[str], file: str, where: str) -> None:
    if value not in known:
        raise ConfigError("unknown_name", file=file, where=where, value=value, known=sorted(known))


def _validated(model: type[Model], path: Path) -> Model:
    return _checked(model, _content(path), path)


def _content(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise MissingFileError("config", file=str(path))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        is_toml = path.suffix.lower() == ".toml"
        raise ConfigError("not_utf8" if is_toml else "not_toml", file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, error) from error


def _checked(model: type[Model], content: dict[str, Any], path: Path) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _config_error(model, path, error.errors()) from error


def _syntax_error(path: Path, error: tomllib.TOMLDecodeError) -> ConfigError:
    found = re.search(r"line (\d+)", str(error))
    lines = path.read_text(encoding="utf-8-sig").rstrip().splitlines()
    row = min(int(found.group(1)), len(lines)) if found else len(lines)
    line = lines[row - 1].strip() if lines else ""
    return ConfigError(
        _why_not_toml(line), file=path.name, row=str(row), line=line, detail=str(error)
    )


def _why_not_toml(line: str) -> str:
    bare = re.sub(r'"[^"]*"', '""', line)
    if re.search(r"(?:^|[=\[,])\s*0\d", bare):
        return "leading_zero"
    return "comma" if re.search(r"=\s*[-+]?\d+,\d", bare) else "syntax"


def _config_error(model: type[BaseModel], path: Path, details: list[ErrorDetails]) -> ConfigError:
    worst = min(
        details,
        key=lambda detail: (detail["type"] != "extra_forbidden", detail["type"] == "missing"),
    )
    location = _untagged(worst["loc"])
    kind, given = worst["type"], worst["input"]
    facts: dict[str, object] = {"file": path.name, "others": len(details) - 1}
    if kind == "extra_forbidden":
        return _unknown_key(location, _keys_at(model, location[:-1]), facts)
    if location and location[-1] == "[key]":
        said = str(worst.get("ctx", {}).get("expected", ""))
        return _unknown_key(location[:-1], re.findall("'([^']+)'", said), facts)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        location = [*location, "kind"]
        given = worst.get("ctx", {}).get("tag", "")
    facts["where"] = _place(location)
    keys = [each["loc"] for each in details if each["type"] == "missing"]
    if kind == "missing" and len(keys) > 1:
        named = dict.fromkeys(_place(_untagged(each)) for each in keys)
        return ConfigError("missing_keys", **facts, count=len(named), keys=list(named))
    if kind in ("missing", "union_tag_not_found"):
        return ConfigError("missing_key", **facts)
    facts |= {"expected": _expected(worst, "fr"), "expected_en": _expected(worst, "en")}
    if kind not in _BUILT_IN and isinstance(given, Mapping):
        return ConfigError("refused" if location else "refused_whole", **facts)
    return ConfigError("bad_value", **facts, value=_shown(given))


def _unknown_key(
    location: list[int | str], known: Iterable[str], facts: dict[str, object]
) -> ConfigError:
    where = _place(location)
    near = difflib.get_close_matches(str(location[-1]), sorted(known), n=1)
    if near:
        return ConfigError("unknown_key_near", **facts, where=where, near=near[0])
    return ConfigError("unknown_key", **facts, where=where, known=", ".join(sorted(known)))


def _place(location: Iterable[int | str]) -> str:
    """Write where a key stands; an element of a list by its number from 1, as people count."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).lstrip(".")


def _untagged(location: tuple[int | str, ...]) -> list[int | str]:
    """Drop the discriminator tags that pydantic puts into the path of an error."""
    kept: list[int | str] = []
    for index, part in enumerate(location):
        before = location[index - 1] if index else ""
        in_roads = index == 2 and location[0] in ("roads", "analyses", "changes")  # noqa: PLR2004
        listed = location[index - 2] if index > 1 else ""
        in_decay = before == "decay" or listed in ("other_decays", "decays")
        if not ((in_roads or in_decay) and index < len(location)) or part == "kind":
            kept.append(part)
    return kept


def _expected(detail: ErrorDetails, lang: labels.Lang) -> str:
    key = f"expected.{detail['type']}"
    if not labels.has(key, lang):
        return detail["msg"]
    facts = dict(detail.get("ctx", {}))
    if lang == "fr" and "expected" in facts:
        facts["expected"] = str(facts["expected"]).replace(" or ", " ou ")
    return labels.text(key, lang, **facts)


def _shown(value: object) -> str:
    """Write a value about as TOML does, on one short line."""
    if isinstance(value, bool):
        return str(value).lower()
    said = ", ".join(map(str, value)) if isinstance(value, Mapping) else str(value)
    said = " ".join(said.split()) or said
    return said if len(said) <= 60 else said[:57] + "..."  # noqa: PLR2004


def _keys_at(model: type[BaseModel], location: Iterable[int | str]) -> set[str]:
    models: list[type[BaseModel]] = [model]
    for part in location:
        found: list[type[BaseModel]] = []
        for each in models:
            field = each.model_fields.get(str(part))
            if field is not None:
                found += _models_in(field.annotation)
        models = found or models
    return {name for each in models for name in each.model_fields}


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is not None or isinstance(annotation, UnionType):
        return [model for part in get_args(annotation) for model in _models_in(part)]
    return []
