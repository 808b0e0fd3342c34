"""A result in sentences: all of it, or what one looks at first."""

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.diagnosis.at_homes import care_column
from ctg_geo.export._certainty import percent_of_draws
from ctg_geo.export._gap_lines import gap_lines
from ctg_geo.export._longest import longest
from ctg_geo.export._sure import sure_words
from ctg_geo.export._words import of_mean, status_word
from ctg_geo.export.publish import Publication

__all__ = ["headlines", "summary"]

_FEW_LINES = 6  # of groups, on a screen


def summary(publication: Publication, *, worst: int = 5) -> list[str]:
    """Say the result in a few French sentences, the same numbers as the table and the map.

    Parameters
    ----------
    worst : most communes named
    """
    diagnosis = publication.diagnosis
    service = diagnosis.service
    if not service.judged:
        return [*_without_norm(publication), *publication.around.context, _worth(publication)]
    kind = "supply" if service.judged_on_supply else "time"
    whole = publication.groups[""].iloc[0]
    lines = [
        labels.text("summary.norm", norm=publication.norm, source=service.norm_source),
        _verdict(publication, kind),
        labels.text(
            _key(publication, f"within_{kind}", whole), share=whole["within_share"],
            mean=whole["mean_min"], people=service.people_label, within=service.within_min,
        ),
        _sureness(publication),
        *_by_group(publication, kind),
        *_worst(publication, kind, worst),
        *gap_lines(publication),
        *sure_words(publication),
    ]  # fmt: skip
    if service.judged_on_supply:
        lines += _by_care(publication)
        reach = [f"{each.label} {labels.text('units.minutes', value=each.reach_min)}"
                 for each in service.care.values()]  # fmt: skip
        lines.append(
            labels.text(
                "summary.accessible_care" if reach else "summary.accessible",
                within=service.within_min, measure=publication.measure, reach=reach,
            )
        )  # fmt: skip
    return [*lines, *_by_mode(publication), *publication.around.context, _worth(publication)]


def headlines(publication: Publication, *, worst: int = 3) -> list[str]:
    """Say the little of `summary` that one reads on a screen: the verdict, where to look first.

    Parameters
    ----------
    worst : most communes named
    """
    service = publication.diagnosis.service
    if not service.judged:
        return [*_without_norm(publication), _worth(publication)]
    kind = "supply" if service.judged_on_supply else "time"
    groups = _by_group(publication, kind)
    return [
        labels.text("summary.norm_alone", norm=publication.norm), _verdict(publication, kind),
        _sureness(publication), *(groups if len(groups) <= _FEW_LINES else ()),
        *_worst(publication, kind, worst), _worth(publication),
    ]  # fmt: skip


def _verdict(publication: Publication, kind: str) -> str:
    """Say how many communes are below the norm, and what lacks there."""
    service, whole = publication.diagnosis.service, publication.groups[""].iloc[0]
    if whole["below"] and not whole["hidden"] and whole["concerned"] == 0:
        return labels.text(
            "summary.nobody", below=int(whole["below"]), communes=int(whole["communes"]),
            people=service.people_label,
        )  # fmt: skip
    return labels.text(
        publication.said(f"summary.verdict_{kind}" if whole["below"] else "summary.none"),
        "fr", **_facts(whole, service.within_min), unit=service.unit, people=service.people_label,
    )  # fmt: skip


def _worth(publication: Publication) -> str:
    """Say which inputs are estimates."""
    estimated = publication.diagnosis.estimated
    if not estimated:
        return labels.text("summary.observed")
    reasons = ", ".join(labels.text(f"estimated.{key}") for key in estimated)
    return labels.text("summary.estimates", reasons=reasons)


def _without_norm(publication: Publication) -> list[str]:
    """Tell times without a verdict, where no source gives a norm."""
    service, whole = publication.diagnosis.service, publication.groups[""].iloc[0]
    centre = "" if publication.spread else labels.text("summary.mean_centre")
    lines = [
        labels.text("summary.no_norm", reason=service.norm_source),
        labels.text(
            of_mean("summary.mean", whole["mean_min"]), mean=whole["mean_min"],
            people=service.people_label, way=publication.way, share=whole["reached_share"],
            limit=service.max_min, centre=centre,
        ),
    ]  # fmt: skip
    if publication.grouping is not None:
        names = publication.group_names[publication.grouping]
        lines += [
            "  – " + labels.text(
                of_mean("summary.group_mean", row["mean_min"]), mean=row["mean_min"],
                group=names.get(str(key), str(key)), places=int(row["places"]),
                share=row["reached_share"],
            )
            for key, row in publication.groups[publication.grouping].iterrows()
        ]  # fmt: skip
    return [*lines, *_longest(publication), *_by_mode(publication)]


def _by_mode(publication: Publication) -> list[str]:
    """Tell how many communes reach a place by each further mode, and which is the median."""
    table, lines = publication.communes, []
    secret = status_word(contracts.SECRET)
    for mode in publication.diagnosis.modes.columns:
        minutes = table[f"nearest_min_{mode}"]
        told = int((table[f"nearest_status_{mode}"] != secret).sum())
        lines.append(labels.text(
            "summary.mode", way=publication.ways[str(mode)], reached=int(minutes.notna().sum()),
            communes=told, limit=publication.diagnosis.service.max_min,
        ))  # fmt: skip
    return lines


def _key(publication: Publication, key: str, row: pd.Series) -> str:
    """Return the key of a sentence about the whole or a group, told by time or by supply."""
    said = publication.said(f"summary.{key}")
    supply = publication.diagnosis.service.judged_on_supply
    return said if supply else of_mean(said, row["mean_min"])


def _facts(row: pd.Series, within: float) -> dict[str, object]:
    return {
        "below": int(row["below"]), "communes": int(row["communes"]), "missing": row["missing"],
        "concerned": row["concerned"], "share": row["concerned_share"], "within": within,
    }  # fmt: skip


def _by_care(publication: Publication) -> list[str]:
    """Say what each mode of care brings to the access of all, where there are several."""
    if not publication.care_columns:
        return []
    whole, service = publication.groups[""].iloc[0], publication.diagnosis.service
    parts = [
        labels.text("summary.care_part", care=care.label, access=whole[care_column(key)])
        for key, care in service.care.items()
    ]
    return [labels.text("summary.care", access=whole["access_per_100"], unit=service.unit,
                        people=service.people_label, parts=parts)]  # fmt: skip


def _by_group(publication: Publication, kind: str) -> list[str]:
    grouping = publication.grouping
    if grouping is None:
        return []
    service = publication.diagnosis.service
    names = publication.group_names[grouping]
    lines = [labels.text("summary.groups", grouping=publication.group_labels[grouping])]
    for key, row in publication.groups[grouping].iterrows():
        facts = _facts(row, service.within_min) | {"share": row["within_share"]}
        line = labels.text(
            _key(publication, f"group_{kind}", row), "fr", **facts,
            group=names.get(str(key), str(key)),
            access=row["access_per_100"], located=row["supply_per_100"], mean=row["mean_min"],
            unit=service.unit, people=service.people_label,
        )  # fmt: skip
        lines.append(f"  – {line}")
    return lines


def _worst(publication: Publication, kind: str, count: int) -> list[str]:
    told = publication.communes[["demand", "concerned"]].notna().all(axis=1)
    shown = publication.communes[told]
    below = shown["below"] == labels.text("words.yes")
    table = shown[(below | publication.spread) & (shown["concerned"] > 0)]
    if table.empty:
        return [] if below.any() else _longest(publication)
    service = publication.diagnosis.service
    group = publication.grouping
    lines = [labels.text("summary.worst")]
    for code, row in zip(table.index, table.head(count).to_dict("records"), strict=False):
        line = labels.text(
            f"summary.worst_{kind}", rank=int(row["rank"]),
            place=f"{row['nom']}, {row[group]}" if group else row["nom"], missing=row["missing"],
            concerned=row["concerned"], unit=service.unit, people=service.people_label,
            why=row["why"], certainty=row["certainty_label"], draws=_draws(publication, str(code)),
        )  # fmt: skip
        lines.append(f"  {line}")
    return lines


def _draws(publication: Publication, code: str) -> str:
    """Say in how many draws a commune is below the norm, and among the worst."""
    if publication.sure is None:
        return ""
    result = publication.sure.result
    shares = result.communes[["below_share", "worst_share"]].astype(np.float64)
    below, worst = shares.loc[code].to_numpy(np.float64)
    if np.isnan(below):
        return ""
    confidence = publication.sure.settings.confidence
    said = [percent_of_draws(float(each), confidence) for each in (below, worst)]
    key = "worst_draws_alone" if np.isnan(worst) else "worst_draws"
    return labels.text(f"summary.{key}", "fr", below=said[0], worst=result.worst, share=said[1])


def _longest(publication: Publication) -> list[str]:
    times = longest(publication)
    none = [
        labels.text("summary.in_part", nom=nom) if part else str(nom)
        for nom, part in times.beyond[["nom", "known_in_part"]].to_numpy()
    ]
    part = labels.text("cause.known_in_part")
    said = [
        f"{row['nom']} ({labels.text('units.minutes', value=row['nearest_min'])}"
        f"{part if row['known_in_part'] else ''})"
        for row in times.known.to_dict("records")
    ]
    lines = [labels.text("summary.longest", title=times.title, names=said)] if said else []
    if none:
        lines.insert(0, labels.text("summary.beyond", count=times.count, names=none))
    return lines


def _sureness(publication: Publication) -> str:
    """Say how many verdicts are solid, likely and fragile."""
    counts = publication.communes["certainty_label"].value_counts()
    said = {key: int(counts.get(labels.text(f"certainty.{key}"), 0))
            for key in ("solid", "likely", "fragile")}  # fmt: skip
    if publication.sure is None:
        return labels.text("summary.certainty", "fr", **said, variants=publication.variants)
    sure = publication.sure
    return labels.text(
        "summary.certainty_draws", "fr", **said, draws=sure.result.draws,
        confidence=sure.settings.confidence, least=publication.robustness.fragile,
    )  # fmt: skip
