"""Signs of figures that are not shown: secret, unknown, without object; no zero and no class."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.export.publish import Publication

__all__ = [
    "BEYOND_LIMIT",
    "SIGNS",
    "Sign",
    "drawn_keys",
    "people_signs",
    "signs_of",
    "state_keys",
]


@dataclass(frozen=True, slots=True)
class Sign:
    """How a status is drawn over the class of a commune, which tells of the place alone."""

    status: str
    hatch: str  # of matplotlib
    brush: str  # of QGIS
    marker: str  # shape of the point that holds the figure
    legend: str  # key of the labels


SIGNS: Final = (
    Sign(contracts.SECRET, "xxxx", "diagonal_x", "cross", "map.people_secret"),
    Sign(contracts.NOT_AVAILABLE, "....", "dense6", "ring", "map.people_unknown"),
    Sign(contracts.NOT_APPLICABLE, "---", "horizontal", "bar", "map.people_void"),
)


def signs_of(publication: Publication) -> dict[Sign, pd.Series]:
    """Return the signs that a map needs, each with the mask of its communes."""
    status = publication.communes["demand_status"]
    masks = {sign: status == labels.text(f"status.{sign.status}") for sign in SIGNS}
    return {sign: mask for sign, mask in masks.items() if mask.any()}


# Nothing within the limit is no zero among others: it has its own sign, on the same class.
BEYOND_LIMIT: Final = Sign(contracts.BEYOND_LIMIT, "", "b_diagonal", "", "map.beyond_reach")


def drawn_keys(publication: Publication) -> pd.Series:
    """Return how each commune is drawn: the number of its class, then its sign if it has one.

    Where people are secret, unknown or without object the sign is theirs. Else a commune with
    no place within the limit has a sign too, where classes are of supply: for times it is a
    class of its own.
    """
    table = publication.communes
    beyond = table["nearest_status"] == labels.text(f"status.{contracts.BEYOND_LIMIT}")
    on_supply = publication.diagnosis.service.judged_on_supply
    return _keys(table["class"], beyond & on_supply, signs_of(publication))


def state_keys(state: Diagnosis) -> pd.Series:
    """Return how each commune of a diagnosis is drawn, by the same rule, without its words."""
    table, status = state.communes, state.communes["demand_status"]
    beyond = table["nearest_status"] == contracts.BEYOND_LIMIT
    masks = {sign: status == sign.status for sign in SIGNS}
    return _keys(table["class"], beyond & state.service.judged_on_supply, masks)


def _keys(classes: pd.Series, beyond: pd.Series, masks: Mapping[Sign, pd.Series]) -> pd.Series:
    number = classes.astype(str)
    key = number.mask(beyond & (classes == 0), f"0 {BEYOND_LIMIT.status}")
    for sign, mask in masks.items():
        key = key.mask(mask, number + f" {sign.status}")
    return pd.Series(key, name="drawn")


_ESTIMATED: Final = Sign(contracts.ESTIMATED, "\\\\\\\\", "b_diag", "", "themes.sign_estimated")
_BARE: Final = {
    contracts.SECRET: "themes.sign_secret", contracts.NOT_AVAILABLE: "themes.sign_unknown",
    contracts.NOT_APPLICABLE: "themes.sign_void",
}  # fmt: skip


def people_signs(status: pd.Series) -> dict[Sign, pd.Series]:
    """Return the signs that a map of people needs, each with the mask of its communes.

    Observed people have none. Estimated ones have one where others are observed; where all
    are estimates the page says so once.

    Parameters
    ----------
    status : by code_insee, of `contracts`
    """
    signs = [replace(each, legend=_BARE[each.status]) for each in SIGNS]
    if (status == contracts.OBSERVED).any():
        signs.insert(0, _ESTIMATED)
    masks = {sign: status == sign.status for sign in signs}
    return {sign: mask for sign, mask in masks.items() if mask.any()}
