"""The profile of a study fitted to observed times: read, fit, written."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import labels, sources
from ctg_geo.calibration import Calibration, Trips, calibrate
from ctg_geo.config.table_source import FileSource
from ctg_geo.config.trip_source import TripSource
from ctg_geo.errors import CalibrationError, ConfigError
from ctg_geo.export import calibration_summary, write_calibration_folder
from ctg_geo.parameters import CalibrationRules, TravelProfile
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.territory import Territory

__all__ = ["CalibrationReport", "ObservedTrips", "observed_trips", "write_calibration"]


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationReport:
    """What a calibration says in words, and the files that hold it."""

    profile: str
    name: str
    study: str
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    calibration: Calibration
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ObservedTrips:
    """The observed trips of a study, and an account of each row of their file."""

    name: str  # of the file
    trips: Trips
    rows: int
    aside: dict[str, int]  # rows that are no trip of the study, by reason
    findings: tuple[Finding, ...]

    def ledger(self, calibration: Calibration) -> Ledger:
        """Account for every row of the file: used to fit, or why not."""
        counts = calibration.trips["status"].value_counts().sort_index()
        used = int(counts.get("used", 0))
        left = {str(key): int(count) for key, count in counts.items() if key != "used"}
        return Ledger(self.name, self.rows, used, self.aside | left)


def write_calibration(
    study: Study,
    out: str | Path,
    *,
    profile: str | None = None,
    times: str | Path | None = None,
    service: str | None = None,
    by_class: bool = False,
    seed: int | None = None,
) -> CalibrationReport:
    """Fit a profile of a study to observed times, and write what came of it.

    Parameters
    ----------
    study : its territory gives the points of communes and the places of services
    out : folder of the results
    profile : ``car`` or, at one of its periods, ``car.peak``; by default that of the study
    times : file of the observed times, with usual column names, in place of the study's
    service : trips of `times` go to its nearest place
    by_class : fit one speed per class of road, even where the road file states one
    seed : of the draws, in place of that of the rules

    Raises
    ------
    ConfigError, CalibrationError, DataError
        If there is no such profile, nothing to fit, or the times cannot be used.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    section = study.config.file.calibration
    key = profile or section.profile
    given = study.config.profile(key)
    if given.transit is not None:
        raise ConfigError("by_road", file=study.config.path.name, where="profile", value=key)
    source = _source(section.observed, times, service)
    changed = {} if seed is None else {"seed": seed}
    rules = section.rules.model_copy(update=changed | ({"use_stated": False} if by_class else {}))
    read = observed_trips(study, source)
    roads = study.roads.network(given.mode, slopes=given.slope != "none")
    made = timed("calibration", calibrate, roads, given, read.trips, rules=rules)
    name = section.name or key.replace(".", "_") + "_cale"
    findings = (*study.findings, *read.findings, *made.findings)
    files = timed(
        "outputs calibration", write_calibration_folder, Path(out), made,
        _signed(made, key, source), name, findings=findings, inputs=study.inputs,
        ledgers=(*study.ledgers, read.ledger(made)),
        parameters=_parameters(key, given, rules, source),
    )  # fmt: skip
    return CalibrationReport(
        key, name, study.config.file.study.name, Path(out), files,
        tuple(calibration_summary(made, name)), made, findings,
    )  # fmt: skip


def observed_trips(study: Study, source: TripSource) -> ObservedTrips:
    """Read observed trips, and place their ends in the territory of a study.

    Trips from or to a commune, or to a service, that the study does not know are counted
    and left.

    Raises
    ------
    CalibrationError
        If no trip is left, or a service has no place.
    """
    path = study.files.path("observed times", source)
    read = timed("observed times", sources.read_observed, path, source, crs=study.territory.crs)
    table, territory = read.table, study.territory
    unknown = (table["word"] != "") & ~table["word"].isin(list(study.config.services))
    outside = ~unknown & (_astray(table["code"], territory) | _astray(table["to_code"], territory))
    findings, aside = list(read.findings), dict(read.aside)
    if unknown.any():
        words = sorted(set(table.loc[unknown, "word"]))
        facts: dict[str, object] = {"count": int(unknown.sum()), "codes": words}
        findings.append(Finding("warning", "trips_other_service", read.name, facts=facts))
        aside["other_service"] = int(unknown.sum())
    if outside.any():
        codes = table.loc[outside, ["code", "to_code"]].to_numpy().ravel()
        strange = sorted(set(codes) - set(territory.points.index) - {""})
        rows = [str(row) for row in table.loc[outside, "row"]]
        facts = {"count": int(outside.sum()), "rows": rows, "codes": strange}
        findings.append(Finding("warning", "trips_outside", read.name, facts=facts))
        aside["outside"] = int(outside.sum())
    kept = table[~unknown & ~outside]
    if not len(kept):
        raise CalibrationError(
            "none_left", file=read.name, outside=int(outside.sum()),
            other_service=int(unknown.sum()),
        )  # fmt: skip
    return ObservedTrips(read.name, _placed(kept, territory), read.rows, aside, tuple(findings))


def _astray(codes: pd.Series, territory: Territory) -> pd.Series:
    return (codes != "") & ~codes.isin(territory.points.index)


def _placed(table: pd.DataFrame, territory: Territory) -> Trips:
    x, y = _metres(table, territory, "x", "y", "code")
    to_x, to_y = _metres(table, territory, "to_x", "to_y", "to_code")
    places = {}
    for service in sorted(set(table["word"]) - {""}):
        mine = territory.equipements["service"] == service
        if not mine.any():
            raise CalibrationError("no_place", service=service)
        places[service] = territory.equipements.geometry[mine]
    return Trips(
        x, y, to_x, to_y, service=table["word"].to_numpy(object),
        minutes=table["minutes"].to_numpy(np.float64),
        crs=territory.crs, places=places, row=table["row"].to_numpy(np.int64),
    )  # fmt: skip


def _metres(
    table: pd.DataFrame, territory: Territory, x: str, y: str, code: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return one end of trips: the point of its commune, or its own."""
    point = territory.points.reindex(table[code])
    known = (table[code] != "").to_numpy()
    return (
        np.where(known, point.x.to_numpy(), table[x].to_numpy()),
        np.where(known, point.y.to_numpy(), table[y].to_numpy()),
    )


def _source(
    declared: TripSource | None, times: str | Path | None, service: str | None
) -> TripSource:
    if times is not None:
        given = labels.text("calibration.given")
        return TripSource(
            path=str(Path(times).resolve()), provider=given, licence="-", vintage="-",
            service=service,
        )  # fmt: skip
    if declared is None:
        raise CalibrationError("no_source")
    return declared


def _signed(made: Calibration, key: str, source: FileSource) -> TravelProfile:
    """Return the fitted profile, saying what it was fitted to."""
    judged = bool(np.isfinite(made.gain))
    said = labels.text(
        "calibration.source_unseen" if judged else "calibration.source", profile=key,
        used=int((made.trips["status"] == "used").sum()), provider=source.provider,
        vintage=source.vintage, before=made.error("before", "mae_min"),
        after=made.error("unseen" if judged else "after", "mae_min"), source=made.before.source,
    )  # fmt: skip
    label = labels.text("calibration.label", label=made.before.label)
    return made.profile.model_copy(update={"label": label, "source": said})


def _parameters(
    key: str, profile: TravelProfile, rules: CalibrationRules, source: TripSource
) -> dict[str, object]:
    return {
        "calibration": rules.model_dump(mode="json"),
        "profile": {key: profile.model_dump(mode="json")},
        "observed": source.model_dump(mode="json", exclude={"path"}),
    }
