"""Age bands, and how much of one falls in another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["LAST_AGE", "Band", "band", "bridge"]

LAST_AGE: Final = 120  # open bands ("80 and more") end here

_BAND = re.compile(r"(\d{1,3})-(\d{1,3})|(\d{1,3})\+")


@dataclass(frozen=True, order=True, slots=True)
class Band:
    """Ages in completed years, both ends included; an open band ends at `LAST_AGE`."""

    low: int
    high: int

    def __post_init__(self) -> None:
        assert 0 <= self.low <= self.high <= LAST_AGE, f"no band of ages: {self.low}-{self.high}"

    def __str__(self) -> str:
        return f"{self.low}+" if self.high == LAST_AGE else f"{self.low}-{self.high}"

    @property
    def years(self) -> int:
        """How many cohorts it holds."""
        return self.high - self.low + 1


def band(text: str) -> Band | None:
    """Return the band written `0-2` or `65+`; None where the text is none.

    Examples
    --------
    >>> band("12-25"), band("80+"), band("P20_POP")
    (Band(low=12, high=25), Band(low=80, high=120), None)
    """
    found = _BAND.fullmatch(text.strip())
    if found is None:
        return None
    low = int(found.group(1) or found.group(3))
    high = int(found.group(2)) if found.group(2) else LAST_AGE
    return Band(low, high) if low <= high <= LAST_AGE else None


def bridge(wanted: Band, published: Iterable[Band]) -> dict[Band, float] | None:
    """Return what share of each published band makes the wanted one; None if it is not covered.

    Ages are taken as even within a published band, the only thing that a total by band allows.
    Shares of 1 are exact, others an estimate.

    Parameters
    ----------
    wanted : ages asked for
    published : bands that do not overlap

    Notes
    -----
    The shares of the bands that touch the wanted one, times their number of cohorts, sum to
    its own: nobody is counted twice.

    Examples
    --------
    Young people of 12 to 25 from the bands of the census: 6/7 of 11-17, all of 18-24 and
    1/15 of 25-39.

    >>> shares = bridge(Band(12, 25), [Band(11, 17), Band(18, 24), Band(25, 39)])
    >>> [(str(one), round(15 * 7 * share)) for one, share in shares.items()]
    [('11-17', 90), ('18-24', 105), ('25-39', 7)]
    """
    shares: dict[Band, float] = {}
    covered = 0
    for one in sorted(published):
        common = min(one.high, wanted.high) - max(one.low, wanted.low) + 1
        if common > 0:
            shares[one] = common / one.years
            covered += common
    return shares if covered == wanted.years else None
