"""Cells as people call them: a commune, a figure and its vintage."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.figures import Figure

__all__ = ["in_words"]


@contextmanager
def in_words(figures: Iterable[Figure], names: Mapping[str, str]) -> Iterator[None]:
    """Name communes and figures in the errors of secrecy raised inside, not cells.

    Parameters
    ----------
    figures : of the study
    names : of communes, by code_insee
    """
    try:
        yield
    except SecrecyError as error:
        if not {"cell", "cells"} & set(error.facts):
            raise
        said = {
            figure.key(code): f"{name} ({code}, {figure.label}, {figure.vintage})"
            for figure in figures for code, name in names.items()
        }  # fmt: skip
        facts = dict(error.facts)
        if "cell" in facts:
            facts["cell"] = said.get(str(facts["cell"]), facts["cell"])
        cells = facts.get("cells")
        if isinstance(cells, list):
            facts["cells"] = [said.get(str(each), each) for each in cells]
        raise SecrecyError(error.reason, **facts) from error
