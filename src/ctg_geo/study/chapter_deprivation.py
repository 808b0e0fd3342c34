"""The chapter that crosses time to services with fragility, commune by commune."""

import itertools
from typing import Final

import pandas as pd

from ctg_geo.analyses import ranked_deprivation, steady_deprivation
from ctg_geo.contracts import SECRET
from ctg_geo.diagnosis import commune_minutes
from ctg_geo.errors import ConfigError, UnknownServiceError
from ctg_geo.export import Chapter, Drawn, Entry, Marks, Sheet
from ctg_geo.export.palettes import KINDS
from ctg_geo.export.theme_places import SYMBOLS
from ctg_geo.gap import DEPRIVATIONS
from ctg_geo.parameters import DoubleDeprivation
from ctg_geo.study.announced import in_part
from ctg_geo.study.chapter_words import either, known_people, said, sources_line, title_of, titles
from ctg_geo.study.study import Study

__all__ = ["deprivation_chapter"]

_BOTH: Final = "far_fragile"
_SHARE: Final = "_share"  # ending of the indicators from 0 to 1, told in percent
_NAMED = 14


def deprivation_chapter(study: Study, key: str, asked: DoubleDeprivation) -> Chapter:
    """Cross time to services with fragility, and tell how much hangs on the threshold.

    Raises
    ------
    ConfigError
        If an indicator is not one of the study.
    UnknownServiceError
        If no service has places; one of several is left out, and told.
    """
    _check(study, key, asked)
    minutes, absent = _minutes_of(study, asked)
    asked = asked.model_copy(update={"services": tuple(minutes.columns)})
    table = _table(study, asked, minutes)
    rows = table.copy()
    shares = [name for name in asked.indicators if name.endswith(_SHARE)]
    rows[shares] = 100 * rows[shares]
    rows["type"] = [said(f"type_{each}") for each in rows["type"]]
    rows = rows.sort_values(["steady", "far_rank"], ascending=False, kind="stable")
    headings = titles(["code_insee", "nom", "far_rank", "fragile_rank", "type"])
    headings["steady"] = said("columns.steady", count=len(_shares(asked)))
    headings["people"] = said("columns.people", people=asked.people_label)
    headings |= {each: said("columns.minutes", service=study.config.service(each).label)
                 for each in asked.services}  # fmt: skip
    headings |= {name: title_of(study, name) for name in asked.indicators}
    decimals = {"far_rank": 2, "fragile_rank": 2, "steady": 0, "people": 0}
    decimals |= {name: 0 for name in asked.indicators if study.indicators.kinds[name] == "median"}
    sheet = Sheet("", rows.rename_axis("code_insee").reset_index(), headings, decimals)
    shown = {} if asked.demand is None else {asked.demand: table["people"]}
    return Chapter(
        key, asked.label, (sheet,), tuple(_lines(study, asked, table, absent)), shown,
        _drawn(study, asked, table, absent), Sheet("", rows.reindex(table.index), headings, {}),
    )  # fmt: skip


def _shares(asked: DoubleDeprivation) -> list[float]:
    return sorted({asked.worst_share, *asked.other_shares})


def _check(study: Study, key: str, asked: DoubleDeprivation) -> None:
    """Refuse an indicator that is not one of the study."""
    indicators = study.indicators.table
    for name in asked.indicators:
        if f"{name}_status" not in indicators.columns:
            known = [str(n) for n in indicators.columns if f"{n}_status" in indicators.columns]
            raise ConfigError("unknown_name", file=study.config.path.name, value=name,
                              where=f"analyses.{key}.indicators", known=known)  # fmt: skip


def _minutes_of(study: Study, asked: DoubleDeprivation) -> tuple[pd.DataFrame, list[str]]:
    """Return the minutes to each service that has places, and the names of the others."""
    found: dict[str, pd.Series] = {}
    absent: list[str] = []
    for each in asked.services:
        try:
            found[each] = _minutes(study, each)
        except UnknownServiceError:
            absent.append(study.config.service(each).label)
            if len(absent) == len(asked.services):
                raise
    return pd.DataFrame(found).loc[study.territory.inside], absent


def _table(study: Study, asked: DoubleDeprivation, minutes: pd.DataFrame) -> pd.DataFrame:
    inside, indicators = study.territory.inside, study.indicators.table
    values = indicators.loc[inside, list(asked.indicators)]
    found = ranked_deprivation(
        minutes, values, fragile=asked.indicators, worst_share=asked.worst_share
    )
    found["steady"] = steady_deprivation(
        minutes, values, fragile=asked.indicators, shares=_shares(asked)
    )
    table = study.territory.communes.loc[inside, ["nom"]].copy()
    if asked.demand is not None:
        table["people"] = known_people(study, asked.demand)
    return pd.DataFrame(pd.concat([pd.DataFrame(table), minutes, values, found], axis=1))


def _minutes(study: Study, key: str) -> pd.Series:
    """Minutes of the median person of each commune to the nearest place of a service.

    Missing where the diagnosis of the service does not tell them.
    """
    made = study.diagnose(key)
    minutes = commune_minutes(made.nearest["minutes"], study.territory.homes, made.service.demand)
    return minutes.mask(made.communes["nearest_status"].reindex(minutes.index) == SECRET)


def _lines(
    study: Study, asked: DoubleDeprivation, table: pd.DataFrame, absent: list[str]
) -> list[str]:
    lines = [asked.label, "", *_types(asked, table)]
    lines += _steadiness(asked, table)
    lines.append(said("compared_head"))
    lines += [_compared(study, name, table) for name in (*asked.services, *asked.indicators)]
    services = [study.config.service(each).label for each in asked.services]
    sides = [_side(study, name, way) for name, way in asked.indicators.items()]
    facts = {"share": asked.worst_share, "source": asked.source, "services": services,
             "indicators": sides}  # fmt: skip
    guessed = [said("times_guessed")] if study.topology.schematic else []
    return [*lines, "", said("not_said"), *_missing(study, asked, absent), *guessed,
            said("deprivation_not_said"), "", said("deprivation_method", **facts)]  # fmt: skip


def _missing(study: Study, asked: DoubleDeprivation, absent: list[str]) -> list[str]:
    """Say which services have no places or only some, and which indicators no file gives."""
    lines = [said("deprivation_absent", services=absent)] if absent else []
    partly = [study.config.service(each).label for each in asked.services if _in_part(study, each)]
    lines += [said("deprivation_in_part", services=partly)] if partly else []
    each = [
        said("deprivation_wanted_one", indicator=title_of(study, name), file=file)
        for name, file in asked.wanted.items() if name not in study.indicators.table.columns
    ]  # fmt: skip
    return [*lines, said("deprivation_wanted", each=" ; ".join(each))] if each else lines


def _in_part(study: Study, service: str) -> bool:
    places = study.territory.equipements
    file = study.config.file
    return in_part(places[places["service"] == service], study.territory,
                   file.known_counts.get(service), file.sources.equipements)  # fmt: skip


def _types(asked: DoubleDeprivation, table: pd.DataFrame) -> list[str]:
    """Name the communes of each type, the farthest first."""
    order = table.sort_values("far_rank", ascending=False, kind="stable")
    some = {kind: order[order["type"] == kind] for kind in DEPRIVATIONS}
    return [
        said(f"type_line_{kind}", count=len(rows), names=list(rows["nom"]), whom=_whom(asked, rows))
        for kind, rows in some.items() if len(rows)
    ]  # fmt: skip


def _side(study: Study, name: str, way: str) -> str:
    return said(f"side_{way}", indicator=title_of(study, name))


def _whom(asked: DoubleDeprivation, some: pd.DataFrame) -> str:
    """Count the people of communes, those known; nothing where the study does not ask."""
    if asked.demand is None or some["people"].isna().any():
        return ""
    return said("whom", number=float(some["people"].sum()), people=asked.people_label)


def _steadiness(asked: DoubleDeprivation, table: pd.DataFrame) -> list[str]:
    """Say which communes are far and fragile at every threshold tried."""
    shares = _shares(asked)
    if len(shares) < 2:  # noqa: PLR2004
        return []
    order = table.sort_values("far_rank", ascending=False, kind="stable")
    always = order[order["steady"] == len(shares)]
    once = order[(order["steady"] > 0) & (order["steady"] < len(shares))]
    tried = either([said("percent", share=each) for each in shares])
    lines = [said("steady_always" if len(always) else "steady_none", tried=tried,
                  count=len(always), names=list(always["nom"]))]  # fmt: skip
    if len(once):
        lines.append(said("steady_once", count=len(once), names=list(once["nom"])))
    return lines


def _compared(study: Study, name: str, table: pd.DataFrame) -> str:
    """Hold the median of the communes in double difficulty against that of all."""
    factor = 100 if name.endswith(_SHARE) else 1
    some = table.loc[table["type"] == _BOTH, name]
    is_service = name in study.config.services
    title = (said("columns.minutes", service=study.config.service(name).label)
             if is_service else title_of(study, name))  # fmt: skip
    if some.dropna().empty:
        return said("compared_none", what=title, every=factor * float(table[name].median()))
    large = "_whole" if abs(float(table[name].median())) >= 1000 else ""  # noqa: PLR2004
    return said(f"compared{large}", what=title, here=factor * float(some.median()),
                every=factor * float(table[name].median()))  # fmt: skip


def _marks(study: Study, asked: DoubleDeprivation) -> tuple[Marks, ...]:
    """Return the fixed places, under a symbol for each service."""
    places = study.territory.equipements
    fixed = places[places["delivery"] != "mobile"]
    return tuple(
        Marks(fixed.geometry[fixed["service"] == each], colour, study.config.service(each).label,
              shape)
        for each, (shape, colour) in zip(asked.services, itertools.cycle(SYMBOLS))
    )  # fmt: skip


def _drawn(study: Study, asked: DoubleDeprivation, table: pd.DataFrame, absent: list[str]) -> Drawn:
    """Draw the type of each commune; those that are in at every threshold are darker."""
    steady, both = table["steady"] == len(_shares(asked)), table["type"] == _BOTH
    kind = table["type"].mask(both & steady & bool(asked.other_shares), "far_fragile_always")
    kind = kind.where(kind != "unknown")
    keys = ["far_fragile_always"] if asked.other_shares else []
    keys += [each for each in DEPRIVATIONS if each != "unknown"]
    order = table.sort_values(["steady", "far_rank"], ascending=False, kind="stable")
    double = order.index[order["type"] == _BOTH]
    single = order.index[order["type"].isin(["far", "fragile"])]
    services = [study.config.service(each).label for each in asked.services]
    tried = either([said("percent", share=each) for each in _shares(asked)])
    notes = [said("deprivation_map_note", share=asked.worst_share)]
    notes += [said("deprivation_map_always", tried=tried)] if asked.other_shares else []
    notes += _missing(study, asked, absent)
    return Drawn(
        title=asked.label,
        subtitle=said("deprivation_subtitle", study=study.config.file.study.name,
                      services=services),
        caveat=said("times_estimated") if study.topology.schematic else "",
        legend=said("columns.type"), kind=kind,
        entries=tuple(Entry(each, KINDS[each], said(f"type_{each}")) for each in keys),
        unknown=said("type_unknown"), named=tuple(map(str, [*double, *single[:_NAMED]])),
        bold=frozenset(map(str, double)),
        marks=_marks(study, asked), notes=tuple(notes),
        told=(*_types(asked, table[table["type"] == _BOTH]), *_steadiness(asked, table)),
        foot=(said("chosen", source=asked.source), sources_line(study, *asked.services)),
    )  # fmt: skip
