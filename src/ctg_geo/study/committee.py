"""The committee file of a service of a study."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ctg_geo import labels, sources
from ctg_geo.errors import ConfigError
from ctg_geo.export.aside import write_aside
from ctg_geo.export.committee import (
    LONGEST,
    PageOrigin,
    PageRelief,
    Unshown,
    committee_model,
    committee_page,
    page_relief,
    relief_bounds,
)
from ctg_geo.export.layers import layers_of
from ctg_geo.export.secret import checked
from ctg_geo.provenance import study_identity
from ctg_geo.quality import Finding
from ctg_geo.study.areas import Written
from ctg_geo.study.compared import scenario_of
from ctg_geo.study.gaps import to_chefs_lieux, to_sites
from ctg_geo.study.proposals import plans_of, spots_of
from ctg_geo.study.report import enter, publication
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

__all__ = ["write_committee"]

_WHOLE: Final = 0.995  # a few cells of the border have no height


def write_committee(
    study: Study, service: str, path: str | Path, scenarios: Sequence[str | Path] = ()
) -> Written:
    """Write the page on which a committee moves the places of a service.

    Parameters
    ----------
    scenarios : paths or names of the plans that the committee may start from

    Raises
    ------
    ConfigError
        If the service is not judged on its supply, counts hours per week, has several modes
        of care or is measured by 3SFCA, in which a place more changes how people divide; or
        people are spread inside communes under a rule of secrecy: the page would tell how.
    SecrecyError
        If a secret could be worked out from the page; nothing is written.
    ScenarioError, MissingFileError
        If the study cannot take a change of a plan, or its file is not there.
    MissingFileError, UnreadableFileError, MissingCrsError
        If the study declares a relief that cannot be read.
    UnknownServiceError, DataError, TravelError, OutputError
        See `ctg_geo.diagnosis.diagnose`; or the file cannot be written.
    """
    declared = study.config.service(service)
    if not declared.judged_on_supply:
        raise ConfigError("committee_supply", where=f"services.{service}", value=service)
    if declared.counts_hours:
        raise ConfigError("committee_hours", where=f"services.{service}", value=service)
    if declared.care or declared.measure == "three_step":
        raise ConfigError("committee_measure", where=f"services.{service}", value=service)
    diagnosis = study.diagnose(service)
    words = publication(study, diagnosis)
    if words.spread and diagnosis.fewest:
        raise ConfigError("committee_spread", where="secrecy", value=service)
    checked(words, layers_of(words, ()))
    to_capitals = to_chefs_lieux(study, diagnosis)
    assert to_capitals is not None, "a service judged on its supply"
    plans = plans_of(study, diagnosis, scenarios)
    to_spots = to_sites(study, diagnosis, spots_of(study, plans)) if plans.sites else None
    model = timed("committee", committee_model, diagnosis, to_capitals, plans, to_spots)
    relief, said = _relief(study)
    page = committee_page(words, model, relief, _origin(study, scenarios))

    def write(made: Path) -> None:
        made.write_bytes(page)
        enter(study, f"{words.study}, {declared.label}")

    write_aside(Path(path), write)
    title = labels.text("committee.title", service=declared.label, study=words.study)
    return Written(
        service, title, Path(path), diagnosis.network.schematic,
        (*study.findings_of(service), *diagnosis.findings, *map(_unshown, plans.unshown), *said),
    )  # fmt: skip


def _relief(study: Study) -> tuple[PageRelief | None, tuple[Finding, ...]]:
    """Return the relief that the study declares, and where it does not reach."""
    source = study.config.file.sources.relief
    if source is None:
        return None, ()
    path, communes = study.files.path("relief", source), study.territory.communes
    ground = timed("relief", sources.read_ground, path, relief_bounds(communes), longest=LONGEST)
    drawn = page_relief(ground, communes, f"{source.provider}, {source.vintage}")
    if not drawn.known:
        return None, (Finding("warning", "page_relief_none", path.name),)
    facts: dict[str, object] = {"share": drawn.known}
    part = drawn.known < _WHOLE
    return drawn, (Finding("warning", "page_relief_part", path.name, facts=facts),) * part


def _origin(study: Study, scenarios: Sequence[str | Path]) -> PageOrigin:
    """Return what tells of which study, and of which plans, a page is."""
    declared = study.config.file.study.model_dump(mode="json")
    folder = study.config.resolve(study.config.file.scenarios.folder).resolve()
    root = study.config.path.resolve().parent
    plans = []
    for read in [scenario_of(study, each) for each in scenarios]:
        file = read.files[-1]  # those it is based on stand before it
        beside = Path(os.path.relpath(file, root)).as_posix()
        plans.append((read.key if file.parent == folder else beside, read.digest))
    return PageOrigin(study_identity(declared, str(study.config.path)), tuple(plans))


def _unshown(plan: Unshown) -> Finding:
    """Tell a plan that the page does not show, and why."""
    reasons = [labels.text(f"committee.because.{each}") for each in plan.reasons]
    return Finding("warning", "plan_unshown", "scenarios", plan.name, {"reasons": reasons})
