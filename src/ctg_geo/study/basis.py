"""What the outputs of a study about a service rest on, without a whole diagnosis."""

from ctg_geo.diagnosis.estimates import estimates
from ctg_geo.export.basis import Basis
from ctg_geo.study.announced import in_part
from ctg_geo.study.report import providers
from ctg_geo.study.study import Study
from ctg_geo.territory import demand, supply
from ctg_geo.travel.snap import snap

__all__ = ["basis_of"]


def basis_of(service: str, *studies: Study) -> Basis:
    """Return what figures of a service rest on: each reason and provider of the studies, once.

    The reasons are those of `Study.diagnose(service).estimated`; a study without any place of
    the service has those of its people and roads.
    """
    reasons = [key for study in studies for key in _estimated(study, service)]
    sources = [name for study in studies for name in providers(study, service)]
    return Basis(tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(sources)))


def _estimated(study: Study, service: str) -> tuple[str, ...]:
    declared, territory = study.config.service(service), study.territory
    places = territory.equipements.iloc[:0]
    if service in study.services_present:
        places, _ = supply(territory, service, declared)
    _, status, _ = demand(territory, declared.demand)
    network, points = study.network(declared.profile), territory.homes.places.geometry
    points = points.to_crs(network.crs)
    joined = snap(network, points.x.to_numpy(), points.y.to_numpy(), points.index,
                  rules=study.config.profile(declared.profile).snapping)  # fmt: skip
    found = estimates(territory, network, status, places, declared, joined.table["status"])
    known = study.config.file.known_counts.get(service)
    short = service in study.services_present and in_part(
        places, territory, known, study.config.file.sources.equipements
    )
    return (*found, "few_located") if short else found
