"""Observed times at the door: every way of telling an end, and what is refused, in words."""

import pandas as pd
import pytest
from pydantic import ValidationError
from pyproj import Transformer

from ctg_geo.config.trip_source import TripSource
from ctg_geo.errors import CalibrationError, DataError, MissingColumnError
from ctg_geo.sources import read_observed

CRS = "EPSG:2154"


def source(**more):
    return TripSource(path="t.csv", provider="t", licence="t", vintage="2026", **more)


def read(tmp_path, text, **more):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read_observed(path, source(**more), crs=CRS)


def defects(tmp_path, text, **more):
    with pytest.raises(DataError) as caught:
        read(tmp_path, text, **more)
    return caught.value


def test_communes_by_their_usual_names(tmp_path):
    found = read(tmp_path, "origine;arrivee;duree\n01001;2A004;12,5\n", decimal=",")
    row = found.table.iloc[0]
    assert (row["code"], row["to_code"], row["minutes"], row["row"]) == ("01001", "2A004", 12.5, 2)


def test_minutes_may_have_a_comma_or_a_point_without_saying_which(tmp_path):
    found = read(tmp_path, "origine;arrivee;minutes\n01001;01002;12,5\n01001;01003;7.25\n")
    assert found.table["minutes"].tolist() == [12.5, 7.25]


def test_a_service_of_the_source_and_a_column_of_arrivals_contradict_each_other(tmp_path):
    with pytest.raises(CalibrationError) as caught:
        read(tmp_path, "origine;arrivee;minutes\n01001;01002;9\n", service="creche")
    assert (caught.value.reason, caught.value.facts["columns"]) == ("two_destinations", ["arrivee"])
    assert caught.value.explain("fr")


def test_coordinates_come_in_metres(tmp_path):
    found = read(
        tmp_path,
        "lon_depart,lat_depart,lon_arrivee,lat_arrivee,minutes\n4.9,45.0,5.0,45.1,14\n",
    )
    x, y = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(5.0, 45.1)
    assert found.table.loc[0, ["to_x", "to_y"]].tolist() == pytest.approx([x, y])


def test_a_cell_of_insee_is_its_middle(tmp_path):
    found = read(tmp_path, "idcar_200m;duree\nCRS3035RES200mN2470000E3930000;7\n", service="creche")
    x, y = Transformer.from_crs("EPSG:3035", CRS, always_xy=True).transform(3930100, 2470100)
    assert found.table.loc[0, ["x", "y"]].tolist() == pytest.approx([x, y], abs=0.01)
    assert found.table.at[0, "word"] == "creche"


def test_words_of_services_are_translated(tmp_path):
    found = read(
        tmp_path, "origine;typeeq_id;duree\n01001;D502;7\n01001;D265;9\n",
        services={"D502": "creche"},
    )  # fmt: skip
    assert found.table["word"].tolist() == ["creche", "D265"]


def test_seconds_become_minutes(tmp_path):
    assert read(
        tmp_path, "origine;arrivee;temps\n01001;01002;90\n", unit="seconds"
    ).table.at[0, "minutes"] == 1.5  # fmt: skip


def test_parquet_and_excel_say_the_same_as_csv(tmp_path):
    table = pd.DataFrame({"origine": ["01001"], "arrivee": ["01002"], "minutes": [12.5]})
    table.to_parquet(tmp_path / "t.parquet")
    table.to_excel(tmp_path / "t.xlsx", index=False)
    table.to_csv(tmp_path / "t.csv", index=False)
    one, *others = (
        read_observed(tmp_path / f"t.{kind}", source(), crs=CRS).table.drop(columns="row")
        for kind in ("csv", "parquet", "xlsx")
    )
    for other in others:
        pd.testing.assert_frame_equal(one, other)


def test_a_trip_told_twice_counts_once_and_two_times_of_a_trip_twice(tmp_path):
    found = read(
        tmp_path,
        "origine;arrivee;minutes\n01001;01002;9\n01001;01002;9\n01001;01002;10\n",
    )
    assert found.table["minutes"].tolist() == [9, 10]
    assert found.rows == len(found.table) + found.aside["repeated"]
    assert "ligne : 3" in found.findings[0].explain().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "manque"),
        ("s", "masqué"),
        ("-3", "négatif"),
        ("douze", "nombre"),
        ("3600", "secondes"),
    ],
)
def test_times_that_are_none_are_refused_with_their_row(tmp_path, cell, said):
    error = defects(tmp_path, f"origine;arrivee;minutes\n01001;01002;9\n01002;01001;{cell}\n")
    assert said in error.explain()
    assert "ligne 3, colonne minutes" in error.explain()
    assert "row 3" in str(error)


def test_places_that_are_none_are_refused(tmp_path):
    assert "carreau" in defects(
        tmp_path, "carreau;duree\nN247E393;4\n", service="creche"
    ).explain()  # fmt: skip
    assert "zéro de tête" in defects(
        tmp_path, "origine;arrivee;minutes\n1001;01002;9\n"
    ).explain()  # fmt: skip
    assert "le lieu manque" in defects(
        tmp_path, "lon_depart;lat_depart;arrivee;minutes\n;;01002;9\n"
    ).explain()  # fmt: skip


def test_columns_that_cannot_be_recognised_are_asked_for(tmp_path):
    with pytest.raises(CalibrationError, match="origin"):
        read(tmp_path, "de;vers;minutes\n01001;01002;9\n")
    with pytest.raises(CalibrationError, match="minutes"):
        read(tmp_path, "origine;arrivee;heures\n01001;01002;9\n")
    with pytest.raises(CalibrationError, match="nearest place"):
        read(tmp_path, "origine;minutes\n01001;9\n")


def test_columns_of_the_source_that_are_missing_are_named(tmp_path):
    columns = {"origin_code": "a", "destination_code": "b", "minutes": "c"}
    with pytest.raises(MissingColumnError, match="c"):
        read(tmp_path, "a;b;minutes\n01001;01002;9\n", columns=columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"origin_code": "a", "origin_cell": "b", "destination_code": "c", "minutes": "m"},
        {"origin_code": "a", "minutes": "m"},
        {"destination_code": "a", "minutes": "m"},
        {"origin_code": "a", "destination_code": "b"},
        {"origin_x": "a", "origin_y": "b", "destination_code": "c", "minutes": "m"},
        {"origin_code": "a", "destination_code": "b", "service": "c", "minutes": "m"},
    ],
)
def test_columns_that_contradict_each_other_are_refused(columns):
    with pytest.raises(ValidationError):
        source(columns=columns)
