"""Where the places of a service are within reach: areas and a surface, as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctg_geo import labels
from ctg_geo.export.areas import write_areas
from ctg_geo.export.made_of import MadeOf, times_word
from ctg_geo.export.surface import write_surface
from ctg_geo.network import RoadNetwork
from ctg_geo.quality import Finding
from ctg_geo.study.report import providers
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.territory import supply
from ctg_geo.territory.admission import reserved
from ctg_geo.travel import isochrones, surface

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Written", "study_isochrones", "study_surface"]


@dataclass(frozen=True, slots=True)
class Written:
    """A file, what it shows, and whether its times are of schematic roads."""

    key: str
    title: str
    file: Path
    schematic: bool
    findings: tuple[Finding, ...]


_WIDTH_M = 200.0  # of the ground beside real roads; hamlets stand along them


def study_isochrones(
    study: Study,
    service: str,
    path: str | Path,
    *,
    minutes: Sequence[float],
    each: bool = False,
) -> Written:
    """Write the areas from which the nearest place of a service, or each, is within some minutes.

    Schematic roads do not lie where roads do: the ground goes as far from them as people may
    join the road (`Snapping.limit_m`).

    Parameters
    ----------
    minutes : bounds, each included
    each : an area for each place, not for the nearest of all

    Raises
    ------
    UnknownServiceError, DataError, TravelError, OutputError
        If the service has no place, a bound is not positive, or the file cannot be written.
    """
    places, roads, snapping = _asked(study, service)
    by = "place" if each else "nearest"
    areas = timed(
        "isochrones", isochrones, roads, places.geometry, minutes=minutes, by=by,
        width_m=snapping.limit_m if roads.schematic else _WIDTH_M, snapping=snapping,
    )  # fmt: skip
    title = labels.text(f"areas.{by}", label=study.config.service(service).label)
    made_of = _made_of(study, service, roads)
    write_areas(path, areas, places["nom"], title=title, made_of=made_of)
    return Written(service, title, Path(path), roads.schematic, _findings(study, service, places))


def study_surface(study: Study, service: str, path: str | Path, *, cell_m: float) -> Written:
    """Write the time to the nearest place of a service, over the bounds of the territory.

    Parameters
    ----------
    cell_m : side of a cell, metres

    Raises
    ------
    UnknownServiceError, DataError, TravelError, OutputError
        If the service has no place, the cell is no size, or the file cannot be written.
    """
    places, roads, snapping = _asked(study, service)
    inside = study.territory.communes.loc[study.territory.inside]
    declared = study.config.service(service)
    found = timed(
        "surface", surface, roads, places.geometry, cell_m=cell_m, limit_min=declared.max_min,
        bounds=tuple(inside.to_crs(roads.crs).total_bounds), snapping=snapping,
    )  # fmt: skip
    title = labels.text("areas.surface", label=declared.label)
    write_surface(path, found, title=title, made_of=_made_of(study, service, roads),
                  classes=declared.time_classes_min)  # fmt: skip
    return Written(service, title, Path(path), roads.schematic, _findings(study, service, places))


def _findings(study: Study, service: str, places: "gpd.GeoDataFrame") -> tuple[Finding, ...]:
    """Tell also of places that are drawn as open to all and are not."""
    count = len(reserved(places))
    facts: dict[str, object] = {"count": count}
    said = [Finding("warning", "areas_open_to_all", "equipements", facts=facts)] if count else []
    return (*study.findings_of(service), *said)


def _made_of(study: Study, service: str, roads: RoadNetwork) -> MadeOf:
    """Say what the times are made of: the profile, the nature of its times, the sources."""
    key = study.config.service(service).profile
    profile = study.config.profile(key)
    period = profile.now.label
    label = f"{profile.label} ({period})" if period else profile.label
    return MadeOf(label, times_word(roads), providers(study, service))


def _asked(study: Study, service: str) -> tuple["gpd.GeoDataFrame", Any, Any]:
    """Return the places of a service, the roads timed for it, and how points join them."""
    declared = study.config.service(service)
    places, _ = supply(study.territory, service, declared)
    profile = study.config.profiles[declared.profile]
    return places, study.network(declared.profile), profile.snapping
