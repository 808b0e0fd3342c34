"""Read a TOML file into the model of parameters that describes it."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ctg_geo.config.refusals import config_error, syntax_error
from ctg_geo.errors import ConfigError, MissingFileError

__all__ = ["checked", "content_of", "load_parameters"]

Model = TypeVar("Model", bound=BaseModel)


def load_parameters(model: type[Model], path: Path) -> Model:
    """Read a TOML file that a model of parameters describes.

    Raises
    ------
    MissingFileError
        If the file is not there.
    ConfigError
        If it is not TOML, has an unknown key, lacks one, or holds an impossible value.
    """
    return checked(model, content_of(path), path)


def content_of(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds, not checked yet.

    Raises
    ------
    MissingFileError, ConfigError
        If the file is not there, or is not TOML.
    """
    if not path.is_file():
        raise MissingFileError("config", file=str(path))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        is_toml = path.suffix.lower() == ".toml"
        raise ConfigError("not_utf8" if is_toml else "not_toml", file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise syntax_error(path, error) from error
    except RecursionError as error:  # brackets in brackets, thousands deep
        raise ConfigError("not_toml", file=path.name) from error


def checked(model: type[Model], content: dict[str, Any], path: Path) -> Model:
    """Return the model of what the file at `path` holds.

    Raises
    ------
    ConfigError
        Naming the worst mistake by its path, and how many more there are.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise config_error(model, path, error.errors()) from error
