"""The analyses that a study names, each made with the engine and put into words."""

import pandas as pd

from ctg_geo.errors import DataError, NoRoadError, UnknownServiceError
from ctg_geo.export import Chapter, Sheet
from ctg_geo.parameters import Analysis, BeyondReach, GroupBalance
from ctg_geo.study.chapter_balance import balance_chapter
from ctg_geo.study.chapter_deprivation import deprivation_chapter
from ctg_geo.study.chapter_reach import reach_chapter
from ctg_geo.study.chapter_words import titles
from ctg_geo.study.study import Study

__all__ = ["chapters_of"]


def chapters_of(study: Study) -> list[Chapter]:
    """Make every analysis of the study, in the order of its file.

    Raises
    ------
    ConfigError
        If an analysis names an indicator that is not there, or a service not judged on supply.
    """
    return [_chapter(study, key, each) for key, each in study.config.file.analyses.items()]


def _chapter(study: Study, key: str, analysis: Analysis) -> Chapter:
    """Make an analysis; one whose data are not there says so and holds no rows."""
    try:
        return _made(study, key, analysis)
    except (DataError, NoRoadError, UnknownServiceError) as error:
        why = error.explain()
        sheet = Sheet("", pd.DataFrame({"why": [why]}), titles(["why"]), {})
        return Chapter(key, analysis.label, (sheet,), (analysis.label, "", why), {})


def _made(study: Study, key: str, analysis: Analysis) -> Chapter:
    if isinstance(analysis, GroupBalance):
        return balance_chapter(study, key, analysis)
    if isinstance(analysis, BeyondReach):
        return reach_chapter(study, key, analysis)
    return deprivation_chapter(study, key, analysis)
