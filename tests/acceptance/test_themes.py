"""All themes through the command line, on Petit Pays and on the embedded default."""

import csv
import io
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.config import load_study
from ctg_geo.errors import NoRoadError
from ctg_geo.export import ServiceState
from ctg_geo.export.theme_places import located
from ctg_geo.study import open_study
from ctg_geo.study.chapter_deprivation import deprivation_chapter
from ctg_geo.study.shared_times import SharedTimes

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "config" / "valence_romans.toml"

SERVICES = (
    pp.SERVICES
    + """
[services.ludotheque]
label = "Ludothèques"
place_label = "Ludothèque"
demand = "children_0_2"
people_label = "enfants"
unit = "lieux"
modes = ["car", "foot"]
no_norm = "aucune source"
max_min = 25

[services.accueil]
label = "Accueils"
place_label = "Accueil"
demand = "population"
people_label = "habitants"
unit = "lieux"
no_norm = "aucune source"
deliveries = ["fixed", "mobile"]
presence = { reference_hours = 20, source = "test" }

[services.laep]
label = "LAEP"
place_label = "LAEP"
demand = "children_0_2"
people_label = "enfants"
unit = "heures"
bpe = ["D503"]
no_norm = "aucune source"

[services.adolescents]
label = "Adolescents"
place_label = "Lieu"
demand = "young_12_17"
people_label = "jeunes"
unit = "lieux"
no_norm = "aucune source"

[themes.petite_enfance]
label = "Petite enfance"
demand = "children_0_2"
people_label = "enfants"
classes = [0, 30, 100]
source = "convention de test"
services = ["creche", "laep", "ludotheque"]

[themes.jeunesse]
label = "Jeunesse"
demand = "young_12_17"
people_label = "jeunes"
classes = [0, 50]
source = "convention de test"
services = ["accueil", "adolescents"]

[themes.portrait]
label = "Portrait social"
demand = "population"
people_label = "habitants"
no_classes = "aucune classe imprimée"
source = "convention de test"
"""
)
PROFILES = (
    pp.PROFILES
    + """
[profiles.foot]
label = "À pied"
mode = "foot"
default_kmh = 5
use_stated = false
source = "test"
"""
)
# the desks become toy libraries and youth stops: one source with a column of services
TOWNS = """id,nom,insee,what,format,hours
t1,Ludo Alpe,01001,ludotheque,Fixe,
h1,Halte Brive,01002,accueil,Bus,
y1,Lieu Dune,2A004,adolescents,Fixe,
"""
COLUMNS = (
    'columns = { equipement_id = "id", nom = "nom", code_insee = "insee", service = "what", '
    'delivery = "format", hours_per_week = "hours" }'
)
FORMER = """service = "france_services"
path = "desks.csv"
columns = { equipement_id = "id", nom = "nom", code_insee = "insee", delivery = "format" }"""
COUNTS = """
[known_counts.laep]
count = 9
detail = "et 3 antennes"
source = "convention"
"""
STUDY = pp.STUDY.replace(FORMER, f'path = "desks.csv"\n{COLUMNS}') + COUNTS


def study(folder, text=STUDY, **files):
    given = {"services": SERVICES, "profiles": PROFILES, "desks": TOWNS} | files
    return pp.write(folder, study=text, **given)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("themes")
    out = folder / "out"
    # adolescents has no people: the run goes on, and its code says that something is wrong
    assert main(["diagnose", str(study(folder / "pays")), "--all", "-o", str(out), "-q"]) == 1
    return out


def rows(path):
    text = path.read_text(encoding="utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_every_service_with_places_has_a_folder_and_every_theme_a_map(run):
    folders = sorted(each.name for each in run.iterdir() if each.is_dir())
    assert folders == ["creche", "ludotheque", "portrait"]
    assert (run / "portrait" / "portrait.csv").is_file()
    maps = sorted(each.name for each in run.glob("carte_*.png"))
    assert maps == ["carte_petite_enfance.png", "carte_portrait.png"]
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert "themes.gpkg" in json.dumps(manifest)


def test_states_are_told_apart(run):
    states = {row["Service"]: row["État"] for row in rows(run / "themes.csv")}
    assert states == {
        "Crèches": "diagnostiqué",
        "LAEP": "aucun lieu localisé",
        "Ludothèques": "diagnostiqué",
        "Accueils": "lieux non comptés",
        "Adolescents": "non diagnostiqué",
        "Portrait social": "écrit",
    }


def test_what_is_missing_is_told_with_file_key_and_effect(run):
    table = {row["Service"]: row for row in rows(run / "manques.csv")}
    assert set(table) == {"LAEP", "Accueils"}
    assert "D503" in table["LAEP"]["Fichier à fournir"]
    assert 'services = { D503 = "laep" }' in table["LAEP"]["Clé à écrire"]
    assert "9 annoncés (et 3 antennes)" in table["LAEP"]["Pourquoi il manque"]
    assert "hours_each" in table["Accueils"]["Clé à écrire"]
    assert all("sans verdict" in row["Ce que cela changerait"] for row in table.values())


def test_people_that_no_file_gives_are_said_to_be_missing_and_not_mapped(run):
    said = (run / "synthese.txt").read_text(encoding="utf-8")
    assert "nombre par commune absent" in said
    assert "[sources.population" not in said  # a key is no sentence: it stands with the findings
    written = {row["À écrire dans le fichier de l’étude"] for row in rows(run / "constats.csv")}
    assert "[sources.population.values.young_12_17]" in written
    assert "theme_jeunesse" not in {name for name, _ in pyogrio.list_layers(run / "themes.gpkg")}


def test_people_are_in_the_classes_of_the_convention(run):
    layer = gpd.read_file(run / "themes.gpkg", layer="theme_petite_enfance")
    found = layer.set_index("code_insee")["class_label"].to_dict()
    # 100, 50, 0 and 30 children: 30 and 100 stand on a bound and belong above it
    assert found == {
        "01001": "100 et plus", "01002": "de 30 à moins de 100", "01003": "de 0 à moins de 30",
        "2A004": "de 30 à moins de 100",
    }  # fmt: skip


def test_maps_and_tables_tell_the_same_places(run, tmp_path):
    opened = open_study(study(tmp_path / "pays"))
    told = {row["Service"]: row for row in rows(run / "themes.csv")}
    layer = gpd.read_file(run / "themes.gpkg", layer="lieux")
    for key, label in (("creche", "Crèches"), ("ludotheque", "Ludothèques")):
        state = ServiceState(key, opened.config.service(key), "diagnosed", "", (), None)
        (found,) = located([state], opened.territory)
        assert found.places == int(told[label]["Lieux dans le territoire (nombre)"])
        assert found.places == (layer["service_label"] == label).sum()


def test_the_limits_of_groups_are_a_layer(run):
    groups = gpd.read_file(run / "themes.gpkg", layer="groupes")
    assert sorted(groups["group"]) == ["Est", "Ouest"]
    assert groups.area.tolist() == pytest.approx([2e8, 2e8])  # two squares of 10 km each


def test_a_service_without_a_norm_has_times_and_no_verdict(run):
    table = {row["Code Insee"]: row for row in rows(run / "ludotheque" / "resultats.csv")}
    # t1 in Alpe, one chef-lieu every 10 minutes, at most 25 minutes
    minutes = "Temps au lieu le plus proche (min)"
    assert [table[code][minutes] for code in ("01001", "01002", "01003", "2A004")] == [
        "0,0", "10,0", "20,0", "",
    ]  # fmt: skip
    for row in table.values():
        assert row["Norme non atteinte"] == "sans norme"
        assert row["Certitude"] == "sans objet"
        assert row["Score de manque (0 à 100)"] == ""
        assert row["Population où la norme n'est pas atteinte".replace("'", "’")] == ""
    assert "delà" in table["2A004"]["Temps : statut"]
    said = (run / "ludotheque" / "synthese.txt").read_text(encoding="utf-8")
    assert "sans verdict" in said
    assert "Dune" in said  # the one that reaches nothing
    # 150 of 180 children reach it (100 at 0 min, 50 at 10 min): 500 / 150 = 3.3 min
    assert "83" in said
    assert "3,3" in said
    whole = rows(run / "ludotheque" / "comparaison.csv")[-1]
    assert whole["Communes où la norme n’est pas atteinte"] == ""


def test_the_time_by_each_other_mode_is_told(run):
    table = {row["Code Insee"]: row for row in rows(run / "ludotheque" / "resultats.csv")}
    on_foot = "Temps au lieu le plus proche, à pied (min)"
    assert table["01001"][on_foot] == "0,0"
    assert table["01002"][on_foot] == ""  # 10 km at 5 km/h: beyond 25 minutes
    assert "delà" in table["01002"]["Temps à pied : statut"]
    layer = gpd.read_file(run / "ludotheque" / "ctg.gpkg", layer="communes")
    assert "nearest_min_foot" in layer.columns


def test_a_mode_without_roads_is_told_and_the_others_stand(tmp_path):
    opened = open_study(study(tmp_path / "pays"))

    def network(profile):
        if profile == "foot":
            raise NoRoadError("mode", file="segments.csv", mode="foot")
        return opened.network(profile)

    times = SharedTimes(opened.config, opened.territory, network, opened.transit)
    times.share(["ludotheque"])
    places = opened.territory.equipements.geometry[["t1"]]
    found, said = times.other_modes(opened.config.service("ludotheque"), places)
    assert list(found.columns) == []
    assert [each.key for each in said] == ["mode_without_roads"]
    assert "segments.csv" in said[0].explain()
    assert len(times.to("car", places, limit_min=25).destinations) == 1


def test_places_are_known_by_the_words_that_services_go_by(tmp_path):
    words = SERVICES.replace('modes = ["car"', 'local_types = ["jeux"]\nmodes = ["car"')
    towns = TOWNS.replace("ludotheque", "jeux")
    opened = open_study(study(tmp_path / "pays", services=words, desks=towns))
    assert opened.territory.equipements.at["t1", "service"] == "ludotheque"


def test_given_hours_make_a_stop_count(tmp_path):
    text = STUDY.replace(
        'delivery = { Fixe = "fixed", Bus = "mobile" }',
        'delivery = { Fixe = "fixed", Bus = "mobile" }\n'
        'hours_each = { value = 12, source = "hypothèse" }',
    )
    made = open_study(study(tmp_path / "pays", text)).diagnose("accueil")
    assert list(made.equipements.index) == ["h1"]
    assert made.equipements.at["h1", "presence"] == pytest.approx(0.6)
    keys = {each.key for each in open_study(study(tmp_path / "again", text)).findings}
    assert "hours_given" in keys


def test_shared_times_are_those_of_each_service_alone(tmp_path):
    config = study(tmp_path / "pays")
    alone, together = open_study(config), open_study(config)
    together.times.share(["creche", "ludotheque", "accueil", "laep"])
    for key in ("creche", "ludotheque"):
        one, other = alone.diagnose(key), together.diagnose(key)
        pd.testing.assert_frame_equal(one.times.to_frame(), other.times.to_frame())
        pd.testing.assert_frame_equal(
            pd.DataFrame(one.communes.drop(columns="geometry")),
            pd.DataFrame(other.communes.drop(columns="geometry")),
        )


def test_the_same_inputs_give_the_same_bytes_and_machines_are_told(run, tmp_path, capsys):
    out = tmp_path / "again"
    config = study(tmp_path / "pays")
    assert main(["diagnose", str(config), "--all", "-o", str(out), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["themes"]["petite_enfance"] == {
        "creche": "diagnosed", "laep": "no_place", "ludotheque": "diagnosed",
    }  # fmt: skip
    assert [each["service"] for each in told["diagnoses"]] == ["creche", "ludotheque"]
    for name in ("themes.gpkg", "themes.csv", "manques.csv", "synthese.txt",
                 "carte_petite_enfance.png"):  # fmt: skip
        assert (out / name).read_bytes() == (run / name).read_bytes(), name


def test_a_secret_number_is_in_no_theme(tmp_path):
    masked = pp.POPULATION.replace("2A004,300,30", "2A004,300,s")
    out = tmp_path / "out"
    config = study(tmp_path / "pays", population=masked)
    assert main(["diagnose", str(config), "--all", "-o", str(out), "-q"]) == 1
    layer = gpd.read_file(out / "themes.gpkg", layer="theme_petite_enfance")
    dune = layer.set_index("code_insee").loc["2A004"]
    assert pd.isna(dune["number"])
    assert pd.isna(dune["class"])
    assert dune["status"] == "secret statistique"
    styles = pyogrio.read_dataframe(out / "themes.gpkg", layer="layer_styles")
    style = styles.set_index("f_table_name").loc["theme_petite_enfance", "styleQML"]
    assert 'value="secret"' in style
    assert "Effectif secret" in style
    said = (out / "synthese.txt").read_text(encoding="utf-8")
    assert "150 dans les communes où le nombre est connu" in said.replace("\u202f", " ")


ANALYSES = (
    STUDY
    + """
[analyses.est_ouest]
kind = "group_balance"
label = "Est et ouest"
service = "creche"
grouping = "bassin"

[analyses.loin]
kind = "beyond_reach"
label = "Hors de portée"
demand = "children_0_2"
people_label = "enfants"
services = ["ludotheque", "accueil"]
reach_min = { car = 10, foot = 10 }
source = "test"

[analyses.rien]
kind = "double_deprivation"
label = "Sans lieux"
services = ["laep"]
indicators = { income = "low" }
worst_share = 0.3
source = "test"
"""
)
INCOME = """
[sources.indicators.rich]
format = "fragility"
path = "population.csv"
columns = { income = "inhabitants" }
provider = "test"
licence = "test"
vintage = "2026"
"""


def test_each_analysis_is_a_chapter_and_one_without_places_says_so(tmp_path):
    out = tmp_path / "out"
    config = study(tmp_path / "pays", ANALYSES + INCOME)
    assert main(["diagnose", str(config), "--all", "-o", str(out), "-q"]) == 1
    groups = {row["Groupe"]: row for row in rows(out / "chapitre_est_ouest.csv")}
    wanted = [name for name in groups["Est"] if name.startswith("À ajouter")]
    assert [groups["Ouest"][each] for each in wanted] == ["0", "0"]
    split = rows(out / "chapitre_est_ouest_inegalite.csv")
    assert [row["Groupe"] for row in split] == ["Est", "Ouest", "Ensemble du territoire"]
    layer = gpd.read_file(out / "themes.gpkg", layer="chapitre_loin")
    assert layer.set_index("code_insee")["kind"].to_dict() == {
        "01001": "within", "01002": "within", "01003": "stop_only", "2A004": "beyond",
    }  # fmt: skip
    for name in ("est_ouest", "loin"):
        assert (out / f"carte_chapitre_{name}.png").stat().st_size > 10_000
    # the toy library of Alpe is 0 and 10 minutes from Alpe and Brive; Dune's 30 are beyond
    away = {row["Code Insee"]: row for row in rows(out / "chapitre_loin.csv")}
    assert {code: row["Situation"] for code, row in away.items()} == {
        "01001": "à portée", "01002": "à portée", "01003": "halte itinérante seulement",
        "2A004": "hors de portée",
    }  # fmt: skip
    said = (out / "chapitre_loin.txt").read_text(encoding="utf-8").replace("\u202f", " ")
    assert "30 enfants sur 180" in said
    assert "dont les heures ne sont pas connues" in said
    assert "Accueils" in said  # no fixed place of it in the files: the number is a maximum
    assert "laep" in (out / "chapitre_rien.txt").read_text(encoding="utf-8")


def test_an_analysis_of_secret_people_leaves_them_out(tmp_path):
    masked = pp.POPULATION.replace("2A004,300,30", "2A004,300,s")
    out = tmp_path / "out"
    text = ANALYSES[: ANALYSES.index("[analyses.rien]")]
    config = study(tmp_path / "pays", text, population=masked)
    assert main(["diagnose", str(config), "--all", "-o", str(out), "-q"]) == 1
    dune = {row["Code Insee"]: row for row in rows(out / "chapitre_loin.csv")}["2A004"]
    assert dune["Effectif (enfants)"] == ""
    assert dune["Hors de portée (enfants)"] == ""
    assert "secret" in (out / "chapitre_loin.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('service = "creche"\ngrouping', 'service = "creches"\ngrouping'),
        ('grouping = "bassin"', 'grouping = "bassins"'),
        ("reach_min = { car = 10, foot = 10 }", "reach_min = { horse = 10 }"),
        ('service = "creche"\ngrouping', 'service = "ludotheque"\ngrouping'),
        ('indicators = { income = "low" }', 'indicators = { wealth = "low" }'),
        ('kind = "group_balance"', 'kind = "balance"'),
    ],
)
def test_wrong_analyses_are_refused_in_words(tmp_path, capsys, right, wrong):
    text = (ANALYSES + INCOME).replace(right, wrong)
    config = study(tmp_path / "pays", text)
    assert main(["diagnose", str(config), "--all", "-o", str(tmp_path / "out"), "-q"]) == 1
    assert "analyses." in capsys.readouterr().err


def test_all_and_some_do_not_go_together(tmp_path, capsys):
    config = study(tmp_path / "pays")
    assert main(["diagnose", str(config), "--all", "-s", "creche", "-q"]) == 2
    assert "--all" in capsys.readouterr().err


TWICE = """local_types = ["jeux"]
no_norm = "aucune source"

[services.autre]
local_types = ["jeux"]
label = "x"
place_label = "x"
demand = "population"
people_label = "x"
unit = "x"
"""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('services = ["accueil", "adolescents"]', 'services = ["acueil"]'),
        ('modes = ["car", "foot"]', 'modes = ["car", "horse"]'),
        ('no_norm = "aucune source"\nmax_min = 25', "max_min = 25"),
        (
            'bpe = ["D503"]',
            TWICE,
        ),
    ],
)
def test_wrong_declarations_are_refused_in_words(tmp_path, capsys, wrong, said):
    config = study(tmp_path / "pays", services=SERVICES.replace(wrong, said))
    assert main(["check", str(config), "-q"]) == 1
    said_back = capsys.readouterr().err
    assert "services.toml" in said_back
    assert ("jeux" in said_back) == (said == TWICE)


def test_the_convention_s_themes_and_classes_are_declared():
    themes = load_study(DEFAULT).themes
    assert list(themes) == [
        "petite_enfance", "enfance", "jeunesse", "parentalite", "vie_sociale",
        "acces_aux_droits", "logement_habitat", "portrait_social",
    ]  # fmt: skip
    assert themes["enfance"].classes == (0, 50, 100, 300, 1000)
    assert themes["parentalite"].classes == (0, 50, 100, 500, 1000)
    for key in ("vie_sociale", "acces_aux_droits", "logement_habitat"):
        assert themes[key].classes == (0, 500, 1000, 5000, 10_000)
    for key in ("petite_enfance", "jeunesse", "portrait_social"):
        assert themes[key].no_classes


def test_the_default_uses_the_32_places_and_15_stops_and_estimates_add_up():
    opened = open_study(DEFAULT)
    territory = opened.territory
    places = territory.equipements
    assert int(places["from_file"].str.contains("convention_2021").sum()) == 32
    assert int((places["delivery"] == "mobile").sum()) >= 15
    assert set(places["service"]) <= set(opened.config.services)
    people = territory.population.loc[territory.inside]
    assert people["children_6_11"].sum() == pytest.approx(17_115, abs=1)
    assert people["young_12_17"].sum() == pytest.approx(17_040, abs=1)
    assert (people["children_6_11_status"] == "estimated").all()


TOLD = (
    STUDY
    + """
[analyses.droits]
kind = "double_deprivation"
label = "Loin et fragile"
services = ["ludotheque", "laep"]
indicators = { income = "low" }
wanted = { fragility = "La Mednum", income = "Insee" }
worst_share = 0.3
source = "test"
"""
)


def test_a_service_without_places_and_a_missing_indicator_are_told_and_the_rest_is(tmp_path):
    out = tmp_path / "out"
    config = study(tmp_path / "pays", TOLD + INCOME)
    assert main(["diagnose", str(config), "--all", "-o", str(out), "-q"]) == 1
    said = (out / "chapitre_droits.txt").read_text(encoding="utf-8")
    assert "donc hors du calcul" in said
    assert "Indice de fragilité numérique\u00a0», à lire dans\u00a0: La Mednum." in said
    assert "Insee" not in said
    assert (out / "carte_chapitre_droits.png").stat().st_size > 10_000
    assert len(rows(out / "chapitre_droits.csv")) == 4


@pytest.mark.parametrize(("known", "told"), [(5, True), (1, False)])
def test_times_to_places_known_in_part_are_said_to_be_the_most(tmp_path, known, told):
    counted = f'[known_counts.ludotheque]\ncount = {known}\nsource = "test"\n'
    some = open_study(study(tmp_path / "pays", TOLD + INCOME + counted))
    chapter = deprivation_chapter(some, "droits", some.config.file.analyses["droits"])
    said = "Lieux connus en partie seulement\u00a0: Ludothèques."
    assert any(said in line for line in chapter.lines) == told
    assert any(said in line for line in chapter.drawn.notes) == told


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_study_of_one_commune_is_told_in_whole_sentences(tmp_path):
    """One commune has no neighbour, no other group and no longest time."""
    one = ANALYSES.replace('inside = { epci = "123456789" }', 'inside = { communes = ["01001"] }')
    poles = ANALYSES[ANALYSES.index("[groups.bassin]") : ANALYSES.index("[sources.communes]")]
    one = one.replace(poles, poles.replace("2A004", "01002")) + "\n[uncertainty]\ndraws = 10\n"
    out = tmp_path / "out"
    config = study(tmp_path / "pays", one + INCOME)
    assert main(["diagnose", str(config), "--all", "-o", str(out), "-q"]) in (0, 1)
    texts = [each.read_text(encoding="utf-8") for each in out.rglob("*.txt")]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    assert any("parce qu’il" in each for each in lines)
    assert not [each for each in lines if "que il " in each or each.startswith("non défini")]
    assert not [each for each in lines if "0 commune" in each and each.endswith("\u00a0: .")]
    assert not [each for each in lines if each.startswith("Les temps les plus longs")]


def test_the_screen_tells_each_theme_briefly_says_what_is_estimated_and_where_files_are(
    tmp_path, capsys
):
    config, out = study(tmp_path / "pays"), tmp_path / "out"
    assert main(["diagnose", str(config), "--all", "-o", str(out)]) == 1
    said = capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    folder = lines.index(next(each for each in lines if each.startswith("Dans ")))
    assert len(lines[:folder]) <= 25  # no screenful more than one reads
    assert any(each.startswith("– Aucun lieu localisé : LAEP") for each in lines)
    assert any(each.startswith("– Adolescents : non diagnostiqué.") for each in lines)
    found = [each for each in lines if each.startswith("– Crèches : ")]
    assert len(found) == 1
    assert found[0].endswith("(Estimation.)")
    assert any(each.startswith("Estimation : ") for each in lines)
    shown = [each.split()[0] for each in lines[folder + 1 :] if each.split()[0] in
             {path.name for path in out.iterdir()}]  # fmt: skip
    assert shown[:4] == ["synthese.txt", "projet.qgz", "themes.gpkg", "manques.csv"]


def test_findings_on_files_of_other_services_are_told_with_all_themes_and_not_with_one(run):
    whole = {row["Table"] for row in rows(run / "constats.csv")}
    alone = {row["Table"] for row in rows(run / "creche" / "constats.csv")}
    assert "desks.csv" in whole
    assert "desks.csv" not in alone
    assert "creches.csv" not in whole or "creches.csv" in alone
