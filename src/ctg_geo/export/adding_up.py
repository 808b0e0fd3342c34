"""Figures of a change rounded together, so that what is printed adds up."""

from collections.abc import Mapping

from ctg_geo import labels
from ctg_geo.evolution import PARTS

__all__ = ["adding_up", "parts_of"]


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


def parts_of(parts: Mapping[str, float], decimals: int) -> dict[str, float]:
    """Round parts so that they sum to their sum as printed.

    Parameters
    ----------
    parts : what is added up
    decimals : of what is printed

    Returns
    -------
    the same, rounded; those that their rounding served least are moved by one unit of the last
    decimal. A part that is nil stays so.

    Examples
    --------
    >>> parts_of({"distance": 47.2, "saturation": 75.4, "lack": 19.0}, 0)
    {'distance': 47.0, 'saturation': 76.0, 'lack': 19.0}
    """
    unit = 10**decimals
    total = round(labels.rounded(sum(parts.values()), decimals) * unit)
    whole = _summing({name: value * unit for name, value in parts.items()}, total)
    return {name: value / unit for name, value in whole.items()}


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
