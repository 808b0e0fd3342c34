"""Comparisons of scenarios read back: a text cut where its titles stand, and its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ctg_geo import labels
from ctg_geo.documents.published import Published, Sheet, read_published, read_sheet
from ctg_geo.errors import UnreadableFileError

__all__ = ["ComparisonResults", "ScenarioResults", "is_comparison", "read_comparisons"]

_TEXT: Final = "comparaison.txt"
_SERVICE: Final = "ctg.gpkg"


@dataclass(frozen=True, slots=True)
class ScenarioResults:
    """What was published of one scenario: its words, and its rows of the tables."""

    number: int
    key: str
    name: str
    lines: tuple[str, ...]  # without its title
    changes: Sheet
    communes: Sheet
    groups: Sheet


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonResults:
    """What `ctg-geo compare` published of one service.

    `norm`, `ranking`, `grounds` and `estimates` are parts of its text: the norm, the ranking
    without its title, the method, and what is estimated ("" where all is observed).
    """

    key: str
    declared: Mapping[str, Any]
    published: Published
    scenarios: tuple[ScenarioResults, ...]
    norm: str
    ranking: tuple[str, ...]
    grounds: tuple[str, ...]
    estimates: str
    criteria: Sheet

    @property
    def label(self) -> str:
        """Name of the service."""
        return str(self.declared["label"])

    @property
    def study(self) -> str:
        """Name of the study."""
        return str(self.published.study["study"]["name"])

    @property
    def measured(self) -> str:
        """What gains and losses are told of, as the tables call it."""
        on_supply = (self.declared.get("norm") or {}).get("per_100") is not None
        return labels.text(
            f"scenarios.measure.{'access_per_100' if on_supply else 'minutes'}",
            unit=self.declared["unit"],
        )


def is_comparison(folder: Path) -> bool:
    """Tell whether a folder is one of comparisons, of a service or of several, and no diagnosis."""
    held = folder.glob(f"*/{_TEXT}")
    return (folder / _TEXT).exists() or (any(held) and not any(folder.glob(f"*/{_SERVICE}"))
                                         and not (folder / _SERVICE).exists())  # fmt: skip


def read_comparisons(folder: Path) -> tuple[ComparisonResults, ...]:
    """Read the comparisons of a folder: its own, or one a service in the folders inside.

    Returns
    -------
    none where the folder holds none, whatever else it holds

    Raises
    ------
    UnreadableFileError
        If a comparison cannot be read, or they are of several studies.
    """
    places = [folder, *sorted(each.parent for each in folder.glob(f"*/{_TEXT}"))]
    read = [read_published(each) for each in places if (each / _TEXT).exists()]
    found = tuple(map(_whole, (each for each in read if each.has(_TEXT))))
    names = sorted({each.study for each in found})
    if len(names) > 1:
        raise UnreadableFileError("several_studies", file=str(folder), names=names)
    return found


def _whole(published: Published) -> ComparisonResults:
    try:
        return _read(published)
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise _damaged(published) from error


def _damaged(published: Published) -> UnreadableFileError:
    return UnreadableFileError("comparison_text", file=str(published.folder))


def _read(published: Published) -> ComparisonResults:
    """Cut the text of a comparison by the titles that it was written with."""
    declared: Mapping[str, Mapping[str, Any]] = published.manifest["parameters"]["scenarios"]
    sheets = {
        name: read_sheet(published.folder / f"{name}.csv")
        for name in ("changements", "scenarios_communes", "scenarios_groupes", "criteres")
    }
    at = {name: sheets[name].titles.index(labels.text("scenarios.columns.scenario_key"))
          for name in ("changements", "criteres")}  # fmt: skip
    keys = [row[at["criteres"]] for row in sheets["criteres"].rows][1:]
    titles = [
        labels.text("scenarios.scenario", number=number, name=declared[key]["name"], key=key)
        for number, key in enumerate(keys, start=1)
    ]
    marks = [*titles, labels.text("scenarios.ranking.title"), labels.text("scenarios.method")]
    head, *parts = _cut(published.lines(_TEXT), marks, published)
    *told, ranking, grounds = parts
    changes = sheets["changements"]
    scenarios = tuple(
        ScenarioResults(
            number + 1, key, str(declared[key]["name"]), told[number],
            Sheet(changes.titles,
                  tuple(row for row in changes.rows if row[at["changements"]] == key)),
            _share(sheets["scenarios_communes"], number, len(keys)),
            _share(sheets["scenarios_groupes"], number, len(keys)),
        )
        for number, key in enumerate(keys)
    )  # fmt: skip
    opens = labels.text("summary.estimates", reasons="").rstrip(" .")
    estimates = next((line for line in grounds if line.startswith(opens)), "")
    service = published.service
    assert service is not None, "a comparison is of one service"
    return ComparisonResults(
        service[0], service[1], published, scenarios, head[-1], ranking,
        (labels.text("scenarios.method"), *(line for line in grounds if line != estimates)),
        estimates, sheets["criteres"],
    )  # fmt: skip


def _cut(lines: Sequence[str], marks: Sequence[str], published: Published) -> list[tuple[str, ...]]:
    """Part a text at lines that stand in this order; the parts are without these lines."""
    places = [-1]
    for mark in map(labels.typeset, marks):
        if mark not in lines[places[-1] + 1 :]:
            raise _damaged(published)
        places.append(lines.index(mark, places[-1] + 1))
    bounds = zip(places, [*places[1:], len(lines)], strict=True)
    return [tuple(each for each in lines[a + 1 : b] if each.strip()) for a, b in bounds]


def _share(sheet: Sheet, number: int, of: int) -> Sheet:
    """Return the rows of one scenario: each has as many, in the order of the scenarios."""
    size = len(sheet.rows) // of
    return Sheet(sheet.titles, sheet.rows[number * size : (number + 1) * size])
