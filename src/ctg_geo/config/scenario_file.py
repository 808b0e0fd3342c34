"""Scenarios: read from TOML with those they are based on, and written back as TOML."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ctg_geo.config.toml_file import load_parameters
from ctg_geo.errors import ConfigError, MissingFileError
from ctg_geo.parameters import Change, ScenarioFile
from ctg_geo.provenance import sha256

__all__ = [
    "Scenario",
    "Step",
    "change_toml",
    "composed",
    "load_scenario",
    "scenario",
    "scenario_toml",
]

_ENDING = ".toml"
_LAST = ("cost", "cost_per_year", "note")


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a scenario, and where it was written: file, number from 1."""

    file: str
    number: int
    change: Change


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario whole: the changes of those it is based on first, each once."""

    key: str  # the name of its file, without ending
    name: str
    motive: str
    source: str
    steps: tuple[Step, ...]
    files: tuple[Path, ...] = ()
    based_on: tuple[str, ...] = ()  # names of the scenarios it is based on

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, in the order they are made."""
        return tuple(each.change for each in self.steps)

    @property
    def digest(self) -> str:
        """What tells its content: the SHA-256 of those of its files, in the order they are read."""
        return hashlib.sha256("".join(map(sha256, self.files)).encode()).hexdigest()


def scenario(file: ScenarioFile, *, key: str, based_on: Sequence[Scenario] = ()) -> Scenario:
    """Make a scenario of what one file says and of the scenarios it is based on."""
    own = [Step(f"{key}{_ENDING}", at, each) for at, each in enumerate(file.changes, start=1)]
    return Scenario(
        key, file.name, file.motive, file.source, _once([*_steps(based_on), *own]),
        based_on=tuple(each.name for each in based_on),
    )  # fmt: skip


def composed(scenarios: Sequence[Scenario], *, key: str, name: str, motive: str) -> Scenario:
    """Put the changes of several scenarios together, in order; a change they share counts once."""
    sources = dict.fromkeys(each.source for each in scenarios)
    files = dict.fromkeys(path for each in scenarios for path in each.files)
    return Scenario(
        key, name, motive, " ; ".join(sources), _once(_steps(scenarios)), tuple(files),
        tuple(each.name for each in scenarios),
    )  # fmt: skip


def load_scenario(path: str | Path, *, folder: Path | None = None) -> Scenario:
    """Read a scenario, and those it is based on.

    Parameters
    ----------
    path : its file, or its bare name
    folder : where a bare name is looked for, if no such file is at hand

    Raises
    ------
    MissingFileError
        If a file is not there; names those of the folder.
    ConfigError
        If a file is not TOML, has an unknown key or an impossible value, or is based on itself.
    """
    return _loaded(_found(Path(path), folder), ())


def _loaded(path: Path, above: tuple[Path, ...]) -> Scenario:
    where = path.resolve()
    if where in above:
        circle = [each.name for each in (*above[above.index(where) :], where)]
        raise ConfigError("scenario_circle", file=path.name, circle=circle)
    file = load_parameters(ScenarioFile, path)
    bases = [
        _loaded(_found(path.parent / name, path.parent), (*above, where)) for name in file.based_on
    ]
    made = scenario(file, key=path.stem, based_on=bases)
    files = dict.fromkeys([*(each for base in bases for each in base.files), where])
    return Scenario(
        made.key, made.name, made.motive, made.source, made.steps, tuple(files), made.based_on
    )


def _found(path: Path, folder: Path | None) -> Path:
    """Return the file that a path or a bare name means."""
    given = path if path.suffix == _ENDING else path.with_name(path.name + _ENDING)
    places = [given] if folder is None else [given, folder / given.name]
    for each in places:
        if each.is_file():
            return each
    known = sorted(each.stem for each in (folder or given.parent).glob(f"*{_ENDING}"))
    raise MissingFileError("scenario", file=str(path), known=known or ["–"])


def _steps(scenarios: Iterable[Scenario]) -> list[Step]:
    return [step for each in scenarios for step in each.steps]


def _once(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Keep each change that is written once, once: two bases may share a third."""
    written = {(each.file, each.number, each.change.model_dump_json()): each for each in steps}
    return tuple(written.values())


def scenario_toml(file: ScenarioFile) -> str:
    """Write a scenario as the TOML that `load_scenario` reads back to the same.

    Examples
    --------
    >>> told = ScenarioFile(name="Rien", motive="essai", source="exemple")
    >>> print(scenario_toml(told), end="")
    name = "Rien"
    motive = "essai"
    source = "exemple"
    """
    content = file.model_dump(exclude_defaults=True)
    head = {key: value for key, value in content.items() if key != "changes"}
    return "".join([_block(head), *("\n" + change_toml(each) for each in file.changes)])


def change_toml(change: Change) -> str:
    """Write one change as its block of a scenario's file."""
    return "[[changes]]\n" + _block(_ordered(change.model_dump(exclude_defaults=True)))


def _ordered(change: Mapping[str, object]) -> dict[str, object]:
    """Put the kind first, and last what it costs and why."""
    first = ["kind", *(key for key in change if key not in {"kind", *_LAST})]
    return {key: change[key] for key in (*first, *_LAST) if key in change}


def _block(table: Mapping[str, object]) -> str:
    return "".join(f"{key} = {_lines(value)}\n" for key, value in table.items())


def _lines(value: object) -> str:
    """Write a value as TOML, a list of tables with a line for each."""
    if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        return "[\n" + "".join(f"    {_value(each)},\n" for each in value) + "]"
    return _value(value)


def _value(value: object) -> str:
    """Write a value as TOML; a JSON string is a TOML one."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(str(key))} = {_value(each)}" for key, each in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    bare = key.replace("_", "").replace("-", "").isalnum() and key.isascii()
    return key if bare else json.dumps(key, ensure_ascii=False)
