"""The analyses that a study names, each made with the engine and put into words."""

from collections.abc import Iterable

import pandas as pd

from ctg_geo import labels
from ctg_geo.analyses import STATES, TYPES, beyond_reach, double_deprivation, group_balance
from ctg_geo.contracts import ESTIMATED, OBSERVED, SECRET
from ctg_geo.diagnosis import commune_minutes
from ctg_geo.errors import ConfigError, DataError, UnknownServiceError
from ctg_geo.export import Chapter
from ctg_geo.parameters import Analysis, BeyondReach, DoubleDeprivation, GroupBalance
from ctg_geo.study.report import ways
from ctg_geo.study.study import Study
from ctg_geo.territory import demand, demand_at_homes

__all__ = ["chapters_of"]

_MOBILE = "mobile"


def chapters_of(study: Study) -> list[Chapter]:
    """Make every analysis of the study, in the order of its file.

    Raises
    ------
    ConfigError
        If an analysis names an indicator that is not there, or a service not judged on supply.
    """
    return [_chapter(study, key, each) for key, each in study.config.file.analyses.items()]


def _chapter(study: Study, key: str, analysis: Analysis) -> Chapter:
    """Make an analysis; one whose data are not there says so and holds no rows."""
    try:
        return _made(study, key, analysis)
    except (DataError, UnknownServiceError) as error:
        why = error.explain()
        titles = _titles(["why"])
        table = pd.DataFrame({"why": [why]})
        return Chapter(key, table, titles, {}, (analysis.label, "", why), {})


def _made(study: Study, key: str, analysis: Analysis) -> Chapter:
    if isinstance(analysis, GroupBalance):
        return _balance(study, key, analysis)
    if isinstance(analysis, BeyondReach):
        return _beyond(study, key, analysis)
    return _deprivation(study, key, analysis)


def _said(name: str, **facts: object) -> str:
    return labels.text(f"chapters.{name}", "fr", **facts)


def _titles(columns: Iterable[object], **facts: object) -> dict[str, str]:
    return {str(c): _said(f"columns.{c}", **facts) for c in columns}


def _balance(study: Study, key: str, asked: GroupBalance) -> Chapter:
    """Compare groups, and tell the places that would level them."""
    service = study.config.service(asked.service)
    if not service.judged_on_supply:
        raise ConfigError("analysis_supply", where=f"analyses.{key}.service", value=asked.service)
    grouping = study.config.file.groups[asked.grouping]
    columns = ["places", "supply", "demand", "supply_per_100", "access_per_100", "below",
               "missing", "to_level"]  # fmt: skip
    made = group_balance(study.diagnose(asked.service), asked.grouping)[columns]
    table = made.copy()
    table.insert(0, "group", [grouping.names.get(str(g), str(g)) for g in made.index])
    rows = [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]
    people = service.people_label
    told = [_said("balance_group", unit=service.unit, people=people, **row) for row in rows]
    best = max(rows, key=lambda row: float(row["access_per_100"]))["group"]
    for row in [each for each in rows if each["group"] != best]:
        known = "balance_level" if pd.notna(row["to_level"]) else "balance_no_level"
        told.append(_said(known, unit=service.unit, best=best, **row))
    lines = [asked.label, "", *told, "", _said("balance_method")]
    facts = {"unit": service.unit, "people": service.people_label}
    decimals = {"places": 0, "below": 0, "demand": 0, "to_level": 0}
    return Chapter(key, table, _titles(table.columns, **facts), decimals, tuple(lines), {})


def _beyond(study: Study, key: str, asked: BeyondReach) -> Chapter:
    """Tell who reaches no place, and which communes a mobile stop comes to."""
    territory, homes = study.territory, study.territory.homes
    every = territory.equipements[territory.equipements["service"].isin(asked.services)]
    stops, fixed = every[every["delivery"] == _MOBILE], every[every["delivery"] != _MOBILE]
    people, status, _ = demand(territory, asked.demand)
    local = demand_at_homes(territory, people, asked.demand)
    times = {profile: study.times.to(profile, fixed.geometry, limit_min=limit)
             for profile, limit in asked.reach_min.items()}  # fmt: skip
    found = beyond_reach(times, local, homes.code, stops, reach_min=asked.reach_min)
    table = found.loc[territory.inside]
    hidden = ~status[territory.inside].isin((OBSERVED, ESTIMATED))
    if study.secrecy.fewest(asked.demand) and homes.spread:
        hidden[:] = True  # a part of a commune could tell a count that is too small
    table.loc[hidden, ["people", "beyond"]] = float("nan")
    table.insert(0, "nom", territory.communes["nom"])
    lines = _beyond_lines(study, asked, table, fixed["service"], stops)
    table = table.assign(state=[_said(f"state_{each}") for each in table["state"]])
    told = table["people"].fillna(table["beyond"].where(table["beyond"] > 0))
    shown = {} if homes.spread else {asked.demand: told}
    return Chapter(
        key, table.reset_index(),
        _titles(["code_insee", *table.columns], people=asked.people_label),
        {"people": 0, "beyond": 0, "stops": 0}, tuple(lines), shown,
    )  # fmt: skip


def _beyond_lines(
    study: Study, asked: BeyondReach, table: pd.DataFrame, present: pd.Series, stops: pd.DataFrame
) -> list[str]:
    words = ways(study)
    reach = ", ".join(
        _said("reach", limit=limit, way=words[profile])
        for profile, limit in asked.reach_min.items()
    )
    out = table[table["state"] != "within"]
    total, beyond = float(table["people"].sum()), float(out["beyond"].sum())
    facts = {"people": asked.people_label, "beyond": beyond, "total": total, "fixed": len(present),
             "reach": reach, "share": beyond / total if total else float("nan"),
             "communes": len(out), "source": asked.source}  # fmt: skip
    lines = [asked.label, "", _said("beyond", **facts)]
    for state in STATES[1:]:
        some = out[out["state"] == state].sort_values("beyond", ascending=False, kind="stable")
        lines.append(_said(f"beyond_{state}", count=len(some), beyond=float(some["beyond"].sum()),
                           names=list(some["nom"]), people=asked.people_label))  # fmt: skip
    idle = table[(table["stops"] > 0) & (table["state"] == "within")]
    if len(idle):
        lines.append(_said("beyond_within_stops", names=list(idle["nom"]), count=len(idle)))
    empty = [
        study.config.service(each).label for each in asked.services if not (present == each).any()
    ]
    if empty:
        lines.append(_said("beyond_no_file", services=empty))
    known = stops["hours_per_week"].dropna()
    lines.append(_said("stops_hours", count=len(stops), known=len(known), hours=float(known.sum())))
    if table["people"].isna().any():
        lines.append(_said("hidden", count=int(table["people"].isna().sum())))
    return [*lines, "", _said("beyond_method", **facts)]


def _deprivation(study: Study, key: str, asked: DoubleDeprivation) -> Chapter:
    """Cross time to services with fragility."""
    inside, indicators = study.territory.inside, study.indicators.table
    for name in asked.indicators:
        if name not in indicators.columns:
            known = [str(n) for n in indicators.columns if f"{n}_status" in indicators.columns]
            raise ConfigError("unknown_name", file=study.config.path.name, value=name,
                              where=f"analyses.{key}.indicators", known=known)  # fmt: skip
    minutes = pd.DataFrame({each: _minutes(study, each) for each in asked.services}).loc[inside]
    values = indicators.loc[inside, list(asked.indicators)]
    found = double_deprivation(
        minutes, values, fragile=asked.indicators, worst_share=asked.worst_share
    )
    table = pd.concat([study.territory.communes.loc[inside, ["nom"]], minutes, values, found],
                      axis=1)  # fmt: skip
    lines = [asked.label, ""]
    for kind in TYPES:
        some = table[table["type"] == kind]
        if len(some):
            order = some.sort_values("far_rank", ascending=False, kind="stable")
            lines.append(_said(f"type_line_{kind}", count=len(some), names=list(order["nom"])))
    facts = {"share": asked.worst_share, "source": asked.source,
             "services": [study.config.service(each).label for each in asked.services]}  # fmt: skip
    lines += ["", _said("deprivation_method", **facts)]
    titles = _titles(["code_insee", "nom", "far_rank", "fragile_rank", "type"])
    titles |= {each: _said("columns.minutes", service=study.config.service(each).label)
               for each in asked.services}  # fmt: skip
    titles |= {name: _indicator(name) for name in asked.indicators}
    shares = [name for name in asked.indicators if name.endswith("_share")]
    table[shares] = 100 * table[shares]
    table["type"] = [_said(f"type_{each}") for each in table["type"]]
    decimals = {"far_rank": 2, "fragile_rank": 2, "median_income": 0}
    return Chapter(key, table.rename_axis("code_insee").reset_index(), titles, decimals,
                   tuple(lines), {})  # fmt: skip


def _indicator(name: str) -> str:
    key = f"indicators.{name}"
    return labels.text(key) if labels.has(key) else name


def _minutes(study: Study, key: str) -> pd.Series:
    """Minutes of the median person of each commune to the nearest place of a service.

    Missing where the diagnosis of the service does not tell them.
    """
    made = study.diagnose(key)
    minutes = commune_minutes(made.nearest["minutes"], study.territory.homes, made.service.demand)
    return minutes.mask(made.communes["nearest_status"].reindex(minutes.index) == SECRET)
