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

    Raises
    ------
    SecrecyError
        The one raised inside, with the communes and figures by name.
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
            facts["cell"] = said.get(str(facts["cell"]), _published(facts["cell"], names))
        cells = facts.get("cells")
        if isinstance(cells, list):
            facts["cells"] = [said.get(str(each), _published(each, names)) for each in cells]
        raise SecrecyError(error.reason, **facts) from error


def _published(cell: object, names: Mapping[str, str]) -> object:
    """Name a cell of the register, whose figure or vintage the study does not have."""
    table, _, code = str(cell).rpartition("/")
    figure, _, vintage = table.partition("@")
    return f"{names[code]} ({code}, {figure}, {vintage})" if vintage and code in names else cell
