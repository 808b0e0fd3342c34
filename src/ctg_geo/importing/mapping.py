"""What each column means: guessed, shown, and obeyed once a person has corrected it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from ctg_geo import contracts
from ctg_geo.config.kinds import ColumnName, Crs
from ctg_geo.config.toml_file import load_parameters
from ctg_geo.parameters.parameter import Parameter

__all__ = [
    "DAYS", "ORDER", "ImportMapping", "PlaceField", "TableRules", "ValueRules", "load_mapping",
    "mapping_toml",
]  # fmt: skip

PlaceField = Literal[
    "nom", "service", "address", "postcode", "commune", "code_insee", "lon", "lat", "x", "y",
    "position", "capacity", "capacity_unit", "hours", "hours_per_week", "delivery", "equipement_id",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
]  # fmt: skip
ORDER: Final[tuple[PlaceField, ...]] = get_args(PlaceField)
DAYS: Final = ORDER[-7:]

Delivery = Literal["fixed", "branch", "multi_site", "mobile"]
Word = Annotated[str, Field(min_length=1)]


class TableRules(Parameter):
    """Which sheet (or layer), and the row of its titles as a spreadsheet counts."""

    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)


class ValueRules(Parameter):
    """What the file does not say: the service, the CRS of x and y, the unit of capacities.

    Addresses found with less than `min_score` (0 to 1, as the geocoder says) are not believed:
    the place is known to its commune only.
    """

    service: Word | None = None
    crs: Crs | None = None
    capacity_unit: Word | None = None
    min_score: float = Field(default=0.6, ge=0, le=1)
    secret: tuple[str, ...] = contracts.SECRET_SIGNS
    unknown: tuple[str, ...] = (
        *contracts.MISSING_SIGNS, "?", "-", "–", "…", "...", "inconnu", "inconnue", "à compléter",
        "null", "none", "nan",
    )  # fmt: skip
    no_object: tuple[str, ...] = contracts.NO_OBJECT_SIGNS


class ImportMapping(Parameter):
    """How to read a colleague's file: one column for a field, words for services and modes."""

    table: TableRules = TableRules()
    columns: dict[PlaceField, ColumnName] | None = None
    rules: ValueRules = ValueRules()
    services: dict[str, str] = Field(default_factory=dict)
    delivery: dict[str, Delivery] = Field(default_factory=dict)


def load_mapping(path: str | Path) -> ImportMapping:
    """Read a mapping that a person has corrected.

    Raises
    ------
    MissingFileError, ConfigError
        If the file is not there, is not TOML, or has a key or value that cannot be.
    """
    return load_parameters(ImportMapping, Path(path))


def mapping_toml(mapping: ImportMapping, comments: Sequence[str], unused: Sequence[str]) -> str:
    """Write a mapping as TOML, with what was guessed as comments.

    Parameters
    ----------
    comments : lines put above
    unused : titles of the columns that are not read
    """
    lines = [f"# {_plain(line)}" for line in comments]
    table = mapping.table.model_dump(exclude_none=True)
    lines += ["", "[table]", *(f"{key} = {_said(value)}" for key, value in table.items())]
    lines += ["", "[columns]"]
    columns = mapping.columns or {}
    lines += [f"{field} = {_said(columns[field])}" for field in ORDER if field in columns]
    lines += [f"# {field} =" for field in ORDER if field not in columns]
    lines += [f"#   - {_plain(title)}" for title in unused]
    rules = mapping.rules.model_dump(exclude_none=True)
    lines += ["", "[rules]", *(f"{key} = {_said(value)}" for key, value in rules.items())]
    for name in ("services", "delivery"):
        words = getattr(mapping, name)
        lines += [
            "",
            f"[{name}]",
            *(f"{_said(key)} = {_said(word)}" for key, word in words.items()),
        ]
    return "\n".join(lines) + "\n"


def _said(value: object) -> str:
    """Write a value as TOML: JSON strings and lists of strings are TOML too."""
    if isinstance(value, tuple):
        return "[" + ", ".join(_said(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    return " ".join(text.split())
