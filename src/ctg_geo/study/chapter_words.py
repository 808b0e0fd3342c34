"""Words and figures that the chapters share."""

from collections.abc import Iterable, Sequence

import pandas as pd

from ctg_geo import labels
from ctg_geo.contracts import ESTIMATED, OBSERVED
from ctg_geo.export.adding_up import missed_by
from ctg_geo.study.report import providers
from ctg_geo.study.study import Study
from ctg_geo.territory import demand

__all__ = [
    "either", "known_people", "map_caveat", "one_sentence", "rounded_apart", "said", "sources_line",
    "title_of", "titles",
]  # fmt: skip


def said(name: str, **facts: object) -> str:
    """Return a sentence of the chapters."""
    return labels.text(f"chapters.{name}", "fr", **facts)


def either(parts: Sequence[str]) -> str:
    """List alternatives: a, b or c."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return ", ".join(parts[:-1]) + labels.text("chapters.or") + parts[-1]


def map_caveat(study: Study, figure: str) -> str:
    """Say what a map of people out of reach rests on that is estimated."""
    given = study.config.file.sources.population.values[figure]  # noqa: PD011
    remarks = [said("times_estimated")] if study.topology.schematic else []
    if (study.territory.population[f"{figure}_status"] == ESTIMATED).any():
        remarks.append(labels.text("themes.map_estimated", method=given.method))
    return one_sentence(remarks)


def one_sentence(remarks: Sequence[str]) -> str:
    r"""Put remarks one behind the other; the first one begins the sentence.

    Examples
    --------
    >>> one_sentence(["temps schématiques", "nombres estimés"])
    'Temps schématiques\u202f; nombres estimés'
    """
    whole = labels.spaced(" ; ".join(remarks))
    return whole[:1].upper() + whole[1:]


def titles(columns: Iterable[object], **facts: object) -> dict[str, str]:
    """Return the headings of columns."""
    return {str(each): said(f"columns.{each}", **facts) for each in columns}


def title_of(study: Study, indicator: str) -> str:
    """Return what to call an indicator of a study."""
    key = f"indicators.{indicator}"
    return study.indicators.titles.get(indicator) or (
        labels.text(key) if labels.has(key) else indicator
    )


def known_people(study: Study, figure: str) -> pd.Series:
    """Return the people of each commune of the territory, missing where they are not shown."""
    territory = study.territory
    people, status, _ = demand(territory, figure)
    inside = people[territory.inside]
    return inside.where(status[territory.inside].isin((OBSERVED, ESTIMATED)))


def rounded_apart(parts: Sequence[float], people: str) -> list[str]:
    """Own to it where numbers of people, as printed, do not make the number of all of them."""
    whole = sum(parts)
    printed = missed_by(parts, whole)
    if printed is None:
        return []
    return [said("beyond_rounded", parts=printed, whole=whole, people=people)]


def sources_line(study: Study, *services: str) -> str:
    """Name the providers of what a chapter shows, each once."""
    every = [name for each in services for name in providers(study, each)]
    return labels.text("map.sources", sources=" ; ".join(dict.fromkeys(every)))
