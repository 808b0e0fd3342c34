"""Figures, outlines, hours and dates that hardly can be, over Petit Pays: told, or refused."""

import pytest
from shapely.affinity import translate

import ctg_geo
import petit_pays as pp
from ctg_geo.errors import DataError

KEYS = {"people_improbable", "people_over_population", "people_dense", "households_large",
        "communes_overlap", "outlines_overlap", "event_later"}  # fmt: skip
MERGERS = """
[sources.mergers]
path = "mergers.csv"
columns = { old_code = "old", code_insee = "new", date = "date" }
provider = "test"
licence = "test"
vintage = "COG 2026"

[roads.line]"""


def told(folder, **given):
    found = ctg_geo.open_study(pp.write(folder, **given)).territory.findings
    assert all(one.explain() for one in found)
    return [(one.key, one.identifier) for one in found if one.key in KEYS]


def people(folder, *rows, extra=""):
    """Tell of Alpe with other figures, and of Brive where given: inhabitants, under 3, homes."""
    table = "code_insee,inhabitants,under_3,homes\n" + "".join(f"{','.join(r)}\n" for r in rows)
    rest = ["01003,40,0,20", "2A004,300,30,150", "26005,200,20,100"]
    study = pp.STUDY.replace("[[sources.equipements]]", f"{extra}\n[[sources.equipements]]", 1)
    return told(folder, study=study, population=table + "\n".join(rest) + "\n")


def test_figures_that_fit_are_not_remarked_on(tmp_path):
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("inhabitants", "children", "expected"),
    [
        ("1000", "150", []),  # 50 a year: 5 %, not more
        ("1000", "153", [("people_improbable", "01001")]),
        ("1000", "1001", [("people_over_population", "01001")]),
        ("20", "6", []),  # 2 a year of 20 people: 10 %, by chance
        ("0", "0", []),
        ("4999999", "100", []),  # of 100 km2
        ("5000001", "100", [("people_dense", "01001")]),
    ],
)
def test_people_who_hardly_can_be_are_told(tmp_path, inhabitants, children, expected):
    alpe = ["01001", inhabitants, children, "500"]
    assert people(tmp_path, alpe, ["01002", "500", "50", "200"]) == expected


def test_homes_too_full_are_told_where_they_are_known(tmp_path):
    extra = '[sources.population.values.households]\ncolumn = "homes"\n'
    rows = (["01001", "1000", "100", "166"], ["01002", "500", "50", "84"])  # 6.02 and 5.95 each
    assert people(tmp_path, *rows, extra=extra) == [("households_large", "01001")]


def test_nothing_is_said_of_figures_under_a_rule_of_secrecy(tmp_path):
    study = pp.STUDY.replace('column = "under_3"', 'column = "under_3"\nsecrecy = "fiscal"')
    table = pp.POPULATION.replace("01001,1000,100", "01001,1000,400")
    assert told(tmp_path / "clear", population=table) == [("people_improbable", "01001")]
    assert told(tmp_path / "ruled", study=study, population=table) == []


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (99, []),
        (101, [("outlines_overlap", "")]),
        (499, [("outlines_overlap", "")]),
        (501, [("communes_overlap", "01001")]),
        (9000, [("communes_overlap", "01001")]),
    ],
)
def test_communes_that_overlap_by_more_than_a_hundredth_are_told(tmp_path, metres, expected):
    layer = pp.communes()  # Alpe moves towards Brive: `metres` of 10 000 are theirs both
    layer.loc[0, "geometry"] = translate(layer.geometry[0], xoff=metres)
    assert told(tmp_path, layer=layer) == expected


def test_one_polygon_under_two_codes_is_told_with_its_share(tmp_path):
    layer = pp.communes()
    layer.loc[1, "geometry"] = layer.geometry[0]
    found = ctg_geo.open_study(pp.write(tmp_path, layer=layer)).territory.findings
    (one,) = [each for each in found if each.key == "communes_overlap"]
    assert (one.identifier, one.facts["code"]) == ("01001", "01002")
    assert one.facts["share"] == pytest.approx(1)


@pytest.mark.parametrize(("hours", "fine"), [("168", True), ("168.5", False), ("1760", False)])
def test_a_week_has_168_hours(tmp_path, hours, fine):
    desks = pp.DESKS.replace("format\n", "format,hours\n").replace("Fixe\n", f"Fixe,{hours}\n")
    columns = 'delivery = "format", hours_per_week = "hours" }'
    study = pp.STUDY.replace('delivery = "format" }', columns)
    path = pp.write(tmp_path, study=study, desks=desks.replace("Bus\n", "Bus,10\n"))
    if fine:
        assert ctg_geo.open_study(path).territory.equipements["hours_per_week"].max() == 168
        return
    with pytest.raises(DataError) as error:
        ctg_geo.open_study(path).territory  # noqa: B018
    (defect,) = error.value.defects
    assert (defect.row, defect.column, defect.reason) == (2, "hours", "hours_over_week")


@pytest.mark.parametrize(("date", "found"), [("2026-12-31", False), ("2031-01-01", True)])
def test_an_event_after_every_year_of_the_study_is_told(tmp_path, date, found):
    study = pp.STUDY.replace("[roads.line]", MERGERS, 1)
    (tmp_path / "mergers.csv").write_text(f"old,new,date\n01999,01001,{date}\n")
    assert told(tmp_path, study=study) == ([("event_later", "")] if found else [])
