"""What the gap of a commune is made of, what would close it, and how it varies inside."""

from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.access import Sharing, weighted_quantile
from ctg_geo.diagnosis.at_homes import care_column, commune_access
from ctg_geo.diagnosis.diagnosis import Diagnosis
from ctg_geo.diagnosis.few import solvable
from ctg_geo.gap import (
    CAUSES_OF_GAP,
    MET,
    Undefined,
    added_access_at,
    causes,
    causes_by,
    minutes_to_save,
    places_to_add,
    places_to_open,
)
from ctg_geo.travel import TravelTimes

__all__ = ["HIDDEN", "commune_gaps", "told_communes"]

HIDDEN: Final = "hidden"
"""Why a figure is not told: it rests on people who are secret, unknown or too few."""

_MORE_TOLD = 8  # equations on the people of a commune that these figures add to those of `few`
_BY_CARE = 3  # more of them, for each mode of care
_SHARES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
_SLIGHT = 1e-9  # of what is missing: the rounding of a sum


def told_communes(diagnosis: Diagnosis) -> pd.Index:
    """Return the communes whose people may be counted in what is told of gaps.

    Left out are those whose people are hidden, whose people below the norm are too few, and,
    under a rule of secrecy, those with so few places that what is told could be solved for
    the people of each.
    """
    table = diagnosis.communes
    told = table["demand"].notna() & (table["nearest_status"] != contracts.SECRET)
    if diagnosis.service.judged:
        told &= table["concerned"].notna()
    local = diagnosis.homes
    split = solvable(
        local["code_insee"],
        local["demand"],
        diagnosis.fewest,
        told=diagnosis.equations + _MORE_TOLD + _BY_CARE * len(diagnosis.service.care),
    )
    codes: pd.Index = table.index[told.to_numpy()].difference(split, sort=False)
    return codes


def commune_gaps(
    diagnosis: Diagnosis, told: pd.Index, to_sites: TravelTimes | None
) -> pd.DataFrame:
    """Tell of each commune what its gap is made of and what would close it.

    Parameters
    ----------
    diagnosis : of one service
    told : see `told_communes`
    to_sites : from homes to where places could be added, by code_insee (the chefs-lieux of
        the territory), as far as people go; needed with a norm on supply

    Returns
    -------
    DataFrame by code_insee of the territory
        With a norm on supply: gap_distance, gap_saturation, gap_lack (in the unit of supply;
        they sum to what is missing), gap_main (the largest, or empty), parts_undefined,
        places_to_add (at the chef-lieu, so that the commune as a whole has the norm),
        places_undefined (for want of a chef-lieu that people reach), access_p10, access_p50,
        access_p90 (supply for 100 people of the worst tenth, the median and the best served tenth
        of its people),
        distance_to_norm (supply for 100, negative below). With a norm on time alone:
        minutes_to_save (for the median person), minutes_undefined, minutes_from_norm
        (negative within). With several modes of care also, by mode, gap_distance_<mode> and
        gap_saturation_<mode>, which sum to the whole, and places_to_add_<mode>, of that mode
        alone; places_to_add is not told then. Without a norm no column. What is undefined is NaN
        beside the key of its reason.

    Notes
    -----
    Adding the places and diagnosing again gives the norm, exactly. The needs of two communes
    do not add up: a place serves neighbours too.
    """
    service = diagnosis.service
    if not service.judged:
        return pd.DataFrame(index=diagnosis.communes.index)
    if diagnosis.catchment is None:
        return _on_time(diagnosis)
    assert to_sites is not None, "times to where places could be added"
    return pd.concat(
        [_parts(diagnosis, told), _to_add(diagnosis, told, to_sites), _inside(diagnosis, told)],
        axis=1,
    )


def _on_time(diagnosis: Diagnosis) -> pd.DataFrame:
    table, within = diagnosis.communes, diagnosis.service.within_min
    secret = table["nearest_status"] == contracts.SECRET
    saved = minutes_to_save(table["nearest_min"], within_min=within)
    return pd.DataFrame({
        "minutes_to_save": saved["minutes"],
        "minutes_undefined": saved["undefined"].mask(secret, HIDDEN),
        "minutes_from_norm": table["nearest_min"] - within,
    })  # fmt: skip


def _norm(diagnosis: Diagnosis) -> float:
    return (diagnosis.service.per_100 or 0.0) / 100


def _parts(diagnosis: Diagnosis, told: pd.Index) -> pd.DataFrame:
    """Split what is missing by cause."""
    local, codes, sharing = diagnosis.homes, diagnosis.communes.index, _sharing(diagnosis)
    found = causes(
        diagnosis.times, local["demand"], diagnosis.equipements["capacity"], sharing=sharing,
        norm=_norm(diagnosis),
    )  # fmt: skip
    keys = list(sharing.rules) if sharing.modal else []
    of_care = [f"{cause}_{key}" for key in keys for cause in ("distance", "saturation")]
    parts = (*CAUSES_OF_GAP, *of_care)
    names = {each: f"gap_{each}" for each in parts} | {"main": "gap_main"}
    if isinstance(found, Undefined):
        table = pd.DataFrame(np.nan, codes, list(names.values())).astype({"gap_main": object})
        return table.assign(gap_main="", parts_undefined=found.reason)
    summed = causes_by(found, local["demand"], local["code_insee"])
    table = pd.DataFrame(summed.loc[codes, list(names)]).rename(columns=names)
    hidden = ~codes.isin(told)
    numbers = [names[each] for each in parts]
    whole = [names[each] for each in CAUSES_OF_GAP]
    table.loc[hidden, numbers] = np.nan
    table.loc[hidden, "gap_main"] = ""
    for name in numbers:  # −0 and the rounding of sums
        small = table[name].abs() <= _SLIGHT * table[whole].abs().sum(axis=1)
        table[name] = table[name].mask(small, 0.0)
    return table.assign(parts_undefined=np.where(hidden, HIDDEN, ""))


def _to_add(diagnosis: Diagnosis, told: pd.Index, to_sites: TravelTimes) -> pd.DataFrame:
    """Tell how many places at its chef-lieu would give each commune the norm, mode by mode."""
    local, codes, sharing = diagnosis.homes, diagnosis.communes.index, _sharing(diagnosis)
    hidden = ~codes.isin(told)
    nobody = local.groupby("code_insee")["demand"].sum().reindex(codes).to_numpy() <= 0
    level = diagnosis.communes["access_per_100"] / 100
    at = pd.Series(codes, index=codes)
    columns: dict[str, pd.Series] = {}
    why: pd.Series
    for key, rule in sharing.rules.items():
        name = f"_{key}" if sharing.modal else ""
        if not rule.linear_in_sites:
            found = _to_open(diagnosis, key, to_sites, level)
            columns[f"places_to_add{name}"] = found["places"]
            why = found["undefined"]
        else:
            slope = added_access_at(
                to_sites, local["demand"], local["code_insee"], at, sharing=Sharing({"": rule})
            )
            found = places_to_add(level, slope, norm=_norm(diagnosis), at=at)
            columns[f"places_to_add{name}"] = found["places"]
            why = found["undefined"]
        why = why.mask(nobody & (why != "").to_numpy(), "nobody").mask(hidden, HIDDEN)
        columns[f"places_to_add{name}"] = columns[f"places_to_add{name}"].mask(hidden)
        columns[f"places{name}_undefined"] = why
    return pd.DataFrame(columns)


def _to_open(
    diagnosis: Diagnosis, key: str, to_sites: TravelTimes, level: pd.Series
) -> pd.DataFrame:
    """Tell what a new place at each chef-lieu must offer, where it changes how people divide."""
    local, codes, sharing = diagnosis.homes, diagnosis.communes.index, _sharing(diagnosis)
    places, access = diagnosis.equipements, local["access"]
    if sharing.modal:  # what the other modes bring stays as it is
        own = (places["care"] == key).to_numpy()
        access = local[care_column(key)] / 100
    else:
        own = np.ones(len(places), dtype=bool)
    short = level.index[level < _norm(diagnosis) * MET]
    of_mode = commune_access(access, diagnosis.territory.homes, diagnosis.service.demand)
    opened = places_to_open(
        diagnosis.times.to_destinations(own), to_sites, local["demand"],
        places["capacity"][own], local["code_insee"], rule=sharing.rules[key],
        norm=_norm(diagnosis) - (level - of_mode)[short],
    )  # fmt: skip
    met = pd.DataFrame({"places": 0.0, "undefined": ""}, index=codes.difference(short))
    return pd.concat([met, opened]).reindex(codes)


def _sharing(diagnosis: Diagnosis) -> Sharing:
    assert diagnosis.sharing is not None, "a service judged on its supply shares it"
    return diagnosis.sharing


def _inside(diagnosis: Diagnosis, told: pd.Index) -> pd.DataFrame:
    """Tell how access varies among the people of each commune."""
    local, codes = diagnosis.homes, diagnosis.communes.index
    found = {
        f"access_{name}": 100 * weighted_quantile(
            local["access"], local["weight"], local["code_insee"], share=share
        ).reindex(codes)
        for name, share in _SHARES.items()
    }  # fmt: skip
    table = pd.DataFrame(found)
    if diagnosis.fewest:
        table.loc[~codes.isin(told)] = np.nan
    table["distance_to_norm"] = diagnosis.communes["access_per_100"] - 100 * _norm(diagnosis)
    return table
