"""The few things to decide, for the first page: what was found, as questions with their figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.documents.published import read_layer, read_sheet
from ctg_geo.documents.results import Results, ServiceResults
from ctg_geo.export.sheets import counted

__all__ = ["Decision", "decisions"]

_NAMED: Final = 3
_GEOPACKAGE: Final = "themes.gpkg"


@dataclass(frozen=True, slots=True)
class Decision:
    """A question for those who decide, what the figures say of it, and how far they hold."""

    question: str
    answer: str
    caution: str = ""


def decisions(results: Results) -> tuple[Decision, ...]:
    """Return what there is to decide, what weighs most first.

    Services below their norm come first, those on supply before those on time, then analyses:
    groups made even, people beyond reach, double deprivation. Last come the data that lack.
    """
    judged = [each for each in results.services if each.judged and _below(each).any()]
    judged.sort(
        key=lambda each: (not each.on_supply, -float(each.communes.table["concerned"].sum()))
    )
    found = [*map(_of_service, judged)]
    makers = {"group_balance": _of_balance, "beyond_reach": _of_reach,
              "double_deprivation": _of_deprivation}  # fmt: skip
    for kind, make in makers.items():
        for key, declared in results.analyses.items():
            if declared["kind"] == kind:
                found += make(results, key, declared)
    return (*found, *_of_missing(results))


def _below(service: ServiceResults) -> pd.Series:
    return service.communes.table["below"] == labels.text("words.yes")


def _of_service(service: ServiceResults) -> Decision:
    table, below = service.communes.table, _below(service)
    measure = "missing" if service.on_supply else "concerned"
    names = _worst(table[below], measure)
    kind = "supply" if service.on_supply else "time"
    facts = {"service": service.label, "below": int(below.sum()), "communes": len(table),
             "unit": service.unit, "people": service.declared["people_label"], "names": names,
             "within": service.declared["norm"]["within_min"]}  # fmt: skip
    counts = {each: int((table["certainty_label"] == labels.text(f"certainty.{each}")).sum())
              for each in ("solid", "likely", "fragile")}  # fmt: skip
    return Decision(
        labels.text(f"documents.question_{kind}", **facts),
        labels.text(f"documents.answer_{kind}", **facts, missing=table.loc[below, measure].sum(),
                    concerned=table.loc[below, "concerned"].sum()),
        labels.text("documents.certainty", "fr", **counts),
    )  # fmt: skip


def _worst(lacking: pd.DataFrame, measure: str) -> str:
    """Name the communes that lack most and whose verdict holds, then what may lack as much.

    Parameters
    ----------
    lacking : communes below the norm, the worst first
    measure : what they lack
    """
    open_ = lacking["certainty_label"] == labels.text("certainty.fragile")
    held = lacking[~open_].head(_NAMED)
    least = held["rank"].max() if len(held) == _NAMED else float("inf")
    doubtful = lacking[open_ & (lacking["rank"] < least)].head(_NAMED)
    names, fragile = _named(held, measure), _named(doubtful, measure)
    if fragile:
        fragile = labels.text("documents.named_fragile", names=fragile)
    if names and fragile:
        return labels.text("documents.named_both", names=names, fragile=fragile)
    return names or fragile


def _named(communes: pd.DataFrame, measure: str) -> str:
    return ", ".join(
        labels.text("documents.named", name=row["nom"], number=counted(row[measure], 0))
        if pd.notna(row[measure]) else str(row["nom"])
        for row in communes.to_dict("records")
    )  # fmt: skip


def _of_balance(results: Results, key: str, declared: Mapping[str, Any]) -> Iterator[Decision]:
    service = results.service(declared["service"])
    assert results.whole is not None, "an analysis is of a run over all themes"
    sheet = read_sheet(results.whole.folder / f"chapitre_{key}.csv")
    if service is None:
        return
    facts = {"unit": service.unit, "people": service.declared["people_label"]}
    place = {name: sheet.titles.index(labels.text(f"chapters.columns.{name}", **facts))
             for name in ("group", "access_per_100", "to_present", "to_equal")}  # fmt: skip
    short = [row for row in sheet.rows if row[place["to_equal"]] not in {"", "0"}]
    for row in short:
        said = {name: row[at] for name, at in place.items()}
        best = max(sheet.rows, key=lambda each: _value(each[place["access_per_100"]]))
        yield Decision(
            labels.text("documents.question_balance", group=said["group"], service=service.label),
            labels.text(
                "documents.answer_balance", group=said["group"], best=best[place["group"]],
                unit=service.unit, level=_value(said["access_per_100"]),
                aim=_value(best[place["access_per_100"]]), people=facts["people"],
                present=_value(said["to_present"]), equal=_value(said["to_equal"]),
            ),
        )  # fmt: skip


def _value(cell: str) -> float:
    return float(cell.replace(",", ".")) if cell else float("nan")


def _of_reach(results: Results, key: str, declared: Mapping[str, Any]) -> Iterator[Decision]:
    table = _layer(results, key)
    if table is None:
        return
    people, beyond, total = declared["people_label"], table["beyond"].sum(), table["people"].sum()
    said = labels.text("documents.answer_reach", people=people, beyond=beyond, total=total,
                       share=beyond / total if total else float("nan"))  # fmt: skip
    yield Decision(
        labels.text("documents.question_reach", people=people),
        " ".join([said, *_left_out(table, people)]), labels.text("documents.caution_reach"),
    )  # fmt: skip


def _left_out(table: pd.DataFrame, people: str) -> Iterator[str]:
    """Name those that reach neither a place nor a stop, as the chapter counts them."""
    left, kind = table[table["state"] == labels.text("chapters.state_beyond")], "communes"
    if "village" in table.columns:
        left, kind = left[left["village"] == labels.text("words.yes")], "villages"
    if left.empty:
        return
    first = left.sort_values(["beyond", "code_insee"], ascending=[False, True])
    yield labels.text(f"documents.left_{kind}", count=len(left), inside=float(left["beyond"].sum()),
                      people=people, names=", ".join(first["nom"].head(_NAMED)))  # fmt: skip


def _of_deprivation(results: Results, key: str, declared: Mapping[str, Any]) -> Iterator[Decision]:
    table = _layer(results, key)
    if table is None:
        return
    both = {labels.text(f"chapters.type_{each}") for each in ("far_fragile", "far_fragile_always")}
    here = table[table["type"].isin(both)]
    if here.empty:
        return
    yield Decision(
        labels.text("documents.question_deprivation"),
        labels.text(
            "documents.answer_deprivation", communes=len(here), people=here["people"].sum(),
            label=declared["people_label"], names=", ".join(here["nom"].head(2 * _NAMED)),
        ),
        labels.text("documents.caution_deprivation"),
    )  # fmt: skip


def _layer(results: Results, key: str) -> pd.DataFrame | None:
    assert results.whole is not None, "an analysis is of a run over all themes"
    layer = read_layer(results.whole.folder / _GEOPACKAGE, f"chapitre_{key}")
    return None if layer is None else layer.table


def _of_missing(results: Results) -> Iterator[Decision]:
    if results.whole is None or not results.whole.has("manques.csv"):
        return
    services = list(
        dict.fromkeys(row[1] for row in read_sheet(results.whole.folder / "manques.csv").rows)
    )
    if services:
        yield Decision(
            labels.text("documents.question_missing"),
            labels.text("documents.answer_missing", count=len(services), services=services),
        )
