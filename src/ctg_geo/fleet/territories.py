"""The list of territories of a fleet: one a row, each a code and, if it has its own, a study."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from ctg_geo.config import StudyConfig
from ctg_geo.config.study_file import Inside
from ctg_geo.config.table_source import FileSource, TableSource
from ctg_geo.provenance import sha256
from ctg_geo.sources.files import read_table

__all__ = ["Listed", "files_of", "placed", "read_territories"]

_EPCI: Final = re.compile(r"[0-9]{9}")
_COLUMN, _NAME, _CONFIG = "epci", "nom", "config"


@dataclass(frozen=True, slots=True)
class Listed:
    """A territory as its list names it."""

    epci: str
    nom: str  # "" where the list has none: that of the study
    config: Path  # of its own, or the one of all


def read_territories(path: Path, config: Path, known: Collection[str]) -> tuple[Listed, ...]:
    """Read a list of territories (CSV, Excel, Parquet).

    Parameters
    ----------
    path : with the column `epci` (nine digits), and `nom` and `config` (the study of this row
        alone, relative to the list) if it has them
    config : the study of rows that name none
    known : EPCI of its communes layer; codes of rows with a study of their own are not checked

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError
        If the file is not there, cannot be read or has no column `epci`.
    DataError
        If a code is blank, no code of an EPCI, there twice or unknown, or a study is not there.
    """
    said = {"provider": "-", "licence": "-", "vintage": "-"}
    raw = read_table(path, TableSource(path=str(path), **said))
    raw.require([_COLUMN])
    codes = raw.text(_COLUMN)
    blank = [""] * len(codes)
    names = raw.text(_NAME) if _NAME in raw.frame.columns else blank
    configs = raw.text(_CONFIG) if _CONFIG in raw.frame.columns else blank
    found: list[Listed] = []
    first: dict[str, int] = {}
    for at, (code, name, own) in enumerate(zip(codes, names, configs, strict=True)):
        where = config if not own else (path.parent / own).resolve()
        if not code:
            raw.add("fleet_blank", at, _COLUMN, code)
        elif not _EPCI.fullmatch(code):
            raw.add("fleet_code", at, _COLUMN, code)
        elif code in first:
            raw.add("fleet_twice", at, _COLUMN, code, first=str(first[code]))
        elif not own and code not in known:
            raw.add("fleet_unknown", at, _COLUMN, code)
        if not where.is_file():
            raw.add("fleet_config", at, _CONFIG, own, file=str(where))
        first.setdefault(code, int(raw.row[at]))
        found.append(Listed(code, name, where))
    raw.raise_defects()
    return tuple(found)


def placed(config: StudyConfig, listed: Listed) -> StudyConfig:
    """Return a study of another territory: its own register of publications, its own name."""
    file = config.file
    update: dict[str, object] = {"inside": Inside(epci=listed.epci)}
    if listed.nom:
        update["name"] = listed.nom
    study, secrecy = file.study.model_copy(update=update), file.secrecy
    if secrecy.publications is not None:
        named = Path(secrecy.publications)
        own = named.with_name(f"{named.stem}_{listed.epci}{named.suffix}").as_posix()
        secrecy = secrecy.model_copy(update={"publications": own})
    return replace(config, file=file.model_copy(update={"study": study, "secrecy": secrecy}))


def files_of(config: StudyConfig) -> dict[str, str]:
    """Return the hash of every file that a study rests on, by its path; "" where it is not."""
    paths = [*config.files, *(config.resolve(each.path) for each in _sources(config.file))]
    return {str(path): sha256(path) if path.exists() else "" for path in dict.fromkeys(paths)}


def _sources(part: object) -> Iterator[FileSource]:
    """Yield every file that a part of a study names, at any depth."""
    if isinstance(part, FileSource):
        yield part
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _sources(getattr(part, name))
    elif isinstance(part, dict):
        for each in part.values():
            yield from _sources(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _sources(each)
