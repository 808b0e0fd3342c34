"""What the places of one service offer."""

from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import contracts
from ctg_geo.errors import DataError, Defect, UnknownServiceError
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding
from ctg_geo.territory.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["supply"]


def supply(
    territory: Territory, key: str, service: Service
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Places of a service that count, and what is said of those that do not.

    Parameters
    ----------
    territory : places of all services
    key : the service, as the equipements table names it
    service : which ways of delivery count; whether capacity matters

    Raises
    ------
    UnknownServiceError
        If no place of this service is in the study area.
    DataError
        If capacity matters and is unknown somewhere.
    """
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
    if service.judged_on_supply:
        unknown = used.index[used["capacity"].isna()]
        if len(unknown):
            raise DataError([_without_capacity(used.loc[code]) for code in unknown])
    return used, findings + _estimated(used, service)


def _without_capacity(place: pd.Series) -> Defect:
    facts = {"nom": place["nom"]}
    return Defect(place["from_file"], "no_capacity", int(place["from_row"]), place["from_column"],
                  facts=facts)  # fmt: skip


def _estimated(used: pd.DataFrame, service: Service) -> list[Finding]:
    findings = []
    if service.judged_on_supply:
        guessed = int((used["capacity_status"] == contracts.ESTIMATED).sum())
        if guessed:
            facts: dict[str, object] = {"count": guessed, "of": len(used)}
            findings.append(Finding("warning", "capacity_estimated", "equipements", facts=facts))
    return findings
