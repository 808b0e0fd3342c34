"""What the page computes with: access as a sum of places times slopes, exactly.

In every measure of which a new site changes nothing but what it adds (E2SFCA, 2SFCA, M2SFCA), the
people who come to a site do not depend on what it offers. So the mean access of a commune is
``Σ_j S_j · g_cj``, with `S_j` the places of site `j` and `g_cj` the supply per person that one
place there gives the people of commune `c`. A place may stand where it stands today, or at the
chef-lieu of any commune of the territory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.access import Rule
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.travel import TravelTimes

__all__ = ["CommitteeModel", "Proposal", "committee_model"]

_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that the committee may compare with: places by site, those of today left out.

    `capacity` gives places of today another size (0: closed); `opened` adds places at the
    chefs-lieux of communes.
    """

    name: str
    motive: str
    capacity: Mapping[str, float]
    opened: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class CommitteeModel:
    """Slopes of the linear model; both tables are communes of the territory × sites."""

    here: pd.DataFrame  # places of today, by equipement_id
    chefs_lieux: pd.DataFrame  # by code_insee
    proposals: tuple[Proposal, ...] = ()

    def access(self, capacity: pd.Series, opened: pd.Series) -> pd.Series:
        """Return supply per person by commune: what the page computes."""
        whole = self.here.to_numpy() @ capacity.reindex(self.here.columns).to_numpy(np.float64)
        more = opened.reindex(self.chefs_lieux.columns, fill_value=0.0).to_numpy(np.float64)
        return pd.Series(whole + self.chefs_lieux.to_numpy() @ more, index=self.here.index)


def committee_model(
    diagnosis: Diagnosis, to_sites: TravelTimes, proposals: Sequence[Proposal] = ()
) -> CommitteeModel:
    """Return the linear model of a diagnosis.

    Parameters
    ----------
    diagnosis : of a service judged on its supply, of one mode of care, not by 3SFCA
    to_sites : times from its homes to the chefs-lieux of the territory

    Notes
    -----
    Held against the diagnosis: with the places of today the model gives its access to 1e-9.
    """
    assert diagnosis.sharing is not None, "a service judged on its supply shares it"
    (rule,) = diagnosis.sharing.rules.values()
    assert rule.linear_in_sites, "a site more changes nothing but what it adds"
    here, chefs_lieux = (_slopes(diagnosis, each, rule) for each in (diagnosis.times, to_sites))
    inside = diagnosis.territory.inside
    model = CommitteeModel(here.loc[inside], chefs_lieux.loc[inside], tuple(proposals))
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
