"""What is known of each theme, and what is missing, in words and tables."""

import math
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.diagnosis import people_class, people_classes
from ctg_geo.export.theme_setting import Context
from ctg_geo.parameters import KnownCount, Service, Theme
from ctg_geo.territory import quantile_bounds

__all__ = [
    "PORTRAIT",
    "ServiceState",
    "ThemeState",
    "file_needed",
    "missing",
    "people_lines",
    "theme_lines",
]

State = Literal["diagnosed", "no_place", "none_counted", "refused"]

PORTRAIT: Final = "portrait"  # folder of the social portrait in a run over all themes
_AT_CENTRE = {"location"}  # what is put at the centre of its commune
_GROUPS = 5  # of communes, where classes are computed
_SHOWN = (contracts.OBSERVED, contracts.ESTIMATED)


@dataclass(frozen=True, slots=True, eq=False)
class ServiceState:
    """What a run knows of one service: its result, or why there is none.

    `row` sums the territory up (see `ctg_geo.diagnosis.by_group`); `verdict` is its sentence;
    `why` the error of a service that was refused; `places` are those of its files; `estimated`
    names what its numbers owe to estimates.
    """

    key: str
    service: Service
    state: State
    way: str
    ways: tuple[str, ...]
    known: KnownCount | None
    row: pd.Series | None = None
    norm: str = ""
    verdict: str = ""
    why: str = ""
    places: int = 0
    folder: str = ""
    estimated: tuple[str, ...] = ()

    def facts(self) -> dict[str, object]:
        """Return what the sentences about the service need."""
        known = self.known
        detail = labels.text("themes.announced_detail", detail=known.detail) if known else ""
        return {
            "service": self.service.label,
            "count": known.count if known is not None else 0,
            "detail": detail if known is not None and known.detail else "",
            "source": known.source if known is not None else "",
        }


@dataclass(frozen=True, slots=True, eq=False)
class ThemeState:
    """A theme of the territory: its people by commune, if they are known, and its services.

    `people` and `status` are by code_insee of the territory; `people` is missing where the
    figure is secret or unknown, and both are None where the study has no such figure.
    """

    key: str
    theme: Theme
    people: pd.Series | None
    status: pd.Series | None
    method: str
    services: tuple[ServiceState, ...]
    context: Context = field(default_factory=Context)

    @property
    def estimated(self) -> bool:
        """Whether some of the people are estimates."""
        return self.status is not None and bool((self.status == contracts.ESTIMATED).any())

    def shown(self) -> pd.Series:
        """People by commune, missing where they may not be or cannot be shown."""
        assert self.people is not None, "the theme has people"
        assert self.status is not None, "people have a status"
        return self.people.where(self.status.isin(_SHOWN))

    @property
    def total(self) -> float:
        """The people of the communes that are shown, as the sentences tell them."""
        return float(self.shown().sum())

    @property
    def computed(self) -> bool:
        """Whether classes are of like numbers of communes, the convention printing none."""
        return not self.theme.classes and bool(self.classed.classes)

    @property
    def classed(self) -> Theme:
        """The theme with the classes that maps draw: the convention's, else computed ones."""
        if self.theme.classes or not self.shown().notna().any():
            return self.theme
        found = {float(math.floor(each)) for each in quantile_bounds(self.shown(), _GROUPS)}
        return self.theme.model_copy(update={"classes": tuple(sorted({0.0, *found}))})

    def classes(self) -> dict[int, str]:
        """Name the classes of the theme by number, the largest first; none without people."""
        theme = self.classed
        if not theme.classes:
            return {}
        return {
            each.number: labels.text(f"class.{each.label}", low=each.low, high=each.high)
            for each in people_classes(theme)
        }

    def numbers(self) -> pd.Series:
        """Return the number of the class of each commune, missing where people are not shown."""
        theme = self.classed
        if not theme.classes:
            return pd.Series(pd.NA, index=self.shown().index, dtype="Int64")
        return people_class(self.shown(), theme)


def theme_lines(state: ThemeState, study: str) -> list[str]:
    """Say what is known of a theme, in French sentences."""
    lines = [labels.text("themes.title", theme=state.theme.label, study=study)]
    lines += ["  " + said for said in (*people_lines(state), *_context(state))]
    if not state.services:
        lines.append("  " + labels.text("themes.context"))
    for each in state.services:
        lines += ["  – " + said for said in _service(each)]
    if any(_AT_CENTRE & set(each.estimated) for each in state.services):
        lines.append("  " + labels.text("themes.at_centre"))
    if state.theme.note:
        lines.append("  " + labels.text("themes.note", note=state.theme.note))
    return lines


def people_lines(state: ThemeState) -> list[str]:
    """Tell how many people a theme has, and in which classes communes fall."""
    theme = state.theme
    if theme.demand is None:
        return []
    people = theme.people_label[:1].upper() + theme.people_label[1:]
    if state.people is None:
        file = theme.file_needed or labels.text("themes.people_file")
        facts = {"people": people, "file": file, "column": theme.demand}
        return [labels.text("themes.people_missing", "fr", **facts)]
    shown = state.shown()
    status = contracts.ESTIMATED if state.estimated else contracts.OBSERVED
    hidden = int(shown.isna().sum())
    lines = [labels.text(
        "themes.people_partly" if hidden else "themes.people", people=people,
        total=state.total, hidden=hidden, status=labels.text(f"status.{status}"),
    )]  # fmt: skip
    where = [labels.text("themes.classes_elsewhere")] if _indicators_alone(state) else []
    return [*lines, " ".join([_classes(state), *where])]


def _indicators_alone(state: ThemeState) -> bool:
    """Tell whether the picture of a theme draws its indicators, and no class of people."""
    return not state.services and bool(state.classed.classes and state.context.drawn)


def _classes(state: ThemeState) -> str:
    if not state.classed.classes:
        return labels.text("themes.no_classes", reason=state.theme.no_classes)
    counts = state.numbers().value_counts()
    said = [
        labels.text("themes.class_count", said=name, count=int(counts.get(number, 0)))
        for number, name in state.classes().items()
    ]
    key = "themes.classes_computed" if state.computed else "themes.classes"
    return labels.text(key, classes=" ; ".join(said), reason=state.theme.no_classes)


def _context(state: ThemeState) -> list[str]:
    """Tell the range of each indicator over the communes of the territory."""
    lines, context = [], state.context
    for name, title in context.titles.items():
        values, decimals = context.shown(name).dropna(), context.decimals(name)
        if len(values):
            low, high, median = (
                labels.number(float(each), decimals)
                for each in (values.min(), values.max(), values.median())
            )
            lines.append(labels.text(
                "themes.indicator", name=title, low=low, high=high, median=median,
                count=len(values), source=context.origins.get(name, ""),
            ))  # fmt: skip
    return lines


def _service(state: ServiceState) -> list[str]:
    facts = state.facts()
    if state.state == "refused":
        return [labels.text("themes.refused", service=state.service.label, why=state.why)]
    if state.state != "diagnosed":
        needed = missing(state)
        line = needed["key"].replace("\n", " ; ")  # several lines in tables, one in a sentence
        return [labels.text("themes.missing", "fr", **{**facts, **needed, "key": line})]
    said = state.verdict
    if state.known is not None and state.row is not None:
        located = int(state.row["places"])
        if located < state.known.count:
            said += " " + labels.text("themes.announced", "fr", **facts, located=located) + "."
    if state.estimated:
        reasons = ", ".join(labels.text(f"estimated.{each}") for each in state.estimated)
        said += " " + labels.text("map.estimated", reasons=reasons)
    return [labels.text("themes.found", service=state.service.label, said=said)]


def missing(state: ServiceState) -> dict[str, str]:
    """Say what a service without places needs: why, which file, which key, and to what effect.

    The key is TOML to copy, on several lines.
    """
    service, facts = state.service, state.facts()
    kind = "supply" if service.judged_on_supply else "time" if service.judged else "none"
    effect = labels.text(f"themes.effect_{kind}", ways=", ".join(state.ways))
    if state.state == "none_counted":
        return {
            "why": labels.text("themes.none_counted", count=state.places), "effect": effect,
            "file": labels.text("themes.file_hours"),
            "key": labels.text("themes.key_hours", service=state.key),
        }  # fmt: skip
    key = "themes.no_place" if state.known is None else "themes.no_place_counted"
    file, written = labels.text("themes.file_list"), "key_list"
    if service.bpe:
        file, written = _bpe("file_bpe", service), "key_bpe"
    codes = ", ".join(f'{code} = "{state.key}"' for code in service.bpe)
    return {
        "why": labels.text(key, "fr", **facts), "file": file, "effect": effect,
        "key": labels.text(f"themes.{written}", service=state.key, codes=codes),
    }  # fmt: skip


def file_needed(state: ServiceState) -> str:
    """Name in a few words the file that would locate the places of a service."""
    if state.service.bpe:
        return _bpe("file_bpe_short", state.service)
    return labels.text("themes.file_list_short")


def _bpe(key: str, service: Service) -> str:
    """Name the national file of places, with the types of a service."""
    return labels.text(f"themes.{key}", codes=", ".join(service.bpe), count=len(service.bpe))
