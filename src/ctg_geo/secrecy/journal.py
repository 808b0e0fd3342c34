"""The log for the data protection officer: read, hidden, by which rule, and the verdict."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ctg_geo import labels
from ctg_geo.quality import Finding
from ctg_geo.secrecy.additive import Additive
from ctg_geo.secrecy.figures import Figure
from ctg_geo.secrecy.gate import Verdict
from ctg_geo.secrecy.plan import Plan

__all__ = ["JOURNAL", "journal"]

JOURNAL = ("step", "file", "figure", "vintage", "code_insee", "nom", "level", "rule", "detail")


def journal(
    plan: Plan | None, verdict: Verdict | None, names: Mapping[str, str],
    findings: Sequence[Finding] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return the log, one row per table read, cell hidden, rule, and verdict; no value of a cell.

    Parameters
    ----------
    plan : what was decided; None where nothing was
    verdict : of the attacker
    names : of communes, by code_insee
    findings : of the run; those on indicators and capacities that a rule hid are logged
    """
    rows: list[tuple[str, ...]] = []
    if plan is not None:
        rows += [_read(figure) for figure in plan.figures.values()]
        for figure in plan.figures.values():
            rows += _hidden(plan, figure, names)
        for past in plan.past:
            detail = _said("past", name=past.name, shown=len(past.shown), hidden=len(past.hidden))
            rows.append((_step("past"), *[""] * 7, detail))
        for same in plan.alike:
            detail = _said("alike", table=same.table, other=same.other, count=same.agree)
            rows.append((_step("past"), *[""] * 7, detail))
        if plan.merging:
            rows.append((_step("past"), *[""] * 7, _said("merging", count=plan.merging)))
        rows += [_sum(plan, each) for each in plan.additive]
        rows.append((_step("method"), *[""] * 7, _said(f"method_{plan.found.method}")))
    rows += [_by_rule(each) for each in findings if _is_by_rule(each)]
    if any(each.key == "secret_no_register" for each in findings):
        rows.append((_step("past"), *[""] * 7, _said("no_register")))
    if verdict is not None:
        key = "verdict" if verdict.tried else "verdict_none"
        rows.append((_step("verdict"), *[""] * 7, _said(key, count=verdict.tried)))
    return pd.DataFrame(rows, columns=list(JOURNAL))


def _read(figure: Figure) -> tuple[str, ...]:
    detail = _said("read", cells=figure.read, masked=figure.masked)
    return (_step("read"), figure.file, figure.label, figure.vintage, "", "", "",
            _rule(figure), detail)  # fmt: skip


def _hidden(plan: Plan, figure: Figure, names: Mapping[str, str]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for level, mask in (("primary", plan.primary), ("secondary", plan.secondary)):
        for code in map(str, mask.index[mask[figure.name]]):
            shown = "total" if figure.name in plan.totals else level
            by_source = level == "primary" and code in figure.masked_codes
            why = "source" if by_source else shown
            rows.append((
                _step("hidden"), figure.file, figure.label, figure.vintage, code,
                names.get(code, ""), labels.text(f"secrecy.level.{shown}"),
                _rule(figure) if shown != "secondary" else labels.text("secrecy.rule.secondary"),
                _said(why),
            ))  # fmt: skip
    return rows


def _sum(plan: Plan, each: Additive) -> tuple[str, ...]:
    """Return the row of a sum that nobody declared."""
    figure = plan.figures[each.total]
    parts = [plan.figures[part].label for part in each.parts]
    key = ("sum_ages" if each.by_ages else "sum_numbers") if each.taken else "sum_doubtful"
    detail = _said(key, parts=parts, count=each.holds, differ=len(each.differs))
    return (_step("sum"), figure.file, figure.label, figure.vintage, "", "", "", "", detail)


def _is_by_rule(each: Finding) -> bool:
    of_indicators = each.key == "secret_by_rule" and each.table == "indicators"
    return of_indicators or each.key in {"secret_capacities", "secret_retold"}


def _by_rule(each: Finding) -> tuple[str, ...]:
    """Return the row of a figure hidden as it was read, in numbers of cells."""
    if each.key == "secret_retold":
        detail = _said("retold", count=each.facts["count"], parts=each.facts["parts"])
        return (_step("hidden"), each.identifier, str(each.facts["column"]), "", "", "",
                labels.text("secrecy.level.secondary"), labels.text("secrecy.rule.secondary"),
                detail)  # fmt: skip
    rule, figure = str(each.facts["rule"]), str(each.facts.get("column", ""))
    return (_step("hidden"), each.identifier, figure, "", "", "", labels.text(
        "secrecy.level.primary"), rule, _said("by_rule", count=each.facts["count"]))  # fmt: skip


def _rule(figure: Figure) -> str:
    if figure.rule is None:
        return labels.text("secrecy.rule.none")
    return labels.text("secrecy.rule.named", name=figure.rule_name, label=figure.rule.label,
                       source=figure.rule.source)  # fmt: skip


def _step(key: str) -> str:
    return labels.text(f"secrecy.step.{key}")


def _said(key: str, **facts: object) -> str:
    return labels.text(f"secrecy.said.{key}", "fr", **facts)
