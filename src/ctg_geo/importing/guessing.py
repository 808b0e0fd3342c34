"""Which column holds what: by its title first, by what is in it next, always with the reason."""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from ctg_geo import labels
from ctg_geo.errors import MissingColumnError
from ctg_geo.importing.coordinates import degrees, pair_of
from ctg_geo.importing.gazetteer import Gazetteer, mended_code
from ctg_geo.importing.header import Body
from ctg_geo.importing.headings import PERSON, REPORT, Likeness, fields_of
from ctg_geo.importing.mapping import ORDER, PlaceField
from ctg_geo.words import fold

__all__ = ["Guess", "guessed", "obeyed"]

Option = tuple[float, int, int, str, str, float]

_BASE: Final = {"exact": 100.0, "within": 60.0, "near": 50.0}
_BY_CONTENT: Final = 30.0
_CONTENT_BONUS: Final = 10.0
_CONTRADICTED: Final = 0.2  # of the cells: below, the title lies
_SURE: Final = 0.9
_TIE: Final = 1.0  # of scores: less tells no two columns apart
_YEARS: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_CELLS_SEEN: Final = 2_000
_FRANCE_LON, _FRANCE_LAT = (-5.5, 10.0), (41.0, 51.6)
_HOURS: Final = re.compile(
    r"\b[0-9]{1,2}\s*(h|:)\s*[0-9]{0,2}\b|\b(lundi|mardi|mercredi|jeudi|vendredi|samedi|mo|tu|we|th|fr)\b",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Guess:
    """What a column is taken for ("" for nothing), and why."""

    column: str
    field: str
    reason: str  # exact, within, near, content, given, person, contradicted, taken, unknown, beside
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)
    example: str = ""
    rivals: tuple[str, ...] = ()  # columns that fit the field as well

    def explain(self) -> str:
        """Say why in French words."""
        return labels.text(f"import.reason.{self.reason}", "fr", **self.facts)


def guessed(body: Body, known: Gazetteer | None) -> tuple[Guess, ...]:
    """Guess what each column of a sheet means.

    Returns
    -------
    one guess per column, in their order; no field is given twice
    """
    values = _values(body)
    options: list[Option] = []
    said: dict[int, Guess] = {}
    for at, title in enumerate(body.titles):
        if title in body.beside:
            said[at] = Guess(title, "", "beside")
            continue
        likes = fields_of(title)
        private = likes.get(PERSON)
        if private and not (private != "exact" and "exact" in likes.values()):
            said[at] = Guess(title, "", "person")
            continue
        report = next((each for each in likes if each.startswith(REPORT)), None)
        if report and likes[report] == "exact":
            said[at] = Guess(title, report, "exact", example=_example(values[at]))
            continue
        options += _options(at, values[at], likes, known)
    options = _alike(options, body.titles)
    taken = _shared_out(options, body.titles)
    for at, title in enumerate(body.titles):
        if at not in said:
            told = _told(at, title, values[at], taken, options)
            said[at] = dataclasses.replace(told, rivals=_rivals(at, body.titles, taken, options))
    return tuple(said[at] for at in range(len(body.titles)))


def obeyed(body: Body, columns: Mapping[PlaceField, str], name: str) -> tuple[Guess, ...]:
    """Return the columns a person has given, as guesses that need none.

    Raises
    ------
    MissingColumnError
        If a column named is not in the file.
    """
    missing = sorted({title for title in columns.values() if title not in body.titles})
    if missing:
        found = list(body.titles)
        raise MissingColumnError("mapping", file=name, missing=missing, found=found)
    fields = {title: each for each, title in columns.items()}
    values = _values(body)
    found_guesses = []
    for at, title in enumerate(body.titles):
        report = next((each for each in fields_of(title) if each.startswith(REPORT)), "")
        found_guesses.append(
            Guess(title, fields.get(title, report), "given" if title in fields else "unused",
                  example=_example(values[at]))
        )  # fmt: skip
    return tuple(found_guesses)


def _values(body: Body) -> list[list[str]]:
    seen = [body.cells(at) for at in body.rows[:_CELLS_SEEN]]
    return [[row[at] for row in seen if row[at]] for at in range(len(body.titles))]


def _example(values: Sequence[str]) -> str:
    said = " ".join(values[0].split()) if values else ""
    return said if len(said) <= 40 else said[:39] + "…"  # noqa: PLR2004


def _options(
    at: int, values: list[str], likes: Mapping[str, Likeness], known: Gazetteer | None
) -> list[Option]:
    """Return what a column may be: score, order, position, field, reason, share of cells."""
    options, believed = list[Option](), False
    for order, name in enumerate(ORDER):
        like = likes.get(name)
        if like is None:
            continue
        share = _share(values, _TESTS.get(name), known)
        if share >= _CONTRADICTED:
            believed = True
            bonus = _CONTENT_BONUS * share if values else 0.0
            options.append((_BASE[like] + bonus, order, at, name, like, share))
        else:
            options.append((-1 / _BASE[like], order, at, name, "contradicted", share))
    return options if believed or not values else [*options, *_by_content(at, values, known)]


def _by_content(at: int, values: list[str], known: Gazetteer | None) -> list[Option]:
    """Return what the cells of a column look like, whatever its title; the surest first."""
    shares = {name: _share(values, test, known) for name, test in _ALONE.items()}
    return [
        (_BY_CONTENT * share - order, order, at, name, "content", share)
        for order, (name, share) in enumerate(shares.items()) if share >= _SURE
    ]  # fmt: skip


def _year(title: str) -> int:
    """Return the last year that a title says, 0 if none."""
    return max(map(int, _YEARS.findall(title)), default=0)


def _alike(options: list[Option], titles: Sequence[str]) -> list[Option]:
    """Give columns whose titles differ by their year alone, and which hold something, one score."""
    heads = [" ".join(_YEARS.sub(" ", fold(title)).split()) for title in titles]
    best: dict[tuple[str, str], float] = {}
    for score, _, at, name, *_ in options:
        if _year(titles[at]):
            best[name, heads[at]] = max(score, best.get((name, heads[at]), score))
    return [
        (best[each[3], heads[each[2]]], *each[1:])
        if _year(titles[each[2]]) and each[0] > _BASE.get(each[4], np.inf) else each
        for each in options
    ]  # fmt: skip


def _rivals(
    at: int, titles: Sequence[str], taken: Mapping[int, tuple[str, str, float]],
    options: list[Option],
) -> tuple[str, ...]:  # fmt: skip
    """Name the columns left that fit the field of this one as well, by titles alike."""
    if at not in taken or taken[at][1] == "content":
        return ()
    name, reason, _ = taken[at]
    mine = next(each[0] for each in options if each[2:5] == (at, name, reason))
    return tuple(
        titles[each[2]] for each in options
        if each[3:5] == (name, reason) and each[2] not in taken and abs(each[0] - mine) <= _TIE
    )  # fmt: skip


def _shared_out(options: list[Option], titles: Sequence[str]) -> dict[int, tuple[str, str, float]]:
    """Give each field the column it fits best, each column one field."""
    taken: dict[int, tuple[str, str, float]] = {}
    fields = set[str]()
    ordered = sorted(options, key=lambda o: (-o[0], o[1], -_year(titles[o[2]]), o[2]))
    for score, _, at, name, reason, share in ordered:
        if score > 0 and at not in taken and name not in fields:
            taken[at] = (name, reason, share)
            fields.add(name)
    for low, high in (("lon", "lat"), ("x", "y")):  # half a pair is of no use
        if (low in fields) != (high in fields):
            taken = {at: each for at, each in taken.items() if each[0] not in (low, high)}
    return taken


def _told(
    at: int, title: str, values: list[str], taken: Mapping[int, tuple[str, str, float]],
    options: list[Option],
) -> Guess:  # fmt: skip
    example = _example(values)
    if at in taken:
        name, reason, share = taken[at]
        return Guess(title, name, reason, {"share": share}, example)
    mine = [each for each in options if each[2] == at]
    lied = [each for each in mine if each[4] == "contradicted"]
    if lied:
        likeliest = max(lied, key=lambda each: each[0])
        facts = {"field": labels.text(f"import.field.{likeliest[3]}"), "share": likeliest[5]}
        return Guess(title, "", "contradicted", facts, example)
    if mine:
        facts = {"field": labels.text(f"import.field.{mine[0][3]}")}
        return Guess(title, "", "taken", facts, example)
    return Guess(title, "", "unknown", example=example)


def _share(
    values: Sequence[str],
    test: Callable[[str, Gazetteer | None], bool] | None,
    known: Gazetteer | None,
) -> float:
    """Return the share of cells that pass a test; all of them where there is none to pass."""
    if test is None or not values:
        return 1.0
    return sum(test(value, known) for value in values) / len(values)


def _is_code(value: str, known: Gazetteer | None) -> bool:
    code, _ = mended_code(value)
    return bool(code) and (known is None or known.holds(code))


def _is_degrees(value: str, bounds: tuple[float, float]) -> bool:
    number = degrees(value)
    return number is not None and bounds[0] <= number <= bounds[1]


def _is_fine(value: str, bounds: tuple[float, float]) -> bool:
    """Tell whether a cell is a degree of France, written finely enough to be one."""
    return re.search(r"[.,][0-9]{3}|[°º]", value) is not None and _is_degrees(value, bounds)


def _is_number(value: str, _: Gazetteer | None) -> bool:
    return degrees(value) is not None


def _is_commune(value: str, known: Gazetteer | None) -> bool:
    if known is None:
        return not value.isdigit()
    if known.holds(mended_code(value)[0]):  # written where a name was not understood
        return True
    return known.named(value).reason in ("", "commune_ambiguous", "commune_near")


_POSTCODE: Final = re.compile(r"(F-?)?[0-9]{2}\s?[0-9]{3}([.,]0)?|[0-9]{4}")
_SHORT: Final = 12  # signs: a capacity is not a sentence

# Whether a cell may be what the title says: few cells that may, and the title is not believed.
_TESTS: Final[Mapping[str, Callable[[str, Gazetteer | None], bool]]] = {
    "code_insee": _is_code,
    "postcode": lambda value, _: _POSTCODE.fullmatch(value) is not None,
    "commune": _is_commune,
    "lon": _is_number,
    "lat": _is_number,
    "x": _is_number,
    "y": _is_number,
    "position": lambda value, _: pair_of(value) is not None,
    "capacity": lambda value, _: any(map(str.isdigit, value)) or len(value) <= _SHORT,
}

# What is recognised under a title that says nothing.
_ALONE: Final[Mapping[str, Callable[[str, Gazetteer | None], bool]]] = {
    "code_insee": lambda value, known: known is not None and _is_code(value, known),
    "postcode": lambda value, _: re.fullmatch(r"[0-9]{5}", value) is not None,
    "commune": lambda value, known: known is not None and not known.named(value).reason,
    "lon": lambda value, _: _is_fine(value, _FRANCE_LON),
    "lat": lambda value, _: _is_fine(value, _FRANCE_LAT),
    "position": lambda value, _: pair_of(value) is not None,
    "hours": lambda value, _: _HOURS.search(value) is not None,
}
