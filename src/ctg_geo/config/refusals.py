"""What is wrong with a TOML file, said by its path: syntax, a key, a value."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from ctg_geo import labels
from ctg_geo.errors import ConfigError

__all__ = ["config_error", "keys_at", "syntax_error"]

_BUILT_IN = frozenset(get_args(ErrorType))


def syntax_error(path: Path, error: tomllib.TOMLDecodeError) -> ConfigError:
    """Say on which line a file stops being TOML, and the usual slip if it is one."""
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


def config_error(model: type[BaseModel], path: Path, details: list[ErrorDetails]) -> ConfigError:
    """Say the worst of what pydantic found: an unknown key first, then a value, then a lack."""
    worst = min(
        details,
        key=lambda detail: (detail["type"] != "extra_forbidden", detail["type"] == "missing"),
    )
    location = _untagged(worst["loc"])
    kind, given = worst["type"], worst["input"]
    facts: dict[str, object] = {"file": path.name, "others": len(details) - 1}
    if kind == "extra_forbidden":
        return _unknown_key(location, keys_at(model, location[:-1]), facts)
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


def keys_at(model: type[BaseModel], location: Iterable[int | str]) -> set[str]:
    """Return the keys that a model knows at a place."""
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
