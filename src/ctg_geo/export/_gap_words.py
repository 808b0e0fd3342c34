"""What is told of gaps, in words: columns of communes, and sentences of the summary."""

from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.diagnosis import Gaps
from ctg_geo.gap import Undefined

__all__ = ["commune_words", "gap_columns", "reason_word"]

_PARTS: Final = ("gap_distance", "gap_saturation", "gap_lack", "gap_main", "places_to_add")
_BY_CARE: Final = ("gap_distance_", "gap_saturation_", "places_to_add_")  # then its key
_INSIDE: Final = ("access_p10", "access_p50", "access_p90")
_EVERY: Final = ("cluster", "cluster_p", "gaps_undefined")


def gap_columns(gaps: Gaps | None, *, spread: bool) -> tuple[str, ...]:
    """Name what is told of the gap of each commune, in order."""
    if gaps is None:
        return ()
    inside = _INSIDE if spread else ()
    every = (*_PARTS, *inside, "distance_to_norm", "minutes_to_save", "minutes_from_norm")
    of_care = [str(name) for name in gaps.communes.columns if str(name).startswith(_BY_CARE)]
    return (*(name for name in every if name in gaps.communes.columns), *of_care, *_EVERY)


def reason_word(reason: str) -> str:
    """Say that a figure is not defined, and why; nothing where it is."""
    if not reason:
        return ""
    return Undefined(reason).explain()


def commune_words(gaps: Gaps) -> pd.DataFrame:
    """Return what is told of the gap of each commune, its words in French.

    Returns
    -------
    DataFrame by code_insee
        The columns of `Gaps.communes` without their keys of reasons, of which `gaps_undefined`
        makes sentences.
    """
    table = gaps.communes
    reasons = [str(name) for name in table.columns if str(name).endswith("_undefined")]
    words = table.drop(columns=reasons)
    if "gap_main" in words.columns:
        words["gap_main"] = [_cause(str(each)) for each in table["gap_main"]]
    words["cluster"] = [labels.text(f"cluster.{each}") for each in table["cluster"]]
    said = [
        list(
            dict.fromkeys(
                _said(name, str(reason))
                for name, reason in zip(reasons, row, strict=True)
                if reason
            )
        )
        for row in table[reasons].itertuples(index=False)
    ]
    words["gaps_undefined"] = [" ; ".join(each) for each in said]
    return words


def _cause(name: str) -> str:
    return labels.text(f"cause_of_gap.{name}") if name else ""


def _said(column: str, reason: str) -> str:
    key = column.removesuffix("_undefined")
    what = labels.text(f"gaps.{'places' if key.startswith('places') else key}")
    return labels.text("gaps.undefined", what=what, said=reason_word(reason))
