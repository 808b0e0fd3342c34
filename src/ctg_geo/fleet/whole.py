"""One very large study, tile by tile: the same results as at once, written for a country."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ctg_geo.errors import NoRoadError
from ctg_geo.export.columns import as_columns
from ctg_geo.export.secret import checked_communes
from ctg_geo.fleet.crew import Crew
from ctg_geo.fleet.depot import Account
from ctg_geo.fleet.national import write_national
from ctg_geo.fleet.prepare import HOMES_A_TILE, country_of, estimated_of
from ctg_geo.fleet.tiled import tiled
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding
from ctg_geo.study import Study
from ctg_geo.study.report import enter, without_secrets
from ctg_geo.territory import supply
from ctg_geo.territory.admission import reserved
from ctg_geo.travel.ground import ground_of
from ctg_geo.travel.times import MS_PER_MIN, bound_ms

__all__ = ["Whole", "whole"]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """What a large study says of one service, and where it stands."""

    service: str
    folder: Path
    files: tuple[str, ...]
    communes: int
    tiles: int
    account: Account
    findings: tuple[Finding, ...]


def whole(
    study: Study, service: str, out: Path, crew: Crew, work: Path, *, most: int = HOMES_A_TILE
) -> Whole:
    """Diagnose a service of a study tile by tile, and write its national outputs.

    Parameters
    ----------
    study : of one large territory
    service : its key
    out, work : folders of the outputs, and of what is finished on the way
    crew : who works
    most : homes of a tile

    Raises
    ------
    CtgGeoError
        See `ctg_geo.diagnosis.diagnose` and `carried_out`; SecrecyError if a secret could be
        worked out from the figures of communes. Nothing is written then.
    """
    declared = study.config.service(service)
    modes, said = _modes(study, service, declared)
    network = study.network(declared.profile)
    country, more = country_of(
        study.territory, network, service, declared,
        snapping=study.config.profiles[declared.profile].snapping,
        robustness=study.config.file.robustness,
        fewest=study.secrecy.fewest(declared.demand) if study.territory.homes.spread else 0.0,
        services_told=study.told_of(declared.demand), modes=modes, most=most,
    )  # fmt: skip
    found = tiled(country, study.territory, crew, work / service)
    communes = found.communes.copy()
    for name in study.groups.columns:
        communes[name] = study.groups[name]
    checked_communes(study.secrecy, study.territory, declared, communes)
    findings = (*study.findings, *said, *more, *found.findings)
    shown = as_columns(communes, estimated_of(country, study.territory, network),
                       shared=declared.judged_on_supply)  # fmt: skip
    files = write_national(
        out, shown, findings=findings, names=study.territory.names, inputs=study.inputs,
        ledgers=study.ledgers,
        parameters={"service": {service: declared.model_dump(mode="json")},
                    "study": without_secrets(study)},
        enter=partial(enter, study, f"{study.config.file.study.name}, {declared.label}"),
    )  # fmt: skip
    return Whole(service, out, files, len(communes), country.tiles, found.account, findings)


def _modes(study: Study, key: str, service: Service) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the minutes to the nearest place by each further profile of roads.

    One sweep for each; a profile without roads, or of public transport, has no column and a
    finding says so.
    """
    homes = study.territory.homes.places.geometry
    places, _ = supply(study.territory, key, service)
    found: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    said = []
    for mode in service.other_modes:
        rules = study.config.profiles[mode]
        if rules.transit is not None or reserved(places):
            said.append(Finding("warning", "fleet_mode", mode, facts={"mode": mode}))
            continue
        try:
            network = study.network(mode)
        except NoRoadError as error:
            facts: dict[str, object] = {"mode": mode, "why": error.explain()}
            said.append(Finding("warning", "mode_without_roads", mode, facts=facts))
            continue
        ground, _, _ = ground_of(network, homes, places.geometry, snapping=rules.snapping)
        _, time_ms = ground.nearest(bound_ms(service.max_min))
        found[mode] = np.where(time_ms >= 0, time_ms / MS_PER_MIN, np.nan)
    return pd.DataFrame(found, index=homes.index), said
