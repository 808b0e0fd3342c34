"""Kinds of communes: grouped by what they have in common, named by what sets them apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import labels
from ctg_geo.gap import Undefined
from ctg_geo.patterns.choice import choose, ward
from ctg_geo.patterns.numbering import renumbered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scipy.sparse import csr_array

__all__ = ["Typology", "typology"]

Floats = npt.NDArray[np.float64]

_APART = 0.5  # standard deviations from the mean: less does not distinguish a class
_SAID: Final = 3  # indicators in a name
_FEWEST = 4  # different communes


@dataclass(frozen=True, slots=True, eq=False)
class Typology:
    """Classes of communes, and why there are so many.

    `member` by commune: its class from 1 (the largest), 0 where an indicator is unknown.
    `profiles` by class: communes, then each indicator as standard deviations from the mean.
    `marks` by class: what distinguishes it, strongest first, as (indicator, low or high).
    `choice` by number of classes: silhouette, gap, gap_error. `justified` is False where the
    gap statistic finds no more structure than in one class: the classes then only cut up a
    continuum. `constant` names the indicators left out because all communes are alike.
    """

    member: pd.Series
    profiles: pd.DataFrame
    marks: tuple[tuple[tuple[str, str], ...], ...]
    choice: pd.DataFrame
    chosen: int
    justified: bool
    constant: tuple[str, ...]
    pieces: int  # of the contiguity; 1 where there is none

    def names(
        self, lang: labels.Lang = "fr", words: "Mapping[tuple[str, str], str] | None" = None
    ) -> tuple[str, ...]:
        """Name each class by what distinguishes it; like names are numbered.

        `words` says marks, (indicator, low or high), of which the labels do not know.
        """
        said = [_name(marks, lang, words or {}) for marks in self.marks]
        return tuple(
            name if said.count(name) == 1
            else labels.text("typology.numbered", lang, name=name, number=at + 1)
            for at, name in enumerate(said)
        )  # fmt: skip


def typology(
    indicators: pd.DataFrame,
    *,
    most: int,
    seed: int,
    touching: "csr_array | None" = None,
) -> Typology | Undefined:
    """Group communes by their indicators.

    Ward's method on standardised indicators (mean 0, standard deviation 1). The number of
    classes is the one of the best silhouette from 2 to `most`, on a tie the fewest; the gap
    statistic against uniform draws is reported beside it.

    Parameters
    ----------
    indicators : by commune; NaN where unknown or secret. Those named access, minutes, income,
        missing, people, density, single_parents, unemployment or fragility have their own words
    most : the most classes
    seed : of the draws of the gap statistic, which alone is random
    touching : communes × communes in the order of `indicators` (see `neighbours`): classes are
        then of one piece, islands being joined to the commune most like them

    Returns
    -------
    Typology
        Undefined (too_few) where fewer than four communes differ.

    Notes
    -----
    A commune with an unknown indicator is in class 0: its value is not guessed. Communes are
    taken in the order of their codes: that of rows changes nothing. The unit of an indicator
    changes nothing. The gap statistic does not know of contiguity.
    A strongly skewed indicator (number of people) is better given as its logarithm.

    References
    ----------
    Ward (1963), JASA 58(301), doi:10.1080/01621459.1963.10500845; Rousseeuw (1987), Journal of
    Computational and Applied Mathematics 20, doi:10.1016/0377-0427(87)90125-7; Tibshirani,
    Walther & Hastie (2001), JRSS B 63(2), doi:10.1111/1467-9868.00293.
    """
    order = np.argsort(indicators.index.to_numpy(), kind="stable")
    told = indicators.iloc[order].notna().all(axis=1).to_numpy()
    kept = order[told]
    table = indicators.iloc[kept].astype(np.float64)
    values = table.to_numpy(np.float64)
    level, constant = _standardised(values)
    if len(np.unique(level, axis=0)) < max(_FEWEST, 2):
        return Undefined("too_few")
    links = None if touching is None else touching.tocsr()[kept][:, kept]
    choice, justified = choose(level, most=most, seed=seed, links=links)
    chosen = 1 + int(np.nanargmax(choice["silhouette"].to_numpy(np.float64)))
    number = renumbered(ward(level, chosen, links), np.ones(len(level)))
    used = [str(name) for name in table.columns[~constant]]
    classes = np.zeros(len(indicators), dtype=np.int64)
    classes[kept] = number
    member = pd.Series(classes, index=indicators.index, name="class")
    profiles = pd.DataFrame(level, columns=used).groupby(number).mean()
    profiles.insert(0, "communes", np.bincount(number)[1:])
    profiles.index.name = "class"
    marks = tuple(_marks(row) for _, row in profiles[used].iterrows())
    dropped = tuple(str(name) for name in table.columns[constant])
    return Typology(member, profiles, marks, choice, chosen, justified, dropped, _pieces(links))


def _standardised(values: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Centre and scale the indicators that vary; tell those that do not."""
    if not len(values):
        return values, np.zeros(values.shape[1], dtype=bool)
    mean, spread = values.mean(axis=0), values.std(axis=0)
    constant = spread <= 1e-12 * np.maximum(1.0, np.abs(mean))
    return (values[:, ~constant] - mean[~constant]) / spread[~constant], constant


def _marks(profile: pd.Series) -> tuple[tuple[str, str], ...]:
    """Tell what sets a class apart, strongest first."""
    far = profile[profile.abs() >= _APART]
    strongest = far.abs().sort_values(ascending=False, kind="stable").index[:_SAID]
    return tuple((str(name), "high" if far[name] > 0 else "low") for name in strongest)


def _name(
    marks: tuple[tuple[str, str], ...],
    lang: labels.Lang,
    words: "Mapping[tuple[str, str], str]",
) -> str:
    if not marks:
        return labels.text("typology.average", lang)
    return ", ".join(words.get(mark) or _word(*mark, lang) for mark in marks)


def _word(indicator: str, side: str, lang: labels.Lang) -> str:
    key = f"typology.{side}.{indicator}"
    if labels.has(key, lang):
        return labels.text(key, lang)
    return labels.text(f"typology.other_{side}", lang, indicator=indicator)


def _pieces(links: "csr_array | None") -> int:
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  (heavy)

    return 1 if links is None else int(connected_components(links)[0])
