"""What the page computes with: access as a sum of places times slopes, exactly.

In every measure of which a new site changes nothing but what it adds (E2SFCA, 2SFCA, M2SFCA), the
people who come to a site do not depend on what it offers. So the mean access of a commune is
``Σ_j S_j · g_cj``, with `S_j` the places of site `j` and `g_cj` the supply per person that one
place there gives the people of commune `c`. A place may stand where it stands today, at the
chef-lieu of any commune of the territory, or where a plan puts it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.access import Rule
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.export.committee.plans import Plans, Proposal
from ctg_geo.travel import TravelTimes

__all__ = ["CommitteeModel", "committee_model"]

_SAME: Final = 1e-9
_NO_PLANS: Final = Plans()


@dataclass(frozen=True, slots=True, eq=False)
class CommitteeModel:
    """Slopes of the linear model; both tables are communes of the territory × sites."""

    here: pd.DataFrame  # places of today, by equipement_id
    sites: pd.DataFrame  # chefs-lieux of the territory by code_insee, then the sites of plans
    plans: Plans = _NO_PLANS

    def access(self, capacity: pd.Series, opened: pd.Series) -> pd.Series:
        """Return supply per person by commune: what the page computes.

        Parameters
        ----------
        capacity : of the places of today, where they stand today
        opened : capacity by site
        """
        whole = self.here.to_numpy() @ capacity.reindex(self.here.columns).to_numpy(np.float64)
        more = opened.reindex(self.sites.columns, fill_value=0.0).to_numpy(np.float64)
        return pd.Series(whole + self.sites.to_numpy() @ more, index=self.here.index)

    def under(self, plan: Proposal, today: pd.Series) -> pd.Series:
        """Return supply per person by commune under a plan.

        Parameters
        ----------
        today : capacity of the places of today
        """
        size = today.astype(float).copy()
        size.update(pd.Series(dict(plan.capacity), dtype=float))
        sites = [(plan.moved[code], float(size[code])) for code in plan.moved]
        sites += [(each.site, each.capacity) for each in plan.opened]
        more = pd.DataFrame(sites, columns=["site", "capacity"]).groupby("site")["capacity"].sum()
        return self.access(size.mask(size.index.isin(list(plan.moved)), 0.0), more.astype(float))


def committee_model(
    diagnosis: Diagnosis,
    to_chefs_lieux: TravelTimes,
    plans: Plans = _NO_PLANS,
    to_sites: TravelTimes | None = None,
) -> CommitteeModel:
    """Return the linear model of a diagnosis.

    Parameters
    ----------
    diagnosis : of a service judged on its supply, of one mode of care, not by 3SFCA
    to_chefs_lieux : times from its homes to the chefs-lieux of the territory
    plans : those the committee may start from
    to_sites : times to the further sites of these plans, where they need any

    Notes
    -----
    Held against the diagnosis: with the places of today the model gives its access to 1e-9.
    """
    assert diagnosis.sharing is not None, "a service judged on its supply shares it"
    (rule,) = diagnosis.sharing.rules.values()
    assert rule.linear_in_sites, "a site more changes nothing but what it adds"
    inside = diagnosis.territory.inside
    here, *sites = (
        _slopes(diagnosis, each, rule).loc[inside]
        for each in (diagnosis.times, to_chefs_lieux, to_sites) if each is not None
    )  # fmt: skip
    model = CommitteeModel(here, pd.concat(sites, axis="columns"), plans)
    today = model.access(diagnosis.equipements["capacity"], pd.Series(dtype=float))
    told = diagnosis.communes["access_per_100"].reindex(inside) / 100
    apart = (today - told).abs().max()
    assert not apart > _SAME, f"the model of the page is not the diagnosis: {apart}"
    return model


def _slopes(diagnosis: Diagnosis, times: TravelTimes, rule: Rule) -> pd.DataFrame:
    """Supply per person that one place at each site gives each commune: 0 where nobody comes.

    The mean over a commune is the one of its published access, that of the places where its
    people are; of a commune with nobody, that of its point.
    """
    near, sites = rule.used(times), len(times.destinations)
    homes = diagnosis.homes.loc[times.origins]
    codes, owner = np.unique(homes["code_insee"].to_numpy(str), return_inverse=True)
    coming = np.bincount(near.to, homes["demand"].to_numpy()[near.row] * near.come, sites)
    share = homes["weight"].to_numpy()[near.row] * near.use
    slope = np.divide(share, coming[near.to], out=np.zeros_like(share), where=coming[near.to] > 0)
    cells = np.bincount(owner[near.row] * sites + near.to, slope, len(codes) * sites)
    return pd.DataFrame(cells.reshape(len(codes), sites), index=codes, columns=times.destinations)
