"""A calibration in words and in files: errors before and after, speeds, trips, the profile."""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.calibration import Calibration
from ctg_geo.export.folder import write_whole
from ctg_geo.export.profile_toml import profile_toml
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.texts import write_text
from ctg_geo.parameters import TravelProfile
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding, by_severity, to_frame

__all__ = ["CALIBRATION_OUTPUTS", "calibration_summary", "write_calibration_folder"]

CALIBRATION_OUTPUTS = (
    "profil_calibre.toml", "erreurs.csv", "vitesses.csv", "trajets.csv", "synthese.txt",
    "constats.csv", "manifest.json",
)  # fmt: skip

_DECIMALS: Final = {
    "n": 0, "bias_min": 2, "mae_min": 2, "rmse_min": 2, "row": 0, "trips": 0, "fold": 0,
    "observed": 2, "before_min": 2, "after_min": 2, "unseen_min": 2,
}  # fmt: skip
_SHOWN_KEPT: Final = 8


def write_calibration_folder(
    out: Path,
    calibration: Calibration,
    profile: TravelProfile,
    name: str,
    *,
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
) -> tuple[str, ...]:
    """Write every output of a calibration into a folder, whole or not at all.

    Parameters
    ----------
    profile : the fitted one, with its label and its source
    name : under which it is written
    parameters : what was asked for, for the manifest

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    """

    def make(staging: Path) -> None:
        lines = calibration_summary(calibration, name)
        (staging / "profil_calibre.toml").write_text(
            profile_toml(name, profile, (_verdict(calibration),)), encoding="utf-8"
        )
        (staging / "erreurs.csv").write_bytes(_errors_csv(calibration))
        (staging / "vitesses.csv").write_bytes(_speeds_csv(calibration))
        (staging / "trajets.csv").write_bytes(_trips_csv(calibration))
        write_text(staging / "synthese.txt", lines)
        ordered = by_severity(findings)
        told = to_frame(ordered, {})
        (staging / "constats.csv").write_bytes(spreadsheet(told, _finding_title, {}))

    return write_whole(
        out, CALIBRATION_OUTPUTS, make, inputs=inputs, ledgers=ledgers, parameters=parameters
    )


def calibration_summary(calibration: Calibration, name: str) -> list[str]:
    """Say in a few French sentences what was fitted, how well, and whether to use it."""
    used = int((calibration.trips["status"] == "used").sum())
    lines = [
        labels.text(
            "calibration.trips", used=used, read=len(calibration.trips),
            label=calibration.before.label,
        ),
        *(_error_line(calibration, way) for way in ("before", "after", "unseen")
          if np.isfinite(calibration.error(way, "mae_min"))),
        _verdict(calibration),
        *_speed_lines(calibration.speeds),
    ]  # fmt: skip
    if calibration.improves:
        lines.append(labels.text("calibration.use", name=name))
    return lines


def _error_line(calibration: Calibration, way: str) -> str:
    facts = {key: calibration.error(way, key) for key in ("bias_min", "mae_min", "mape")}
    facts["p90"] = calibration.error(way, "p90_relative")
    return "  " + labels.text(f"calibration.error_{way}", "fr", **facts)


def _verdict(calibration: Calibration) -> str:
    if not np.isfinite(calibration.gain):
        return labels.text("calibration.unjudged")
    key = "better" if calibration.improves else "no_better"
    facts = {"gain": abs(calibration.gain), "least": calibration.rules.least_gain}
    if not calibration.improves and calibration.gain < 0:
        key = "worse"
    return labels.text(f"calibration.{key}", "fr", **facts)


def _speed_lines(speeds: pd.DataFrame) -> list[str]:
    lines = []
    for row in speeds[speeds["status"] != "kept"].to_dict("records"):
        said = labels.text(
            f"calibration.line_{row['kind']}", "fr", what=_what(row), before=row["before"],
            after=row["after"], low=row["low"], high=row["high"], km=row["km"],
            trips=int(row["trips"]), status=labels.text(f"calibration.status_{row['status']}"),
        )  # fmt: skip
        lines.append(f"  – {said}")
    kept = [_what(row) for row in speeds[speeds["status"] == "kept"].to_dict("records")]
    if kept:
        shown = ", ".join(kept[:_SHOWN_KEPT]) + (" …" if len(kept) > _SHOWN_KEPT else "")
        lines.append(labels.text("calibration.kept", count=len(kept), names=shown))
    return lines


def _what(row: Mapping[Hashable, object]) -> str:
    """Name an unknown: the class of road or the cause of stops, and where."""
    kind, key = str(row["kind"]), str(row["key"])
    if kind in ("start", "limit"):
        said = labels.text(f"calibration.kind_{kind}")
    elif kind == "stop":
        cause, _, road_class = key.partition(".")
        said = labels.text(f"calibration.cause_{cause}")
        said += f" ({road_class})" if road_class else ""
    else:
        said = key
    return said if kind == "start" else f"{said}, {_where(bool(row['urban']))}"


def _where(urban: bool) -> str:  # noqa: FBT001
    return labels.text(f"calibration.{'urban' if urban else 'rural'}")


def _errors_csv(calibration: Calibration) -> bytes:
    table = calibration.errors.copy()
    for column in ("mape", "p90_relative"):
        table[column] = 100 * table[column]
    parts = table["part"].where(
        table["by"] != "surroundings", table["part"].map(lambda part: _where(part == "urban"))
    )
    table["part"] = parts.where(table["by"] != "all", labels.text("calibration.all"))
    table["by"] = [labels.text(f"calibration.by_{key}") for key in table["by"]]
    table["computed"] = [labels.text(f"calibration.{key}") for key in table["computed"]]
    return spreadsheet(table, _title, _DECIMALS)


def _speeds_csv(calibration: Calibration) -> bytes:
    table = calibration.speeds.copy()
    table["what"] = [_what(row) for row in table.to_dict("records")]
    table["unit"] = [labels.text(f"calibration.unit_{kind}") for kind in table["kind"]]
    table["status"] = [labels.text(f"calibration.status_{key}") for key in table["status"]]
    columns = ["what", "unit", "before", "after", "low", "high", "km", "trips", "status"]
    decimals = _DECIMALS | dict.fromkeys(("before", "after", "low", "high"), 2)
    return spreadsheet(pd.DataFrame(table[columns]), _title, decimals)


def _trips_csv(calibration: Calibration) -> bytes:
    table = calibration.trips.rename(
        columns={"before": "before_min", "after": "after_min", "unseen": "unseen_min"}
    )
    table["urban"] = [labels.text(f"words.{'yes' if urban else 'no'}") for urban in table["urban"]]
    table["status"] = [labels.text(f"calibration.trip_{key}") for key in table["status"]]
    table["fold"] += 1
    return spreadsheet(table, _title, _DECIMALS)


def _title(name: str) -> str:
    return labels.text(f"calibration.columns.{name}")


def _finding_title(name: str) -> str:
    return labels.text(f"columns.{name}")
