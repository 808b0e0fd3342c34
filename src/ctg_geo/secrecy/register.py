"""What has been published already: a file beside outputs, so that two of them cannot be subtracted.

The register holds what readers saw (figures shown, sums) and, of hidden figures, only what
the rules leave open. It names the secret ones, and so is for the producer and the DPO.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.cells import Cell, Sum
from ctg_geo.secrecy.suppress import Suppression
from ctg_geo.staging import locked

__all__ = ["Published", "Relation", "joined", "read_register", "recorded", "write_register"]

Relation = Mapping[str, float]
"""Cells by name with their factors; they sum to 0."""

_SAME = 1e-6  # of a figure, and of 1


@dataclass(frozen=True, slots=True)
class Published:
    """One publication: what it showed, what it hid and how open that must stay, its sums."""

    name: str
    shown: Mapping[str, tuple[float, float]]  # by cell: what showing it told
    hidden: Mapping[str, Cell]
    relations: tuple[Relation, ...]


def recorded(name: str, found: Suppression, own: Collection[str] | None = None) -> Published:
    """Describe a publication as readers see it.

    `own` names its cells, where `found` also holds what was published before or elsewhere.
    """
    cells = found.cells
    kept = set(cells.names if own is None else own)
    ours = np.array([name in kept for name in cells.names], dtype=bool)
    shown = {
        cells.names[at]: (float(cells.told_low[at]), float(cells.told_high[at]))
        for at in np.flatnonzero(~found.hidden & ours)
    }
    hidden = {
        cells.names[at]: Cell(
            cells.names[at], float("nan"), float(cells.low[at]), float(cells.high[at]),
            secret=bool(cells.secret[at]), share=float(cells.share[at]),
            width=float(cells.width[at]),
        )
        for at in np.flatnonzero(found.hidden & ours)
    }  # fmt: skip
    table = cells.relations.tocsr()
    relations = tuple(
        {cells.names[at]: float(factor)
         for at, factor in zip(table.indices[a:b], table.data[a:b], strict=True)}
        for a, b in zip(table.indptr[:-1], table.indptr[1:], strict=True)
        if ours[table.indices[a:b]].all()
    )  # fmt: skip
    return Published(name, shown, hidden, relations)


def joined(
    cells: Sequence[Cell], sums: Sequence[Sum], past: Sequence[Published]
) -> tuple[list[Cell], list[Sum]]:
    """Join what is about to be published with what others have seen already.

    Parameters
    ----------
    cells, sums : of the publication in preparation
    past : the register

    Raises
    ------
    SecrecyError
        If a figure was published under the same name with another value.
    """
    known = {each.name: each for each in cells}
    extra: list[Sum] = []
    for publication in past:
        for cell, told in publication.shown.items():
            known[cell] = _shown(cell, told, known.get(cell), publication.name)
        for cell, kept in publication.hidden.items():
            now = known.get(cell)
            if now is None:
                known[cell] = kept
            elif kept.secret and not now.secret and not now.fixed:
                known[cell] = replace(now, secret=True, low=kept.low, high=kept.high,
                                      share=kept.share, width=kept.width)  # fmt: skip
        for number, relation in enumerate(publication.relations):
            zero = f"0 {publication.name} {number}"
            known[zero] = Cell(zero, 0.0, 0.0, 0.0, fixed=True)
            extra.append(Sum(zero, relation))
    return list(known.values()), [*sums, *extra]


def _shown(name: str, told: tuple[float, float], now: Cell | None, publication: str) -> Cell:
    """Return a cell that readers have seen: known outside whatever is decided now."""
    low, high = told
    value = low if low == high else float("nan")
    if now is None:
        return Cell(name, value, 0.0 if low >= 0 else -np.inf, told=told, fixed=True)
    if not np.isnan(now.value):
        slack = _SAME * max(1.0, abs(now.value))
        if not low - slack <= now.value <= high + slack:
            raise SecrecyError("register_differs", cell=name, publication=publication)
    if now.told is not None:
        told = max(low, now.told[0]), min(high, now.told[1])
    return replace(now, told=told, fixed=True)


def read_register(path: Path) -> list[Published]:
    """Read the register; none yet is an empty one.

    Raises
    ------
    SecrecyError
        If the file is not a register: what was published is then unknown.
    """
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_publication(each) for each in content["publications"]]
    except (
        OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError,
    ) as error:  # fmt: skip
        raise SecrecyError("register", file=str(path)) from error


def write_register(path: Path, past: Sequence[Published], *new: Published) -> None:
    """Add publications to the register; the file changes whole or not at all.

    A publication that repeats one of the register word for word is not added twice.

    Parameters
    ----------
    path : the register
    past : what it held when it was decided what may be published
    *new : publications of one run

    Raises
    ------
    SecrecyError
        If the register holds a publication that the decision did not know and that is not
        the same figures under another name: another run was faster.
    OSError
        If it cannot be written.
    """
    known = [_line(each) for each in past]
    lines = [_line(each) for each in new]
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_name(f".{path.name}.lock")):
        held = [_line(each) for each in read_register(path)]
        if any(each not in known and not _alike(each, lines) for each in held):
            raise SecrecyError("register_moved", file=str(path))
        added = [each for at, each in enumerate(lines) if each not in (*held, *lines[:at])]
        if not added:
            return
        content = json.dumps({"publications": [*held, *added]}, ensure_ascii=False, indent=1)
        aside = path.with_name(f".{path.name}.new")
        aside.write_text(content + "\n", encoding="utf-8")
        aside.replace(path)


def _alike(one: Mapping[str, object], others: Sequence[Mapping[str, object]]) -> bool:
    """Tell whether a publication is the same figures as another, whatever their names."""
    return any({**one, "name": ""} == {**other, "name": ""} for other in others)


def _line(each: Published) -> dict[str, object]:
    def number(value: float) -> float | None:
        return None if np.isinf(value) else value

    return {
        "name": each.name,
        "shown": {cell: list(told) for cell, told in sorted(each.shown.items())},
        "hidden": {
            name: {"low": cell.low, "high": number(cell.high), "secret": cell.secret,
                   "share": cell.share, "width": number(cell.width)}
            for name, cell in sorted(each.hidden.items())
        },
        "relations": [dict(sorted(relation.items())) for relation in each.relations],
    }  # fmt: skip


def _publication(content: Mapping[str, object]) -> Published:
    def number(value: float | None) -> float:
        return float("inf") if value is None else float(value)

    shown, hidden = content["shown"], content["hidden"]
    relations = content["relations"]
    if not isinstance(shown, dict) or not isinstance(hidden, dict):
        raise TypeError
    if not isinstance(relations, list):
        raise TypeError
    return Published(
        str(content["name"]),
        {str(cell): (float(told[0]), float(told[1])) for cell, told in shown.items()},
        {
            str(name): Cell(
                str(name), float("nan"), float(cell["low"]), number(cell["high"]),
                secret=bool(cell["secret"]), share=float(cell["share"]),
                width=number(cell["width"]),
            )
            for name, cell in hidden.items()
        },
        tuple({str(cell): float(factor) for cell, factor in each.items()} for each in relations),
    )  # fmt: skip
