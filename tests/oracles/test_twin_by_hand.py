"""The brute-force twin itself, against three communes worked out by hand.

Ann (01001), Bob (01002) and Cat (01003) are squares of 2 km in a row; one road of 60 km/h runs
through their centres, `ja` at x = 1000, `jb` at 3000, `jc` at 5000. Children: 40, 60, 100.

p1 has 10 places, 600 m along the road from Ann's centre and 300 m beside it: 36 s to the
road at 30 km/h. p2 has 20 places at Cat's centre. Minutes from Ann, Bob, Cat: 1.2, 2, 4 to
p1; 4, 2, 0 to p2.

Weights are 1 up to 1.5 minutes, 0.5 up to 3. So R1 = 10 / (40 + 30) = 1/7 and
R2 = 20 / (100 + 30) = 2/13; access is 1/7 in Ann, 1/14 + 1/13 = 27/182 in Bob, 2/13 in Cat, and
the norm 0.15.
"""

import ast
import json
from dataclasses import replace
from fractions import Fraction
from math import log
from pathlib import Path

import pytest

from twin import access, files, gaps, roads, verdict

CODES = ("01001", "01002", "01003")
SAID = 'provider = "t", licence = "t", vintage = "t"'

STUDY = f"""
study = {{ name = "ABC", inside = {{ epci = "1" }}, roads = "plan", buffer_km = 0 }}
robustness = {{ time_factors = [1.0], supply_factors = [0.85, 1.15] }}
groups.side = {{ label = "side", poles = {{ west = "01001", east = "01003" }} }}

[sources.communes]
path = "communes.geojson"
columns = {{ code_insee = "code", nom = "nom", epci = "epci" }}

[sources.population]
path = "population.csv"
code_insee = "code"
values = {{ population = {{ column = "all" }}, kids = {{ column = "kids" }} }}

[[sources.equipements]]
path = "places.csv"
services = {{ word = "creche" }}
delivery = {{ Fixe = "fixed", Bus = "mobile" }}

[roads.plan]
junctions = {{ path = "junctions.csv", {SAID} }}
segments = {{ path = "segments.csv", {SAID} }}
"""

SERVICES = """
[services.creche]
demand = "kids"
profile = "car"
norm = { within_min = 3, per_100 = 15 }
decay = { kind = "steps", bounds_min = [1.5, 3], weights = [1, 0.5] }

[services.near]
demand = "kids"
profile = "car"
norm = { within_min = 1.5 }
"""

FILES = {
    "study.toml": STUDY,
    "services.toml": SERVICES,
    "profiles.toml": "[profiles.car]\ndefault_kmh = 60\nsnapping = { access_kmh = 30 }\n",
    "population.csv": "code,all,kids\n01001,400,40\n01002,600,60\n01003,1000,100\n",
    "places.csv": "id,service,nom,insee,x,y,places,format,hours,age_from,age_to,residents\n"
    "p1,word,One,01001,1600,1300,10,Fixe,,,,\np2,word,Two,01003,,,20,Fixe,,,,\n",
    "junctions.csv": "junction,x,y\nja,1000,1000\njb,3000,1000\njc,5000,1000\n",
    "segments.csv": "from,to,class,length,speed,oneway\nja,jb,local,,,no\njb,jc,local,2000,,no\n",
}


def territory(folder: Path, **changed: str) -> files.Territory:
    """Write the three communes, some files in other words, and read them."""
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.split(".")[0], text), encoding="utf-8")
    features = [
        {"properties": {"code": code, "nom": code, "epci": "1"},
         "geometry": {"coordinates": [[[x, 0], [x + 2000, 0], [x + 2000, 2000], [x, 2000]]]}}
        for code, x in zip(CODES, (0, 2000, 4000), strict=True)
    ]  # fmt: skip
    (folder / "communes.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    return files.read_territory(folder / "study.toml")


def column(made: verdict.Diagnosis, name: str) -> list[object]:
    return [made.rows[code][name] for code in CODES]


def test_times_and_access_are_those_worked_out(tmp_path):
    made = verdict.diagnose(territory(tmp_path), "creche")
    assert made.modes[""].pairs == {
        ("01001", "p1"): 72_000, ("01002", "p1"): 120_000, ("01003", "p1"): 240_000,
        ("01001", "p2"): 240_000, ("01002", "p2"): 120_000, ("01003", "p2"): 0,
    }  # fmt: skip
    assert column(made, "access") == [Fraction(1, 7), Fraction(27, 182), Fraction(2, 13)]
    assert sum(made.access[code] * made.people[code] for code in CODES) == 30


def test_gaps_are_those_worked_out(tmp_path):
    """Ann lacks (0.15 - 1/7) 40 = 2/7 of a place, Bob (0.15 - 27/182) 60 = 9/91."""
    made = verdict.diagnose(territory(tmp_path), "creche")
    assert column(made, "missing") == [Fraction(2, 7), Fraction(9, 91), 0]
    assert column(made, "concerned") == [40, 60, 0]
    assert column(made, "rank") == [1, 2, 3]
    assert column(made, "class") == [3, 3, 4]
    assert column(made, "cause") == ["too_shared", "too_shared", "met"]
    assert column(made, "certainty") == [0.5, 0.5, 0.5]  # × 0.85 all below, × 1.15 none


def test_indices_are_those_worked_out(tmp_path):
    """FGT 1 is (2/7 + 9/91) / (0.15 × 200) = 1/78; all the children have 30 places.

    Pairs of communes differ by 1/182, 2/182 and 1/182: Gini is
    (40·60 + 2·40·100 + 60·100) / 182 / (200 · 30) = 41/2730.
    """
    told = territory(tmp_path)
    made, groups = verdict.diagnose(told, "creche"), verdict.groups_of(told)
    assert groups == {"side": {"01001": "west", "01002": "west", "01003": "east"}}  # a tie: first
    found = gaps.indices(made, groups)
    whole = {name: value for (grouping, _, name), value in found.items() if not grouping}
    assert whole["fgt_0"] == pytest.approx(1 / 2)
    assert whole["fgt_1"] == pytest.approx(1 / 78)
    assert whole["gini"] == pytest.approx(41 / 2730)
    held = ((40 / 7, 40), (810 / 91, 60), (200 / 13, 100))  # places, people
    theil = sum(each / 30 * log(each / people / 0.15) for each, people in held)
    assert whole["theil"] == pytest.approx(theil)
    parts = [found["side", "", f"theil_{name}"] for name in ("within", "between")]
    between = sum(each / 30 * log(each / 100 / 0.15) for each in (1330 / 91, 200 / 13))
    assert parts == pytest.approx([theil - between, between])


def test_causes_are_those_worked_out(tmp_path):
    """The mean, 0.15, is the norm: lack is 0.

    On the spot p1 is shared by 100 and p2 by 160: Ann has 0.1, Bob 0.225, Cat 0.125. No
    crowding brings Ann to 0.15, Bob (0.15 × 0.5) no further. Ann's distance is
    (0.1 - 1/7) / 2 = -3/140, her saturation (1/140 + 0.05) / 2 = 4/140; Bob's is all distance.
    """
    found = gaps.causes(verdict.diagnose(territory(tmp_path), "creche"))
    assert found is not None
    ann = {"distance": -3 / 140, "saturation": 4 / 140, "lack": 0}
    assert found["01001"] == pytest.approx(ann)
    assert found["01002"] == pytest.approx({"distance": 3 / 1820, "saturation": 0, "lack": 0})
    assert found["01003"] == {"distance": 0, "saturation": 0, "lack": 0}


def test_places_to_add_are_those_worked_out(tmp_path):
    """A place at Ann's centre is shared by 40 + 60 / 2: 1/140 × 70 is half a place."""
    told = territory(tmp_path)
    assert gaps.to_add(verdict.diagnose(told, "creche"), told)[""] == pytest.approx(
        {"01001": 0.5, "01002": float(Fraction(3, 1820) * 130), "01003": 0}
    )


def test_other_measures_are_those_worked_out(tmp_path):
    """All within 3 minutes alike: p1 by 100, p2 by 160. M2SFCA squares the weights used.

    3SFCA: Bob divides himself in two, so that p1 has 40 + 60 / 4 and p2 100 + 60 / 4.
    """
    made = verdict.diagnose(territory(tmp_path), "creche")
    mode = made.modes[""]
    found = {name: access.access_of(replace(mode, measure=name), made.people)[0]
             for name in ("two_step", "m2sfca", "three_step")}  # fmt: skip
    assert list(found["two_step"].values()) == [
        Fraction(1, 10),
        Fraction(1, 10) + Fraction(1, 8),
        Fraction(1, 8),
    ]
    assert list(found["m2sfca"].values()) == [
        Fraction(1, 7),
        Fraction(1, 28) + Fraction(1, 26),
        Fraction(2, 13),
    ]
    assert list(found["three_step"].values()) == [
        Fraction(10, 55), Fraction(10, 55) / 4 + Fraction(20, 115) / 4, Fraction(20, 115),
    ]  # fmt: skip


def test_a_norm_on_time_is_judged_on_the_nearest_place(tmp_path):
    """Ann is 1.2 minutes away, Bob 2, Cat there; p2 by bus counts for none of them."""
    places = FILES["places.csv"].replace("word", "near")
    study = STUDY.replace('word = "creche"', 'near = "near"')
    told = territory(tmp_path, places=places, study=study)
    made = verdict.diagnose(told, "near")
    assert column(made, "nearest_min") == [1.2, 2.0, 0.0]
    assert column(made, "below") == [False, True, False]
    assert [gaps.to_save(made, code) for code in CODES] == pytest.approx([0, 0.5, 0])
    bus = territory(tmp_path, places=places.replace("20,Fixe", "20,Bus"), study=study)
    assert column(verdict.diagnose(bus, "near"), "nearest_min") == [1.2, 2.0, 4.0]


def test_variants_see_beyond_the_limit_of_times(tmp_path):
    """Bob is 2 minutes away: at three quarters of the time he is within the 1.5 of the norm."""
    near = {
        "places": FILES["places.csv"].replace("word", "near"),
        "study": STUDY.replace('word = "creche"', 'near = "near"').replace("[1.0]", "[0.75, 1.0]"),
        "services": SERVICES.replace("norm = { within_min = 1.5 }",
                                     "norm = { within_min = 1.5 }\nmax_min = 1.5"),
    }  # fmt: skip
    made = verdict.diagnose(territory(tmp_path, **near), "near")
    assert column(made, "nearest_min") == [1.2, float("inf"), 0.0]
    assert column(made, "certainty") == [1.0, 0.5, 1.0]


def test_a_secret_is_estimated_by_the_rate_of_the_others_and_shown_nowhere(tmp_path):
    """Of 1 400 others 140 are children: Bob's 500 people make 50."""
    people = FILES["population.csv"].replace("600,60", "500,s")
    made = verdict.diagnose(territory(tmp_path, population=people), "creche")
    assert made.people["01002"] == 50
    assert (made.rows["01002"]["demand"], made.rows["01002"]["missing"]) == (None, None)
    assert made.rows["01002"]["demand_status"] == "secret"
    assert gaps.told(made) == ["01001", "01003"]


def test_one_way_streets_and_crossings_are_those_worked_out():
    """Three roads meet in `m`: 6 s are lost there, on the way from `a` and not on the way back.

    1 km at 60 km/h is 60 s. From `b` only the long way round by `c`, 2 km, is open.
    """
    points = {"a": (0.0, 0.0), "m": (1000.0, 0.0), "b": (2000.0, 0.0), "c": (1000.0, 1000.0)}
    rows = [
        {"from": start, "to": end, "class": "local", "length": "1000", "speed": "60",
         "oneway": oneway}
        for start, end, oneway in (("a", "m", "no"), ("m", "b", "yes"), ("c", "m", "no"),
                                   ("b", "c", "no"))
    ]  # fmt: skip
    profile = {"default_kmh": 60, "now": {"rural": {"junction": {"default": 6}}}}
    network = roads.network_of(points, rows, profile)
    assert network.between("a", "b") == 126_000
    assert network.between("b", "a") == 186_000
    beside = roads.times(network, {"x": (250.0, 0.0)}, {"y": (750.0, 0.0)}, limit_min=1)
    assert beside == {("x", "y"): 30_000}


def test_people_along_streets_are_in_proportion_to_the_half_of_each(tmp_path):
    """100 m and 300 m meet in `n2`: halves of 50, 50 + 150 and 150 m."""
    junctions = "junction,x,y\nn1,500,500\nn2,600,500\nn3,900,500\n"
    segments = "from,to,class,length,speed,oneway\nn1,n2,home,,,no\nn2,n3,home,,,no\n"
    spread = 'spread = { over = "streets", streets = ["home"] }\n'
    study = STUDY.replace('code_insee = "code"\n', f'code_insee = "code"\n{spread}')
    told = territory(tmp_path, study=study, junctions=junctions, segments=segments)
    shares = {each.key: each.share for each in verdict.homes_of(told)}
    streets = {"01001/n1": 1 / 8, "01001/n2": 1 / 2, "01001/n3": 3 / 8}
    assert shares == streets | {"01002": 1, "01003": 1}


def test_the_twin_takes_nothing_from_the_engine_nor_from_numpy():
    allowed = {"twin", "ast", "collections", "csv", "dataclasses", "fractions", "itertools", "json",
               "math", "pathlib", "random", "tomllib", "typing"}  # fmt: skip
    for path in Path(files.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, path.name
