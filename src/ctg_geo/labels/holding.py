"""A figure is not parted from what it counts at the end of a line."""

import re
from typing import Final

__all__ = ["held"]

_NBSP: Final = "\u00a0"
_COUNTED: Final = re.compile(r"(?<=\d) (?=[^\W\d]|[€°])")  # a unit, or the word that it counts
_ALONE: Final = re.compile(r"(?<=:) (?=[\d,\u202f]+\.?$)")  # the last of a text


def held(content: str) -> str:
    r"""Put no-break spaces between a figure and its unit or noun, and before one that ends a text.

    Examples
    --------
    >>> held("à 15 min, 2,5 h par semaine"), held("1 200 €"), held("Dans le territoire : 1.")
    ('à 15\xa0min, 2,5\xa0h par semaine', '1 200\xa0€', 'Dans le territoire :\xa01.')
    """
    return _ALONE.sub(_NBSP, _COUNTED.sub(_NBSP, content))
