"""Figures of a change rounded together, so that what is printed adds up."""

from collections.abc import Mapping

from ctg_geo.evolution import PARTS

__all__ = ["adding_up"]


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
    whole = {name: round(round(value, decimals) * unit) for name, value in figures.items()}
    whole["change"] = whole["after"] - whole["before"]
    left = whole["change"] - sum(whole[part] for part in PARTS)
    toward = 1 if left > 0 else -1
    for part in sorted(PARTS, key=lambda each: -toward * (figures[each] * unit - whole[each])):
        if left and figures[part]:
            whole[part] += toward
            left -= toward
    return {name: value / unit for name, value in whole.items()}
