"""All measures of one service, each as it is by itself."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import side_by_side
from ctg_geo.access.decay import steps

PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 15.0), ("a", "z", 25.0), ("b", "y", 5.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(
    PAIRS, limit_min=30, origins=["a", "b", "c"], destinations=["x", "y", "z"]
)


def test_each_measure_has_its_column():
    people, offer = pd.Series({"a": 40.0, "b": 20, "c": 3}), pd.Series({"x": 30.0, "y": 12, "z": 0})
    found = side_by_side(TIMES, people, offer, decay=steps([10, 20], [1, 0.5]))
    # of a. x: 30 / 40; y: 12 / (0.5 × 40 + 20), or 12 / 60 if all count alike; 2/3 go to x.
    expected = {
        "nearest_min": 5, "third_nearest_min": 25, "cumulative": 42, "gravity": 36,
        "two_step": 0.75 + 0.2, "e2sfca": 0.75 + 0.15, "m2sfca": 0.75 + 0.075,
        "three_step": 1.125 * 2 / 3 + 0.45 / 6, "bfca": 1.125 + 0.12,
        "spatial_availability": 36,
    }  # fmt: skip
    assert found.loc["a", list(expected)].to_dict() == pytest.approx(expected)
    # 63 people for 42 places, 1.5 each: a finds 40 / 45 + 5 / 60 at x, and y costs more
    assert found["raam"].tolist()[:2] == pytest.approx([40 / 45 + 5 / 60, 20 / 18 + 5 / 60])
    nothing = found.loc["c"]
    assert nothing[["nearest_min", "third_nearest_min", "raam"]].isna().all()
    assert (nothing.drop(["nearest_min", "third_nearest_min", "raam"]) == 0).all()
    assert np.isnan(found.loc["b", "third_nearest_min"])
