"""Fit the speeds of a profile to observed times, and judge the fit on trips it has not seen."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import progress
from ctg_geo.calibration.exposure import Exposure, exposure
from ctg_geo.calibration.regression import fitted, spread
from ctg_geo.calibration.rounds import Round, Sample, problem_of, rounds
from ctg_geo.calibration.scores import error_table
from ctg_geo.calibration.terms import Terms, terms_of
from ctg_geo.calibration.trips import Trips
from ctg_geo.errors import CalibrationError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import CalibrationRules, TravelProfile
from ctg_geo.quality import Finding

__all__ = ["Calibration", "calibrate", "folds"]

logger = logging.getLogger(__name__)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LEFT: Final = ("zero", "unreachable", "far", "off_road")
_LEAST_TRIPS: Final = 10
_MUCH: Final = 0.2  # of the kilometres: on roads whose stated speed is not fitted
_WIDE: Final = 0.25  # half of the range, as a share of the value: beyond, it is said loose
_AT_BOUND: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Calibration:
    """A profile fitted to observed times, and what it is worth.

    `speeds` has one row per unknown: kind, key, urban, before, after, low, high (nine of ten
    draws of the origins; the unit of the profile), km, trips and status among fitted, loose
    (range wide), bound (at the end of what is plausible) and kept (too little data).
    `errors` is that of `scores.error_table` for before, after (in sample) and unseen (each
    origin computed by speeds fitted without it). `trips` has one row per trip of the input:
    observed, before, after, unseen (minutes), road_class, urban, fold and status: used, or
    why not.
    """

    profile: TravelProfile
    before: TravelProfile
    speeds: pd.DataFrame
    errors: pd.DataFrame
    trips: pd.DataFrame
    losses: tuple[float, ...]
    settled: bool
    gain: float  # share of the mean error that goes on unseen trips; NaN without folds
    improves: bool
    rules: CalibrationRules
    findings: tuple[Finding, ...] = field(default=())

    def __repr__(self) -> str:
        used = int((self.trips["status"] == "used").sum())
        return f"<Calibration {used} trips of {len(self.trips)}, gain {self.gain:.1%}>"

    def error(self, computed: str, measure: str) -> float:
        """Return one measure over all trips: of before, after or unseen."""
        table = self.errors[(self.errors["by"] == "all") & (self.errors["computed"] == computed)]
        return float(table[measure].iloc[0])


def calibrate(
    network: RoadNetwork,
    profile: TravelProfile,
    trips: Trips,
    *,
    rules: CalibrationRules | None = None,
) -> Calibration:
    """Fit a profile, at its period, to observed trips.

    Parameters
    ----------
    network : roads open to the mode, with slopes if the profile has one; its times do not
        matter
    profile : the defaults, from which speeds with few trips do not move
    trips : observed; those of 0 min, without a route, off the road or far from it are
        counted and left
    rules : bounds, folds, strength of the defaults; `CalibrationRules()` by default

    Raises
    ------
    CalibrationError
        If nothing of the profile can be fitted on this network, or fewer than 10 trips are
        usable.

    Notes
    -----
    Deterministic for a seed. Observed trips are never used to place their own origin's
    figures in `unseen`: folds are made of whole origins, each fitted from the defaults on.
    """
    chosen = rules or CalibrationRules()
    terms = terms_of(network, profile, chosen)
    if not {"pace", "limit"} & {term.kind for term in terms.terms}:
        raise CalibrationError("nothing_to_fit")
    given = terms  # what the study has today, stated speeds included
    if profile.use_stated != terms.profile.use_stated:
        given = terms_of(network, profile, chosen.model_copy(update={"use_stated": None}))
    first = exposure(network, given, given.profile, trips)
    status = _status(trips, first)
    used = _enough(status)
    usual_min = np.maximum(first.minutes[used], chosen.short_min) * chosen.usual_error
    sample = Sample(network, terms, trips.at(used), usual_min, chosen)
    whole = rounds(sample)
    fold = folds(sample.trips.group, chosen)
    unseen = _unseen(sample, fold)
    ways = {"after": whole.exposure.minutes, "unseen": unseen, "fold": fold}
    table = _trips_table(trips, first, status, used, ways)
    observed, before = sample.trips.minutes, first.minutes[used]
    errors = error_table(
        observed, {"before": before, "after": whole.exposure.minutes, "unseen": unseen},
        first.dominant[used], first.urban[used],
    )  # fmt: skip
    gain = _gain(observed, before, unseen)
    return Calibration(
        profile=whole.profile,
        before=profile,
        speeds=_speeds(sample, whole),
        errors=errors,
        trips=table,
        losses=whole.losses,
        settled=whole.settled,
        gain=gain,
        improves=bool(gain >= chosen.least_gain),
        rules=chosen,
        findings=tuple(_findings(terms, table, whole, fold)),
    )


def folds(group: Ints, rules: CalibrationRules) -> Ints:
    """Return the fold of each trip, whole origins together; -1 for all if there is one origin."""
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415  (heavy)

    names, number = np.unique(group, return_inverse=True)
    found = np.full(len(group), -1, dtype=np.int64)
    if len(names) < 2:  # noqa: PLR2004
        return found
    shuffled = np.random.default_rng(rules.seed).permutation(len(names))[number]
    parts = GroupKFold(n_splits=min(rules.folds, len(names)))
    for fold, (_, test) in enumerate(parts.split(group, groups=shuffled)):
        found[test] = fold
    return found


def _enough(status: npt.NDArray[np.object_]) -> Ints:
    """Return the trips that are used, by number.

    Raises
    ------
    CalibrationError
        If they are too few; the message counts what was left, and why.
    """
    used = np.flatnonzero(status == "used")
    if len(used) < _LEAST_TRIPS:
        left = {reason: int((status == reason).sum()) for reason in _LEFT}
        raise CalibrationError("too_few", count=len(used), least=_LEAST_TRIPS, **left)
    return used


def _status(trips: Trips, first: Exposure) -> npt.NDArray[np.object_]:
    """Tell of each trip whether it serves, or why not."""
    status = np.full(len(trips), "used", dtype=object)
    status[first.dominant == ""] = "off_road"
    status[first.far] = "far"
    status[first.status == "none"] = "unreachable"
    status[trips.minutes == 0] = "zero"
    return status


def _unseen(sample: Sample, fold: Ints) -> Floats:
    """Return the minutes of each trip by speeds fitted without its origin."""
    found = np.full(len(sample.trips), np.nan)
    for each in progress.track(range(int(fold.max(initial=-1)) + 1), "calibration"):
        test, train = np.flatnonzero(fold == each), np.flatnonzero(fold != each)
        learned = rounds(sample.at(train))
        seen = exposure(sample.network, sample.terms, learned.profile, sample.trips.at(test))
        found[test] = seen.minutes
    return found


def _gain(observed: Floats, before: Floats, unseen: Floats) -> float:
    known = np.isfinite(unseen)
    if not known.any():
        return float("nan")
    was = float(np.abs(before - observed)[known].mean())
    return 1 - float(np.abs(unseen - observed)[known].mean()) / was if was else 0.0


def _speeds(sample: Sample, whole: Round) -> pd.DataFrame:
    """Return one row per unknown, in the units that people write."""
    terms, free, made = sample.terms, whole.free, whole.exposure
    low, high = terms.values("prior").copy(), terms.values("prior").copy()
    if free.any():
        problem = problem_of(sample, made, free)
        rules = sample.rules
        drawn = spread(problem, sample.trips.group, draws=rules.draws, seed=rules.seed)
        scale = terms.values("scale")[free]
        low[free], high[free] = (terms.values("prior")[free] + end * scale for end in drawn)
        logger.debug("changes on the last ways: %s", fitted(problem))
    rows = []
    for at, term in enumerate(terms.terms):
        value = float(whole.fitted[at])  # written to 0.1 km/h: the range holds it
        ends = (min(low[at], value), max(high[at], value))
        shown = sorted(term.shown(end) for end in ends)
        rows.append(
            {
                "kind": term.kind,
                "key": term.key,
                "urban": term.urban,
                "before": term.shown(term.prior),
                "after": term.shown(value),
                "low": shown[0] if free[at] else np.nan,
                "high": shown[1] if free[at] else np.nan,
                "km": float(made.km[:, at].sum()),
                "trips": int((made.work[:, at] > 0).sum()),
                "status": _known(term.low, term.high, value, shown, free=bool(free[at])),
            }
        )
    return pd.DataFrame(rows)


def _known(low: float, high: float, value: float, shown: list[float], *, free: bool) -> str:
    if not free:
        return "kept"
    near = 0.002 * abs(value) + _AT_BOUND  # what writing a speed to 0.1 km/h may move it
    if value <= low + near or value >= high - near:
        return "bound"
    middle = abs(shown[0] + shown[1]) / 2
    return "loose" if shown[1] - shown[0] > 2 * _WIDE * middle else "fitted"


def _trips_table(
    trips: Trips,
    first: Exposure,
    status: npt.NDArray[np.object_],
    used: Ints,
    ways: Mapping[str, npt.NDArray[np.generic]],
) -> pd.DataFrame:
    """Return one row a trip; `ways` tells, by name, what came of the trips used."""
    row = np.arange(1, len(trips) + 1) if trips.row is None else trips.row
    table = pd.DataFrame(
        {
            "row": row,
            "observed": trips.minutes,
            "before": first.minutes,
            "road_class": first.dominant,
            "urban": first.urban,
            "status": status,
        }
    )
    for name, values in ways.items():
        table[name] = np.nan
        table.loc[used, name] = values
    return table


def _findings(terms: Terms, table: pd.DataFrame, whole: Round, fold: Ints) -> list[Finding]:
    """Tell what was left, what kept its default, and what cannot be judged."""
    found = []
    for reason in _LEFT:
        rows = table.loc[table["status"] == reason, "row"]
        if len(rows):
            facts = {"count": len(rows), "rows": [str(row) for row in rows]}
            found.append(Finding("warning", f"trips_{reason}", "calibration", facts=facts))
    if not whole.settled:
        facts = {"rounds": len(whole.losses) - 1}
        found.append(Finding("warning", "calibration_unsettled", "calibration", facts=facts))
    if (fold < 0).all():
        found.append(Finding("warning", "calibration_unjudged", "calibration"))
    fixed_km = float(whole.exposure.fixed_km.sum())
    share = fixed_km / max(fixed_km + float(whole.exposure.km.sum()), 1e-9)
    if share > _MUCH:
        facts = {"share": share}
        found.append(Finding("warning", "calibration_stated", "calibration", facts=facts))
    kept = int((~whole.free).sum())
    if kept:
        facts = {"count": kept, "of": len(terms)}
        found.append(Finding("info", "calibration_kept", "calibration", facts=facts))
    return found
