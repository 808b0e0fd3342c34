"""Figures of scenarios as they are said: before, after, and the change of what is printed."""

import numpy as np
import pandas as pd

from ctg_geo import labels

__all__ = ["SEPARATOR", "as_printed", "changed", "number", "printed", "sentence", "signed", "words"]

SEPARATOR = f"{labels.NNBSP}; "


def changed(table: pd.DataFrame, row: object, decimals: int) -> str:
    """Write before, after and change of a row, the change being that of what is printed."""
    before, after = printed(table, row, decimals)
    if np.isnan([before, after]).any():
        return words("no_value")
    first = number(before, decimals)
    if before == after:
        return words("unchanged", before=first)
    change = signed(after - before, decimals)
    return words("from_to", before=first, after=number(after, decimals), change=change)


def printed(table: pd.DataFrame, row: object, decimals: int) -> tuple[float, float]:
    """Return before and after of a row as they are printed; NaN where there is none."""
    before, after = as_printed(table.loc[[row]], decimals)[["before", "after"]].to_numpy()[0]
    return before, after


def as_printed(table: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Return a table whose before, after and change are those printed: they subtract.

    Examples
    --------
    >>> row = pd.DataFrame({"before": [7.1249], "after": [10.6251], "change": [3.5002]})
    >>> as_printed(row, 2)["change"].tolist()
    [3.51]
    """
    before, after = (table[each].astype(float).map(lambda one: labels.rounded(one, decimals))
                     for each in ("before", "after"))  # fmt: skip
    return table.assign(before=before, after=after, change=(after - before).round(decimals))


def number(value: float, decimals: int | None = None) -> str:
    """Write a number, whole ones without decimals."""
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return labels.number(value, decimals)


def signed(value: float, decimals: int | None = None) -> str:
    """Write a number with its sign; none where it is printed as 0."""
    said = number(value, decimals)
    digits = said.replace("0", "").replace(",", "").replace(labels.NNBSP, "")
    return f"+{said}" if value > 0 and digits else said


def sentence(said: str) -> str:
    r"""End what a planner wrote as a sentence, in French print.

    Examples
    --------
    >>> sentence("Tous ?"), sentence("L'accueil"), sentence("Fin.")
    ('Tous\u202f?', 'L’accueil.', 'Fin.')
    """
    told = labels.typeset(said)
    return told if told[-1] in ".!?…" else f"{told}."


def words(key: str, /, **facts: object) -> str:
    """Return a sentence of the section `scenarios` of the labels."""
    return labels.text(f"scenarios.{key}", "fr", **facts)
