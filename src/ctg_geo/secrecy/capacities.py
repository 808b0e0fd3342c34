"""Capacities of private operators: known by commune, where enough of them are there."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.parameters import SecrecyRule
from ctg_geo.quality import Finding
from ctg_geo.secrecy.primary import dominated
from ctg_geo.territory import Territory

__all__ = ["hide_capacities"]


def hide_capacities(
    territory: Territory, rules: Mapping[str, SecrecyRule], each: Mapping[str, float]
) -> Territory:
    """Tell the capacity of a service by commune only, and not where few places make it.

    In a commune with enough places of a file, none of which dominates, each place takes the
    mean of them: their sum is exact, no place is told. Elsewhere their capacities are secret
    and replaced by the one to assume, or unknown.

    Parameters
    ----------
    territory : places, each in its commune
    rules : by file, the rule that its capacities are under
    each : by file, the capacity to assume of a place; a file without one has none

    Returns
    -------
    the territory without those capacities, and findings that say how many
    """
    places, findings = territory.equipements.copy(), list(territory.findings)
    for file, rule in rules.items():
        under = places["from_file"] == file
        own = places[under & places["capacity"].notna()]
        cells = own["code_insee"].astype(str) + " " + own["service"].astype(str)
        if own.empty:
            continue
        secret = cells.map(dominated(pd.DataFrame({"cell": cells, "value": own["capacity"]}), rule))
        secret = secret.astype(bool)
        mean = own["capacity"].groupby(cells).transform("mean")
        assumed = each.get(file, float("nan"))
        places.loc[own.index, "capacity"] = np.where(secret, assumed, mean)
        hidden = contracts.SECRET if np.isnan(assumed) else contracts.ESTIMATED
        places.loc[own.index, "capacity_status"] = np.where(secret, hidden, contracts.ESTIMATED)
        facts: dict[str, object] = {"file": file, "count": int(secret.sum()), "of": len(own),
                                    "rule": rule.label}  # fmt: skip
        findings.append(Finding("warning", "secret_capacities", "equipements", file, facts))
    return replace(territory, equipements=places, findings=tuple(findings))
