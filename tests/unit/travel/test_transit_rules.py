"""Changes between stops, departures summed up, and what an outing may be."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from ctg_geo.network import Timetable, ordered
from ctg_geo.parameters import Outing, TransitRules, TravelProfile
from ctg_geo.travel import TravelTimes
from ctg_geo.travel.transit.search import rank_of
from ctg_geo.travel.transit.walks import changes

OUTING = {"label": "x", "weekday": "monday", "leave_from": "13:00", "leave_until": "14:00"}
CODES = ["A", "B", "C"]
NO_RIDES = ordered(*(np.zeros(0, bool if k in (5, 6) else np.int64) for k in range(8)))


def told(rules, *rows):
    """Return the changes between stops A, B (one station, 100 m apart) and C, as seconds."""
    stops = pd.DataFrame(
        {"name": "", "x": [0.0, 100.0, 900.0], "y": 0.0, "station": ["S", "S", ""]}, index=CODES
    )
    feed = pd.DataFrame(rows, columns=["from_stop", "to_stop", "least_ms"], dtype=np.int64)
    walks = pd.DataFrame({"origin": ["A", "B"], "destination": ["C", "A"], "minutes": [9.0, 3.0]})
    between = TravelTimes.from_frame(walks, limit_min=10, origins=CODES, destinations=CODES)
    start, end, ms = changes(Timetable(stops, "EPSG:2154", NO_RIDES, feed), between, rules, 6.0)
    names = np.array(CODES)
    return {f"{names[a]}{names[b]}": t / 1000 for a, b, t in zip(start, end, ms, strict=True)}


def test_one_changes_on_the_spot_on_foot_and_inside_a_station():
    # 100 m at 6 km/h are 60 s, shorter than the 3 minutes by road
    assert told(TransitRules(change_min=0.5)) == {
        "AA": 30, "BB": 30, "CC": 30, "AC": 540, "AB": 60, "BA": 60,
    }  # fmt: skip


def test_no_change_is_shorter_than_the_least_time():
    assert told(TransitRules(change_min=2))["AB"] == 120


def test_the_feed_has_the_last_word():
    found = told(TransitRules(change_min=2), (0, 1, 0), (1, 0, -1), (2, 2, 300_000), (2, 0, 60_000))
    assert (found["AB"], found["CC"], found["CA"]) == (0, 300, 60)
    assert "BA" not in found


@pytest.mark.parametrize(
    ("percentile", "departures", "rank"),
    [(0, 120, 0), (50, 120, 59), (50, 121, 60), (100, 120, 119), (1, 10, 0), (50, 1, 0)],
)
def test_the_rank_is_the_nearest(percentile, departures, rank):
    assert rank_of(percentile, departures) == rank


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": "2026-01-14"},
        {"leave_until": "13:00"},
        {"stay_min": 30},
        {"home_by": "12:00"},
        {"leave_from": "1:00"},
        {"weekday": None},
    ],
)
def test_an_outing_that_cannot_be_is_refused(wrong):
    Outing(**OUTING)
    with pytest.raises(ValidationError):
        Outing(**(OUTING | wrong))


def test_only_a_walker_takes_a_bus():
    with pytest.raises(ValidationError):
        TravelProfile(label="x", mode="car", default_kmh=5, source="x", transit=TransitRules())
