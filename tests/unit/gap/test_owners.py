"""The gaps of communes and groups, by hand and against each measure alone."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import DataError
from ctg_geo.gap import (
    by_income,
    by_owner,
    concerned,
    gini,
    minutes_by_owner,
    missing_supply,
    palma,
    poverty,
    quantile,
    theil,
)

HOMES = ["h1", "h2", "h3", "h4", "h5", "h6"]
OWNER = pd.Series(["b", "b", "a", "a", "c", "d"], HOMES)
ACCESS = pd.Series([0.0, 0.3, 0.1, 0.25, 0.0, 0.5], HOMES)
PEOPLE = pd.Series([10.0, 30.0, 20.0, 20.0, 5.0, 0.0], HOMES)
MINUTES = pd.Series([40.0, 5.0, 12.0, 25.0, np.nan, 3.0], HOMES)


def test_every_figure_of_an_owner_is_the_measure_of_its_places():
    table = by_owner(ACCESS, PEOPLE, OWNER, norm=0.2)
    assert list(table.index) == ["a", "b", "c", "d"]
    for name in ("a", "b", "c"):
        inside = OWNER.eq(name)
        access, people = ACCESS[inside], PEOPLE[inside]
        row = table.loc[name]
        assert row["missing"] == pytest.approx(missing_supply(access, people, norm=0.2).sum())
        assert row["concerned"] == concerned(access < 0.2, people).sum()
        assert row["access_p90"] == quantile(access, people, share=0.9)
        for power in (0, 1, 2):
            expected = poverty(access, people, norm=0.2, power=power)
            assert row[f"fgt_{power}"] == pytest.approx(expected)
        if name != "c":
            assert row["gini"] == pytest.approx(gini(access, people))
            assert row["theil"] == pytest.approx(theil(access, people))


def test_an_average_hides_a_hamlet_and_the_tenth_does_not():
    row = by_owner(ACCESS, PEOPLE, OWNER, norm=0.2).loc["b"]
    assert row["distance_to_norm"] == pytest.approx(0.025)  # (0 × 10 + 0.3 × 30) / 40 - 0.2
    assert (row["access_p10"], row["missing"], row["concerned_share"]) == (0, 2, 0.25)


def test_each_missing_figure_has_its_reason():
    table = by_owner(ACCESS, PEOPLE, OWNER, norm=0.2)
    assert table["undefined"].tolist() == ["", "", "", "nobody"]
    assert table["inequality_undefined"].tolist() == ["", "", "all_zero", "nobody"]
    for column in ("access", "access_p10", "fgt_1", "concerned_share"):
        assert (table[column].isna() == (table["undefined"] != "")).all()
    for column in ("gini", "theil"):
        assert (table[column].isna() == (table["inequality_undefined"] != "")).all()


def test_levels_have_the_same_people_and_places_missing():
    own = pd.Series(HOMES, HOMES)
    one, two, all_ = (
        by_owner(ACCESS, PEOPLE, owner, norm=0.2)
        for owner in (own, OWNER, own.map(lambda _: "all"))
    )
    for column in ("places", "people", "missing", "concerned"):
        assert one[column].sum() == two[column].sum() == pytest.approx(all_[column].sum())


def test_times_of_an_owner():
    table = minutes_by_owner(MINUTES, PEOPLE, OWNER, within_min=20)
    assert table.loc["b", ["minutes_p10", "minutes_p50", "minutes_p90"]].tolist() == [5, 5, 40]
    assert table.loc["a", ["beyond", "beyond_share", "minutes_over"]].tolist() == [20, 0.5, 0]
    assert table.loc["c", ["beyond", "minutes_p50_undefined"]].tolist() == [5, "no_value"]
    assert table.loc["d", "minutes_p50_undefined"] == "nobody"


def test_indices_by_income_of_an_owner():
    income = pd.Series([10.0, 20.0, 20.0, 10.0, 10.0, np.nan], HOMES)
    table = by_income(ACCESS, PEOPLE, income, OWNER)
    alone = palma(ACCESS[OWNER == "a"], PEOPLE, income)
    assert table.loc["a", "palma"] == alone.value
    reasons = table["concentration_undefined"].tolist()
    assert reasons == ["", "", "one_income", "no_income"]
    assert table["ranked"].tolist() == [40, 40, 5, 0]


def test_a_place_without_an_owner_is_told():
    with pytest.raises(DataError, match="h2 is in no group"):
        by_owner(ACCESS, PEOPLE, OWNER.where(OWNER.index != "h2"), norm=0.2)


def test_who_is_just_at_the_norm_lacks_nothing():
    row = by_owner(ACCESS, PEOPLE, OWNER, norm=0.25).loc["a"]  # 20 at 0.1, 20 at 0.25
    assert (row["concerned"], row["concerned_share"], row["fgt_0"]) == (20, 0.5, 0.5)
    assert row["missing"] == pytest.approx((0.25 - 0.1) * 20)


def test_one_person_is_somebody_and_a_little_is_something():
    one = by_owner(pd.Series([0.3]), pd.Series([1.0]), pd.Series(["a"]), norm=0.2).loc["a"]
    assert (one["undefined"], one["inequality_undefined"]) == ("", "")
    assert (one["people"], one["gini"], one["theil"]) == (1, 0, 0)
    minutes = minutes_by_owner(pd.Series([21.0]), pd.Series([1.0]), pd.Series(["a"]), within_min=20)
    row = minutes.loc["a"]
    assert (row["minutes_p50_undefined"], row["beyond"], row["minutes_over"]) == ("", 1, 1)
