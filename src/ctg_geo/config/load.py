"""Read TOML files into a validated study; every mistake is named by its path, in words."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from ctg_geo import labels
from ctg_geo.config.study_file import StudyFile
from ctg_geo.errors import ConfigError, MissingFileError, UnknownServiceError
from ctg_geo.parameters import Service, TravelProfile
from ctg_geo.parameters.parameter import Parameter

__all__ = ["StudyConfig", "load_study"]

Model = TypeVar("Model", bound=BaseModel)


class _Services(Parameter):
    services: dict[str, Service] = Field(min_length=1)


class _Profiles(Parameter):
    profiles: dict[str, TravelProfile] = Field(min_length=1)


@dataclass(frozen=True, slots=True, eq=False)
class StudyConfig:
    """A validated study: its own file, the services and the travel profiles it uses."""

    path: Path
    file: StudyFile
    services: dict[str, Service]
    profiles: dict[str, TravelProfile]
    files: tuple[Path, ...]

    def resolve(self, path: str) -> Path:
        """Return `path` of the configuration, relative to the folder of the study's file."""
        return (self.path.parent / path).resolve()

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
    file = _validated(StudyFile, where)
    services_path = where.parent / file.study.services
    profiles_path = where.parent / file.study.profiles
    services = _validated(_Services, services_path).services
    profiles = _validated(_Profiles, profiles_path).profiles
    for key, service in services.items():
        if service.profile not in profiles:
            raise ConfigError(
                "unknown_name",
                file=services_path.name,
                where=f"services.{key}.profile",
                value=service.profile,
                known=sorted(profiles),
            )
    return StudyConfig(
        where.resolve(), file, services, profiles, (where, services_path, profiles_path)
    )


def _validated(model: type[Model], path: Path) -> Model:
    if not path.is_file():
        raise MissingFileError("config", file=str(path))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError("not_utf8", file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, error) from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _config_error(model, path, error.errors()) from error


def _syntax_error(path: Path, error: tomllib.TOMLDecodeError) -> ConfigError:
    found = re.search(r"line (\d+)", str(error))
    row = int(found.group(1)) if found else 0
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    line = lines[row - 1].strip() if 0 < row <= len(lines) else ""
    reason = "leading_zero" if re.search(r"=\s*\[?\s*0\d", line) else "syntax"
    return ConfigError(reason, file=path.name, row=str(row), line=line, detail=str(error))


def _config_error(model: type[BaseModel], path: Path, details: list[ErrorDetails]) -> ConfigError:
    worst = min(details, key=lambda detail: detail["type"] != "extra_forbidden")
    location = _untagged(worst["loc"])
    where = ".".join(str(part) for part in location)
    facts: dict[str, object] = {"file": path.name, "where": where, "others": len(details) - 1}
    if worst["type"] == "extra_forbidden":
        known = sorted(_keys_at(model, location[:-1]))
        near = difflib.get_close_matches(str(location[-1]), known, n=1)
        if near:
            return ConfigError("unknown_key_near", **facts, near=near[0])
        return ConfigError("unknown_key", **facts, known=", ".join(known))
    if worst["type"] == "missing":
        return ConfigError("missing_key", **facts)
    shown = _shown(worst["input"])
    return ConfigError(
        "bad_value",
        **facts,
        value=shown,
        expected=_expected(worst, "fr"),
        expected_en=_expected(worst, "en"),
    )


def _untagged(location: tuple[int | str, ...]) -> list[int | str]:
    """Drop the discriminator tags that pydantic puts into the path of an error."""
    kept: list[int | str] = []
    for index, part in enumerate(location):
        before = location[index - 1] if index else ""
        in_roads = index == 2 and location[0] == "roads"  # noqa: PLR2004
        in_decay = before == "decay" or (index > 1 and location[index - 2] == "other_decays")
        if not ((in_roads or in_decay) and index < len(location)) or part == "kind":
            kept.append(part)
    return kept


def _expected(detail: ErrorDetails, lang: labels.Lang) -> str:
    key = f"expected.{detail['type']}"
    if not labels.has(key, lang):
        return detail["msg"]
    return labels.text(key, lang, **detail.get("ctx", {}))


def _shown(value: object) -> str:
    said = str(value)
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
