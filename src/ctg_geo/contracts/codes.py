"""How Insee writes the code of a commune, and a Siren."""

import re
from typing import Final

__all__ = ["COMMUNE_CODE", "is_siren"]

COMMUNE_CODE: Final = "(?:[0-9]{5}|2[AB][0-9]{3})"  # as a regular expression, to match whole

_SIREN: Final = re.compile("[0-9]{9}")


def is_siren(code: str) -> bool:
    """Tell whether nine digits are a Siren: the last one checks the others (Luhn).

    Examples
    --------
    Twice 0, 6, 7 and 0 (7 + 7 = 14, told 1 + 4): 2 + 0 + 0 + 0 + 6 + 7 + 7 + 7 + 1 = 30.

    >>> is_siren("200068781"), is_siren("200068782"), is_siren("20006878")
    (True, False, False)
    """
    if _SIREN.fullmatch(code) is None:
        return False
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(code))
    return sum(sum(divmod(each, 10)) for each in doubled) % 10 == 0
