"""How far computed times are from observed ones: overall, by class of road, by surroundings."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["MEASURES", "error_table", "scores"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

MEASURES: Final = ("bias_min", "mae_min", "rmse_min", "mape", "p90_relative")


def scores(observed: Floats, computed: Floats) -> dict[str, float]:
    """Return n, bias (computed − observed), MAE and RMSE in minutes, MAPE and P90 as shares.

    NaN where there is no trip.

    >>> said = scores(np.array([10.0, 20.0]), np.array([11.0, 18.0]))
    >>> said["n"], said["bias_min"], said["mae_min"], round(said["mape"], 3)
    (2.0, -0.5, 1.5, 0.1)
    """
    from sklearn.metrics import (  # noqa: PLC0415  (heavy)
        mean_absolute_error,
        mean_absolute_percentage_error,
        root_mean_squared_error,
    )

    if not len(observed):
        return {"n": 0.0, **dict.fromkeys(MEASURES, np.nan)}
    relative = np.abs(computed - observed) / observed
    return {
        "n": float(len(observed)),
        "bias_min": float(np.mean(computed - observed)),
        "mae_min": float(mean_absolute_error(observed, computed)),
        "rmse_min": float(root_mean_squared_error(observed, computed)),
        "mape": float(mean_absolute_percentage_error(observed, computed)),
        "p90_relative": float(np.percentile(relative, 90)),
    }


def error_table(
    observed: Floats, computed: Mapping[str, Floats], dominant: Objects, urban: Bools
) -> pd.DataFrame:
    """Return one row per part of the trips and way of computing them.

    Parameters
    ----------
    observed : minutes, by trip
    computed : minutes by trip, for each way of computing (before, after, unseen)
    dominant : class of road that each trip follows longest
    urban : by trip, whether it starts in a built-up area

    Returns
    -------
    DataFrame
        Columns by (all, class, surroundings), part, computed, n and `MEASURES`. A way of
        computing that knows nothing of a trip (NaN) leaves it out.
    """
    parts: list[tuple[str, str, Bools]] = [("all", "", np.ones(len(observed), dtype=bool))]
    parts += [("class", str(key), dominant == key) for key in sorted(set(dominant) - {""})]
    parts += [("surroundings", "urban", urban), ("surroundings", "rural", ~urban)]
    rows = []
    for by, part, mine in parts:
        if not mine.any():
            continue
        for way, minutes in computed.items():
            known = mine & np.isfinite(minutes)
            told = scores(observed[known], minutes[known])
            rows.append({"by": by, "part": part, "computed": way, **told})
    return pd.DataFrame(rows)
