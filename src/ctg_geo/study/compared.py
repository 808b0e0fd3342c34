"""Scenarios of a study compared: times shared, each state diagnosed whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.config.scenario_file import Scenario, load_scenario
from ctg_geo.diagnosis import Diagnosis, diagnose
from ctg_geo.errors import Defect, ScenarioError, UnknownServiceError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import AddPeople, ChangeNorm, ChangeTour, OpenPlace, RoadChange, Service
from ctg_geo.scenarios import (
    Applied,
    Columns,
    Comparison,
    Variant,
    apply,
    changed_roads,
    cost_of,
    untold_of,
)
from ctg_geo.scenarios import compare as compared
from ctg_geo.scenarios.ages import ages_within
from ctg_geo.study.groupings import Groups, by_indicator
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.territory import Territory, supply
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["compare", "scenario_groups", "scenario_of", "services_of", "told_ages"]


def scenario_of(study: Study, scenario: Scenario | str | Path) -> Scenario:
    """Read a scenario, by its path or by its name in the folder of the study's scenarios.

    Raises
    ------
    MissingFileError, ConfigError
        See `ctg_geo.config.scenario_file.load_scenario`.
    """
    if isinstance(scenario, Scenario):
        return scenario
    folder = study.config.resolve(study.config.file.scenarios.folder)
    return load_scenario(scenario, folder=folder)


def compare(study: Study, scenarios: Sequence[Scenario | str | Path], service: str) -> Comparison:
    """Compare scenarios of one service with the situation as it is.

    Parameters
    ----------
    study : as `ctg_geo.open_study` gives it
    scenarios : read already, or the paths or names of their files
    service : the key of a declared service

    Returns
    -------
    Comparison
        See `ctg_geo.scenarios.Comparison`.

    Raises
    ------
    ScenarioError
        If the study cannot take a change; all that are wrong in a scenario at once.
    UnknownServiceError, DataError, ConfigError, MissingFileError
        See `Study.diagnose` and `scenario_of`.

    Notes
    -----
    Travel times are those of the study; only the columns of places that open or move are
    computed, once for all scenarios. A scenario that changes roads is timed on its own.
    """
    read = [scenario_of(study, each) for each in scenarios]
    twice = [each.key for at, each in enumerate(read) if each.key in {e.key for e in read[:at]}]
    if twice:
        raise ScenarioError([Defect(f"{twice[0]}.toml", "scenario_key_twice", value=twice[0])])
    declared = study.config
    made = [apply(each, study.territory, declared.services, declared.tours) for each in read]
    bench = _bench(study, service, 1 + len(read))
    at = [_places(bench, *each) for each in zip(made, read, strict=True)]
    bench.columns.share([each for each, of in zip(at, made, strict=True) if not of.roads])
    variants = [_variant(bench, *each) for each in zip(read, made, at, strict=True)]
    groups = {name: each.of for name, each in scenario_groups(study).items()}
    inside = bench.base.communes.index
    return timed(
        "comparison", compared, bench.base, variants,
        {name: of.reindex(inside).fillna("") for name, of in groups.items()},
        {name: each.of for name, each in study.people_groupings.items()},
        told_ages(study, service),
    )  # fmt: skip


def scenario_groups(study: Study) -> dict[str, Groups]:
    """Return the groups of communes that scenarios are compared by, with their names."""
    section, inside = study.config.file.scenarios, study.territory.inside
    more = {
        name: by_indicator(name, each, study.indicators, inside, file=study.config.path.name)
        for name, each in section.groups.items()
    }
    return {**study.groupings, **more}


def told_ages(study: Study, service: str) -> tuple[str, ...]:
    """Return the figures by age that comparisons of a service tell: none that a rule is on.

    Where people are placed inside communes under a rule, none is told.
    """
    demand = study.config.service(service).demand
    if study.territory.homes.spread and study.secrecy.fewest(demand):
        return ()
    every = ages_within(study.territory, demand)
    return tuple(name for name in every if not study.secrecy.fewest(name))


def services_of(study: Study, scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the services that scenarios bear on: of their places, norms and people.

    Roads bear on all the services that a run would diagnose.
    """
    config, places = study.config, study.territory.equipements
    found: set[str] = set()
    for change in (each for scenario in scenarios for each in scenario.changes):
        match change:
            case OpenPlace() | ChangeNorm() | ChangeTour():
                found.add(change.service)
            case AddPeople():
                found |= {key for key in study.services_present
                          if config.services[key].demand in change.people}  # fmt: skip
            case _ if isinstance(change, RoadChange):
                found |= set(study.services_asked)
            case _:
                found |= set(places.loc[places.index == change.place, "service"])
    known = [key for key in config.services if key in found]
    return tuple(known or study.services_asked)


@dataclass(frozen=True, slots=True, eq=False)
class _Bench:
    """One service of a study on the bench: what its states share."""

    study: Study
    key: str
    told: int  # services and states told of the same people
    network: RoadNetwork
    base: Diagnosis
    columns: Columns


def _bench(study: Study, key: str, states: int) -> _Bench:
    declared, territory = study.config.service(key), study.territory
    profile = study.config.profile(declared.profile)
    network, told = study.network(declared.profile), states * study.told_of(declared.demand)
    places, _ = supply(territory, key, declared)
    times = study.times.to(declared.profile, places.geometry, limit_min=declared.max_min)
    base = _diagnosed(study, key, declared, told, territory, network, times)
    columns = Columns(
        network, profile.snapping, territory.homes.places.geometry, declared.max_min, times,
        places.geometry,
    )  # fmt: skip
    return _Bench(study, key, told, network, base, columns)


def _diagnosed(
    study: Study,
    key: str,
    declared: Service,
    told: int,
    territory: Territory,
    network: RoadNetwork,
    times: TravelTimes,
) -> Diagnosis:
    """Diagnose one state whole, the times given."""
    fewest = study.secrecy.fewest(declared.demand) if territory.homes.spread else 0.0
    return timed(
        f"diagnosis {key}", diagnose, territory, network, key, declared, groups=study.groups,
        snapping=study.config.profile(declared.profile).snapping,
        robustness=study.config.file.robustness, fewest=fewest, services_told=told, times=times,
    )  # fmt: skip


def _places(bench: _Bench, applied: Applied, scenario: Scenario) -> "gpd.GeoSeries":
    """Return where the places of a scenario are that count.

    Raises
    ------
    ScenarioError
        If none is left.
    """
    try:
        places, _ = supply(applied.territory, bench.key, applied.services[bench.key])
    except UnknownServiceError as error:
        label = applied.services[bench.key].label
        defect = Defect(f"{scenario.key}.toml", "scenario_none_left", value=label)
        raise ScenarioError([defect]) from error
    return places.geometry


def _variant(bench: _Bench, scenario: Scenario, applied: Applied, at: "gpd.GeoSeries") -> Variant:
    study, declared = bench.study, applied.services[bench.key]
    profile = study.config.profile(declared.profile)
    network = changed_roads(bench.network, applied.roads, profile.mode)
    if network is bench.network:
        times = bench.columns.to(at)
    else:
        times = travel_times(
            network, study.territory.homes.places.geometry, at, limit_min=declared.max_min,
            snapping=profile.snapping,
        )  # fmt: skip
    made = _diagnosed(study, bench.key, declared, bench.told, applied.territory, network, times)
    nobody = pd.Series(0.0, index=study.territory.communes.index)
    steps, capacity = scenario.steps, study.territory.equipements["capacity"]
    return Variant(
        scenario.key, scenario.name, made, applied.added.get(declared.demand, nobody),
        cost_of(steps, "cost", capacity), cost_of(steps, "cost_per_year", capacity),
        untold_of(steps, capacity),
    )  # fmt: skip
