"""A service of a study ready for plans: candidates, places that stand, times, people, rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo.access.decay import from_rule
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.errors import SitingError
from ctg_geo.parameters import Service
from ctg_geo.provenance import Ledger
from ctg_geo.scenarios.check import nearest_names
from ctg_geo.siting import SiteRules
from ctg_geo.study.site_candidates import LIST, candidates_of
from ctg_geo.study.sites_asked import SitesAsked, check_objectives
from ctg_geo.study.study import Study
from ctg_geo.territory import demand, demand_at_homes
from ctg_geo.travel import TravelTimes

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Bench", "bench_of", "codes_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """What plans of a service are made of.

    `candidates` are all, those that nobody reaches (`idle`) included, which rules and times leave
    out. `raw` is what the file of each standing place says it offers, `standing` what counts of it.
    """

    asked: SitesAsked
    service: Service
    on_access: bool
    base: Diagnosis | None  # None where nothing stands today
    candidates: "gpd.GeoDataFrame"
    times: TravelTimes  # homes × (candidates, then places that stand)
    demand: pd.Series  # by demand_id, people, the buffer included
    counted: pd.Series  # by demand_id: in the territory
    code: pd.Series  # by demand_id, the commune
    shown: pd.Index  # communes whose number of people may be told
    standing: pd.Series
    raw: pd.Series
    rules: SiteRules
    grouping: str  # that floors are of; "" where none is asked
    idle: tuple[str, ...]  # candidates that nobody reaches
    ledgers: tuple[Ledger, ...]

    @property
    def within_min(self) -> float:
        """Minutes within which people are covered."""
        said = self.asked.within_min
        return self.service.within_min if said is None else said


def bench_of(study: Study, asked: SitesAsked) -> Bench:
    """Make a service ready for plans.

    Raises
    ------
    SitingError
        If what is asked contradicts itself, the service or the candidates.
    UnknownServiceError, DataError, ConfigError
        See `Study.diagnose`.
    """
    service = study.config.service(asked.service)
    on_access = check_objectives(asked, service)
    base = study.diagnose(asked.service) if asked.service in study.services_present else None
    people, status, _ = demand(study.territory, service.demand)
    local = demand_at_homes(study.territory, people, service.demand)
    sites, lists = candidates_of(study, asked.candidates, service.profile, local)
    standing, raw = _standing(base, service)
    twice = sorted(set(map(str, sites.index)) & set(map(str, study.territory.equipements.index)))
    if twice:
        raise SitingError("candidate_is_place", names=twice)
    points = sites.geometry
    if base is not None:
        points = pd.concat([points, base.equipements.geometry.set_axis(standing.index)])
    times = study.times.to(service.profile, points, limit_min=service.max_min)
    _near_roads(times, sites, study.config.profile(service.profile).snapping.limit_m)
    code = study.territory.homes.code
    counted = code.isin(study.territory.inside)
    near = (
        times.within(from_rule(service.decay).reach_min) if on_access and service.decay else times
    )
    idle = _idle(near, local, sites)
    kept = ~times.destinations.isin(idle)
    times = times.to_destinations(kept)
    rules, grouping = _rules(study, asked, sites.drop(index=list(idle)), standing)
    shown = status.index[status.isin(("observed", "estimated"))]
    return Bench(
        asked, service, on_access, base, sites, times, local, counted, code, shown, standing, raw,
        rules, grouping, idle, tuple(each.ledger for each in lists),
    )  # fmt: skip


def _standing(base: Diagnosis | None, service: Service) -> tuple[pd.Series, pd.Series]:
    if base is None:
        none = pd.Series(dtype=float, index=pd.Index([], dtype=object))
        return none, none
    said = base.territory.equipements["capacity"].reindex(base.equipements.index).astype(float)
    counts = base.equipements["capacity"].astype(float)
    if not service.judged_on_supply:
        counts = pd.Series(0.0, index=counts.index)
    return counts, said.fillna(counts)


def _near_roads(times: TravelTimes, sites: pd.DataFrame, limit_m: float) -> None:
    """Refuse the candidates of a planner's list that are too far from any road to be one."""
    snaps = times.destination_snaps
    own = sites.index[sites["kind"] == LIST]
    far = snaps["snap_m"][(snaps["status"] == "far") & snaps.index.isin(own)]
    if len(far):
        nom = sites["nom"].astype(str)
        said = [f"{nom[str(key)]} ({key}, {round(metres)} m)" for key, metres in far.items()]
        raise SitingError("candidate_far", names=said, limit=limit_m)


def _idle(times: TravelTimes, people: pd.Series, sites: pd.DataFrame) -> tuple[str, ...]:
    """Name the candidates from which nobody is reached; of a planner's list, refuse them."""
    lived = people.reindex(times.origins).to_numpy(np.float64) > 0
    reached = np.bincount(times.to[lived[times.rows]], minlength=len(times.destinations)) > 0
    idle = [str(each) for each in times.destinations[~reached] if each in sites.index]
    own = [each for each in idle if sites.at[each, "kind"] == LIST]
    if own:
        raise SitingError("off_network", codes=own)
    return tuple(idle)


def _rules(
    study: Study, asked: SitesAsked, sites: pd.DataFrame, standing: pd.Series
) -> tuple[SiteRules, str]:
    said = _Codes(sites, standing, _communes(study))
    decision = sites.get("decision", pd.Series("", index=sites.index)).fillna("")
    forced = frozenset(said.one("force", each) for each in asked.forced)
    forbidden = frozenset(one for each in asked.forbidden for one in said.every(each))
    forced |= frozenset(map(str, sites.index[decision == "forced"]))
    forbidden |= frozenset(map(str, sites.index[decision == "forbidden"]))
    both = sorted(forced & forbidden)
    if both:
        raise SitingError("forced_forbidden", codes=both)
    wished = {said.one("prefer", each) for each in asked.preferred} & forbidden
    if wished:
        raise SitingError("preferred_forbidden", names=_called(sites, wished))
    _check_total(asked, forced)
    free = len(sites) - len(forbidden)
    if asked.new is not None and asked.new > free:
        raise SitingError("too_many_new", asked=asked.new, candidates=free)
    group, grouping = _groups(study, asked, sites)
    cost_open = _costs(sites, standing, "cost_open", asked.cost_open)
    cost_place = _costs(sites, standing, "cost_place", asked.cost_place)
    allowed = sites.index.difference(list(forbidden))
    cheapest = _least(asked, allowed, cost_open, cost_place)
    if asked.budget is not None and cheapest > asked.budget:
        raise SitingError("budget_no_site", budget=asked.budget, least=cheapest)
    return SiteRules(
        new=asked.new, exactly=asked.exactly, smallest=asked.smallest, largest=asked.largest,
        total=asked.total, existing=standing,
        closable=frozenset(said.place("close", each) for each in asked.closable),
        resizable=frozenset(said.place("resize", each) for each in asked.resizable),
        forced=forced, forbidden=forbidden, cost_open=cost_open, cost_place=cost_place,
        budget=asked.budget, group=group, floors=dict(asked.at_least),
    ), grouping  # fmt: skip


def _called(sites: pd.DataFrame, keys: Iterable[str]) -> list[str]:
    nom = sites["nom"].astype(str)
    return [f"{nom[key]} ({key})" for key in sorted(keys)]


def _check_total(asked: SitesAsked, forced: frozenset[str]) -> None:
    """Refuse a total that opens no site at all; what must open is told by a plan that fails."""
    must_open = forced or asked.at_least or (asked.exactly and asked.new)
    moved = asked.closable or asked.resizable
    if asked.total is not None and asked.total < asked.smallest and not (must_open or moved):
        raise SitingError("total_too_small", total=asked.total, sites=1, smallest=asked.smallest,
                          least=asked.smallest)  # fmt: skip


def codes_of(study: Study, bench: Bench) -> "_Codes":
    """Return what turns the codes that people write into candidates."""
    return _Codes(bench.candidates.drop(index=list(bench.idle)), bench.standing, _communes(study))


def _communes(study: Study) -> dict[str, str]:
    return {str(code): str(nom) for code, nom in study.territory.communes["nom"].items()}


def _least(
    asked: SitesAsked, allowed: pd.Index, opening: pd.Series | None, place: pd.Series | None
) -> float:
    """Return the euros of the cheapest site; 0 where a plan may do something else."""
    if not len(allowed) or asked.closable or asked.resizable:
        return 0.0
    each = pd.Series(0.0, index=allowed)
    if opening is not None:
        each = each + opening[allowed]
    if place is not None:
        each = each + max(asked.smallest, 1.0) * place[allowed]
    return float(each.min())


def _costs(
    sites: pd.DataFrame, standing: pd.Series, column: str, said: float | None
) -> pd.Series | None:
    """Return what is paid by candidate: that of a list, else what is said for all."""
    known = sites.get(column, pd.Series(np.nan, index=sites.index)).astype(float)
    if said is not None:
        known = known.fillna(said)
    if known.isna().all():
        return None
    if known.isna().any():
        lacking = [str(each) for each in known.index[known.isna()]]
        raise SitingError("cost_lacking", column=column, names=lacking)
    today = (said or 0.0) if column == "cost_place" else 0.0
    return pd.concat([known, pd.Series(today, index=standing.index)])


def _groups(study: Study, asked: SitesAsked, sites: pd.DataFrame) -> tuple[pd.Series | None, str]:
    """Return the group of each candidate, of the grouping whose groups are named."""
    if not asked.at_least:
        return None, ""
    own = sites.get("group", pd.Series("", index=sites.index)).fillna("")
    known: dict[str, set[str]] = {"": set(own) - {""}}
    known |= {name: set(map(str, each.of.dropna())) for name, each in study.groupings.items()}
    wanted = set(asked.at_least)
    for name, groups in known.items():
        if wanted <= groups:
            if not name:
                return own, name
            return study.groupings[name].of.reindex(sites["code_insee"]).set_axis(sites.index), name
    every = sorted(set().union(*known.values()))
    strange = sorted(wanted - set(every)) or sorted(wanted)
    raise SitingError("unknown_group", group=", ".join(strange), known=every)


@dataclass(frozen=True, slots=True, eq=False)
class _Codes:
    """Candidates, communes and places by the codes that people write."""

    sites: pd.DataFrame
    standing: pd.Series
    communes: dict[str, str]

    def every(self, code: str) -> list[str]:
        """Return the candidates that a code means: itself, or those of a commune."""
        if code in self.sites.index:
            return [code]
        found = [str(each) for each in self.sites.index[self.sites["code_insee"] == code]]
        if found:
            return found
        if code in self.communes:
            raise SitingError("commune_without_site", code=code, nom=self.communes[code])
        known = self.communes | dict(zip(self.sites.index, self.sites["nom"], strict=True))
        near = nearest_names(code, {str(key): str(nom) for key, nom in known.items()})
        reason = "unknown_site_or_commune"
        raise SitingError(reason if near else f"{reason}_far", code=code, known=near)

    def one(self, rule: str, code: str) -> str:
        """Return the only candidate that a code means."""
        found = self.every(code)
        if len(found) > 1:
            raise SitingError("several_sites", rule=rule, code=code, known=found)
        return found[0]

    def place(self, rule: str, code: str) -> str:
        """Return a place that stands and counts."""
        if code not in self.standing.index:
            near = nearest_names(code, {str(each): str(each) for each in self.standing.index})
            reason = "unknown_place" if near else "unknown_place_far"
            raise SitingError(reason, rule=rule, code=code, known=near)
        return code
