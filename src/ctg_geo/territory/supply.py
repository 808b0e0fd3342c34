"""What the places of one service offer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import contracts
from ctg_geo.errors import DataError, Defect, UnknownServiceError
from ctg_geo.parameters import Care, Service
from ctg_geo.quality import Finding
from ctg_geo.territory.admission import for_ages, for_residents
from ctg_geo.territory.presence import offering_hours, present
from ctg_geo.territory.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["capacities_wanting", "of_care", "supply"]


def supply(
    territory: Territory, key: str, service: Service
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Places of a service that count, and what is said of those that do not.

    Parameters
    ----------
    territory : places of all services
    key : the service, as the equipements table names it; of a service of several modes of care,
        the places are those of the services that its modes name, with the mode of each in `care`
    service : which ways of delivery count; whether capacity matters; how part-time places
        count: their capacity is scaled by the share of time they are there, and by the share of
        their ages that are those of the people of the service; of a service that counts hours,
        the capacity returned is the hours per week, scaled by the share of ages only

    Returns
    -------
    the places, one row each, with `capacity` in the unit of the service; findings

    Raises
    ------
    UnknownServiceError
        If no place of this service is in the study area, or none counts; or there are places of
        some of its modes of care only: a sum without the others would tell a lack that is none.
    DataError
        If capacity (or hours, where the service counts them) matters and is unknown somewhere.
    """
    if service.care:
        return _of_every_care(territory, service)
    every = territory.equipements
    own = every[every["service"] == key]
    if own.empty:
        raise UnknownServiceError("no_place", service=key, known=sorted(set(every["service"])))
    counts = own["delivery"].isin(service.deliveries)
    findings = [
        Finding("warning", "delivery_left_out", "equipements", str(code),
                {"nom": own.at[code, "nom"]})
        for code in own.index[~counts]
    ]  # fmt: skip
    findings += [
        Finding("info", "multi_site", "equipements", str(code), {"nom": own.at[code, "nom"]})
        for code in own.index[counts & (own["delivery"] == "multi_site")]
    ]
    used = own[counts]
    if used.empty:
        raise UnknownServiceError("no_place", service=key, known=sorted(set(every["service"])))
    there = used
    used, said = present(offering_hours(used, service), service)
    findings += said
    if used.empty:
        raise UnknownServiceError("none_counted", service=key, count=len(there))
    used, said = _admitting(used, territory, service)
    findings += said
    if used.empty:
        raise UnknownServiceError("none_admits", service=key, count=len(there))
    if service.judged_on_supply:
        unknown = used[used["capacity"].isna()]
        if len(unknown):
            unknown = unknown.sort_values(["from_file", "from_row"], kind="stable")
            missing = _without_hours if service.counts_hours else _without_capacity
            raise DataError([missing(place) for _, place in unknown.iterrows()])
    return used, findings + _estimated(used, service)


def _of_every_care(
    territory: Territory, service: Service
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Return the places of every mode of care, each as its mode counts them."""
    there = set(territory.equipements["service"])
    missing = [each.label for name, each in service.care.items() if name not in there]
    if missing:
        some = len(missing) < len(service.care)
        facts = {"service": service.label, "modes": missing, "known": sorted(there)}
        raise UnknownServiceError("care_missing" if some else "no_place", **facts)
    parts, findings = [], []
    for name, care in service.care.items():
        own, said = supply(territory, name, of_care(service, care))
        parts.append(own.assign(care=name))
        findings += said
    return pd.concat(parts), findings


def of_care(service: Service, care: Care) -> Service:
    """Return a service as if one of its modes of care were all of it."""
    rule: dict[str, object] = {"care": {}, "decay": care.decay, "deliveries": care.deliveries,
            "presence": care.presence, "measure": care.measure or service.measure}  # fmt: skip
    return service.model_copy(update=rule)


def _admitting(
    used: "gpd.GeoDataFrame", territory: Territory, service: Service
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Keep the places that take some of the people of the service, for what they offer them."""
    of_ages, said = for_ages(used, territory.ages.get(service.demand), service.demand)
    kept, also = for_residents(of_ages, territory.communes.index)
    return kept, said + also


def capacities_wanting(territory: Territory, services: Mapping[str, Service]) -> list[Finding]:
    """Tell, of each service judged on its places, how many have a capacity that is not known.

    `supply` refuses to judge such a service: whoever checks a study must know before.

    Parameters
    ----------
    territory : places of all services
    services : of the study, by key
    """
    every = territory.equipements
    findings = []
    every_one = {key: each for key, each in services.items() if not each.care} | {
        name: of_care(service, care)
        for service in services.values() for name, care in service.care.items()
        if not services[name].judged_on_supply
    }  # fmt: skip
    for key, service in sorted(every_one.items()):
        own = every[(every["service"] == key) & every["delivery"].isin(service.deliveries)]
        own = offering_hours(own, service)
        wanting = own[own["capacity"].isna()]
        if not service.judged_on_supply or wanting.empty:
            continue
        if service.counts_hours:
            files = sorted(set(wanting["from_file"]))
            facts = {"service": key, "count": len(wanting), "of": len(own), "files": files}
            findings.append(Finding("warning", "hours_wanting", "equipements", key, facts))
            continue
        void = int((wanting["capacity_status"] == contracts.NOT_APPLICABLE).sum())
        columns = sorted({f"{n} : {c}" for n, c in zip(
            wanting["from_file"], wanting["from_column"], strict=True)})  # fmt: skip
        facts = {"service": key, "count": len(wanting), "of": len(own), "void": void,
                 "columns": columns}  # fmt: skip
        findings.append(Finding("warning", "capacity_wanting", "equipements", key, facts))
    return findings


def _without_capacity(place: pd.Series) -> Defect:
    facts = {"nom": place["nom"]}
    void = place["capacity_status"] == contracts.NOT_APPLICABLE
    reason = "void_capacity" if void else "no_capacity"
    return Defect(place["from_file"], reason, int(place["from_row"]), place["from_column"],
                  facts=facts)  # fmt: skip


def _without_hours(place: pd.Series) -> Defect:
    column = str(place.get("from_hours", "hours_per_week"))
    return Defect(place["from_file"], "no_hours", int(place["from_row"]), column,
                  facts={"nom": place["nom"]})  # fmt: skip


def _estimated(used: pd.DataFrame, service: Service) -> list[Finding]:
    findings = []
    if service.judged_on_supply:
        findings += [
            Finding("warning", "place_of_nothing", "equipements", str(code),
                    {"nom": used.at[code, "nom"], "unit": service.unit})
            for code in used.index[used["capacity"] == 0]
        ]  # fmt: skip
        guessed = int((used["capacity_status"] == contracts.ESTIMATED).sum())
        if guessed:
            facts: dict[str, object] = {"count": guessed, "of": len(used)}
            key = "supply_hours_estimated" if service.counts_hours else "capacity_estimated"
            findings.append(Finding("warning", key, "equipements", facts=facts))
    return findings
