"""Objectives by their names, as people write them."""

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair.floor import Floor
from ctg_geo.siting.fair.objective import Amount, Objective
from ctg_geo.siting.fair.shortfall import Covered, Severity, Shortfall
from ctg_geo.siting.fair.spread import Gini

__all__ = ["OBJECTIVES", "objective_named"]

_OF_NORM: Final[Mapping[str, Callable[[float, pd.Series | None], Objective]]] = {
    "shortfall": Shortfall, "severity": Severity, "cover": Covered,
}  # fmt: skip

OBJECTIVES: Final = ("floor", *_OF_NORM, "gini", "cost", "places", "sites")


def objective_named(
    name: str, *, norm: float | None = None, among: pd.Series | None = None, share: float = 1.0
) -> Objective:
    """Return the objective of a name.

    Parameters
    ----------
    name : one of `OBJECTIVES`
    norm : supply per person, of shortfall, severity and cover
    among : by origin, whether it counts
    share : of people, for the floor

    Raises
    ------
    FairSitingError
        If there is no such objective, it needs a norm, or it is the mean of access, which
        is places over people wherever they are put.

    Examples
    --------
    >>> objective_named("floor", share=0.95).name
    'floor'
    """
    if name == "mean":
        raise FairSitingError("mean_constant")
    if name in _OF_NORM:
        if norm is None:
            raise FairSitingError("norm_missing", said=name)
        return _OF_NORM[name](norm, among)
    match name:
        case "floor":
            return Floor(among, share)
        case "gini":
            return Gini(among)
        case "cost":
            return Amount("cost")
        case "places":
            return Amount("places")
        case "sites":
            return Amount("sites")
        case _:
            raise FairSitingError("no_objective", said=name, known=list(OBJECTIVES))
