"""The result as tables that people read: French titles, words for classes, causes, status."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.diagnosis import CAUSES, Diagnosis, Gaps, HowSure, MapClass, by_group, map_classes
from ctg_geo.diagnosis.at_homes import care_columns
from ctg_geo.diagnosis.certainty import other_sharings
from ctg_geo.diagnosis.estimates import with_statuses
from ctg_geo.export._certainty import certainty_of, ranked
from ctg_geo.export._gap_words import commune_words, gap_columns
from ctg_geo.export._words import missed_words, status_word
from ctg_geo.parameters import Robustness
from ctg_geo.secrecy import Plan
from ctg_geo.territory import Quarters

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["SPREAD", "Around", "Publication", "publish"]

# What is told of a commune whose people are known at a finer grain.
SPREAD = ("time_mean", "time_p10", "time_p90", "beyond_share", "unreached_share")


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What stands beside a diagnosis: sentences of context, QPV, groups of people.

    `people` holds, by label of the grouping, the comparison by name of the group; `homes` the
    name of the group of the people of each place of demand.
    """

    context: tuple[str, ...] = ()
    quarters: Quarters | None = None
    people: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    homes: Mapping[str, pd.Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """A diagnosis in the words of its readers; every export draws from it, so all agree."""

    diagnosis: Diagnosis
    study: str
    communes: "gpd.GeoDataFrame"  # by code_insee, the territory only
    groups: Mapping[str, pd.DataFrame]  # by grouping; "" is the whole territory
    group_names: Mapping[str, Mapping[str, str]]  # grouping -> group -> its name
    group_labels: Mapping[str, str]
    classes: tuple[MapClass, ...]
    class_labels: Mapping[int, str]
    robustness: Robustness
    variants: int
    sources: tuple[str, ...]
    ways: Mapping[str, str]  # by profile: how one travels, in words
    secrecy: Plan | None = None
    around: Around = Around()
    sure: HowSure | None = None
    gaps: Gaps | None = None

    @property
    def norm(self) -> str:
        """The norm in words."""
        service = self.diagnosis.service
        if not service.judged:
            return labels.text("words.no_norm")
        if service.per_100 is None:
            return labels.text("words.norm_time", within=service.within_min)
        return labels.text(
            "words.norm_supply", per_100=service.per_100, unit=service.unit,
            people=service.people_label, within=service.within_min,
        )  # fmt: skip

    @property
    def way(self) -> str:
        """How people travel, in words."""
        return self.ways[self.diagnosis.service.profile]

    @property
    def mode_columns(self) -> tuple[str, ...]:
        """Columns of the time to the nearest place by each further mode, with their status."""
        modes = self.diagnosis.modes.columns
        return tuple(
            f"{name}_{each}" for each in modes for name in ("nearest_min", "nearest_status")
        )

    @property
    def care_columns(self) -> tuple[str, ...]:
        """Columns of what each mode of care offers, where there are several."""
        return tuple(care_columns(self.diagnosis.communes))

    @property
    def measure(self) -> str:
        """The measure that supply is shared by, in words; of each mode where they differ."""
        sharing = self.diagnosis.sharing
        if sharing is None:
            return ""
        used = {rule.measure: None for rule in sharing.rules.values()}
        if len(used) == 1:
            return labels.text(f"measure.{next(iter(used))}")
        care = self.diagnosis.service.care
        return ", ".join(f"{labels.text(f'measure.{rule.measure}')} ({care[key].label})"
                         for key, rule in sharing.rules.items())  # fmt: skip

    @property
    def gap_columns(self) -> tuple[str, ...]:
        """Columns of communes that tell what a gap is made of and what would close it."""
        return gap_columns(self.gaps, spread=self.spread)

    @property
    def grouping(self) -> str | None:
        """The first grouping, which maps and summaries show."""
        return next((name for name in self.groups if name), None)

    @property
    def spread(self) -> bool:
        """Whether people are placed inside their communes."""
        homes = self.diagnosis.territory.spread
        return homes is not None and homes.spread

    def said(self, key: str) -> str:
        """Return the key of a sentence, in its wording for people spread inside communes."""
        return f"{key}_spread" if self.spread else key

    def title(self, column: str) -> str:
        """French title of a column, with the unit and people of the service."""
        service = self.diagnosis.service
        if column == "certainty" and self.sure is not None:
            return labels.text("columns.certainty_draws")
        if column in self.group_labels:
            return self.group_labels[column].capitalize()
        if column in self.mode_columns:
            name = "nearest_min" if column.startswith("nearest_min") else "nearest_status"
            mode = column.removeprefix(f"{name}_")
            return labels.text(f"columns.{name}_mode", way=self.ways[mode])
        for key, care in service.care.items():
            for name in ("access", "gap_distance", "gap_saturation", "places_to_add"):
                if column in (f"{name}_{key}", f"{name}_{key}_per_100"):
                    return labels.text(f"columns.care_{name}", care=care.label, unit=service.unit,
                                       people=service.people_label)  # fmt: skip
        return labels.text(
            f"columns.{column}", unit=service.unit, people=service.people_label,
            within=service.within_min, limit=service.max_min,
        )  # fmt: skip


def publish(
    diagnosis: Diagnosis,
    *,
    study: str,
    group_names: Mapping[str, Mapping[str, str]],
    group_labels: Mapping[str, str],
    robustness: Robustness,
    sources: tuple[str, ...],
    ways: Mapping[str, str],
    secrecy: Plan | None = None,
    around: Around = Around(),
    sure: HowSure | None = None,
    gaps: Gaps | None = None,
) -> Publication:
    """Put a diagnosis into words.

    `ways` says how one travels by each profile of the service.
    `secrecy` is what was decided before the diagnosis; outputs are held against it before
    they are written. Without it nothing is known to be secret but what is masked. `around` is
    what readers see beside it. `sure` is how sure the diagnosis is, where dice were thrown
    for it. `gaps` is what its gaps are made of.

    Parameters
    ----------
    group_names : by grouping and code of a group, its name
    group_labels : by grouping, its title
    """
    service, classes = diagnosis.service, map_classes(diagnosis.service)
    class_labels = {
        each.number: labels.text(f"class.{each.label}", low=each.low, high=each.high)
        for each in classes
    }
    group_names = {
        grouping: _with_nowhere(group_names[grouping], diagnosis.communes[grouping])
        for grouping in group_labels
    }
    communes = _in_words(diagnosis, group_names, class_labels, robustness, gaps, sure)
    sharing = diagnosis.sharing
    decays = 1 if sharing is None else len(other_sharings(sharing, robustness.other_decays))
    supplies = len(robustness.supply_factors) if service.judged_on_supply else 1
    return Publication(
        diagnosis, study, ranked(communes),
        {name: by_group(diagnosis, name or None) for name in ("", *group_labels)},
        group_names, group_labels, classes, class_labels, robustness,
        len(robustness.time_factors) * supplies * decays, sources, ways, secrecy, around, sure,
        gaps,
    )  # fmt: skip


def _in_words(
    diagnosis: Diagnosis,
    group_names: Mapping[str, Mapping[str, str]],
    class_labels: Mapping[int, str],
    robustness: Robustness,
    gaps: Gaps | None,
    sure: HowSure | None,
) -> pd.DataFrame:
    """Return the communes of a diagnosis with groups, classes, reasons and statuses in words."""
    communes: pd.DataFrame = with_statuses(
        diagnosis.communes, diagnosis.estimated, shared=diagnosis.catchment is not None
    )
    for grouping, names in group_names.items():
        communes[grouping] = communes[grouping].map(lambda key, n=names: n.get(key, key))
    communes["class_label"] = communes["class"].map(class_labels)
    communes["certainty"], communes["certainty_label"] = certainty_of(communes, robustness, sure)
    for name in ("beyond_share", "unreached_share"):
        communes[name] = 100 * communes[name]
    communes["why"] = _why(diagnosis, communes, gaps)
    communes["below"] = missed_words(communes["below"], judged=diagnosis.service.judged)
    _say_statuses(communes, diagnosis.modes.columns)
    communes["estimated"] = "; ".join(
        labels.text(f"estimated.{key}") for key in diagnosis.estimated
    )
    if gaps is not None:
        communes = communes.join(commune_words(gaps))
    return communes


def _say_statuses(communes: pd.DataFrame, modes: Iterable[str]) -> None:
    """Put into words, in place, what is known of each figure of a commune."""
    of_modes = (f"nearest_status_{mode}" for mode in modes)
    for name in ("result_status", "nearest_status", "demand_status", "missing_status", *of_modes):
        communes[name] = communes[name].map(status_word)


def _with_nowhere(names: Mapping[str, str], groups: pd.Series) -> Mapping[str, str]:
    """Name the communes that reach no pole, if there are any."""
    if not (groups == "").any():
        return names
    return {**names, "": labels.text("words.no_group")}


def _why(diagnosis: Diagnosis, table: pd.DataFrame, gaps: Gaps | None) -> pd.Series:
    """Say why, in the words of the first cause of the gap where it is known."""
    service = diagnosis.service
    causes = pd.Series("", index=table.index)
    if gaps is not None and "gap_main" in gaps.communes.columns:
        causes = gaps.communes["gap_main"].reindex(table.index).fillna("")
    said = []
    for row, main in zip(table.to_dict("records"), causes, strict=True):
        key = str(row["cause"])
        if key == CAUSES.too_shared and main:
            key = f"{key}_{main}"
        if row["nearest_status"] == contracts.SECRET:
            key = "secret_met" if key == CAUSES.met else "secret_below"
        elif key == CAUSES.met:
            partly = "partly_" if row["beyond_share"] > 0 else ""
            key = f"met_{partly}supply" if service.judged_on_supply else f"met_{partly}time"
        elif key == CAUSES.nothing_near and np.isnan(row["nearest_min"]):
            key = "nothing_near_unknown"
        said.append(
            labels.text(
                f"cause.{key}",
                within=service.within_min,
                nearest=row["nearest_min"],
                limit=service.max_min,
                access=row["access_per_100"],
                norm=service.per_100 or 0.0,
                unit=service.unit,
                people=service.people_label,
                beyond=row["beyond_share"] / 100,
            )
            + (labels.text("cause.known_in_part") if row["known_in_part"] else "")
        )
    return pd.Series(said, index=table.index)
