"""Single words that several outputs write in their cells."""

import math
from typing import TYPE_CHECKING

from ctg_geo import labels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["missed_words", "of_mean", "status_word", "yes_no"]


def status_word(key: str) -> str:
    """Return what planners read for a status of `contracts`."""
    return labels.text(f"status.{key}")


def of_mean(key: str, mean: float) -> str:
    """Return the key of a sentence that tells a mean, or of the one for where there is none."""
    return f"{key}_none" if math.isnan(mean) else key


def yes_no(values: "pd.Series") -> "pd.Series":
    """Return the words for true and false."""
    return values.map({True: labels.text("words.yes"), False: labels.text("words.no")})


def missed_words(below: "pd.Series", *, judged: bool) -> "pd.Series":
    """Say of each commune whether the norm is missed; where there is none, that there is none."""
    if judged:
        return yes_no(below.astype(bool)).astype(object)
    return below.astype(object).mask(below.notna(), labels.text("words.no_norm"))
