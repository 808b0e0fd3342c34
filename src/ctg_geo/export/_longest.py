"""The longest times, by one rule for all outputs: nobody is ranked beyond the limit."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.export._words import status_word
from ctg_geo.export.publish import Publication

__all__ = ["Longest", "longest"]

_LISTED: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Longest:
    """Whose times to the nearest place are longest.

    Both are rows of `Publication.communes`: `beyond`, by code, those without a place within the
    limit, whom no time ranks; `known`, the longest first, a few of the others.
    """

    beyond: pd.DataFrame
    known: pd.DataFrame
    limit_min: float

    @property
    def ranked(self) -> bool:
        """Whether no time of the territory is longer than those that are known."""
        return self.beyond.empty

    @property
    def title(self) -> str:
        """Name the list."""
        return labels.text("map.longest" if self.ranked else "map.longest_known")

    @property
    def count(self) -> str:
        """Say how many are beyond the limit; "" if none."""
        if self.ranked:
            return ""
        return labels.text("map.beyond_count", count=len(self.beyond), limit=self.limit_min)


def longest(publication: Publication) -> Longest:
    """Return the communes beyond the limit, and the longest times that are known.

    A time that reads 0 is not long; a commune alone has no longest time.
    """
    table = publication.communes.sort_index()
    beyond = table["nearest_status"] == status_word(contracts.BEYOND_LIMIT)
    minutes = table["nearest_min"].map(lambda each: labels.rounded(each, 1), na_action="ignore")
    known = table[(minutes > 0) & (len(table) > 1)]
    known = known.sort_values("nearest_min", ascending=False, kind="stable").head(_LISTED)
    limit_min = publication.diagnosis.service.max_min
    return Longest(pd.DataFrame(table[beyond]), pd.DataFrame(known), limit_min)
