"""Groups of communes: the nearer of some poles by travel time, or as a list says."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ctg_geo.errors import ConfigError

__all__ = ["nearer_pole"]


def nearer_pole(
    minutes: pd.DataFrame, poles: Mapping[str, str], *, override: Mapping[str, str]
) -> pd.Series:
    """Give each commune the group of its nearest pole.

    Parameters
    ----------
    minutes : origins × pole communes (code_insee), `inf` where there is no route
    poles : group -> code_insee of its pole; on a tie the first group wins
    override : code_insee -> group, whatever the time

    Returns
    -------
    Series by origin: the group; "" where no pole can be reached

    Raises
    ------
    ConfigError
        If `override` names a commune that is not among the origins.
    """
    strangers = sorted(set(override) - set(minutes.index))
    if strangers:
        raise ConfigError("override_commune", codes=strangers)
    groups = list(poles)
    times = minutes[[poles[group] for group in groups]].to_numpy()
    chosen = np.array(groups, dtype=object)[times.argmin(axis=1)]
    chosen[~np.isfinite(times).any(axis=1)] = ""
    assigned = pd.Series(chosen, index=minutes.index, dtype=object)
    for code, group in override.items():
        assigned[code] = group
    return assigned
