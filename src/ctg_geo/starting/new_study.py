"""Write the folder of a new study, whole or not at all; nothing that is there is replaced."""

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ctg_geo import labels
from ctg_geo.config import load_study
from ctg_geo.errors import OutputError, UnknownServiceError
from ctg_geo.staging import staged
from ctg_geo.starting.stock import STOCK, stock
from ctg_geo.words import fold

__all__ = ["NewStudy", "check_services", "check_vacant", "start"]

_FILE: Final = "etude.toml"
_PLACES: Final = "lieux.csv"
_HEADINGS: Final = "service;nom;code_insee;longitude;latitude;places;heures_par_semaine\n"
_OWN: Final = ("france_services", "mediation_numerique")  # datasets of their own


@dataclass(frozen=True, slots=True)
class NewStudy:
    """What is asked of a planner.

    `poles` are the communes that groups form around: name of the group -> code_insee.
    """

    name: str
    epci: str
    services: Sequence[str] = ("creche", "france_services")
    poles: Mapping[str, str] = field(default_factory=dict)


def start(asked: NewStudy, folder: str | Path) -> tuple[Path, ...]:
    """Write a study to begin with, and check that it is one.

    Returns
    -------
    tuple of paths
        The file of the study first.

    Raises
    ------
    UnknownServiceError
        If a service is none of those known.
    OutputError
        If one of the files is there already, or cannot be written; nothing is written then.
    """
    where = Path(folder)
    known = _services()
    check_services(asked.services)
    alone = [key for key in asked.services if key not in _OWN and not known[key].get("bpe")]
    texts = {_FILE: _text(asked, known, alone), **{name: stock(name) for name in STOCK}}
    if alone:
        texts[_PLACES] = _HEADINGS
    check_vacant(where, texts)
    with staged(where) as stage:
        for name, text in texts.items():
            (stage.path / name).write_text(text, encoding="utf-8")
        load_study(stage.path / _FILE)  # what is written can be read
        stage.publish(list(texts))
    return tuple(where / name for name in texts)


def check_vacant(folder: Path, names: Iterable[str] = (_FILE, *STOCK)) -> None:
    """Check that no file of a new study is there already.

    Raises
    ------
    OutputError
    """
    for name in names:
        if (folder / name).exists():
            raise OutputError("exists", file=str(folder / name))


def check_services(services: Sequence[str]) -> None:
    """Check that services are known.

    Raises
    ------
    UnknownServiceError
    """
    known = _services()
    for key in services:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UnknownServiceError(
                "near" if near else "far", service=key, near=", ".join(near), known=sorted(known)
            )


def _services() -> Mapping[str, Any]:
    """Return the services that every study begins with, by key."""
    services: Mapping[str, Any] = tomllib.loads(stock("services.toml"))["services"]
    return services


def _text(asked: NewStudy, known: Mapping[str, Any], alone: Sequence[str]) -> str:
    """Write the file of a study; `alone` are services of which no national file tells places."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  (heavy)

    codes = [
        {"code": code, "service": key}
        for key in asked.services if key not in _OWN for code in known[key].get("bpe", ())
    ]  # fmt: skip
    poles = [{"key": fold(name).replace(" ", "_"), "name": name, "code": code}
             for name, code in asked.poles.items()]  # fmt: skip
    environment = Environment(  # noqa: S701  (TOML, every text of which is quoted)
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["toml"] = _quoted
    source = (files(__package__) / "etude.toml.j2").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        name=_quiet(asked.name), epci=asked.epci, services=list(asked.services), bpe=codes,
        poles=poles, alone=alone,
    )  # fmt: skip


def _quoted(text: str) -> str:
    """Write a text of TOML: the escapes of JSON are those of a basic string."""
    return json.dumps(text, ensure_ascii=False)


def _quiet(name: str) -> str:
    """Keep a name on one line: it stands in a comment too."""
    return " ".join(name.split()) or labels.text("starting.nameless")
