"""A travel profile as the section of a profiles file, that a study can use as it is."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ctg_geo.parameters import TravelProfile

__all__ = ["profile_toml"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def profile_toml(name: str, profile: TravelProfile, comments: tuple[str, ...] = ()) -> str:
    """Write a profile as TOML: reading it back gives the same profile.

    Examples
    --------
    >>> print(profile_toml("foot", TravelProfile(label="À pied", default_kmh=5, source="test")))
    ... # doctest: +ELLIPSIS
    [profiles.foot]
    label = "À pied"
    mode = "car"
    default_kmh = 5.0
    ...
    """
    head = "".join(f"# {line}\n" for line in comments)
    content = profile.model_dump(mode="json", exclude_none=True)
    return head + "\n".join(_section(("profiles", name), content)).rstrip() + "\n"


def _section(path: tuple[str, ...], content: Mapping[str, Any]) -> list[str]:
    """Write a table: its values first, then the tables in it."""
    plain = {key: value for key, value in content.items() if not isinstance(value, Mapping)}
    tables = {key: value for key, value in content.items() if isinstance(value, Mapping)}
    lines = []
    if plain or not tables:
        lines.append("[" + ".".join(_key(part) for part in path) + "]")
        lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
        lines.append("")
    for key, table in tables.items():
        if table:
            lines += _section((*path, key), table)
    return lines


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    assert isinstance(value, str), f"a profile holds {type(value).__name__}"
    return _text(value)


def _text(value: str) -> str:
    """Quote text; what JSON escapes, TOML does too, but for the delete sign."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
