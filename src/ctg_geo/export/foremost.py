"""The communes a sentence names first: in the order of what is printed, equals told at the cut."""

import pandas as pd

from ctg_geo import labels

__all__ = ["foremost", "tied"]


def foremost(
    printed: pd.Series, most: int, *, then: pd.Series | None = None
) -> tuple[pd.Index, int]:
    """Return the rows with the greatest figures, and how many others equal the last of them.

    Parameters
    ----------
    printed : figures as they are printed: what floats add parts none
    most : how many rows are named
    then : by row, what comes first among equals, as printed too; the order of the
        rows parts the rest

    Examples
    --------
    >>> rows, others = foremost(pd.Series([0.3, 1.2, 0.3, 0.0], index=list("abcd")), 2)
    >>> list(rows), others
    (['b', 'a'], 1)
    """
    last = 0.0 if then is None else then.reindex(printed.index)
    table = pd.DataFrame({"printed": printed, "then": last})
    order = table.sort_values(["printed", "then"], ascending=False, kind="stable")["printed"]
    named, rest = order.iloc[:most], order.iloc[most:]
    return named.index, int((rest == named.min()).sum())


def tied(names: list[str], others: int) -> list[str]:
    """Name what is first, then how many others equal the last of them."""
    return [*names, labels.text("words.tied", count=others)] if others else names
