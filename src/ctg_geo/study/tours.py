"""The tours of a service of a study: evaluated, bettered, put into words and files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ctg_geo.diagnosis.estimates import estimates
from ctg_geo.export.basis import Basis
from ctg_geo.export.secret import checked_sums
from ctg_geo.export.tour_words import Round, ToursTold, tour_summary
from ctg_geo.export.tours import write_tours_folder
from ctg_geo.parameters import Itinerant, Tour
from ctg_geo.quality import Finding
from ctg_geo.secrecy import Verdict
from ctg_geo.study.groupings import group_titles
from ctg_geo.study.report import enter, providers, ways, without_secrets
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.study.tour_ground import candidates_of, fixed_places, ground_of, itinerant_of
from ctg_geo.territory import demand
from ctg_geo.tours import Ground, Means, Objective, arranged, design, evaluate, same_means
from ctg_geo.travel.snap import snap

__all__ = ["Asked", "ToursReport", "study_tours", "write_tours"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a design is asked for; without `vehicles` and `days`, the same means as today."""

    objective: Objective = "cover"
    vehicles: int | None = None
    days: int | None = None
    time_limit_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ToursReport:
    """What tours come to in words, and the files that hold it."""

    told: ToursTold
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    findings: tuple[Finding, ...]


def study_tours(
    study: Study, name: str | None = None, *, asked: Asked | None = None
) -> tuple[ToursTold, Ground]:
    """Evaluate the tours of a service and, if it is asked for, design better ones.

    Raises
    ------
    ConfigError
        If the study declares no such tours.
    TourError
        If a tour cannot run at all, or no better one keeps the rules.
    """
    _, rules = itinerant_of(study, name)
    ground = timed("tours ground", ground_of, study, rules)
    presence = study.config.service(rules.service).presence
    assert presence is not None, "checked with the configuration"
    hours = presence.reference_hours
    tours = {key: arranged(tour, ground) for key, tour in rules.tours.items()}
    today = timed("tours", evaluate, tours, ground, rules, reference_hours=hours)
    rounds = [Round("today", tours, today)]
    if asked is not None:
        vehicles, means = _means(tours, rounds[0], asked)
        limit = rules.design.time_limit_s if asked.time_limit_s is None else asked.time_limit_s
        made = timed(
            "tours design", design, vehicles, ground, rules,
            candidates=candidates_of(study, rules), means=means, objective=asked.objective,
            reference_hours=hours, time_limit_s=limit,
        )  # fmt: skip
        rounds.append(Round("plan", made.tours, made.evaluation, made))
    groups, label = _groups(study, rules)
    unknown = int(ground.code[ground.to_serve & ~ground.shown].nunique())
    told = ToursTold(
        study.config.file.study.name, rules, rounds, hours, _basis(study, rules), ways(study),
        groups, label, bool((ground.shown & ground.to_serve).any()), unknown,
        asked is not None and asked.vehicles is None and asked.days is None,
        int(fixed_places(study, rules)["inside"].sum()),
    )  # fmt: skip
    return told, ground


def write_tours(
    study: Study, out: str | Path, *, name: str | None = None, asked: Asked | None = None
) -> ToursReport:
    """Evaluate tours and write their folder: tables, layers, maps, words, manifest.

    Raises
    ------
    ConfigError, TourError
        See `study_tours`; nothing is written.
    SecrecyError
        If a secret could be worked out from the people told; nothing is written.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    told, ground = study_tours(study, name, asked=asked)
    told = replace(told, rounds=[_named(study, each) for each in told.rounds])
    passed, findings = _gate(study, told, ground), study.findings
    file, rules = study.config.file, told.rules
    files = write_tours_folder(
        Path(out), told, study.territory, ground.sites, secrecy=study.secrecy, passed=passed,
        findings=findings, inputs=study.inputs, ledgers=study.ledgers,
        parameters=_parameters(study, rules, asked),
        enter=partial(enter, study, f"{file.study.name}, {rules.label}"),
    )  # fmt: skip
    return ToursReport(told, Path(out), files, tuple(tour_summary(told)), findings)


def _means(
    tours: Mapping[str, Tour], today: Round, asked: Asked
) -> tuple[dict[str, Tour], dict[str, Means]]:
    """Return the vehicles of a design and what each may spend."""
    keys = list(tours)
    count = len(keys) if asked.vehicles is None else asked.vehicles
    vehicles: dict[str, Tour] = {}
    for number in range(count):
        key, again = keys[number % len(keys)], number // len(keys)
        tour = tours[key]
        label = tour.label if not again else f"{tour.label} ({again + 1})"
        days = tour.days_per_week if asked.days is None else asked.days
        told = {"label": label, "days_per_week": days}
        vehicles[key if not again else f"{key} {again + 1}"] = tour.model_copy(update=told)
    if asked.vehicles is None and asked.days is None:
        return vehicles, same_means(today.run, tours)
    means = {key: Means(tour.days_per_week, tour.crew.field_hours)
             for key, tour in vehicles.items()}  # fmt: skip
    return vehicles, means


def _groups(study: Study, rules: Itinerant) -> tuple[dict[str, str], str]:
    if rules.grouping is None:
        return {}, ""
    names = study.groupings[rules.grouping].names
    return dict(names), group_titles(study.config.file.groups)[rules.grouping]


def _named(study: Study, each: Round) -> Round:
    """Return a round whose tables name communes, and whose legs name places."""
    names = study.territory.communes["nom"]
    run = each.run
    communes = run.communes.assign(nom=names.reindex(run.communes.index))
    legs = run.legs.copy()
    spots = study.territory.equipements["code_insee"].to_dict()
    for end in ("origin", "destination"):
        legs[end] = [names[spots.get(place, place)] for place in legs[end]]
    return replace(each, run=replace(run, communes=communes, legs=legs))


def _basis(study: Study, rules: Itinerant) -> Basis:
    """Return what the figures rest on: people, roads of each mode, places, assumed hours."""
    territory, found = study.territory, list[str]()
    _, status, _ = demand(territory, rules.demand)
    named = [each for tour in rules.tours.values() for each in tour.places]
    stops = territory.equipements[territory.equipements.index.isin(named)]
    declared = study.config.service(rules.service)
    for profile in rules.reach_min:
        network, points = study.network(profile), territory.homes.places.geometry
        points = points.to_crs(network.crs)
        joined = snap(network, points.x.to_numpy(), points.y.to_numpy(), points.index,
                      rules=study.config.profile(profile).snapping)  # fmt: skip
        found += estimates(territory, network, status, stops, declared, joined.table["status"])
    if any(tour.hours_each is not None for tour in rules.tours.values()):
        found.append("tour_hours")
    return Basis(tuple(dict.fromkeys(found)), providers(study, rules.service))


def _gate(study: Study, told: ToursTold, ground: Ground) -> Verdict | None:
    """Let the attacker try the people told, by commune, by stop and in all."""
    if not told.counts:
        return checked_sums(study.secrecy, study.territory, told.rules.demand,
                            pd.Series(dtype=float), [])  # fmt: skip
    whole = ground.people.where(ground.to_serve & ground.shown).groupby(ground.code).sum(
        min_count=1
    )  # fmt: skip
    complete = ground.to_serve.groupby(ground.code).all()
    shown = whole.where(complete)
    sums = []
    for each in told.rounds:
        reached = each.run.homes["reached"] & ground.to_serve & ground.shown
        for mask in (reached, ground.to_serve & ground.shown & ~reached):
            codes = sorted(set(ground.code[mask]))
            if codes and complete[codes].all():
                sums.append((codes, float(ground.people[mask].sum())))
    return checked_sums(study.secrecy, study.territory, told.rules.demand, shown, sums)


def _parameters(study: Study, rules: Itinerant, asked: Asked | None) -> dict[str, Any]:
    return {
        "service": {rules.service: study.config.service(rules.service).model_dump(mode="json")},
        "tours": rules.model_dump(mode="json"),
        "design": None if asked is None else {
            "objective": asked.objective, "vehicles": asked.vehicles, "days": asked.days,
            "time_limit_s": asked.time_limit_s,
        },
        "study": without_secrets(study),
    }  # fmt: skip
