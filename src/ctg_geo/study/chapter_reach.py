"""The chapter that tells who lives beyond reach of any place, and where mobile stops come."""

import itertools
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.analyses import STATES, beyond_reach, stop_scenarios
from ctg_geo.contracts import ESTIMATED, OBSERVED
from ctg_geo.export import Chapter, Drawn, Entry, Marks, Sheet
from ctg_geo.export.palettes import KINDS, PLACE, STOP
from ctg_geo.parameters import BeyondReach
from ctg_geo.study.announced import in_part
from ctg_geo.study.chapter_transit import Transit, by_transit
from ctg_geo.study.chapter_words import (
    known_people,
    map_caveat,
    rounded_apart,
    said,
    sources_line,
    titles,
)
from ctg_geo.study.report import ways
from ctg_geo.study.study import Study
from ctg_geo.territory import demand, demand_at_homes

__all__ = ["reach_chapter"]

_MOBILE: Final = "mobile"
_ORDER: Final = ("beyond", "stop_only", "within")
_NAMED = 20


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What the analysis found: the table by commune, the places and the stops."""

    table: pd.DataFrame
    fixed: pd.DataFrame
    stops: pd.DataFrame
    hidden: pd.Series


def reach_chapter(study: Study, key: str, asked: BeyondReach) -> Chapter:
    """Tell who reaches no place, and which communes a mobile stop comes to.

    Raises
    ------
    DataError, ConfigError, NoRoadError
        If the people are unknown, a mode has no roads, or no mode is left to count.
    """
    transit = by_transit(study, asked)
    asked = transit.asked
    found = _found(study, asked, asked.services, asked.demand)
    table, territory = found.table, study.territory
    order = table["state"].map({each: at for at, each in enumerate(_ORDER)})
    rows = table.assign(order=order).sort_values(
        ["order", "beyond"], ascending=[True, False], kind="stable"
    )
    rows = rows.drop(columns="order")
    rows["state"] = [said(f"state_{each}") for each in rows["state"]]
    if "village" in rows:
        rows["village"] = [labels.text("words.yes" if each else "words.no")
                           for each in rows["village"]]  # fmt: skip
    headings = titles(["code_insee", *rows.columns], people=asked.people_label)
    decimals = {"people": 0, "beyond": 0, "stops": 0}
    sheets = [Sheet("", rows.rename_axis("code_insee").reset_index(), headings, decimals)]
    scenarios = _scenarios(study, asked, found)
    if len(scenarios):
        told = scenarios.reset_index()
        sheets.append(
            Sheet("scenarios", told, titles(told.columns, people=asked.people_label),
                  {"counted": 0, "assumed": 1})
        )  # fmt: skip
    met = table["people"].fillna(table["beyond"].where(table["beyond"] > 0))
    shown = {} if territory.homes.spread else {asked.demand: met}
    lines = _lines(study, transit, found, scenarios)
    layer = Sheet("", rows.reindex(table.index), headings, {})
    return Chapter(
        key, asked.label, tuple(sheets), tuple(lines), shown,
        _drawn(study, transit, found, tuple(lines[2:6])), layer,
    )  # fmt: skip


def _found(study: Study, asked: BeyondReach, services: tuple[str, ...], figure: str) -> _Found:
    territory, homes = study.territory, study.territory.homes
    every = territory.equipements[territory.equipements["service"].isin(services)]
    stops, fixed = every[every["delivery"] == _MOBILE], every[every["delivery"] != _MOBILE]
    people, status, _ = demand(territory, figure)
    local = demand_at_homes(territory, people, figure)
    times = {profile: study.times.to(profile, fixed.geometry, limit_min=limit)
             for profile, limit in asked.reach_min.items()}  # fmt: skip
    to_stops = {profile: study.times.to(profile, stops.geometry, limit_min=limit)
                for profile, limit in asked.reach_min.items() if len(stops)}  # fmt: skip
    made = beyond_reach(
        times, local, homes.code, stops, reach_min=asked.reach_min, to_stops=to_stops
    )
    table = made.loc[territory.inside].copy()
    hidden = ~status[territory.inside].isin((OBSERVED, ESTIMATED))
    if study.secrecy.fewest(figure) and homes.spread:
        hidden[:] = True  # a part of a commune could tell a count that is too small
    table.loc[hidden, ["people", "beyond"]] = float("nan")
    table.insert(0, "nom", territory.communes["nom"])
    if asked.villages_under is not None:
        table.insert(1, "village", known_people(study, "population") < asked.villages_under)
    return _Found(table, fixed, stops, hidden)


def _scenarios(study: Study, asked: BeyondReach, found: _Found) -> pd.DataFrame:
    """Try the hours that the study assumes for stops of unknown hours."""
    rules = [study.config.service(each).presence for each in asked.services]
    presence = next((each for each in rules if each is not None), None)
    inside = found.stops[found.stops["inside"]]
    if presence is None or not asked.assumed_hours or inside.empty:
        return pd.DataFrame()
    there = float(found.table.loc[found.table["stops"] > 0, "people"].sum())
    return stop_scenarios(
        inside["hours_per_week"], there, assumed=asked.assumed_hours,
        reference_hours=presence.reference_hours, least_share=presence.least_share,
    )  # fmt: skip


def _lines(study: Study, transit: Transit, found: _Found, scenarios: pd.DataFrame) -> list[str]:
    asked, table = transit.asked, found.table
    facts: dict[str, object] = {
        "people": asked.people_label, "reach": _reach(study, asked), "source": asked.source,
        "fixed": int(found.fixed["inside"].sum()), **_sums(table),
    }  # fmt: skip
    lines = [asked.label, "", said("beyond", **facts)]
    lines += _states(asked, table)
    idle = table[(table["stops"] > 0) & (table["state"] == "within")]
    if len(idle):
        lines.append(said("beyond_within_stops", names=list(idle["nom"]), count=len(idle)))
    if transit.by_road is not None:
        alone = _sums(_found(study, transit.by_road, asked.services, asked.demand).table)
        lines += transit.gained(float(str(alone["beyond"])), float(str(facts["beyond"])))
    known = found.stops["hours_per_week"].dropna()
    lines.append(said("stops_hours" if len(known) else "stops_no_hours", count=len(found.stops),
                      known=len(known), hours=float(known.sum())))  # fmt: skip
    lines += _assumed(study, asked, scenarios)
    lines += _wider(study, asked, facts)
    lines += [_also(study, asked, each.demand, each.people_label, each.file_needed)
              for each in asked.also]  # fmt: skip
    lines += ["", said("not_said")]
    without, partly = _wanting(study, asked, found)
    lines += [said("beyond_no_file", services=without)] if without else []
    lines += [said("beyond_in_part", services=partly)] if partly else []
    lines += [said("mode_not_counted", mode=_way(mode), file=file)
              for mode, file in asked.not_counted.items()]  # fmt: skip
    lines += transit.not_said(float(str(facts["beyond"])))
    if table["people"].isna().any():
        lines.append(said("hidden", count=int(table["people"].isna().sum())))
    estimated = (study.territory.population[f"{asked.demand}_status"] == ESTIMATED).any()
    if estimated:
        given = study.config.file.sources.population.values[asked.demand]  # noqa: PD011
        lines.append(said("beyond_estimated", people=asked.people_label, method=given.method))
    lines += [said("times_guessed")] if study.topology.schematic else []
    return [*lines, "", said("beyond_method", **facts, villages=_villages(asked))]


def _wanting(study: Study, asked: BeyondReach, found: _Found) -> tuple[list[str], list[str]]:
    """Name the services without any fixed place in the files, and those known in part only."""
    file = study.config.file
    without: list[str] = []
    partly: list[str] = []
    for each in asked.services:
        own = found.fixed[found.fixed["service"] == each]
        known = file.known_counts.get(each)
        if own.empty or in_part(own, study.territory, known, file.sources.equipements):
            (without if own.empty else partly).append(study.config.service(each).label)
    return without, partly


def _sums(table: pd.DataFrame) -> dict[str, object]:
    out = table[table["state"] != "within"]
    total, beyond = float(table["people"].sum()), float(out["beyond"].sum())
    return {"beyond": beyond, "total": total, "communes": len(out),
            "share": beyond / total if total else float("nan")}  # fmt: skip


def _reach(study: Study, asked: BeyondReach) -> str:
    words = ways(study)
    return labels.text("chapters.or").join(
        said("reach", limit=limit, way=words[profile]) for profile, limit in asked.reach_min.items()
    )


def _way(mode: str) -> str:
    key = f"chapters.mode.{mode}"
    return labels.text(key) if labels.has(key) else mode


def _beside(table: pd.DataFrame) -> list[str]:
    """Name the communes that reach a stop elsewhere, having none of their own."""
    some = table[(table["state"] == "stop_only") & (table["stops"] == 0)]
    names = list(some.sort_values("beyond", ascending=False, kind="stable")["nom"])
    return [said("beyond_stop_beside", names=names, count=len(names))] if names else []


def _kinds(asked: BeyondReach, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Part the communes beyond reach, the most people first: by state, villages apart if asked."""
    order = table.sort_values("beyond", ascending=False, kind="stable")
    kinds = {state: order[order["state"] == state] for state in STATES[1:]}
    if asked.villages_under is not None:
        left_out = kinds.pop("beyond")
        village = left_out["village"]
        kinds |= {"village": left_out[village], "town": left_out[~village]}
    return {kind: some for kind, some in kinds.items() if len(some)}


def _states(asked: BeyondReach, table: pd.DataFrame) -> list[str]:
    """Name the communes of each kind, and own to it where their numbers miss the whole."""
    beyond: list[float] = []
    lines = []
    for kind, some in _kinds(asked, table).items():
        beyond.append(float(some["beyond"].sum()))
        lines.append(said(f"beyond_{kind}", count=len(some), beyond=beyond[-1],
                          names=list(some["nom"]), people=asked.people_label))  # fmt: skip
        if kind == "stop_only":
            lines += _beside(table)
    return [*lines, *rounded_apart(beyond, asked.people_label)]


def _assumed(study: Study, asked: BeyondReach, scenarios: pd.DataFrame) -> list[str]:
    """Say what the stops would offer under each assumption."""
    if scenarios.empty:
        return []
    presence = next(each.presence for each in map(study.config.service, asked.services)
                    if each.presence is not None)  # fmt: skip
    bound = presence.reference_hours * presence.least_share
    each = [
        said("scenario", each=float(str(assumed)), people=asked.people_label, hours=row["hours"],
             reference=presence.reference_hours, places=row["places"], per_100=row["per_100"])
        for assumed, row in scenarios.to_dict("index").items()
    ]  # fmt: skip
    lines = [said("scenarios", source=asked.assumed_source, each=" ; ".join(each))]
    key = "scenario_counted" if scenarios["counted"].any() else "scenario_none"
    return [*lines, said(key, bound=bound)]


def _wider(study: Study, asked: BeyondReach, facts: dict[str, object]) -> list[str]:
    """Say how much changes once further services count as places to go to."""
    if not asked.wider_services:
        return []
    services = (*asked.services, *asked.wider_services)
    more = _sums(_found(study, asked, services, asked.demand).table)
    names = [study.config.service(each).label for each in asked.wider_services]
    return [said("wider", services=names, people=asked.people_label, before=facts["beyond"],
                 after=more["beyond"], share=more["share"])]  # fmt: skip


def _also(study: Study, asked: BeyondReach, figure: str, people: str, file: str) -> str:
    """Count other people in the same way, or say which file would allow it."""
    if figure not in study.territory.population.columns:
        return said("also_missing", people=people, file=file, column=figure)
    sums = _sums(_found(study, asked, asked.services, figure).table)
    return said("also", people=people, **sums)


def _villages(asked: BeyondReach) -> str:
    if asked.villages_under is None:
        return ""
    return said("villages", under=asked.villages_under, source=asked.villages_source)


def _drawn(study: Study, transit: Transit, found: _Found, told: tuple[str, ...]) -> Drawn:
    """Draw the state of each commune, villages apart from towns, with places and stops."""
    asked, table = transit.asked, found.table
    kind = table["state"].copy()
    keys = ["within", "stop_only", "beyond"]
    if "village" in table:
        kind = kind.mask((kind == "beyond") & table["village"], "beyond_village")
        kind = kind.mask(kind == "beyond", "beyond_town")
        keys = ["within", "stop_only", "beyond_village", "beyond_town"]
    order = table.sort_values("beyond", ascending=False, kind="stable")
    left_out = order[order["state"] == "beyond"]
    alone = left_out[left_out["village"]] if "village" in left_out else left_out
    named = dict.fromkeys([*alone.index[:_NAMED], *left_out.index, *table.index])
    wanting = [*itertools.chain(*_wanting(study, asked, found))]
    most = [said("beyond_map_most", services=wanting)] if wanting else []
    credit = sources_line(study, *asked.services)
    return Drawn(
        title=asked.label,
        subtitle=said("beyond_subtitle", study=study.config.file.study.name,
                      reach=_reach(study, asked), people=asked.people_label),
        caveat=map_caveat(study, asked.demand),
        legend=said("columns.state"), kind=kind,
        entries=tuple(Entry(each, KINDS[each], said(f"state_{each}")) for each in keys),
        unknown=labels.text("map.unknown"), named=tuple(map(str, named)),
        bold=frozenset(map(str, alone.index[:5])),
        marks=(Marks(found.fixed.geometry, PLACE, said("mark_fixed")),
               Marks(found.stops.geometry, STOP, said("mark_stop"))),
        notes=(said("beyond_map_note"), *most, *transit.note(),
               *(said("mode_not_counted", mode=_way(mode), file=file)
                 for mode, file in asked.not_counted.items())),
        told=told, foot=(said("chosen", source=asked.source), credit,
              *transit.sources(study, credit)),
    )  # fmt: skip
