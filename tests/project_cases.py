"""Results of each kind on Petit Pays, each with a QGIS project beside its GeoPackage."""

from pathlib import Path

import petit_pays as pp
import tour_cases as tc
from ctg_geo.cli import main

SAID = 'provider = "test"\nlicence = "test"\nvintage = "2026"\n'
SCENARIOS = {
    "plus": """
name = "Une crèche de plus"
motive = "essai"
source = "test"

[[changes]]
kind = "open"
place = "c4"
service = "creche"
name = "Les Cigales d'été"
commune = "01002"
capacity = 10
""",
    "moins": """
name = "Une crèche de moins"
motive = "essai"
source = "test"

[[changes]]
kind = "close"
place = "c2"
""",
}
LATER = {"population": pp.POPULATION.replace("01001,1000,100", "01001,1000,150"),
         "creches": pp.CRECHES.replace("01003,6", "01003,12")}  # fmt: skip
SHORT = pp.SERVICES.replace("per_100 = 10", "per_100 = 18")
PROJECTION = f"""
[projection]
figures = {{ children_0_2 = "0-2" }}
survival = {{ value = 1.0, source = "test" }}

[projection.ages]
path = "ages.csv"
on_1_january = 2023
{SAID}
[projection.births]
path = "births.csv"
columns = {{ code_insee = "code", year = "annee", births = "n" }}
{SAID}
[projection.variants.central]
births = {{ kind = "constant", years = 1 }}
source = "test"

[projection.variants.high]
births = {{ kind = "constant", years = 3 }}
source = "test"
"""
AGES = {"01001": (30, 35, 35), "01002": (16, 17, 17), "01003": (0, 0, 0), "2A004": (10, 10, 10),
        "26005": (6, 7, 7)}  # fmt: skip
BORN = {"01001": (35, 30, 24), "01002": (17, 16, 20), "01003": (0, 0, 2), "2A004": (10, 10, 6),
        "26005": (7, 6, 6)}  # fmt: skip
THEMES = """
[themes.petite_enfance]
label = "Petite enfance"
demand = "children_0_2"
people_label = "enfants"
classes = [0, 30, 100]
source = "convention de test"
services = ["creche"]

[themes.droits]
label = "Accès aux droits"
demand = "population"
people_label = "habitants"
classes = [0, 300]
source = "convention de test"
services = ["france_services"]
"""
PORTRAIT = """
[themes.portrait_social]
label = "Portrait social"
demand = "population"
people_label = "habitants"
no_classes = "aucune dans la convention"
source = "convention de test"
"""
INCOME = f"""
[sources.indicators.income]
path = "income.csv"
format = "income"
{SAID}
"""
MONEY = """CODGEO;LIBGEO;NBMENFISC21;MED21;TP6021
01001;Alpe;400;21000;0
01002;Brive;s;s;s
2A004;Dune;100;19000;30
26005;Etang;100;30000;30
"""


def diagnosis(folder: Path) -> Path:
    config = pp.write(folder / "pays")
    return ran(folder, "diagnose", config, "-s", "creche")


def scenarios(folder: Path) -> Path:
    config = pp.write(folder / "pays")
    for name, text in SCENARIOS.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    files = [folder / f"{name}.toml" for name in SCENARIOS]
    return ran(folder, "compare", config, *files, "-s", "creche")


def evolution(folder: Path) -> Path:
    before = pp.write(folder / "before", services=SHORT)
    after = pp.write(folder / "after", services=SHORT, **LATER)
    return ran(folder, "evolution", before, after, "-s", "creche")


def projection(folder: Path) -> Path:
    config = pp.write(folder / "pays", study=pp.STUDY + PROJECTION, services=SHORT)
    ages = [f"COM;{code};X;{sex};{age:03d};{count / 2}" for code, counts in AGES.items()
            for age, count in enumerate(counts) for sex in (1, 2)]  # fmt: skip
    births = [f"{code},{2021 + at},{count}" for code, counts in BORN.items()
              for at, count in enumerate(counts)]  # fmt: skip
    head = "NIVGEO;CODGEO;LIBGEO;SEXE;AGED100;NB"
    (folder / "pays" / "ages.csv").write_text("\n".join([head, *ages, ""]), "utf-8")
    (folder / "pays" / "births.csv").write_text("\n".join(["code,annee,n", *births, ""]), "utf-8")
    return ran(folder, "projection", config, "-s", "creche", "--to", "2026")


def tours(folder: Path) -> Path:
    return ran(folder, "tours", tc.written(folder / "pays"), "--design")


def site(folder: Path) -> Path:
    config = pp.write(folder / "pays", services=SHORT)
    return ran(folder, "site", config, "-s", "creche", "--objective", "shortfall", "--new", "1",
               "--capacity", "2:10")  # fmt: skip


def themes(folder: Path) -> Path:
    config = pp.write(
        folder / "pays", study=pp.STUDY + INCOME, services=pp.SERVICES + THEMES + PORTRAIT
    )
    (folder / "pays" / "income.csv").write_text(MONEY, "utf-8")
    return ran(folder, "diagnose", config, "--all")


KINDS = {
    "diagnosis": diagnosis, "themes": themes, "scenarios": scenarios, "evolution": evolution,
    "projection": projection, "tours": tours, "site": site,
}  # fmt: skip
FILES = {
    "diagnosis": "ctg.gpkg", "themes": "themes.gpkg", "scenarios": "comparaison.gpkg",
    "evolution": "evolution.gpkg", "projection": "projection.gpkg", "tours": "tournees.gpkg",
    "site": "implantation.gpkg",
}  # fmt: skip


def ran(folder: Path, *words: object) -> Path:
    """Run a command and return the folder it wrote."""
    out = folder / "out"
    assert main([*map(str, words), "-o", str(out), "-q"]) == 0, words
    held = sorted({each.parent for each in out.rglob("projet.qgz")})
    return held[0]  # a folder comes before those inside
