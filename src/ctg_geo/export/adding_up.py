"""Figures that add up: those of a change rounded together, others one by one, and owned to."""

from collections.abc import Iterable, Mapping
from typing import Final

from ctg_geo import labels
from ctg_geo.evolution import PARTS

__all__ = ["adding_up", "missed_by"]

_SAME: Final = 1e-6


def adding_up(figures: Mapping[str, float], decimals: int) -> dict[str, float]:
    """Round before, after, change and the parts so that they add up as printed.

    Parameters
    ----------
    figures : before, after, change and `PARTS`, none missing, the parts summing to the change
    decimals : of what is printed

    Returns
    -------
    before and after rounded each; change is their difference, and the parts sum to it: those
    that their rounding served least are moved by one unit of the last decimal. A part that is
    nil stays so.

    Examples
    --------
    >>> adding_up({"before": 17.649, "after": 18.151, "change": 0.502, "by_people": -0.349,
    ...            "by_supply": 0.851, "by_roads": 0.0}, 1)["change"]
    0.6
    """
    unit = 10**decimals
    whole = {name: round(labels.rounded(value, decimals) * unit) for name, value in figures.items()}
    whole["change"] = whole["after"] - whole["before"]
    whole |= _summing({part: figures[part] * unit for part in PARTS}, whole["change"])
    return {name: value / unit for name, value in whole.items()}


def missed_by(parts: Iterable[float], whole: float, decimals: int = 0) -> float | None:
    """Return what parts rounded one by one sum to, where it is not their whole as printed.

    Parameters
    ----------
    parts : what is added up; if some is not known, nothing is said
    whole : what they sum to; if it is not that, nothing is said
    decimals : of what is printed

    Examples
    --------
    >>> missed_by([47.23, 75.41, 18.99], 141.63)
    141.0
    """
    each = list(parts)
    if not abs(sum(each) - whole) <= _SAME:
        return None
    printed = labels.rounded(sum(labels.rounded(part, decimals) for part in each), decimals)
    return None if printed == labels.rounded(whole, decimals) else printed


def _summing(parts: Mapping[str, float], total: int) -> dict[str, int]:
    """Round parts to whole numbers of a given sum."""
    whole = {name: round(value) for name, value in parts.items()}
    left = total - sum(whole.values())
    toward = 1 if left > 0 else -1
    for part in sorted(parts, key=lambda each: -toward * (parts[each] - whole[each])):
        if left and parts[part]:
            whole[part] += toward
            left -= toward
    return whole
