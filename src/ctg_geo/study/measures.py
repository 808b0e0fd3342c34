"""All measures of access to a service, by commune, in one table."""

from functools import partial
from pathlib import Path

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.access import decay, side_by_side
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.diagnosis.at_homes import commune_access, commune_minutes
from ctg_geo.diagnosis.estimates import GUESSED_TIMES
from ctg_geo.diagnosis.few import solvable
from ctg_geo.errors import ConfigError
from ctg_geo.export._words import status_word
from ctg_geo.export.measures import write_measures
from ctg_geo.export.secret import checked_figures
from ctg_geo.study.areas import Written
from ctg_geo.study.report import enter, ways
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

__all__ = ["measures_of", "people_told", "study_measures"]


def study_measures(study: Study, service: str, path: str | Path) -> Written:
    """Write every measure of access to a service, side by side.

    The table is held against what is secret before it is written, and entered in the register of
    the study, if it names one.

    Raises
    ------
    ConfigError
        If the service is not judged on its supply: there is nothing to share; or it has several
        modes of care, each of which has its own decay.
    SecrecyError
        If a secret could be worked out from the table; nothing is written.
    UnknownServiceError, DataError, TravelError, OutputError
        See `ctg_geo.diagnosis.diagnose`; or the file cannot be written.
    """
    declared = study.config.service(service)
    if not declared.judged_on_supply:
        raise ConfigError("measures_supply", where=f"services.{service}", value=service)
    if declared.care:
        raise ConfigError("measures_care", where=f"services.{service}", value=service,
                          known=sorted(declared.care))  # fmt: skip
    diagnosis = study.diagnose(service)
    table = timed("measures", measures_of, diagnosis)
    checked_figures(study.secrecy, study.territory, {declared.demand: people_told(table)})
    write_measures(
        path, table.assign(**_worth(study, diagnosis)), used=declared.measure,
        enter=partial(enter, study, f"{study.config.file.study.name}, {declared.label}"),
    )  # fmt: skip
    title = labels.text("measures.title", label=declared.label)
    return Written(
        service, title, Path(path), diagnosis.network.schematic,
        (*study.findings_of(service), *diagnosis.findings),
    )  # fmt: skip


def measures_of(diagnosis: Diagnosis) -> pd.DataFrame:
    """Return every measure of a diagnosis by commune of the territory.

    Returns
    -------
    DataFrame by code_insee
        nom, then the columns of `ctg_geo.access.side_by_side`: `nearest_min` and
        `third_nearest_min` of the median person, `spatial_availability` summed over the
        commune, the others means over people, over those who reach a place for `raam`. Missing
        where secrecy lets nothing be told of the parts of a commune; `spatial_availability` also
        where its people are not told, since per person it is the access of `e2sfca`.

    Raises
    ------
    TravelError
        See `ctg_geo.access.raam`.
    """
    rule, homes = diagnosis.service.decay, diagnosis.territory.homes
    assert rule is not None, "a service judged on its supply has a decay"
    local = diagnosis.homes
    found = side_by_side(
        diagnosis.times, local["demand"], diagnosis.equipements["capacity"],
        decay=decay.from_rule(rule),
    )  # fmt: skip
    column = diagnosis.service.demand
    means = {name: commune_access(found[name], homes, column) for name in found.columns}
    for name in ("nearest_min", "third_nearest_min"):
        means[name] = commune_minutes(found[name], homes, column)
    available = found["spatial_availability"].groupby(local["code_insee"]).sum(min_count=1)
    shown = diagnosis.communes["demand_status"].isin((contracts.OBSERVED, contracts.ESTIMATED))
    means["spatial_availability"] = available[shown.index].where(shown)
    table = pd.DataFrame(means).reindex(diagnosis.territory.inside)
    split = solvable(
        local["code_insee"], local["demand"], diagnosis.fewest,
        told=diagnosis.equations + len(found.columns),
    )  # fmt: skip
    table.loc[table.index.isin(split)] = float("nan")
    table.insert(0, "nom", diagnosis.territory.communes.loc[table.index, "nom"])
    table.index.name = "code_insee"
    return table.sort_index()


def people_told(table: pd.DataFrame) -> pd.Series:
    """Return the people that a table of measures tells, commune by commune.

    Spatial availability is for all people of a commune what E2SFCA is for one of them: their ratio
    is the number of people, wherever both are told and not 0.
    """
    each = table["e2sfca"].where(table["e2sfca"] > 0)
    return table["spatial_availability"] / each


def _worth(study: Study, diagnosis: Diagnosis) -> dict[str, str]:
    """Say, in columns, what times and capacities are worth, and by which profile one travels."""

    def status(*reasons: str) -> str:
        guessed = set(reasons) & set(diagnosis.estimated)
        return status_word(contracts.ESTIMATED if guessed else contracts.OBSERVED)

    return {
        "times_status": status(*GUESSED_TIMES),
        "capacity_status": status("capacity", "few_located"),
        "estimated": "; ".join(labels.text(f"estimated.{key}") for key in diagnosis.estimated),
        "way": ways(study)[diagnosis.service.profile],
    }
