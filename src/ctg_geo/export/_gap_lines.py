"""What is told of gaps in sentences: why supply is missing, how unequal, where."""

from typing import Final

from ctg_geo import labels
from ctg_geo.diagnosis import Gaps
from ctg_geo.export._gap_words import reason_word
from ctg_geo.export.adding_up import missed_by
from ctg_geo.export.publish import Publication
from ctg_geo.export.zone_words import around

__all__ = ["gap_lines"]

_BY_CARE: Final = ("distance", "saturation")  # causes that each mode of care has
_SHOWN: Final = 5  # communes named in a sentence
_ZONES: Final = 8  # areas told in sentences


def gap_lines(publication: Publication) -> list[str]:
    """Say why supply is missing, how unequal access is, and where the areas are."""
    if publication.gaps is None or not publication.diagnosis.service.judged:
        return []
    return [*_why(publication, publication.gaps), *_unequal(publication, publication.gaps),
            *_where(publication, publication.gaps)]  # fmt: skip


def _why(publication: Publication, gaps: Gaps) -> list[str]:
    table = gaps.communes
    if "gap_lack" not in table.columns or not publication.groups[""].iloc[0]["missing"] > 0:
        return []
    service = publication.diagnosis.service
    of_care = [f"{name}_{key}" for key in service.care for name in _BY_CARE]
    parts = {name: float(table[f"gap_{name}"].sum())
             for name in (*(of_care or _BY_CARE), "lack")}  # fmt: skip
    if not sum(parts.values()) > 0:
        return []
    whole = {name: sum(each for key, each in parts.items() if key.startswith(name))
             for name in (*_BY_CARE, "lack")}  # fmt: skip
    lines = [labels.text("gaps.why", "fr", **whole, unit=service.unit)]
    told = missed_by(whole.values(), sum(whole.values()))
    if told is not None:
        lines[0] += " " + labels.text("gaps.why_rounded", parts=told, whole=sum(whole.values()),
                                      unit=service.unit)  # fmt: skip
    for key, care in service.care.items():
        mine = {name: parts[f"{name}_{key}"] for name in _BY_CARE}
        lines.append("  – " + labels.text("gaps.why_care", "fr", care=care.label, **mine))
    of_modes = [missed_by((parts[f"{name}_{key}"] for key in service.care), whole[name])
                for name in _BY_CARE if of_care]  # fmt: skip
    if any(each is not None for each in of_modes):
        lines.append("  " + labels.text("gaps.why_care_rounded"))
    return lines


def _unequal(publication: Publication, gaps: Gaps) -> list[str]:
    """Tell the Gini index, and the split of Theil's by the first grouping."""
    if publication.diagnosis.catchment is None:
        return []
    table = gaps.indices
    of_whole = table[(table["grouping"] == "") & (table["index"] == "gini")].iloc[0]
    people = publication.diagnosis.service.people_label
    if of_whole["undefined"]:
        return [labels.text("gaps.no_gini", reason=reason_word(str(of_whole["undefined"])))]
    lines = [labels.text("gaps.gini", gini=float(of_whole["value"]), people=people)]
    split = table[(table["grouping"] == publication.grouping) & (table["group"] == "")]
    values = split.set_index("index")["value"]
    total = float(values.sum()) if len(values) else 0.0
    if total > 0:
        between = max(0.0, float(values["theil_between"])) / total
        label = publication.group_labels[str(publication.grouping)]
        lines.append(labels.text("gaps.theil", between=between, within=1 - between,
                                 grouping=label))  # fmt: skip
    return lines


def _where(publication: Publication, gaps: Gaps) -> list[str]:
    """Tell the areas below the norm, those with most people first."""
    zones = gaps.zones
    if not (zones["people"] > 0).any():
        return []
    facts: dict[str, object] = {"count": len(zones), "pieces": int(zones["piece"].nunique())}
    lines = [labels.text("gaps.zones", "fr", **facts)]
    told = zones[zones["people"] > 0].head(_ZONES)
    service = publication.diagnosis.service
    for number, row in zip(told.index, told.to_dict("records"), strict=True):
        names = str(row["communes"]).split(", ")
        size = "" if len(names) <= _SHOWN else "_large"
        kind = "supply" if publication.diagnosis.catchment is not None else "time"
        lines.append("  " + labels.text(
            f"gaps.zone_{kind}{size}", number=int(number),
            around=_capital(around(str(row["name"]))),
            people=float(row["people"]), label=service.people_label,
            share=float(row["people_share"]), names=", ".join(names), count=len(names),
            area=float(row["area_km2"]), missing=float(row["missing"]), unit=service.unit,
        ))  # fmt: skip
    lines += _rounded(publication, [float(each) for each in told["missing"]])
    if len(zones) > len(told):
        lines.append("  " + labels.text("gaps.zones_more", count=len(zones) - len(told)))
    return lines


def _rounded(publication: Publication, missing: list[float]) -> list[str]:
    """Own to it where the figures of the areas, as printed, miss that of the whole by rounding."""
    whole = float(publication.groups[""].iloc[0]["missing"])
    printed = missed_by(missing, whole)
    if printed is None:
        return []
    return ["  " + labels.text("gaps.zones_rounded", zones=printed, whole=whole,
                               unit=publication.diagnosis.service.unit)]  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
