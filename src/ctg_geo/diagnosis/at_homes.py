"""Access and gaps where people live, and what they come to for a commune."""

import pandas as pd

from ctg_geo.access import Catchment, summed, weighted_mean, weighted_mode, weighted_quantile
from ctg_geo.gap import MET, concerned, missing_supply
from ctg_geo.parameters import Service
from ctg_geo.territory import Homes

__all__ = ["at_homes", "care_column", "care_columns", "commune_access", "commune_minutes",
           "per_commune"]  # fmt: skip


def at_homes(
    homes: Homes,
    service: Service,
    people: pd.Series,
    near: pd.DataFrame,
    catchment: Catchment | None,
) -> pd.DataFrame:
    """Return what each place of demand meets.

    Parameters
    ----------
    homes : where people are
    people : by demand_id, those concerned
    near : by demand_id, see `ctg_geo.access.nearest`
    catchment : with a norm on supply

    Returns
    -------
    DataFrame by demand_id
        code_insee, demand, weight (share of its commune), nearest_min, destination, access
        (supply per person; NaN without a norm on supply), below, missing, concerned (NaN
        without a norm, and `below` false: there is no verdict); with several modes of care,
        what each offers (`care_column`), which sum to 100 times access.
    """
    table = pd.DataFrame({"code_insee": homes.code, "demand": people})
    table["weight"] = homes.share[service.demand]
    table["nearest_min"], table["destination"] = near["minutes"], near["destination"]
    norm = service.per_100
    if catchment is None or norm is None:
        table["access"] = float("nan")
        table["below"] = ~(table["nearest_min"] <= service.within_min) & service.judged
        table["missing"] = float("nan")
    else:
        table["access"] = catchment.access
        for mode in catchment.parts.columns:
            table[care_column(mode)] = 100 * catchment.parts[mode]
        table["below"] = catchment.access < norm / 100 * MET
        table["missing"] = missing_supply(catchment.access, people, norm=norm / 100)
    table["concerned"] = concerned(table["below"], people)
    if not service.judged:
        table["concerned"] = float("nan")
    return table


def care_column(mode: str) -> str:
    """Name the column of what one mode of care offers for 100 people."""
    return f"access_{mode}_per_100"


def care_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns of a table that `care_column` names."""
    named = [str(name) for name in table.columns]
    return [name for name in named if name.startswith("access_") and name.endswith("_per_100")
            and name != "access_per_100"]  # fmt: skip


def commune_minutes(minutes: pd.Series, homes: Homes, column: str) -> pd.Series:
    """Minutes of the median person of each commune; NaN where half of them reach nothing.

    Parameters
    ----------
    minutes : by demand_id, NaN where nothing is within reach
    homes : where people are, each place in one commune
    column : of `homes`, the people who are counted

    Returns
    -------
    Series by code_insee, minutes
    """
    return weighted_quantile(minutes, homes.share[column], homes.code, share=0.5)


def commune_access(access: pd.Series, homes: Homes, column: str) -> pd.Series:
    """Supply per person of each commune: the mean over its people, so that supply is conserved."""
    return weighted_mean(access, homes.share[column], homes.code)


def per_commune(local: pd.DataFrame, homes: Homes, column: str) -> pd.DataFrame:
    """Sum up what the people of each commune meet.

    Returns
    -------
    DataFrame by code_insee
        nearest_min (of the median person), destination (of the most people), access (mean),
        missing and concerned (sums), and the spread of times: time_mean (over those who reach
        a place), time_p10, time_p90, beyond_share (0-1: people beyond the norm),
        unreached_share (0-1: people who reach none).

    Notes
    -----
    A mean would hide a hamlet: `missing` and `concerned` are counted where people live, so
    that a commune which meets the norm on the whole may still miss some supply.
    """
    code, weight, minutes = local["code_insee"], local["weight"], local["nearest_min"]
    table = pd.DataFrame({"nearest_min": commune_minutes(minutes, homes, column)})
    table["destination"] = weighted_mode(local["destination"], weight, code)
    table["access"] = commune_access(local["access"], homes, column)
    for name in care_columns(local):
        table[name] = commune_access(local[name], homes, column)
    table["missing"] = summed(local["missing"], code)
    table["concerned"] = summed(local["concerned"], code)
    table["time_mean"] = weighted_mean(minutes, weight, code)
    table["time_p10"] = weighted_quantile(minutes, weight, code, share=0.1)
    table["time_p90"] = weighted_quantile(minutes, weight, code, share=0.9)
    table["beyond_share"] = weighted_mean(local["below"].astype(float), weight, code)
    table["unreached_share"] = weighted_mean(minutes.isna().astype(float), weight, code)
    return table
