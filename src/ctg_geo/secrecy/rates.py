"""Rates on secret figures, and map classes that would tell what they hide."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.secrecy.attack import inferred
from ctg_geo.secrecy.suppress import Suppression

__all__ = ["betraying", "rates"]

_SHOWN = (contracts.OBSERVED, contracts.ESTIMATED)
_MEETS = 1e-6


def rates(
    numerator: pd.Series, denominator: pd.Series, *, numerator_status: pd.Series,
    denominator_status: pd.Series,
) -> pd.DataFrame:  # fmt: skip
    """Divide two figures; a rate built on a secret is secret, on an unknown one unknown.

    Parameters
    ----------
    numerator, denominator : on the same index, people or any unit; NaN where not shown
    numerator_status, denominator_status : by row, a status of `contracts`

    Returns
    -------
    DataFrame on the index of `denominator`: rate, status; a rate on nobody is not applicable
    """
    worst = pd.Series(contracts.OBSERVED, index=denominator.index, dtype=object)
    for status in (contracts.ESTIMATED, contracts.NOT_APPLICABLE, contracts.NOT_AVAILABLE,
                   contracts.SECRET):  # fmt: skip
        worst[(numerator_status == status) | (denominator_status == status)] = status
    nobody = worst.isin(_SHOWN) & (denominator == 0)
    worst[nobody] = contracts.NOT_APPLICABLE
    value = (numerator / denominator).where(worst.isin(_SHOWN))
    return pd.DataFrame({"rate": value, "status": worst})


def betraying(
    found: Suppression, numerator: pd.Series, classes: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """Tell which map classes of a rate on hidden figures say too much.

    Whoever sees the numerator and the class of a rate knows that the hidden denominator is
    between numerator / high and numerator / low.

    Parameters
    ----------
    found : the figures and what is hidden of them
    numerator : by name of cell, published
    classes : by name of cell: low and high of its class; cells of a hidden denominator

    Returns
    -------
    mask on the rows of `classes`: hide this class. Classes that say too much alone are
    hidden first; if the others together still do, all are.
    """
    cells = found.cells
    at = cells.positions(map(str, classes.index))
    top = numerator[classes.index].to_numpy(np.float64)
    low, high = (classes[side].to_numpy(np.float64) for side in ("low", "high"))
    with np.errstate(divide="ignore", invalid="ignore"):
        least = top / high
        most = np.where(low > 0, top / low, np.inf)
    need_low, need_high = found.need
    secret = np.flatnonzero(cells.secret)
    narrow = (least > need_low[at] + _MEETS) | (most < need_high[at] - _MEETS)
    hide = np.asarray(narrow & cells.secret[at])
    known_low, known_high = cells.known(found.hidden)
    kept = at[~hide]
    known_low[kept] = np.maximum(known_low[kept], least[~hide])
    known_high[kept] = np.minimum(known_high[kept], most[~hide])
    lowest, highest = inferred(cells.relations, known_low, known_high, secret)
    slack = _MEETS * np.maximum(1.0, np.abs(need_high[secret]))
    safe = (lowest <= need_low[secret] + slack) & (highest >= need_high[secret] - slack)
    return hide if safe.all() else np.ones(len(classes), dtype=bool)
