"""The front desk: one config file -> the right rooms, in order, remembered."""

from ctg_geo.study.calibrated import CalibrationReport, write_calibration
from ctg_geo.study.report import Report, publication, write_report
from ctg_geo.study.study import Study, open_study

__all__ = [
    "CalibrationReport",
    "Report",
    "Study",
    "open_study",
    "publication",
    "write_calibration",
    "write_report",
]
