"""How sure verdicts are, in one word each; which communes have a rank to tell."""

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.diagnosis import HowSure
from ctg_geo.parameters import Robustness

__all__ = ["certainty_of", "percent_of_draws", "ranked", "share_of_draws", "told_share"]

_DECIMALS = 3  # of a share of the draws, in every table


def share_of_draws(share: float) -> float:
    """Return a share of the draws (0-1) as tables hold it, which sentences round further."""
    return labels.rounded(share, _DECIMALS)


def percent_of_draws(share: float, confidence: float) -> str:
    """Write a share of the draws in percent; what misses the confidence never reads as it."""
    held = share_of_draws(share)
    said = labels.rounded(100 * held)
    return labels.percent(held, int(share < confidence and said >= 100 * confidence))


def certainty_of(
    communes: pd.DataFrame, robustness: Robustness, sure: HowSure | None
) -> tuple[pd.Series, pd.Series]:
    """Return the certainty of each verdict (0-1, NaN without one), and its word.

    Parameters
    ----------
    communes : by code_insee: below, certainty (the share of the variants that agree)
    sure : the dice, where they were thrown
    """
    share = _share(communes, sure)
    solid = robustness.solid if sure is None else sure.settings.confidence
    return told_share(communes, sure), _certainty(share, solid, robustness.fragile)


def told_share(communes: pd.DataFrame, sure: HowSure | None) -> pd.Series:
    """Return the certainty of each verdict as every table tells it; see `certainty_of`."""
    return _share(communes, sure).map(share_of_draws)


def _share(communes: pd.DataFrame, sure: HowSure | None) -> pd.Series:
    return communes["certainty"] if sure is None else sure.certainty(communes)


def _certainty(share: pd.Series, solid: float, fragile: float) -> pd.Series:
    words = np.where(
        share >= solid - 1e-9, "solid", np.where(share >= fragile - 1e-9, "likely", "fragile")
    )
    words = np.where(share.isna(), "none", words)
    return pd.Series([labels.text(f"certainty.{word}") for word in words], index=share.index)


def ranked(communes: pd.DataFrame) -> pd.DataFrame:
    """Put the worst first; a commune that lacks nothing, or is not judged, has no rank to tell."""
    table = communes.sort_values("rank")
    lacking = (table["below"] == labels.text("words.yes")) | (table["concerned"] > 0)
    table["rank"] = table["rank"].astype(np.float64).where(lacking)
    return table
