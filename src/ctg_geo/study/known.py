"""The published totals of a study: whose people they count."""

import pandas as pd

from ctg_geo.config.study_file import StudyFile

__all__ = ["known_totals"]


def known_totals(
    file: StudyFile, column: str, inside: pd.Index, groups: pd.DataFrame
) -> list[pd.Index]:
    """Return the communes of each published total of a figure.

    Parameters
    ----------
    file : its ``controls`` are about the territory, ``secrecy.known_totals`` about it or a part
    column : the figure
    inside : codes of the territory
    groups : by code_insee, one column per grouping
    """
    found = [inside for each in file.sources.population.controls if each.column == column]
    for total in file.secrecy.known_totals:
        if total.column != column:
            continue
        members = inside
        if total.communes:
            members = pd.Index(total.communes)
        elif total.grouping is not None:
            members = inside[(groups[total.grouping].reindex(inside) == total.group).to_numpy()]
        found.append(members)
    return found
