"""The chapter that compares groups of communes, and tells the supply that would level them."""

import pandas as pd

from ctg_geo import labels
from ctg_geo.analyses import Balance, group_balance
from ctg_geo.config.grouping import Grouping
from ctg_geo.diagnosis import Diagnosis, map_classes
from ctg_geo.errors import ConfigError
from ctg_geo.export import Chapter, Drawn, Entry, Marks, Sheet
from ctg_geo.export.palettes import PLACE, class_colours
from ctg_geo.gap import TheilSplit, Undefined
from ctg_geo.parameters import GroupBalance
from ctg_geo.study.chapter_words import said, sources_line, titles
from ctg_geo.study.study import Study

__all__ = ["balance_chapter"]

_COLUMNS = ["communes", "below", "places", "supply", "demand", "supply_per_100", "access_per_100",
            "p10", "p50", "p90", "missing", "to_present", "to_equal"]  # fmt: skip
_WHOLE = ("communes", "below", "places", "supply", "demand", "missing", "to_present", "to_equal")
_NAMED = 16
_NONE = 1e-12  # of an index: the rounding of access that is the same for all


def balance_chapter(study: Study, key: str, asked: GroupBalance) -> Chapter:
    """Compare groups, and tell the places that would level them.

    Raises
    ------
    ConfigError
        If the service is not judged on supply.
    """
    service = study.config.service(asked.service)
    if not service.judged_on_supply:
        raise ConfigError("analysis_supply", where=f"analyses.{key}.service", value=asked.service)
    grouping = study.config.file.groups[asked.grouping]
    diagnosis = study.diagnose(asked.service)
    made = group_balance(diagnosis, asked.grouping)
    names = {str(group): grouping.names.get(str(group), str(group)) for group in made.table.index}
    facts = {"unit": service.unit, "people": service.people_label}
    table = made.table[_COLUMNS].copy()
    table.insert(0, "group", list(names.values()))
    split = _split(made, names)
    sheets = [Sheet("", table, titles(table.columns, **facts), dict.fromkeys(_WHOLE, 0))]
    if len(split):
        decimals = dict.fromkeys(("theil", "within", "between"), 4) | {"demand": 0}
        sheets.append(Sheet("inegalite", split, titles(split.columns, **facts), decimals))
    lines = _lines(asked, diagnosis, made, names, grouping.label)
    told = (*_groups(made, names, facts)[::2], *_levels(made, names, facts))
    return Chapter(
        key, asked.label, tuple(sheets), tuple(lines), {},
        _drawn(study, asked, diagnosis, grouping, told), _layer(diagnosis, asked, names, facts),
        lead=told,
    )  # fmt: skip


def _split(made: Balance, names: dict[str, str]) -> pd.DataFrame:
    """Return the parts of the Theil index by group, the whole last; empty without one."""
    if isinstance(made.inequality, Undefined):
        return pd.DataFrame()
    groups, split = made.inequality.groups, made.inequality
    table = pd.DataFrame({
        "group": [names.get(str(group), str(group)) for group in groups.index],
        "demand": groups["people"], "access_per_100": 100 * groups["mean"],
        "theil": groups["theil"], "within": groups["within"], "between": groups["between"],
    })  # fmt: skip
    people = float(groups["people"].sum())
    mean = float((groups["people"] * groups["mean"].fillna(0.0)).sum()) / people
    whole = {"group": labels.text("words.whole"), "demand": people, "access_per_100": 100 * mean,
             "theil": split.total, "within": split.within, "between": split.between}  # fmt: skip
    return pd.concat([table, pd.DataFrame([whole])], ignore_index=True)


def _lines(
    asked: GroupBalance,
    diagnosis: Diagnosis,
    made: Balance,
    names: dict[str, str],
    grouping: str,
) -> list[str]:
    words = {"unit": diagnosis.service.unit, "people": diagnosis.service.people_label}
    lines = [asked.label, "", *_groups(made, names, words)]
    lines += [_inequality(made.inequality, grouping), *_levels(made, names, words)]
    lines += [said("balance_where"), "", said("not_said"), said("balance_not_said", **words)]
    if diagnosis.estimated:
        reasons = ", ".join(labels.text(f"estimated.{each}") for each in diagnosis.estimated)
        lines.append(labels.text("map.estimated", reasons=reasons))
    assert diagnosis.sharing is not None, "a service judged on supply shares it"
    used = dict.fromkeys(rule.measure for rule in diagnosis.sharing.rules.values())
    measure = ", ".join(labels.text(f"measure.{each}") for each in used)
    return [*lines, "", said("balance_method", measure=measure)]


def _groups(made: Balance, names: dict[str, str], words: dict[str, str]) -> list[str]:
    """Say what each group has, and how its people share it: two sentences each."""
    lines = []
    for group, row in made.table.iterrows():
        facts: dict[str, object] = {str(key): float(value) for key, value in row.items()}
        facts |= {each: int(row[each]) for each in ("communes", "below", "places")}
        facts |= {"group": names[str(group)], **words}
        lines += [said("balance_group", **facts), said("balance_spread", **facts)]
    return lines


def _levels(made: Balance, names: dict[str, str], words: dict[str, str]) -> list[str]:
    """Say what brings each group to the level of the best, today's and once it has its part."""
    lines = []
    for group, level in made.levelling.items():
        facts: dict[str, object] = {
            "group": names[group], "best": names[made.best], "level": 100 * level.level,
            "aim": 100 * level.aim, "kept": level.kept, **words,
        }  # fmt: skip
        for aim in (level.to_present, level.to_equal):
            if isinstance(aim, Undefined):
                lines.append(said("balance_no_level", **facts, why=aim.explain()))
                break
            key = "balance_present" if aim is level.to_present else "balance_equal"
            lines.append(said(key, **facts, places=aim))
    return lines


def _inequality(split: TheilSplit | Undefined, grouping: str) -> str:
    """Say how much of the inequality of access lies between the groups."""
    if isinstance(split, Undefined):
        return said("balance_theil_undefined", why=split.explain())
    if split.total <= _NONE:
        return said("balance_theil_none")
    larger = "within" if split.within >= split.between else "between"
    return said(f"balance_theil_{larger}", total=split.total, within=split.within / split.total,
                between=split.between / split.total, grouping=grouping)  # fmt: skip


def _drawn(
    study: Study,
    asked: GroupBalance,
    diagnosis: Diagnosis,
    grouping: Grouping,
    told: tuple[str, ...],
) -> Drawn:
    """Draw accessible supply by commune, in the classes of the diagnosis, and the groups."""
    service, communes = diagnosis.service, diagnosis.communes
    classes = map_classes(service)
    colours = class_colours(classes)
    entries = tuple(
        Entry(str(each.number), colours[each.number],
              labels.text(f"class.{each.label}", low=each.low, high=each.high))
        for each in classes
    )  # fmt: skip
    known = communes["access_per_100"].notna()
    largest = communes["demand"].fillna(0.0).sort_values(ascending=False, kind="stable").index
    assert service.norm is not None, "a service judged on supply has a norm"
    reasons = ", ".join(labels.text(f"estimated.{each}") for each in diagnosis.estimated)
    unit, people = service.unit, service.people_label
    named = tuple(map(str, largest[:_NAMED]))
    return Drawn(
        title=asked.label,
        subtitle=said("balance_subtitle", study=study.config.file.study.name,
                      unit=unit, people=people),
        caveat=labels.text("map.estimated", reasons=reasons) if reasons else "",
        legend=_capital(labels.text("map.legend_supply", unit=unit, people=people)),
        kind=communes["class"].astype(str).where(known),
        entries=entries, unknown=labels.text("map.unknown"), named=named,
        bold=frozenset(named[:2]),
        marks=(Marks(diagnosis.equipements.geometry, PLACE, service.place_label),),
        notes=(labels.text("map.norm_line", norm=service.norm.per_100), said("balance_map_note")),
        foot=(labels.text("map.norm_source", source=service.norm_source),
              sources_line(study, asked.service)),
        told=told,
        group=communes[asked.grouping].map(lambda each: grouping.names.get(str(each), str(each))),
        grouping=grouping.label,
    )  # fmt: skip


def _layer(
    diagnosis: Diagnosis, asked: GroupBalance, names: dict[str, str], facts: dict[str, str]
) -> Sheet:
    communes = diagnosis.communes
    table = pd.DataFrame({
        "nom": communes["nom"], "group": communes[asked.grouping].astype(str).map(names),
        "access_per_100": communes["access_per_100"], "nearest_min": communes["nearest_min"],
    })  # fmt: skip
    return Sheet("", table, titles(table.columns, **facts), {})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
