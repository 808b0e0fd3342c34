"""Run the tests of a room against a mutant, in a fork that no other mutant sees.

No file is touched: the mutant is compiled from its tree and takes the place of the module. Mutants
of compiled loops run as plain Python, with quick unit tests alone, so that no cache of numba is
read or poisoned; for all others the loops are compiled.
"""

import ast
import importlib
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

__all__ = ["Baseline", "baseline", "has_loops", "killed", "warmed"]

SRC = Path("src")
_MOST_TESTS_S = 20.0  # tests of a mutant, the shortest first, until together they take as long
_LEAST_LIMIT_S, _SLOWER = 60.0, 10.0  # a mutant that takes ten times as long hangs
_FAILED = (1, 2, 3)  # pytest: a test failed, stopped, broke inside
Lines = dict[str, dict[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the tests of a room are without any mutant."""

    plain: bool  # the loops of the room are not compiled
    lines: Lines  # by module and line, the tests that run it
    seconds: dict[str, float]  # by test, of the processor: a busy machine changes nothing

    def tests_of(self, module: str, first: int, last: int) -> list[str]:
        """List the tests that run some lines, shortest first; for 0, all that run the module."""
        by_line = self.lines.get(module, {})
        asked = range(first, last + 1) if first else by_line
        return self._shortest({test for line in asked for test in by_line.get(line, ())} - {""})

    def _shortest(self, tests: set[str]) -> list[str]:
        kept, total = [], 0.0
        for test in sorted(tests, key=lambda each: (self.seconds[each], each)):
            total += self.seconds[test]
            if total > _MOST_TESTS_S and kept:
                break
            kept.append(test)
        return kept


def warmed(rooms: Sequence[str]) -> None:
    """Import once what all forks need from others, and nothing of ours."""
    for name in ("pytest", "hypothesis", "coverage", "numba", *(f"ctg_geo.{r}" for r in rooms)):
        importlib.import_module(name)
    for name in [each for each in sys.modules if each.split(".")[0] == "ctg_geo"]:
        del sys.modules[name]


def has_loops(path: Path) -> bool:
    """Tell whether a module has loops that are compiled."""
    return "\n@kernel" in path.read_text(encoding="utf-8")


def baseline(tests: Sequence[str], room: str, *, plain: bool) -> Baseline:
    """Run the tests of a room as they are, and note which lines each runs.

    Raises
    ------
    RuntimeError
        If a test fails without any mutant.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "lines.json"
        code = _forked(lambda: _noted(tests, room, kept, plain=plain), limit_s=1800, quiet=False)
        if code:
            raise RuntimeError(f"the tests of {room} fail without a mutant (pytest: {code})")
        told = json.loads(kept.read_text(encoding="utf-8"))
    lines = {
        module: {int(line): ids for line, ids in by.items()} for module, by in told["lines"].items()
    }
    return Baseline(plain, lines, told["seconds"])


def killed(
    path: Path, tree: ast.Module, tests: Sequence[str], seconds: float, plain_room: str
) -> str:
    """Tell how a mutant died: "failed", "hung"; empty where it lives.

    `plain_room` is the room whose loops are not compiled, or empty.
    """
    limit = max(_LEAST_LIMIT_S, _SLOWER * seconds)
    code = _forked(lambda: _tried(path, tree, tests, plain_room), limit_s=limit)
    if code < 0:
        return "hung"
    if code in _FAILED:
        return "failed"
    if code:
        raise RuntimeError(f"pytest could not run {tests[:3]}… (code {code})")
    return ""


def _forked(job: Callable[[], int], *, limit_s: float, quiet: bool = True) -> int:
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 3
    try:
        signal.alarm(round(limit_s))
        if quiet:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        code = job()
    except Exception:  # noqa: BLE001  (an import that a mutant breaks; else it is told)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _tried(path: Path, tree: ast.Module, tests: Sequence[str], plain_room: str) -> int:
    if plain_room:
        _plain_loops(plain_room)
    name = _dotted(path)
    sys.meta_path.insert(0, _Swapped(name, path, compile(tree, str(path.resolve()), "exec")))
    importlib.import_module(name)
    return _pytest(tests, [_Steady()])


def _noted(tests: Sequence[str], room: str, kept: Path, *, plain: bool) -> int:
    import coverage  # noqa: PLC0415

    if plain:
        _plain_loops(room)
    ours = [str(SRC / "ctg_geo" / room)]
    cover = coverage.Coverage(data_file=None, source=ours, config_file=False)
    watch = _Watch(cover)
    cover.start()
    code = _pytest(tests, [_Steady(), watch])
    cover.stop()
    data = cover.get_data()
    lines = {
        str(Path(file).relative_to(Path.cwd())): data.contexts_by_lineno(file)
        for file in data.measured_files()
    }
    kept.write_text(json.dumps({"lines": lines, "seconds": watch.seconds}), encoding="utf-8")
    return code


def _pytest(tests: Sequence[str], plugins: list[object]) -> int:
    import pytest  # noqa: PLC0415

    early = "ignore::pytest.PytestAssertRewriteWarning"  # what is imported before the fork
    options = ["-x", "-q", "-W", early, "-p", "no:xdist", "-p", "no:cacheprovider"]
    return int(pytest.main([*options, *tests], plugins=plugins))


def _plain_loops(room: str) -> None:
    """Leave the loops of the room uncompiled: mutants of them count, and lines are seen."""
    compiled = importlib.import_module("ctg_geo.travel.hierarchy.compiled")
    compile_it = compiled.kernel
    ours = f"ctg_geo.{room}."

    def kernel(function: Callable[..., object]) -> Callable[..., object]:
        return function if function.__module__.startswith(ours) else compile_it(function)

    compiled.kernel = kernel  # type: ignore[attr-defined]
    stale = [name for name in sys.modules if name.startswith(ours) or name == ours[:-1]]
    assert not stale, f"imported too early: {stale}"


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").relative_to(SRC).parts
    return ".".join(part for part in parts if part != "__init__")


class _Swapped(importlib.machinery.SourceFileLoader):
    """Finds and loads one module from code that is given."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        super().__init__(name, str(path.resolve()))
        self.code = code

    def find_spec(
        self, name: str, _path: object = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Give way for all other modules."""
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, _fullname: str) -> CodeType:
        """Return the code given."""
        return self.code


class _Steady:
    """Makes hypothesis try the same examples each time, and lose no time on the smallest."""

    def pytest_sessionstart(self) -> None:
        """Begin after the settings of the project are loaded."""
        from hypothesis import HealthCheck, Phase, settings  # noqa: PLC0415

        settings.register_profile(
            "steady", deadline=None, derandomize=True, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settings.load_profile("steady")


class _Watch:
    """Notes the processor seconds of each test, and tells coverage which one runs."""

    def __init__(self, cover: object) -> None:
        self.cover, self.seconds = cover, dict[str, float]()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Open the account of a test."""
        self.cover.switch_context(nodeid)  # type: ignore[attr-defined]
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Close it."""
        self.seconds[nodeid] += time.process_time()
        self.cover.switch_context("")  # type: ignore[attr-defined]
