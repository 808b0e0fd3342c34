"""What a place is known by, whatever row of its file it stands in."""

import re

import pandas as pd

__all__ = ["place_keys"]

_CONTENT = ("service", "code_insee", "delivery", "age_from", "age_to", "residents",
            "hours_per_week", "capacity", "capacity_status")  # fmt: skip
_MADE = re.compile(r".+ \([0-9]+\)|.+, [0-9]+")  # names made of a commune, or a file, and a number


def place_keys(places: pd.DataFrame) -> pd.Series:
    """Return a text for each place, made of what it is and not of where its row stands.

    Parameters
    ----------
    places : contract `equipements`, with their points as geometry (metres)

    Returns
    -------
    Series by equipement_id; places that are alike in all share a text. A name that was made of
    a number of the row, or of one in the commune, is no part of it.

    Examples
    --------
    >>> from shapely import Point
    >>> table = pd.DataFrame({"service": "s", "code_insee": "01001", "nom": ["s.csv, 2", "Lou"],
    ...                       "geometry": [Point(0, 0), Point(5, 0)]})
    >>> place_keys(table).tolist()
    ['s|01001||0.000|0.000', 's|01001|Lou|5.000|0.000']
    """
    name = places["nom"].map(str)
    columns = [places[each].map(str) for each in _CONTENT[:2]]
    columns.append(name.mask(name.map(lambda nom: _MADE.fullmatch(nom) is not None), ""))
    columns += [
        pd.Series([f"{getattr(point, axis):.3f}" for point in places["geometry"]], places.index)
        for axis in ("x", "y")
    ]
    columns += [places[each].map(str) for each in _CONTENT[2:] if each in places.columns]
    texts = ["|".join(cells) for cells in zip(*columns, strict=True)]
    return pd.Series(texts, places.index, name="key", dtype=object)
