"""Names that a study mentions exist: services, profiles, groupings, figures."""

from collections.abc import Iterable, Mapping

from ctg_geo.config.study_file import StudyFile
from ctg_geo.errors import ConfigError
from ctg_geo.parameters import (
    BeyondReach,
    DoubleDeprivation,
    GroupBalance,
    Itinerant,
    Service,
    Theme,
    TravelProfile,
)

__all__ = ["check_declared", "check_references", "check_tours"]


def check_references(
    file: StudyFile,
    services: Mapping[str, Service],
    themes: Mapping[str, Theme],
    profiles: Mapping[str, TravelProfile],
    *,
    name: str,
    services_name: str,
) -> None:
    """Check that all names of a study, of its services and of its themes are declared.

    Parameters
    ----------
    name, services_name : of the study's file and of that of its services, for the message

    Raises
    ------
    ConfigError
        At the first name that is not declared, with those that are.
    """
    _check_declarations(services, themes, profiles, services_name)
    _check_services(file, services, name)
    _check_groups(file, profiles, name)
    _check_calibration(file, services, profiles, name)
    _check_analyses(file, services, profiles, name)


def _check_declarations(
    services: Mapping[str, Service],
    themes: Mapping[str, Theme],
    profiles: Mapping[str, TravelProfile],
    name: str,
) -> None:
    """Check that services name profiles and modes of care that exist, and themes services."""
    for key, service in services.items():
        check_declared(service.profile, profiles, name, f"services.{key}.profile")
        _check_by_road(service.profile, profiles, name, f"services.{key}.profile")
        for mode in service.modes:
            check_declared(mode, profiles, name, f"services.{key}.modes")
        for care in service.care:
            _check_care(care, services, name, f"services.{key}.care")
    for key, theme in themes.items():
        for service_key in theme.services:
            check_declared(service_key, services, name, f"themes.{key}.services")


def _check_groups(file: StudyFile, profiles: Mapping[str, TravelProfile], name: str) -> None:
    """Check that groupings by pole name a profile that exists, by road."""
    for key, grouping in file.groups.items():
        if grouping.kind == "poles":
            check_declared(grouping.profile, profiles, name, f"groups.{key}.profile")
            _check_by_road(grouping.profile, profiles, name, f"groups.{key}.profile")


def _check_by_road(key: str, profiles: Mapping[str, TravelProfile], file: str, where: str) -> None:
    """Refuse public transport where only roads will do."""
    if profiles[key].transit is not None:
        raise ConfigError("by_road", file=file, where=where, value=key)


def _check_services(file: StudyFile, services: Iterable[str], name: str) -> None:
    """Check that the sources of places name services that exist."""
    for number, source in enumerate(file.sources.equipements, start=1):
        where = f"sources.equipements[{number}].service"
        for service in [source.service] if source.service else source.services.values():
            check_declared(service, services, name, where if source.service else f"{where}s")
    for service in file.study.main_services:
        check_declared(service, services, name, "study.main_services")
    for service in file.known_counts:
        check_declared(service, services, name, f"known_counts.{service}")


def _check_calibration(
    file: StudyFile, services: Iterable[str], profiles: Mapping[str, TravelProfile], name: str
) -> None:
    """Check that a calibration names a profile and services that exist."""
    section = file.calibration
    if "calibration" in file.model_fields_set:
        check_declared(section.profile, profiles, name, "calibration.profile")
        _check_by_road(section.profile, profiles, name, "calibration.profile")
    if section.observed is not None:
        named = [section.observed.service] if section.observed.service else []
        for service in (*named, *section.observed.services.values()):
            check_declared(service, services, name, "calibration.observed.service")


def _check_analyses(
    file: StudyFile, services: Iterable[str], profiles: Iterable[str], name: str
) -> None:
    """Check that analyses name services, groupings, figures and profiles that exist."""
    figures = file.sources.population.values
    for key, each in file.analyses.items():
        named = [each.service] if isinstance(each, GroupBalance) else each.services
        for service in named:
            check_declared(service, services, name, f"analyses.{key}.services")
        if isinstance(each, GroupBalance):
            check_declared(each.grouping, file.groups, name, f"analyses.{key}.grouping")
        if isinstance(each, BeyondReach):
            check_declared(each.demand, figures, name, f"analyses.{key}.demand")
            for profile in each.reach_min:
                check_declared(profile, profiles, name, f"analyses.{key}.reach_min")
            for service in each.wider_services:
                check_declared(service, services, name, f"analyses.{key}.wider_services")
        if isinstance(each, DoubleDeprivation) and each.demand is not None:
            check_declared(each.demand, figures, name, f"analyses.{key}.demand")


def check_tours(
    each: Itinerant, file: StudyFile, services: Mapping[str, Service], profiles: Iterable[str],
    name: str,
) -> None:  # fmt: skip
    """Check that a service that travels names services, figures, groupings that exist."""
    for service in (each.service, *each.beside):
        check_declared(service, services, name, "service")
    check_declared(each.demand, file.sources.population.values, name, "demand")
    if each.grouping is not None:
        check_declared(each.grouping, file.groups, name, "grouping")
    for profile in (*each.reach_min, *(tour.profile for tour in each.tours.values())):
        check_declared(profile, profiles, name, "reach_min, profile")
    if services[each.service].presence is None:
        raise ConfigError("tour_presence", file=name, value=each.service)


def check_declared(value: str, known: Iterable[str], file: str, where: str) -> None:
    """Refuse a name that is not declared, naming those that are, sorted."""
    if value not in known:
        raise ConfigError("unknown_name", file=file, where=where, value=value, known=sorted(known))


def _check_care(care: str, services: Mapping[str, Service], file: str, where: str) -> None:
    """Check that a mode of care names a declared service whose places can be added to others."""
    check_declared(care, services, file, where)
    wrong = {"care_of_care": bool(services[care].care), "care_hours": services[care].counts_hours}
    for reason, holds in wrong.items():
        if holds:
            raise ConfigError(reason, file=file, where=f"{where}.{care}", value=care)
