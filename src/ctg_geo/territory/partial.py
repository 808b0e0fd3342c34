"""Counts of places known in part: an unknown number is no zero, and says so to the end."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.quality import Finding
from ctg_geo.sources import TableRead
from ctg_geo.territory.mergers import ends
from ctg_geo.territory.vintages import Moves

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["known_in_part", "partial_counts"]

_COLUMNS = ("service", "code_insee")


def partial_counts(
    equipements: Sequence[tuple[TableRead, EquipementsSource]],
    area: "gpd.GeoDataFrame",
    moves: Moves,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the communes of which a file does not know all the places of a service.

    Parameters
    ----------
    equipements : what was read, `partial` where files count places
    area : by code_insee: nom
    moves : what codes became: a commune is known in part where one of its parts is

    Returns
    -------
    table of service and code_insee, each pair once, sorted; a finding for each, by file
    """
    rows, findings = set[tuple[str, str]](), list[Finding]()
    for each, source in equipements:
        if each.partial is None or each.partial.empty:
            continue
        became = ends(pd.Index(each.partial["code_insee"].unique()), moves, cog=source.cog)
        known = each.partial["status"] == contracts.ESTIMATED
        found: dict[tuple[str, str], bool] = {}
        for service, code, part in zip(
            each.partial["service"], each.partial["code_insee"], known, strict=True
        ):
            for new in became[str(code)]:
                if new in area.index:
                    pair = (str(service), new)
                    found[pair] = found.get(pair, False) or bool(part) or new != str(code)
        findings += [
            Finding("warning", "count_estimated" if part else "count_unknown", each.name, code,
                    {"nom": area.at[code, "nom"], "service": service})
            for (service, code), part in sorted(found.items())
        ]  # fmt: skip
        rows |= found.keys()
    return pd.DataFrame(sorted(rows), columns=list(_COLUMNS), dtype=object), findings


def known_in_part(partial: pd.DataFrame, services: Collection[str]) -> pd.Index:
    """Return the communes of which some places of some of these services may be missing.

    Parameters
    ----------
    partial : counts known in part (`Territory.partial`), columns service and code_insee
    services : keys of the services asked about

    Returns
    -------
    Index of code_insee, increasing
    """
    own = partial[partial["service"].isin(list(services))]
    codes: pd.Index = pd.Index(sorted(set(own["code_insee"])), dtype=object)
    return codes
