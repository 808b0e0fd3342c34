"""Kinds of communes over all services of a run, and the score that a study declares."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.errors import ConfigError
from ctg_geo.export import Kinds
from ctg_geo.export.theme_places import places_of
from ctg_geo.gap import Undefined, composite
from ctg_geo.parameters import Recipe
from ctg_geo.patterns import Typology, neighbours, typology
from ctg_geo.study.kind_figures import figures_of
from ctg_geo.study.report import Report
from ctg_geo.study.study import Study
from ctg_geo.uncertainty.composite import weighed

__all__ = ["check_score", "kinds_of"]

QUANTITIES: Final = ("access_per_100", "nearest_min", "missing", "concerned", "score")


def check_score(study: Study) -> None:
    """Make sure that the score of a study, if there is one, is made of figures it has.

    Raises
    ------
    ConfigError
        Naming the part of the recipe, or the range of weights, that is none.
    """
    file, where = study.config.file, study.config.path.name
    parts = () if file.score is None else tuple(file.score.parts)
    known = [f"{key}.{name}" for key in study.config.services for name in QUANTITIES]
    known += list(study.indicators.titles)
    for name in parts:
        if name not in known:
            raise ConfigError("score_part", file=where, name=name, known=known)
    for name in () if file.uncertainty is None else file.uncertainty.weights:
        if name not in parts:
            raise ConfigError("score_weight", file=where, name=name, known=list(parts))


def kinds_of(study: Study, reports: Sequence[Report]) -> Kinds:
    """Group the communes by the results of all services and their indicators; score them.

    Access to each service, and each rate and median of the indicators, weigh alike; figures
    nearly the same count once, and services of which only some places are known are left out.
    A commune of which a figure is hidden or unknown is in no class.
    """
    codes, patterns = study.territory.inside, study.config.file.patterns
    made = figures_of(study, reports)
    shapes = study.territory.communes.geometry.loc[codes]
    found = typology(
        made.table, most=patterns.most_classes, seed=patterns.seed,
        touching=neighbours(shapes) if patterns.contiguous else None,
    )  # fmt: skip
    names: dict[int, str] = {}
    if isinstance(found, Typology):
        names = dict(enumerate(found.names(words=made.words), start=1))
    member = found.member if isinstance(found, Typology) else pd.Series(0, index=codes)
    none = labels.text("kinds.none" if isinstance(found, Typology) else "kinds.no_classes")
    said = pd.Series([names.get(each, none) for each in member], codes, dtype=object)
    communes = pd.DataFrame({"nom": study.territory.communes["nom"].loc[codes],
                             "class": member.where(member > 0), "class_label": said,
                             "ceiling": made.ceiling})  # fmt: skip
    lines = [labels.text("kinds.title"), *_lines(found, communes, names, patterns.most_classes)]
    lines += ["  " + each for each in made.lines()]
    score, titles, more = _score(study, reports)
    titles |= made.titles
    joined = communes.join(made.table).rename_axis("code_insee")
    keys = [each.key for each in reports]
    origins = [*places_of(study.territory, keys)["source"].astype(str),
               *study.indicators.origins.values()]  # fmt: skip
    estimated = dict.fromkeys(key for each in reports for key in each.estimated)
    return Kinds(joined, score, titles, names, (*lines, *more),
                 tuple(dict.fromkeys(origins)), tuple(estimated))  # fmt: skip


def _lines(
    found: Typology | Undefined, communes: pd.DataFrame, names: Mapping[int, str], most: int
) -> list[str]:
    """Say how many classes there are and why, and which communes are in each."""
    if isinstance(found, Undefined):
        return ["  " + labels.text("kinds.undefined", reason=found.explain())]
    silhouette = float(found.choice["silhouette"].loc[found.chosen])
    lines = [labels.text("kinds.count", count=found.chosen, silhouette=silhouette, most=most)]
    lines.append(labels.text(f"kinds.{'justified' if found.justified else 'continuum'}"))
    for number, name in names.items():
        there = list(communes["nom"][communes["class"] == number])
        lines.append("– " + labels.text("kinds.class", name=name, count=len(there), names=there))
    none = list(communes["nom"][communes["class"].isna()])
    if none:
        lines.append(labels.text("kinds.without", count=len(none), names=none))
    return ["  " + each for each in lines]


def _score(
    study: Study, reports: Sequence[Report]
) -> tuple[pd.DataFrame | None, dict[str, str], list[str]]:
    """Score the communes by the recipe of the study, beside the quantities it is made of."""
    recipe = study.config.file.score
    if recipe is None:
        return None, {}, []
    codes, made = study.territory.inside, {each.key: each for each in reports}
    table = pd.DataFrame(index=codes)
    for name in recipe.parts:
        key, _, column = name.partition(".")
        if column and key in made:
            table[name] = made[key].communes[column].reindex(codes)
        elif not column:
            table[name] = study.indicators.table[name].astype(np.float64).reindex(codes)
        else:
            table[name] = np.nan
    found = composite(table, recipe)
    found = found.join(_weighed(study, found, recipe))
    reasons = [_reason(str(each)) for each in found.pop("undefined")]
    found.insert(1, "reason", reasons)
    found.insert(0, "nom", study.territory.communes["nom"].loc[codes])
    found = found.sort_values("score", ascending=False, kind="stable", na_position="last")
    lines = [labels.text("kinds.score", source=recipe.source,
                         how=labels.text(f"recipe.{recipe.normalisation}"))]  # fmt: skip
    return found.rename_axis("code_insee"), _titles(study, recipe), ["  " + each for each in lines]


def _weighed(study: Study, found: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Throw the weights of which the study gives ranges; nothing where it gives none."""
    settings = study.config.file.uncertainty
    if settings is None or not settings.weights:
        return pd.DataFrame(index=found.index)
    told = found[found["undefined"] == ""]
    parts = pd.DataFrame({
        name: told[f"{name}_points"] / each.weight for name, each in recipe.parts.items()
    })  # fmt: skip
    ranges = {name: (each.weight, each.weight) for name, each in recipe.parts.items()}
    ranges |= {name: (each.low, each.high) for name, each in settings.weights.items()}
    thrown = weighed(parts, ranges, draws=settings.draws, seed=settings.seed)
    return thrown.drop(columns="score_mean").reindex(found.index)


def _reason(key: str) -> str:
    return Undefined(key).explain() if key else ""


def _titles(study: Study, recipe: Recipe) -> dict[str, str]:
    titles: dict[str, str] = {}
    for name, each in recipe.parts.items():
        key, _, column = name.partition(".")
        said = study.indicators.titles.get(name, name)
        if column and key in study.config.services:
            service = study.config.service(key)
            what = labels.text(f"columns.{column}", unit=service.unit)
            said = labels.text("kinds.part", label=service.label, what=what)
        titles[name] = said
        titles[f"{name}_points"] = labels.text("kinds.points", what=said, weight=each.weight)
    return titles
