"""One rule to round a figure by, wherever it is printed: half goes away from zero.

It is the rule of spreadsheets and of school, so that a reader who rounds a figure of a table
finds that of the sentences and of the maps.
"""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

__all__ = ["rounded"]

_TIE: Final = 1e-6  # of the last decimal kept: nearer to a half than that, digits decide
_LARGE: Final = 1e12  # beyond, no decimal is left to round


def rounded(value: float, decimals: int = 0) -> float:
    """Return a figure rounded as its digits read: 12 significant ones, what floats add is noise.

    Parameters
    ----------
    value : any; what is not finite is returned as it is
    decimals : kept after the comma

    Examples
    --------
    >>> rounded(0.885, 2), rounded(88.5), rounded(100 * 0.285), rounded(-0.5)
    (0.89, 89.0, 29.0, -1.0)
    """
    scaled = abs(value) * 10**decimals
    if not scaled < _LARGE:
        return float(value)
    if abs(scaled % 1 - 0.5) > _TIE:
        return round(float(value), decimals)
    step = Decimal(1).scaleb(-decimals)
    whole = Decimal(f"{abs(value):.12g}").quantize(step, ROUND_HALF_UP)
    return math.copysign(float(whole), value)
