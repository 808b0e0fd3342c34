"""Many territories, each studied as if it were alone, and their results side by side."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import sources
from ctg_geo.config import StudyConfig, load_study
from ctg_geo.errors import CtgGeoError, UnknownServiceError
from ctg_geo.fleet.crew import Crew
from ctg_geo.fleet.depot import Account, Job, carried_out
from ctg_geo.fleet.national import write_national
from ctg_geo.fleet.shelf import Shelf, named_by
from ctg_geo.fleet.territories import Listed, files_of, placed, read_territories
from ctg_geo.provenance import input_file, sha256
from ctg_geo.quality import Finding
from ctg_geo.study import Study, write_report

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Many", "many", "territory_results"]

_FOLDER = "territoires"


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """What became of a list of territories."""

    folder: Path
    territories: int
    services: tuple[str, ...]  # that have results
    files: tuple[str, ...]
    account: Account
    findings: tuple[Finding, ...]  # refusals among them


def many(
    config: Path, listed: Path, services: Sequence[str], out: Path, crew: Crew, work: Path
) -> Many:
    """Diagnose services in every territory of a list.

    Each territory has a folder with all that `ctg-geo diagnose` writes, passed by the gate of
    secrecy as if it were alone; each service a folder with the communes of all territories.

    Raises
    ------
    CtgGeoError
        If the study or the list cannot be used, or the work cannot go on. A territory that
        cannot be studied is told in the findings, and the others are done.
    """
    template = load_study(config)
    layer = _communes(template)
    territories = read_territories(listed, template.path, set(layer["epci"].dropna()))
    for key in services:
        template.service(key)
    jobs = _jobs(territories, services, out / _FOLDER)
    shelf = Shelf(work / _FOLDER)
    for job in jobs:
        _forget_torn(shelf, job, out / _FOLDER)
    account = carried_out(jobs, crew, shelf)
    done = [(job, shelf.read(job.key)) for job in jobs if job.name not in account.refused]
    findings = [*_refused(account.refused), *_refused_services(done)]
    tables = [table for _, table in done if len(table)]
    files, found = list[str](), tuple[str, ...]()
    if tables:
        for table in tables:
            table.attrs = {}
        every = pd.concat(tables)
        found = tuple(dict.fromkeys(every["service"]))
        for key in found:
            own = every[every["service"] == key].drop(columns="service")
            files += [f"{key}/{name}" for name in _written(
                out, key, own, layer, listed, findings)]  # fmt: skip
    return Many(out, len(territories), found, tuple(files), account, tuple(findings))


def territory_results(listed: Listed, services: tuple[str, ...], out: Path) -> pd.DataFrame:
    """Diagnose services in one territory and write its folders.

    Returns
    -------
    DataFrame by code_insee
        Columns of `Report.communes` and service, territory; `attrs["refused"]` says of which
        services there is no place.

    Raises
    ------
    CtgGeoError
        If the territory cannot be studied as it is.
    """
    study = Study(placed(load_study(listed.config), listed))
    refused: dict[str, str] = {}
    parts = []
    for key in services or study.services_asked:
        try:
            report = write_report(study, key, out / listed.epci / key)
        except UnknownServiceError as error:  # no place there: so it is, whoever asks again
            refused[key] = error.explain()
            continue
        parts.append(report.communes.assign(service=key, territory=listed.epci))
    table = pd.concat(parts) if parts else pd.DataFrame()
    table.attrs = {"refused": refused}
    return table


def _jobs(territories: Sequence[Listed], services: Sequence[str], out: Path) -> list[Job]:
    """Return a job a territory, named by all that its results rest on."""
    known: dict[Path, tuple[StudyConfig, list[str]]] = {}
    jobs = []
    for each in territories:
        if each.config not in known:
            own = load_study(each.config)
            known[each.config] = own, [f"{path} {mark}" for path, mark in files_of(own).items()]
        config, marks = known[each.config]
        words = [_version(), each.epci, each.nom, *services, *marks, *_settings(config)]
        given = each, tuple(services), out
        jobs.append(Job(named_by(words), each.epci, territory_results, given))
    return jobs


def _settings(config: StudyConfig) -> list[str]:
    """Return what a study is set to, as words."""
    models = {"study": config.file, **config.services, **config.profiles}
    return [f"{name} {json.dumps(each.model_dump(mode='json'), sort_keys=True)}"
            for name, each in sorted(models.items())]  # fmt: skip


def _forget_torn(shelf: Shelf, job: Job, out: Path) -> None:
    """Take a territory off the shelf whose folders are not there any more."""
    if not shelf.has(job.key):
        return
    table = shelf.read(job.key)
    keys = [] if table.empty else list(dict.fromkeys(table["service"]))
    if not all((out / job.name / key / "manifest.json").is_file() for key in keys):
        shelf.path(job.key).unlink()


def _written(
    out: Path, key: str, results: pd.DataFrame, layer: "gpd.GeoDataFrame", listed: Path,
    findings: Sequence[Finding],
) -> tuple[str, ...]:  # fmt: skip
    """Write the communes of all territories for a service."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    table = results.sort_index()
    polygons = layer.geometry.reindex(table.index)
    made = gpd.GeoDataFrame(table, geometry=polygons.to_numpy(), crs=layer.crs)
    codes = sorted(set(table["territory"]))
    hashes = {code: sha256(out / _FOLDER / code / key / "manifest.json") for code in codes}
    said = input_file("territories", listed, root=listed.parent, provider="", licence="",
                      vintage="")  # fmt: skip
    own = [each for each in findings if each.facts.get("service", key) == key]
    return write_national(
        out / key, made, findings=own, names={}, inputs=[said],
        parameters={"service": {key: {}}, "territories": hashes},
    )  # fmt: skip


def _refused(refused: Mapping[str, CtgGeoError]) -> list[Finding]:
    return [Finding("warning", "fleet_refused", "territoires", code, {"why": error.explain()})
            for code, error in refused.items()]  # fmt: skip


def _refused_services(done: Sequence[tuple[Job, pd.DataFrame]]) -> list[Finding]:
    return [
        Finding("warning", "fleet_no_service", "territoires", job.name,
                {"service": key, "why": why})
        for job, table in done for key, why in table.attrs.get("refused", {}).items()
    ]  # fmt: skip


def _communes(config: StudyConfig) -> "gpd.GeoDataFrame":
    source = config.file.sources.communes
    return sources.read_communes(
        config.resolve(source.path), source, crs=config.file.study.crs
    ).table


def _version() -> str:
    from ctg_geo import __version__  # noqa: PLC0415  (circular at import)

    return __version__
