"""The front desk: one config file -> the right rooms, in order, remembered."""

from ctg_geo.study.areas import Written, study_isochrones, study_surface
from ctg_geo.study.report import Report, publication, write_report
from ctg_geo.study.study import Study, open_study

__all__ = [
    "Report",
    "Study",
    "Written",
    "open_study",
    "publication",
    "study_isochrones",
    "study_surface",
    "write_report",
]
