"""People spread inside the communes of Petit Pays, from a raster, an IRIS table or the streets.

The crèches count within 12 minutes here. Alpe, Combe, Dune and Étang live at their chef-lieu;
Brive (50 children) has three quarters of its people at x = 805 500 (A) and a quarter at
x = 812 500 (B), on the road, one kilometre a minute:

- c1 (20 places, x = 800 000) is reached by Alpe (100) and A (37.5): 20 / 137.5 = 8/55
- c2 (6 places, x = 820 000) by B (12.5), Combe (0) and Dune (30): 6 / 42.5 = 12/85
- c3 (4 places, x = 840 000) by Dune (30) and Étang (20): 4 / 50 = 2/25

Brive: 3/4 of 8/55 and 1/4 of 12/85; A is 5.5 minutes away, B 7.5.
"""

import importlib
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin

import petit_pays as pp
from ctg_geo import by_group, open_study
from ctg_geo.cli import main

SERVICES = pp.SERVICES.replace("within_min = 15, per_100 = 10", "within_min = 12, per_100 = 14.3")
SERVICES = SERVICES.replace("reach_min = 15", "reach_min = 12")
A, B = 8 / 55, 12 / 85
CELL = 500
SAID = 'provider = "test"\nlicence = "test"\nvintage = "2026"\n'
SPREAD = pp.STUDY.replace(
    '[sources.population.values.children_0_2]\ncolumn = "under_3"',
    f"""[sources.population.values.children_0_2]
column = "under_3"
ages = "0-2"

[sources.population.spread]
over = "cells"

[sources.cells]
path = "people.tif"
format = "population_raster"
{SAID}""",
)


def raster(path):
    """Write people at the places of the story, in cells of 500 m centred on them."""
    people = {800_000: 1000, 805_500: 30, 812_500: 10, 820_000: 40, 830_000: 300, 840_000: 200}
    west = pp.X0 - 4_750
    values = np.zeros((1, 100), dtype=np.float32)
    for x, count in people.items():
        values[0, round((x - CELL / 2 - west) / CELL)] = count
    with rasterio.open(
        path, "w", driver="GTiff", height=1, width=100, count=1, dtype="float32",
        crs="EPSG:2154", transform=from_origin(west, pp.Y0 + CELL / 2, CELL, CELL), nodata=-1,
    ) as out:  # fmt: skip
        out.write(values, 1)


@pytest.fixture
def study(tmp_path):
    def make(study=SPREAD, **files):
        config = pp.write(tmp_path / "pays", study=study, services=SERVICES, **files)
        raster(tmp_path / "pays" / "people.tif")
        return config

    return make


def test_access_is_computed_where_people_live(study):
    found = open_study(study()).diagnose("creche")
    homes = found.homes.set_index(found.homes["code_insee"] + found.homes.groupby(
        "code_insee").cumcount().astype(str))  # fmt: skip
    assert homes["access"].to_dict() == pytest.approx({
        "010010": A, "010020": A, "010021": B, "010030": B, "2A0040": B + 2 / 25, "260050": 2 / 25,
    })  # fmt: skip
    assert homes["demand"].to_dict() == pytest.approx({
        "010010": 100, "010020": 37.5, "010021": 12.5, "010030": 0, "2A0040": 30, "260050": 20,
    })  # fmt: skip


def test_a_commune_tells_its_mean_its_spread_and_those_beyond_the_norm(study):
    brive = open_study(study()).diagnose("creche").communes.loc["01002"]
    assert brive["access_per_100"] == pytest.approx(100 * (0.75 * A + 0.25 * B))
    assert not brive["below"], "14.4 places per 100 on the whole"
    assert brive["beyond_share"] == pytest.approx(0.25), "but not for hamlet B"
    assert brive["missing"] == pytest.approx((0.143 - B) * 12.5)
    assert brive["concerned"] == pytest.approx(12.5)
    assert brive["time_mean"] == pytest.approx(6)
    assert brive["nearest_min"] == brive["time_p10"] == pytest.approx(5.5)
    assert brive["time_p90"] == pytest.approx(7.5)
    assert brive["nearest_place"] == "Les Abeilles"


def test_totals_by_commune_are_kept_and_accounted_for(study):
    territory = open_study(study()).territory
    homes = territory.homes
    for figure in ("population", "children_0_2"):
        kept = homes.people[figure].groupby(homes.code).sum()
        assert kept.to_dict() == territory.population[figure].to_dict()
    ledger = next(each for each in territory.ledgers if each.table == "people.tif")
    assert ledger.used == 6
    assert {"people_spread", "spread_control"} <= {each.key for each in territory.findings}


def test_outputs_tell_access_at_each_place_and_not_how_many_live_there(study, tmp_path):
    out = tmp_path / "out"
    assert main(["diagnose", str(study()), "-s", "creche", "-o", str(out), "-q"]) == 0
    points = gpd.read_file(out / "ctg.gpkg", layer="points_demande")
    assert len(points) == 6
    assert "demand" not in points.columns
    assert points["access_per_100"].max() == pytest.approx(100 * (B + 2 / 25))
    table = pd.read_csv(out / "resultats.csv", sep=";", decimal=",", encoding="utf-8-sig")
    shares = table.set_index("Code Insee")["Part des habitants concernés où la norme n’est pas "
                                            "atteinte (%)"]  # fmt: skip
    assert shares["01002"] == 25
    said = (out / "synthese.txt").read_text().replace("\u202f", " ").replace("\u00a0", " ")
    assert "habitants répartis" in said
    assert "norme atteinte dans l’ensemble (14,4 places pour 100, norme 14,3)" in said
    assert "mais pas là où vivent 25 % des enfants" in said
    assert "chef-lieu." not in said


def test_a_secret_number_stays_secret_at_its_places(study):
    masked = pp.POPULATION.replace("01002,500,50", "01002,500,s")
    found = open_study(study(population=masked)).diagnose("creche")
    here = found.homes["code_insee"] == "01002"
    status = found.territory.homes.people["children_0_2_status"]
    assert set(status[here]) == {"secret"}
    row = found.communes.loc["01002"]
    assert row[["demand", "missing", "concerned", "beyond_share"]].isna().all()
    assert found.homes.loc[here, "demand"].sum() > 0, "estimated, to share supply"


def test_streets_place_people_at_junctions_where_there_is_nothing_finer(study):
    text = SPREAD.replace('over = "cells"', 'over = "streets"\nstreets = ["local"]')
    found = open_study(study(text)).diagnose("creche")
    plain = open_study(study(pp.STUDY)).diagnose("creche")
    assert len(found.homes) == 5
    assert found.communes["access_per_100"].tolist() == pytest.approx(
        plain.communes["access_per_100"].tolist()
    )


def test_a_spread_without_its_source_is_refused_in_words(study, capsys):
    text = pp.STUDY.replace(
        "[sources.population]", '[sources.population]\nspread = { over = "cells" }'
    )
    assert main(["check", str(study(text))]) == 1
    assert "sources.cells" in capsys.readouterr().err


def test_no_cell_in_the_territory_is_refused(study, capsys, tmp_path):
    config = study()
    values = np.ones((2, 2), dtype=np.float32)
    with rasterio.open(
        tmp_path / "pays" / "people.tif", "w", driver="GTiff", height=2, width=2, count=1,
        dtype="float32", crs="EPSG:2154", transform=from_origin(1e5, 6.1e6, 500, 500),
    ) as out:  # fmt: skip
        out.write(values, 1)
    assert main(["check", str(config)]) == 1
    assert "ne couvre pas le territoire" in capsys.readouterr().err.replace("\u00a0", " ")


def iris_files(folder):
    """Cut Brive in two IRIS, west and east of x = 808 000; others are whole."""
    head = ("IRIS;COM;TYP_IRIS;P20_POP;P20_POP0002;P20_POP0305;P20_POP0610;P20_POP1117;"
            "P20_POP1824;P20_POP2539;P20_POP4054;P20_POP5564;P20_POP6579;P20_POP80P")  # fmt: skip
    rest = ";10" * 9
    rows = ["010010000;01001;Z;1000;100", "010020101;01002;H;400;45", "010020102;01002;H;100;5",
            "010030000;01003;Z;40;0", "2A0040000;2A004;Z;300;30", "260050000;26005;Z;200;20",
            "750010000;75001;Z;900;90"]  # fmt: skip
    (folder / "iris.csv").write_text("\n".join([head, *(row + rest for row in rows)]))
    from shapely.geometry import box

    layer = pp.communes()[["code", "geometry"]].rename(columns={"code": "code_insee"})
    layer["code_iris"] = layer["code_insee"] + "0000"
    west, _, east, _ = layer.geometry[1].bounds
    whole = layer.geometry[1]
    parts = [whole.intersection(box(west, 0, 808_000, 1e8)),
             whole.intersection(box(808_000, 0, east, 1e8))]  # fmt: skip
    two = gpd.GeoDataFrame({"code_insee": "01002", "code_iris": ["010020101", "010020102"]},
                           geometry=parts, crs=layer.crs)  # fmt: skip
    pd.concat([layer.drop(index=1), two]).to_file(folder / "iris.gpkg")


BASE_IC = SPREAD.replace('path = "population.csv"', 'path = "iris.csv"\nformat = "base_ic"')
BASE_IC = "".join(
    part for part in BASE_IC.replace("[sources.population.values.population]\n"
                                     'column = "inhabitants"\n', "")
    .replace('[sources.population.values.children_0_2]\ncolumn = "under_3"\nages = "0-2"\n', "")
) + f"""
[sources.iris]
path = "iris.gpkg"
{SAID}"""  # fmt: skip


def test_census_by_iris_keeps_the_total_of_each_iris(study, tmp_path):
    config = study(BASE_IC)
    iris_files(tmp_path / "pays")
    opened = open_study(config)
    homes = opened.territory.homes
    brive = homes.people[homes.code == "01002"]
    assert sorted(brive["children_0_2"]) == pytest.approx([5, 45])
    assert sorted(brive["population"]) == pytest.approx([100, 400])
    ledger = next(each for each in opened.territory.ledgers if each.table == "iris.csv")
    assert (ledger.read, ledger.used) == (7, 6)
    assert opened.diagnose("creche").communes.at["01002", "demand"] == 50


def test_points_of_iris_alone_serve_without_cells(study, tmp_path):
    config = study(BASE_IC.replace('over = "cells"', 'over = "iris"'))
    iris_files(tmp_path / "pays")
    found = open_study(config).diagnose("creche")
    assert (found.homes["code_insee"] == "01002").sum() == 2
    assert "points" in found.estimated
    assert not [each for each in found.territory.findings if each.key == "spread_by_area"]


def test_iris_points_need_people_by_iris(study, tmp_path, capsys):
    text = SPREAD.replace('over = "cells"', 'over = "iris"')
    text += f'\n[sources.iris]\npath = "iris.gpkg"\n{SAID}'
    config = study(text)
    iris_files(tmp_path / "pays")
    assert main(["check", str(config)]) == 1
    assert "base_ic" in capsys.readouterr().err


def test_whole_people_are_whole_and_sum_to_the_commune(study):
    text = SPREAD.replace('over = "cells"', 'over = "cells"\nwhole = true')
    homes = open_study(study(text)).territory.homes
    brive = homes.people.loc[homes.code == "01002", "children_0_2"]
    assert sorted(brive) == [12, 38]
    assert brive.sum() == 50


def test_the_manifest_names_the_cells_and_their_rows(study, tmp_path):
    out = tmp_path / "out"
    main(["diagnose", str(study()), "-s", "creche", "-o", str(out), "-q"])
    manifest = json.loads((out / "manifest.json").read_text())
    assert "cells" in {each["role"] for each in manifest["inputs"]}
    rows = next(each for each in manifest["rows"] if each["table"] == "people.tif")
    assert rows["read"] == rows["used"] + sum(rows["set_aside"].values())


INDICATORS = f"""
[sources.indicators.income]
path = "income.csv"
format = "income"
{SAID}
"""


def test_the_population_command_accounts_for_each_commune(study, tmp_path, capsys):
    config = study(SPREAD + INDICATORS)
    (tmp_path / "pays" / "income.csv").write_text(
        "CODGEO;LIBGEO;NBMENFISC21;MED21;TP6021\n01001;Alpe;400;21000;12\n01002;Brive;s;s;s\n"
        "99999;Loin;1;1;1\n"
    )
    out = tmp_path / "out"
    assert main(["population", str(config), "-o", str(out)]) == 0
    assert "5 communes répartis en 6 lieux" in capsys.readouterr().out.replace("\u202f", " ")
    table = pd.read_csv(out / "population.csv", sep=";", decimal=",", encoding="utf-8-sig")
    table = table.set_index("Code Insee")
    assert table["children_0_2 : avant répartition".replace(" :", "\u00a0:")].tolist() == [
        100, 50, 0, 20, 30,
    ]  # fmt: skip
    assert table.at["01002", "Lieux de vie (nombre)"] == 2
    told = pd.read_csv(out / "indicateurs.csv", sep=";", decimal=",", encoding="utf-8-sig")
    told = told.set_index("Code Insee")
    assert told.at["01001", "Taux de pauvreté (%)"] == 12
    assert told.at["01002", "Niveau de vie médian (€ par an)\u00a0: statut"] == "secret statistique"
    assert told.at["01003", "Niveau de vie médian (€ par an)\u00a0: statut"] == "non disponible"
    manifest = json.loads((out / "manifest.json").read_text())
    rows = next(each for each in manifest["rows"] if each["table"] == "income.csv")
    assert rows == {"table": "income.csv", "read": 3, "used": 2, "set_aside": {"elsewhere": 1}}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (SPREAD.replace('over = "cells"', 'over = "streets"\nstreets = ["local"]'),
         "le long des rues"),
        (BASE_IC.replace('over = "cells"', 'over = "iris"'), "IRIS"),
    ],
)  # fmt: skip
def test_no_cells_are_spoken_of_where_none_were_read(study, tmp_path, source, words):
    config = study(source)
    iris_files(tmp_path / "pays")
    found = open_study(config).territory.findings
    (said,) = [each.explain() for each in found if each.key.startswith("people_spread")]
    assert words in said
    assert "cellule" not in said


def test_the_population_command_is_the_same_bytes_twice(study, tmp_path):
    config = study()
    for name in ("one", "two"):
        assert main(["population", str(config), "-o", str(tmp_path / name), "-q"]) == 0
    for each in ("population.csv", "constats.csv", "manifest.json"):
        assert (tmp_path / "one" / each).read_bytes() == (tmp_path / "two" / each).read_bytes()


def test_the_population_command_serves_a_study_without_spread(study, tmp_path, capsys):
    assert main(["population", str(study(pp.STUDY)), "-o", str(tmp_path / "out")]) == 0
    assert "chacune en un point" in capsys.readouterr().out


RULED = SPREAD.replace('path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"')


ALPE_SECRET = {"population": pp.POPULATION.replace("1000,100", "1000,3"),
               "creches": pp.CRECHES.replace("01001,20", "01001,15")}  # fmt: skip


def test_a_spread_with_a_secret_commune_below_the_norm_is_published(study, tmp_path):
    """Alpe counts for about 96: 15 / 133.5 = 11.2 in Alpe and A, 14 in B, 11.9 in all Brive.

    The 37.5 of A are no sum over the communes below, of which Alpe alone has children.
    """
    config = study(RULED, **ALPE_SECRET)
    services = SERVICES.replace("per_100 = 14.3", "per_100 = 11.5")
    (tmp_path / "pays" / "services.toml").write_text(services)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    told = results(out)["Population concernée : enfants"]
    assert told.isna().to_dict() == {"01001": True, "01002": False, "01003": False, "2A004": False}
    assert results(out).at["01002", "Population où la norme n'est pas atteinte"] == 37.5


def test_a_spread_under_a_rule_tells_no_few_people_inside_a_commune(study, tmp_path):
    """Twelve children in Brive: 9 in A and 3 in B, below the norm at 12 for 100 in B alone.

    A: 20 / 109 = 18.3; B: 6 / (3 + 0 + 30) = 18.2; norm 18.25, Brive has 18.3 on the whole.
    """
    services = SERVICES.replace("per_100 = 14.3", "per_100 = 18.25")
    population = pp.POPULATION.replace("500,50", "500,12")
    for name, text in (("free", SPREAD), ("ruled", RULED)):
        config = study(text, population=population)
        (tmp_path / "pays" / "services.toml").write_text(services)
        assert (
            main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / name), "-q"]) == 0
        )
    count, share = (
        "Population où la norme n'est pas atteinte",
        ("Part des habitants concernés où la norme n'est pas atteinte (%)"),
    )
    free, kept = results(tmp_path / "free"), results(tmp_path / "ruled")
    assert free.at["01002", count] == 3
    assert free.at["01002", share] == 25
    assert kept.loc["01002", [count, share]].isna().all()
    assert kept.at["01002", "Manque : statut"] == "secret statistique"
    assert kept.at["01002", "Population concernée : enfants"] == 12
    assert np.isnan(kept.at["01002", "Rang (1 = manque le plus grand)"])  # as one lacking nothing
    whole = {
        name: pd.read_csv(
            tmp_path / name / "comparaison.csv", sep=";", decimal=",", encoding="utf-8-sig"
        ).iloc[-1]
        for name in ("free", "ruled")
    }
    free_, kept_ = (
        next(each[key] for key in each.index if key.replace("’", "'") == count)
        for each in whole.values()
    )
    assert free_ - kept_ == 3
    layers = {
        name: gpd.read_file(tmp_path / name / "ctg.gpkg", layer="points_demande") for name in whole
    }
    assert {"access_per_100", "nearest_min"} <= set(layers["free"].columns)
    assert not {"access_per_100", "nearest_min", "demand"} & set(layers["ruled"].columns)
    assert len(layers["ruled"]) == 6
    places = gpd.read_file(tmp_path / "ruled" / "ctg.gpkg", layer="equipements")
    assert places["ratio_per_100"].isna().all()
    findings = gpd.read_file(tmp_path / "ruled" / "ctg.gpkg", layer="constats")
    assert {"secret_places", "secret_split"} <= set(findings["key"])


def test_the_means_of_a_commune_of_two_places_do_not_tell_who_lives_at_each(study, tmp_path):
    """Twelve children in Brive, 9 at 5.5 min and 3 at 7.5: a mean of 6 min says as much.

    One part of 2: whoever has the mean and both times divides (7.5 - 6) by (7.5 - 5.5).
    """
    population = pp.POPULATION.replace("500,50", "500,12")
    config = study(SPREAD, population=population)
    free = open_study(config).diagnose("creche")
    mean = free.communes.at["01002", "time_mean"]
    assert 12 * (7.5 - mean) / (7.5 - 5.5) == pytest.approx(9)

    kept = open_study(study(RULED, population=population)).diagnose("creche")
    hidden = ["nearest_min", "time_mean", "time_p10", "time_p90", "access_per_100", "missing",
              "concerned", "beyond_share", "unreached_share", "score", "nearest_place"]  # fmt: skip
    assert kept.communes.loc["01002", hidden].isna().all()
    assert kept.communes.loc["01001", ["nearest_min", "access_per_100"]].notna().all()
    assert kept.communes["below"].equals(free.communes["below"])
    assert kept.communes["class"].equals(free.communes["class"])
    # nor does the mean of the group, whose other communes are told
    group = by_group(kept, None).iloc[0]
    assert group["demand"] == 100 + 12 + 30
    assert group["mean_min"] == pytest.approx((100 * 0 + 30 * 10) / 130)

    out = tmp_path / "out"
    config = study(RULED, population=population)
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    row = results(out).loc["01002"]
    assert row["Temps : statut"] == "secret statistique"
    assert "secrets" in row["Pourquoi"]
    assert "nan" not in (out / "resultats.csv").read_text(encoding="utf-8-sig")


def test_places_that_all_hold_enough_people_are_told_as_before(study):
    kept = open_study(study(RULED)).diagnose("creche")  # 37.5 and 12.5 children in Brive
    assert kept.communes.at["01002", "time_mean"] == pytest.approx(6)


def test_the_share_out_of_reach_of_few_people_is_not_told_in_findings(study, tmp_path):
    """A desk in Alpe, 9 minutes at most: of 12 children of Brive the 3 of B reach none."""
    near = SERVICES.replace("within_min = 25", "within_min = 8").replace(
        "max_min = 45", "max_min = 9")  # fmt: skip
    population = pp.POPULATION.replace("500,50", "500,12")
    found = {}
    for text in (SPREAD, RULED):
        config = study(text, population=population)
        (tmp_path / "pays" / "services.toml").write_text(near.replace(
            'demand = "population"', 'demand = "children_0_2"'))  # fmt: skip
        said = open_study(config).diagnose("france_services").findings
        found[text] = {each.key: each for each in said if each.identifier == "01002"}
    assert found[SPREAD]["some_out_of_reach"].facts["share"] == pytest.approx(0.25)
    assert "share" not in found[RULED]["reach_secret"].facts
    assert "some_out_of_reach" not in found[RULED]


def results(out):
    table = pd.read_csv(out / "resultats.csv", sep=";", decimal=",", encoding="utf-8-sig")
    table.columns = table.columns.str.replace("\u00a0", " ").str.replace("’", "'")
    return table.set_index("Code Insee")


def test_a_sum_of_people_below_the_norm_that_its_parts_do_not_make_is_refused(
    study, tmp_path, monkeypatch, capsys
):
    publish = importlib.import_module("ctg_geo.export.publish")
    by_group = publish.by_group

    def leaky(diagnosis, grouping):
        found = by_group(diagnosis, grouping)
        return found.assign(concerned=found["concerned"] + 3.0 * found["hidden"])

    monkeypatch.setattr(publish, "by_group", leaky)
    config = study(RULED, **ALPE_SECRET)
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out"), "-q"]) == 1
    assert "pourrait être déduit" in capsys.readouterr().err


def test_a_service_judged_on_time_counts_those_beyond_it_where_they_live(study, tmp_path):
    """A desk in Alpe, 25 minutes at most; Brive is 5.5 and 12.5 away, Combe 20, Dune 30."""
    near = SERVICES.replace("within_min = 25", "within_min = 12")
    config = study()
    (tmp_path / "pays" / "services.toml").write_text(near)
    found = open_study(config).diagnose("france_services")
    brive = found.communes.loc["01002"]
    assert not brive["below"]
    assert brive["concerned"] == pytest.approx(125)
    assert brive["beyond_share"] == pytest.approx(0.25)
    assert found.communes["below"].tolist() == [False, False, True, True]
    whole = by_group(found, None).iloc[0]
    assert whole["concerned"] == pytest.approx(125 + 40 + 300)
    assert whole["within_share"] == pytest.approx(1 - 465 / 1840)


def test_under_a_rule_no_area_tells_the_few_people_inside_a_commune(study, tmp_path):
    """The three children of B, 7.5 km from Combe, are an area of their own; not under a rule."""
    services = SERVICES.replace("per_100 = 14.3", "per_100 = 18.25")
    population, zones = pp.POPULATION.replace("500,50", "500,12"), {}
    for name, text in (("free", SPREAD), ("ruled", RULED)):
        config = study(text, population=population)
        (tmp_path / "pays" / "services.toml").write_text(services)
        out = tmp_path / name
        assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
        table = gpd.read_file(out / "ctg.gpkg", layer="zones")
        zones[name] = table[table["communes"].str.contains("Brive")]
    assert zones["free"]["people"].tolist() == [pytest.approx(3)]
    assert zones["ruled"].empty, "Brive as a whole has the norm"
    kept = results(tmp_path / "ruled").loc["01002"]
    assert kept[[name for name in kept.index if name.startswith("Manque dû")]].isna().all()
    inside = gpd.read_file(tmp_path / "free" / "ctg.gpkg", layer="communes").set_index("code_insee")
    brive = inside.loc["01002", ["access_p10", "access_p50", "access_p90"]].astype(float)
    assert brive.tolist() == pytest.approx([100 * 6 / 33, 100 * 20 / 109, 100 * 20 / 109])
