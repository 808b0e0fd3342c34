"""A service of a study diagnosed, and how sure the result is."""

from dataclasses import replace

from ctg_geo import territory
from ctg_geo.diagnosis import Diagnosis, HowSure, diagnose, how_sure
from ctg_geo.study.announced import located_in_part
from ctg_geo.study.data import StudyData
from ctg_geo.study.known import known_totals
from ctg_geo.study.timing import timed

__all__ = ["diagnosed", "thrown"]


def diagnosed(study: StudyData, service: str) -> Diagnosis:
    """Diagnose a service by its key; see `Study.diagnose`.

    Raises
    ------
    UnknownServiceError, DataError, ConfigError
        See `ctg_geo.diagnosis.diagnose`.
    """
    declared = study.config.service(service)
    places, _ = territory.supply(study.territory, service, declared)
    other_modes, untravelled = study.times.other_modes(declared, places.geometry)
    spread = study.territory.homes.spread
    made = timed(
        f"diagnosis {service}",
        diagnose,
        study.territory,
        study.network(declared.profile),
        service,
        declared,
        groups=study.groups,
        snapping=study.config.profiles[declared.profile].snapping,
        robustness=study.config.file.robustness,
        fewest=study.secrecy.fewest(declared.demand) if spread else 0.0,
        services_told=study.told_of(declared.demand),
        times=study.times.to(declared.profile, places.geometry, limit_min=declared.max_min),
        modes=other_modes,
    )
    known = study.config.file.known_counts.get(service)
    short = located_in_part(made, known, study.config.file.sources.equipements)
    few = ("few_located",) if short else ()
    return replace(
        made, findings=(*made.findings, *untravelled, *short), estimated=made.estimated + few
    )


def thrown(
    study: StudyData, diagnosis: Diagnosis, *, draws: int | None, seed: int | None
) -> HowSure:
    """Tell how sure a diagnosis is; see `Study.uncertainty`.

    Raises
    ------
    ConfigError
        If the study has no section ``[uncertainty]``, or a value is out of bounds.
    """
    settings = study.config.thrown(draws=draws, seed=seed)
    totals = known_totals(
        study.config.file, diagnosis.service.demand, study.territory.inside, diagnosis.groups
    )
    return timed(f"uncertainty {diagnosis.key}", how_sure, diagnosis, settings, known_totals=totals)
