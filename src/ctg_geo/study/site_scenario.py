"""A plan of sites as a scenario, which `compare` reads, and the diagnosis of what it makes."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.config.scenario_file import Scenario, scenario
from ctg_geo.diagnosis import Diagnosis, diagnose
from ctg_geo.export.site_words import said
from ctg_geo.parameters import ScenarioFile
from ctg_geo.scenarios import Comparison, apply
from ctg_geo.study.compared import compare
from ctg_geo.study.site_answer import Answer
from ctg_geo.study.site_figures import figure_of, held_against
from ctg_geo.study.site_ground import Bench
from ctg_geo.study.study import Study

__all__ = ["PLAN", "Checked", "checked_again", "cost_of", "plan_file"]

PLAN = "plan"
_UNFIT = re.compile(r"[^\w.-]")


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What a plan makes, diagnosed whole: compared with today where something stands."""

    scenario: Scenario
    comparison: Comparison | None
    result: Diagnosis | None  # None where there is no place at all


def plan_file(study: Study, bench: Bench, answer: Answer) -> ScenarioFile:
    """Write a plan as a scenario: what opens, closes and changes size."""
    changes = [
        *(_opened(bench, str(site), float(answer.size[site])) for site in answer.opened),
        *({"kind": "close", "place": str(place)} for place in answer.closed),
        *(_resized(bench, str(place), float(size)) for place, size in answer.resized.items()),
    ]  # fmt: skip
    label = bench.service.label
    aim = said(f"short.{answer.stages[0].objective}")
    return ScenarioFile.model_validate({
        "name": said("scenario_name", label=label, count=len(answer.opened)),
        "motive": said("scenario_motive", objective=aim),
        "source": said("scenario_source", study=study.config.file.study.name),
        "changes": changes,
    })  # fmt: skip


def _opened(bench: Bench, site: str, size: float) -> dict[str, object]:
    row, service = bench.candidates.loc[site], bench.service
    delivery = "fixed" if "fixed" in service.deliveries else service.deliveries[0]
    change: dict[str, object] = {
        "kind": "open", "place": _UNFIT.sub("_", site), "service": bench.asked.service,
        "name": said("place_name", label=service.place_label, nom=row["nom"]),
        "delivery": delivery,
    }  # fmt: skip
    if pd.isna(row["lon"]):
        change["commune"] = str(row["code_insee"])
    else:
        change |= {"lon": float(row["lon"]), "lat": float(row["lat"])}
    if not np.isnan(size):
        change["capacity"] = _plain(size)
    if service.presence is not None:
        change["hours_per_week"] = service.presence.reference_hours
    cost = cost_of(bench, site, size)
    if not np.isnan(cost):
        change["cost"] = _plain(cost)
    return change


def _resized(bench: Bench, place: str, size: float) -> dict[str, object]:
    change: dict[str, object] = {
        "kind": "resize", "place": place, "capacity": _raw(bench, place, size),
    }  # fmt: skip
    each = bench.rules.cost_place
    if each is not None:
        change["cost"] = _plain(max(0.0, size - float(bench.standing[place])) * float(each[place]))
    return change


def cost_of(bench: Bench, site: str, size: float) -> float:
    """Return the euros of a site opened with so many places; NaN where none are declared."""
    opening, place = bench.rules.cost_open, bench.rules.cost_place
    if opening is None and place is None:
        return float("nan")
    first = 0.0 if opening is None else float(opening[site])
    return first + (0.0 if place is None or np.isnan(size) else size * float(place[site]))


def _raw(bench: Bench, place: str, size: float) -> float:
    """Return the capacity that a file says for what counts as `size` places."""
    counts, told = float(bench.standing[place]), float(bench.raw[place])
    return _plain(size * told / counts if counts > 0 else size)


def _plain(value: float) -> float:
    return round(value) if abs(value - round(value)) < 1e-9 else value  # noqa: PLR2004


def checked_again(study: Study, bench: Bench, answer: Answer, file: ScenarioFile) -> Checked:
    """Diagnose whole what a plan makes, and hold its figures against those of the solver.

    Raises
    ------
    SitingError
        If one differs: both numbers are named.
    """
    made = scenario(file, key=PLAN)
    if bench.base is not None:
        compared = compare(study, [made], bench.asked.service)
        result: Diagnosis | None = compared.outcomes[0].variant.diagnosis
        checked = Checked(made, compared, result)
    else:
        result = _diagnosed(study, bench, made) if len(answer.opened) else None
        checked = Checked(made, None, result)
    if result is not None:
        _held(bench, answer, result)
    return checked


def _diagnosed(study: Study, bench: Bench, made: Scenario) -> Diagnosis:
    """Diagnose what a plan makes where nothing stands today."""
    applied, service = apply(made, study.territory, study.config.services), bench.service
    fewest = study.secrecy.fewest(service.demand) if study.territory.homes.spread else 0.0
    return diagnose(
        applied.territory, study.network(service.profile), bench.asked.service, service,
        groups=study.groups, snapping=study.config.profile(service.profile).snapping,
        robustness=study.config.file.robustness, fewest=fewest,
        services_told=study.told_of(service.demand),
    )  # fmt: skip


def _held(bench: Bench, answer: Answer, result: Diagnosis) -> None:
    for stage in answer.stages:
        found = figure_of(result, stage.objective, share=bench.asked.share,
                          within_min=bench.within_min)  # fmt: skip
        name = labels.text(f"site.short.{stage.objective}")
        if stage.objective == "fewest":
            everyone = float(bench.demand[bench.counted].sum())
            covered = figure_of(result, "cover", within_min=bench.within_min)
            held_against(covered, everyone, name)
        elif not np.isnan(found):
            held_against(found, stage.value, name)
    if answer.access is not None:
        inside = bench.counted.index[bench.counted.to_numpy()]
        gap = (result.homes["access"].reindex(inside) - answer.access.reindex(inside)).abs()
        worst = str(gap.idxmax())
        held_against(float(result.homes["access"][worst]), float(answer.access[worst]),
                     labels.text("site.short.access"))  # fmt: skip
