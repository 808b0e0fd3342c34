"""Every theme of the convention in one run: what is known of each, and what is missing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from ctg_geo import labels, progress
from ctg_geo.errors import CtgGeoError, OutputError, SecrecyError, UnknownServiceError
from ctg_geo.export import PORTRAIT, ServiceState, ThemeState, write_themes_folder
from ctg_geo.export.theme_brief import brief_estimates, theme_brief
from ctg_geo.export.theme_setting import Context, Setting
from ctg_geo.export.theme_words import theme_lines
from ctg_geo.parameters import Theme
from ctg_geo.quality import Finding
from ctg_geo.study.chapters import chapters_of
from ctg_geo.study.groupings import group_titles
from ctg_geo.study.kinds import check_score, kinds_of
from ctg_geo.study.portrait import PortraitReport, write_portrait
from ctg_geo.study.report import (
    Report,
    enter,
    own_keys,
    providers,
    ways,
    without_secrets,
    write_report,
)
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

__all__ = ["ThemesReport", "write_themes"]


@dataclass(frozen=True, slots=True, eq=False)
class ThemesReport:
    """What a run over all themes says, and its files."""

    study: str
    folder: Path
    files: tuple[str, ...]
    themes: tuple[ThemeState, ...]
    reports: tuple[Report, ...]
    summary: tuple[str, ...]
    brief: tuple[str, ...]
    portrait: PortraitReport | None = None

    @property
    def refused(self) -> tuple[ServiceState, ...]:
        """Services whose data did not allow a diagnosis, each once."""
        found = {each.key: each for theme in self.themes for each in theme.services}
        return tuple(each for each in found.values() if each.state == "refused")


def write_themes(
    study: Study, out: str | Path, *, told: Callable[[Report], None] = lambda _: None
) -> ThemesReport:
    """Diagnose every service of every theme, a folder each, and sum the themes up.

    Where a theme has no services, being context, the social portrait is written as well.

    A service without places is no failure: the summary says which file is missing, where to
    declare it and what it would change. One whose data are wrong is told in its place, and
    the others go on.

    Parameters
    ----------
    told : is given each report once its folder is there

    Raises
    ------
    ConfigError
        If the score of the study names a figure that it has not; nothing is written.
    SecrecyError
        If a secret could be worked out from the outputs; those of that step are not written.
    OutputError
        If a folder cannot be written; former results stay as they were.
    """
    check_score(study)
    where, themes = Path(out), study.config.themes
    keys = list(dict.fromkeys(key for theme in themes.values() for key in theme.services))
    study.times.share(keys)
    states: dict[str, ServiceState] = {}
    reports: list[Report] = []
    for key in progress.track(keys, "services"):
        states[key], report = _service(study, key, where)
        if report is not None:
            reports.append(report)
            told(report)
    portrait = None
    if any(not theme.services for theme in themes.values()):
        portrait = timed("portrait", write_portrait, study, where / PORTRAIT)
    every = tuple(_theme(study, key, theme, states) for key, theme in themes.items())
    name = study.config.file.study.name
    chapters = timed("chapters", chapters_of, study)
    kinds = timed("kinds", kinds_of, study, reports)
    files = timed(
        "outputs themes", write_themes_folder, where, every, _setting(study),
        chapters=chapters, kinds=kinds, kits=[each.kit for each in reports], secrecy=study.secrecy,
        findings=(*study.findings, *_people_missing(study, every)),
        enter=partial(enter, study, f"{name}, themes"), inputs=study.inputs,
        ledgers=study.ledgers, parameters=_parameters(study),
    )  # fmt: skip
    summary = (*(line for each in every for line in theme_lines(each, name)),
               *kinds.lines,
               *(line for each in chapters for line in ("", *each.lines)))  # fmt: skip
    brief = (*(line for each in every if each.services for line in theme_brief(each)),
             *brief_estimates(every),
             *(line for each in chapters for line in each.brief))  # fmt: skip
    return ThemesReport(name, where, files, every, tuple(reports), summary, brief, portrait)


def _people_missing(study: Study, states: Sequence[ThemeState]) -> Iterator[Finding]:
    """Tell which people of themes and analyses the population tables do not count."""
    wanted = {each.theme.demand: each.theme.people_label
              for each in states if each.theme.demand and each.people is None}  # fmt: skip
    for asked in study.config.file.analyses.values():
        wanted |= {each.demand: each.people_label for each in getattr(asked, "also", ())
                   if each.demand not in study.territory.population.columns}  # fmt: skip
    for column, people in wanted.items():
        facts = {"people": people, "column": column}
        yield Finding("info", "people_missing", "population", "", facts)


def _parameters(study: Study) -> dict[str, object]:
    themes = {key: each.model_dump(mode="json") for key, each in study.config.themes.items()}
    return {"themes": themes, "study": without_secrets(study)}


def _service(study: Study, key: str, out: Path) -> tuple[ServiceState, Report | None]:
    """Diagnose a service, or say why it cannot be."""
    service, words = study.config.service(key), ways(study)
    travelled = tuple(words[each] for each in (service.profile, *service.other_modes))
    state = partial(
        ServiceState, key, service, way=travelled[0], ways=travelled,
        known=study.config.file.known_counts.get(key),
        places=int(study.territory.equipements["service"].isin(own_keys(study, key)).sum()),
    )  # fmt: skip
    try:
        report = write_report(study, key, out / key)
    except (SecrecyError, OutputError):
        raise
    except UnknownServiceError as error:
        if error.reason == "care_missing":
            return state("refused", why=error.explain()), None
        return state("none_counted" if error.reason == "none_counted" else "no_place"), None
    except CtgGeoError as error:
        return state("refused", why=error.explain()), None
    row = pd.Series(report.groups["territory"][""], dtype=float)
    found = state("diagnosed", row=row, norm=report.norm, verdict=report.summary[1], folder=key,
                  estimated=report.estimated)  # fmt: skip
    return found, report


def _theme(study: Study, key: str, theme: Theme, states: dict[str, ServiceState]) -> ThemeState:
    """Return what is known of a theme; its people are those that secrecy leaves."""
    territory = study.territory
    inside, figures = territory.inside, study.config.file.sources.population.values  # noqa: PD011
    people = status = None
    method = ""
    if theme.demand is not None and theme.demand in figures:
        people = territory.population.loc[inside, theme.demand]
        status = territory.population.loc[inside, f"{theme.demand}_status"]
        method = figures[theme.demand].method or labels.text("status.estimated")
    services = tuple(states[each] for each in theme.services)
    context = Context() if theme.services else _context(study)
    return ThemeState(key, theme, people, status, method, services, context)


def _context(study: Study) -> Context:
    """Return the indicators of the territory as readers are told them."""
    found, inside = study.indicators, study.territory.inside
    figures = found.table.loc[inside].copy()
    for name in found.titles:
        figures[name] = figures[name].astype(float) * (100 if name.endswith("_share") else 1)
    kinds = found.kinds
    return Context(
        figures, found.titles,
        frozenset(name for name, kind in kinds.items() if kind in ("count", "median", "class")),
        tuple(name for name, kind in kinds.items() if kind in ("rate", "median")), found.origins,
    )  # fmt: skip


def _setting(study: Study) -> Setting:
    """Return what all maps share; without groups where they cannot be made.

    Why they cannot is told in the place of each service.
    """
    file, territory = study.config.file, study.territory
    try:
        first = next(iter(study.groupings.items()), None)
    except CtgGeoError:
        first = None
    used = _told_beside(study)
    sources = tuple(each for each in providers(study, "") if each not in used)
    setting = Setting(file.study.name, territory, sources)
    if first is None:
        return setting
    key, groups = first
    names = groups.of[territory.inside].map(lambda each: groups.names.get(str(each), str(each)))
    return replace(setting, groups=names, grouping=group_titles(file.groups)[key])


def _told_beside(study: Study) -> set[str]:
    """Return the sources of indicators alone, which a portrait names under each map."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for each in study.inputs:
        beside = each.role.startswith("indicators ")
        names[beside].add(f"{each.provider}, {each.vintage}")
    return names[True] - names[False]
