"""Tables brought to another year: mergers, splits, new codes and names, each worked by hand."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

import mvt
from ctg_geo.config.study_file import MergersSource
from ctg_geo.errors import DataError, UnknownCodeError
from ctg_geo.sources import read_events
from ctg_geo.territory import Moves, moved

MADE = {"provider": "test", "licence": "test", "vintage": "test"}


@pytest.fixture
def events(tmp_path):
    def read(*rows):
        path = tmp_path / "v_mvt_commune_2026.csv"
        path.write_text(mvt.text(*rows), encoding="utf-8")
        return read_events(path, MergersSource(path=path.name, format="cog_mouvements", **MADE))

    return read


def table(**columns):
    index = pd.Index(columns.pop("codes"), name="code_insee", dtype=object)
    return pd.DataFrame(columns, index=index)


def keys(findings):
    return {(each.key, each.identifier) for each in findings}


VALHERBASSE = table(
    codes=["26184", "26210", "26297", "26362"],
    people=[300.0, 500.0, 200.0, 60_000.0],
    rate=[0.1, 0.2, 0.5, 0.3],
    nom=["Miribel", "Montrigaud", "Saint-Bonnet", "Valence"],
    epci=["E", "E", "E", "V"],
)
ALL = {"people": "count", "rate": "rate", "nom": "name", "epci": "label"}


def test_counts_add_up_rates_are_weighted_and_the_name_is_the_new_one(events):
    got, findings = moved(
        VALHERBASSE, events(*mvt.VALHERBASSE), to=2026, kinds=ALL, weights="people"
    )
    assert got.index.tolist() == ["26210", "26362"]
    assert got["people"].tolist() == [1000.0, 60_000.0]
    assert got["rate"].tolist() == pytest.approx([(30 + 100 + 100) / 1000, 0.3])
    assert got["nom"].tolist() == ["Valherbasse", "Valence"]
    assert keys(findings) == {("code_moved", "26184"), ("code_moved", "26297")}


def test_nothing_happens_before_its_day(events):
    got, findings = moved(VALHERBASSE, events(*mvt.VALHERBASSE), to=2018, kinds=ALL)
    pd.testing.assert_frame_equal(got, VALHERBASSE)
    assert findings == []


def test_a_rate_without_weights_is_refused_where_communes_merge(events):
    with pytest.raises(DataError, match=r"26184.*26210.*weights it"):
        moved(VALHERBASSE, events(*mvt.VALHERBASSE), to=2026, kinds={"rate": "rate"})
    alone = VALHERBASSE.loc[["26184", "26362"]]
    got, _ = moved(alone, events(*mvt.VALHERBASSE), to=2026, kinds={"rate": "rate"})
    assert got["rate"].to_dict() == {"26210": 0.1, "26362": 0.3}


@pytest.mark.parametrize(
    ("status", "whole"),
    [("secret", "secret"), ("not_available", "not_available"), ("estimated", "estimated")],
)
def test_a_sum_is_known_as_its_least_known_part_is(events, status, whole):
    given = VALHERBASSE[["people"]].assign(people_status="observed")
    given.loc["26184", "people_status"] = status
    if status != "estimated":
        given.loc["26184", "people"] = float("nan")
    got, _ = moved(given, events(*mvt.VALHERBASSE), to=2026, kinds={"people": "count"})
    assert got.loc["26210", "people_status"] == whole
    assert pd.isna(got.loc["26210", "people"]) == (status != "estimated")


def test_an_unknown_part_without_a_status_leaves_the_sum_unknown(events):
    given = VALHERBASSE[["people"]].replace(300.0, float("nan"))
    got, _ = moved(given, events(*mvt.VALHERBASSE), to=2026, kinds={"people": "count"})
    assert pd.isna(got.loc["26210", "people"])


def test_whole_numbers_stay_whole_numbers(events):
    given = VALHERBASSE[["people"]].astype("int64")
    got, _ = moved(given, events(*mvt.VALHERBASSE), to=2026, kinds={"people": "count"})
    assert got["people"].dtype == "int64"
    assert got["people"].sum() == 61_000


BEFORE_2024 = table(codes=["14001", "14003"], people=[900.0, 50.0])


def test_a_split_without_a_key_is_refused_by_name_and_day(events):
    with pytest.raises(DataError, match=r"14001.*2024-01-01.*14001, 14002.*sources\.splits"):
        moved(BEFORE_2024, events(*mvt.UNDONE), since=2023, to=2026, kinds={"people": "count"})


def test_a_split_with_a_key_shares_the_count_and_says_it_is_an_estimate(events):
    given = BEFORE_2024.assign(people_status="observed")
    key = {"14001": {"14001": 2 / 3, "14002": 1 / 3}}
    got, findings = moved(
        given, events(*mvt.UNDONE), since=2023, to=2026, kinds={"people": "count"}, key=key
    )
    assert got["people"].to_dict() == pytest.approx({"14001": 600, "14002": 300, "14003": 50})
    assert got["people_status"].tolist() == ["estimated", "estimated", "observed"]
    assert keys(findings) == {("code_split", "14001")}


def test_a_key_that_names_other_communes_is_refused(events):
    key = {"14001": {"14001": 0.5, "99999": 0.5}}
    with pytest.raises(DataError, match="names other communes"):
        moved(BEFORE_2024, events(*mvt.UNDONE), since=2023, to=2026,
              kinds={"people": "count"}, key=key)  # fmt: skip


def test_a_merger_that_was_undone_gives_back_each_commune_of_before_it(events):
    """Codes of 2015 go to 2026 by way of 2016-2023, where they were one: a key is needed."""
    given = table(codes=["14001", "14002"], people=[600.0, 300.0])
    key = {"14001": {"14001": 0.5, "14002": 0.5}}
    got, _ = moved(
        given, events(*mvt.UNDONE), since=2015, to=2026, kinds={"people": "count"}, key=key
    )
    assert got["people"].tolist() == [450.0, 450.0]


def test_a_restored_commune_whose_rows_do_not_tell_its_parent_is_taken_out_of_it(events):
    rows = [each for each in mvt.UNDONE if '"21","2024-01-01","COM","14001"' not in each]
    with pytest.raises(DataError, match=r"14001.*14001, 14002"):
        moved(BEFORE_2024, events(*rows), since=2023, to=2026, kinds={"people": "count"})


def test_back_in_time_a_restoration_is_a_merger_and_a_merger_a_split(events):
    today = table(codes=["14001", "14002"], people=[600.0, 300.0])
    got, _ = moved(today, events(*mvt.UNDONE), since=2026, to=2020, kinds={"people": "count"})
    assert got["people"].to_dict() == {"14001": 900.0}
    with pytest.raises(DataError, match=r"14001.*2016-01-01"):
        moved(got, events(*mvt.UNDONE), since=2020, to=2015, kinds={"people": "count"})


def test_a_delegated_commune_counts_for_its_commune_though_the_table_is_of_later(events):
    given = table(codes=["26184", "26362"], people=[300.0, 60_000.0])
    got, _ = moved(given, events(*mvt.VALHERBASSE), since=2022, to=2026, kinds={"people": "count"})
    assert got["people"].to_dict() == {"26210": 300.0, "26362": 60_000.0}


def test_codes_change_with_the_departement_and_names_by_decree(events):
    given = table(codes=["26001", "49380"], people=[10.0, 20.0], nom=["Ancien", "Freigné"])
    kinds = {"people": "count", "nom": "name"}
    got, findings = moved(
        given, events(*mvt.EXCHANGE, *mvt.RENAMED), since=2017, to=2026, kinds=kinds
    )
    assert got.index.tolist() == ["26001", "44225"]
    assert got["nom"].tolist() == ["Nouveau-Nom", "Loireauxence"]
    assert keys(findings) == {("code_moved", "49380"), ("commune_renamed", "26001")}
    early, _ = moved(given, events(*mvt.EXCHANGE, *mvt.RENAMED), since=2017, to=2021, kinds=kinds)
    assert early["nom"].tolist() == ["Ancien", "Loireauxence"]


def test_a_chain_over_years_and_within_a_day_is_followed_to_its_end(events):
    rows = (
        mvt.row("31", "2015-01-01", "01001", "01002"),
        mvt.row("31", "2015-01-01", "01002", "01002"),
        mvt.row("32", "2019-01-01", "01002", "01003"),
        mvt.row("32", "2019-01-01", "01003", "01003"),
        mvt.row("50", "2019-01-01", "01003", "01004"),
    )  # fmt: skip
    given = table(codes=["01001"], people=[7.0])
    got, _ = moved(given, events(*rows), since=2010, to=2026, kinds={"people": "count"})
    assert got["people"].to_dict() == {"01004": 7.0}
    half, _ = moved(given, events(*rows), since=2010, to=2016, kinds={"people": "count"})
    assert half["people"].to_dict() == {"01002": 7.0}


def test_a_commune_dissolved_among_its_neighbours_is_split(events):
    rows = (
        mvt.row("30", "2000-01-01", "45117", "45093"),
        mvt.row("30", "2000-01-01", "45117", "45313"),
        mvt.row("30", "2000-01-01", "45093", "45093"),
        mvt.row("30", "2000-01-01", "45313", "45313"),
    )  # fmt: skip
    given = table(codes=["45117", "45093"], people=[10.0, 5.0])
    key = {"45117": {"45093": 0.4, "45313": 0.6}}
    got, _ = moved(given, events(*rows), since=1999, to=2026, kinds={"people": "count"}, key=key)
    assert got["people"].to_dict() == pytest.approx({"45093": 9.0, "45313": 6.0})


def test_unknown_codes_are_refused_by_name(events):
    with pytest.raises(UnknownCodeError, match="99999"):
        moved(table(codes=["99999"], people=[1.0]), events(*mvt.VALHERBASSE), to=2026,
              kinds={"people": "count"}, known={"26210"})  # fmt: skip


@pytest.mark.parametrize(
    "pairs",
    [[("01001", "01002"), ("01001", "01003")], [("01001", "01002"), ("01002", "01001")]],
)
def test_what_a_day_does_not_tell_is_refused_where_it_matters_and_there_only(events, pairs):
    """Two successors at once, or a circle: it became one of them, and nothing says which."""
    made = events(*(mvt.row("31", "2019-01-01", before, after) for before, after in pairs))
    with pytest.raises(DataError, match=r"01001.*2019-01-01"):
        moved(table(codes=["01001"], people=[1.0]), made, since=2018, to=2026,
              kinds={"people": "count"})  # fmt: skip
    far = table(codes=["26184"], people=[1.0])
    got, _ = moved(far, made, since=2018, to=2026, kinds={"people": "count"})
    assert got["people"].to_dict() == {"26184": 1.0}


def test_a_table_of_today_goes_back_only_with_a_key(events):
    today = table(codes=["26210", "26362"], people=[1000.0, 5.0])
    with pytest.raises(DataError, match=r"26210.*26184, 26210, 26297"):
        moved(today, events(*mvt.VALHERBASSE), to=2018, kinds={"people": "count"})
    key = {"26210": {"26184": 0.3, "26210": 0.5, "26297": 0.2}}
    got, _ = moved(today, events(*mvt.VALHERBASSE), to=2018, kinds={"people": "count"}, key=key)
    assert got["people"].tolist() == pytest.approx([300, 500, 200, 5])


def test_shapes_are_united_and_never_split(events):
    squares = gpd.GeoDataFrame(
        {"nom": ["a", "b", "c"]}, index=pd.Index(["26184", "26210", "26362"], name="code_insee"),
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(5, 5, 6, 6)], crs="EPSG:2154",
    )  # fmt: skip
    kinds = {"nom": "name", "geometry": "shape"}
    got, _ = moved(squares, events(*mvt.VALHERBASSE), to=2026, kinds=kinds)
    assert isinstance(got, gpd.GeoDataFrame)
    assert got.crs == squares.crs
    assert got.geometry["26210"].equals(box(0, 0, 2, 1))
    assert got["nom"].to_dict() == {"26210": "Valherbasse", "26362": "c"}
    one = squares.iloc[:1].set_axis(["14001"])
    key = {"14001": {"14001": 0.5, "14002": 0.5}}
    with pytest.raises(DataError, match=r"14001.*14001.*new border"):
        moved(one, events(*mvt.UNDONE), since=2020, to=2026, kinds=kinds, key=key)


def test_the_year_of_a_table_is_told_by_its_codes(events):
    moves = Moves(events(*mvt.VALHERBASSE, *mvt.UNDONE))
    looks = {
        ("26362",): (None, None), ("26184",): (None, 2018), ("26210",): (None, None),
        ("14002",): (2024, None), ("14002", "26297"): (None, 2015),
    }  # fmt: skip
    for codes, (low, high) in looks.items():
        seen = moves.vintage(codes)
        if codes == ("14002",):  # a commune until 2015, and again since 2024
            assert (seen.low, seen.high, seen.mixed) == (2024, None, ())
        else:
            assert (seen.low, seen.high, seen.mixed) == (low, high, ()), codes


def test_in_a_complete_table_what_is_not_there_tells_too(events):
    moves = Moves(events(*mvt.VALHERBASSE))
    seen = moves.vintage(["26210", "26362"], complete=True)
    assert (seen.low, seen.high) == (2019, None)
    before = moves.vintage(["26210", "26184", "26297", "26362"], complete=True)
    assert (before.low, before.high) == (None, 2018)


def test_codes_of_years_that_never_met_are_mixed(events):
    rows = (*mvt.VALHERBASSE, mvt.row("50", "2022-01-01", "26001", "26999"))
    seen = Moves(events(*rows)).vintage(["26184", "26999", "26362"])
    assert seen.mixed
    assert set(seen.mixed) <= {"26184", "26999"}


def test_a_table_that_may_hold_a_commune_that_left_is_warned_of(events):
    got, findings = moved(BEFORE_2024, events(*mvt.UNDONE), to=2026, kinds={"people": "count"})
    assert got["people"].sum() == 950
    assert keys(findings) == {("split_suspected", "14001")}


def test_a_merger_of_which_a_part_is_not_in_the_table_is_warned_of(events):
    """26184 is of before 2019; 26210 may be the whole of today, and 26297 is not there."""
    for codes, parts in (
        (["26184", "26210", "26362"], ["26297"]), (["26184", "26297"], ["26210"]),
        (["26184", "26210", "26297"], None), (["26210", "26362"], None),
    ):  # fmt: skip
        some = table(codes=codes, people=[100.0] * len(codes))
        _, findings = moved(some, events(*mvt.VALHERBASSE), to=2026, kinds={"people": "count"})
        told = [each for each in findings if each.key == "merger_part_missing"]
        assert [(each.identifier, each.facts["parts"]) for each in told] == (
            [("26210", parts)] if parts else []
        )


def test_the_median_of_merged_communes_is_their_weighted_mean_and_an_estimate(events):
    got, _ = moved(
        VALHERBASSE, events(*mvt.VALHERBASSE), to=2026,
        kinds={"people": "count", "rate": "median"}, weights={"rate": "people"},
    )  # fmt: skip
    assert got["rate"].tolist() == pytest.approx([0.23, 0.3])
    assert got["people"].tolist() == [1000.0, 60_000.0]
    one = VALHERBASSE.assign(rate_status="observed")
    got, _ = moved(
        one, events(*mvt.VALHERBASSE), to=2026, kinds={"people": "count", "rate": "median"},
        weights={"rate": "people"},
    )  # fmt: skip
    assert got["rate_status"].tolist() == ["estimated", "observed"]


@pytest.mark.parametrize(
    ("classes", "kept", "status"),
    [([6, 6, 6, 1], 6, "observed"), ([5, 6, 6, 1], None, "not_available")],
)
def test_a_class_is_kept_where_all_parts_share_it_and_missing_elsewhere(
    events, classes, kept, status
):
    given = table(codes=list(VALHERBASSE.index), dens=classes, dens_status=["observed"] * 4)
    got, findings = moved(given, events(*mvt.VALHERBASSE), to=2026, kinds={"dens": "class"})
    assert got.at["26210", "dens_status"] == status
    assert pd.isna(got.at["26210", "dens"]) if kept is None else got.at["26210", "dens"] == kept
    assert got.at["26362", "dens"] == 1
    assert (("class_mixed", "26210") in keys(findings)) is (kept is None)


def test_a_rate_weighed_by_a_secret_count_is_secret(events):
    given = VALHERBASSE.assign(
        people=[float("nan"), 500, 200, 60_000],
        people_status=["secret", "observed", "observed", "observed"], rate_status="observed",
    )  # fmt: skip
    got, _ = moved(
        given, events(*mvt.VALHERBASSE), to=2026, kinds={"people": "count", "rate": "rate"},
        weights="people",
    )  # fmt: skip
    assert got["rate_status"].tolist() == ["secret", "observed"]
    assert got["people_status"].tolist() == ["secret", "observed"]
    assert got["rate"].isna().tolist() == [True, False]


def test_a_rate_of_nobody_counts_for_nothing_and_of_nobody_at_all_has_no_object(events):
    given = VALHERBASSE.assign(
        people=[0.0, 500, 200, 0], rate=[float("nan"), 0.2, 0.5, float("nan")],
        people_status="observed",
        rate_status=["not_applicable", "observed", "observed", "not_applicable"],
    )  # fmt: skip
    got, _ = moved(
        given, events(*mvt.VALHERBASSE), to=2026, kinds={"people": "count", "rate": "rate"},
        weights="people",
    )  # fmt: skip
    assert got.at["26210", "rate"] == pytest.approx(200 / 700)
    assert got["rate_status"].tolist() == ["observed", "not_applicable"]
