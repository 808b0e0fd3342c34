"""`ctg-geo calibrate` on Petit Pays: 60 km/h by default, 50 km/h by the observed times."""

import csv
import hashlib
import io
import json
import tomllib

import pytest

import petit_pays as pp
from ctg_geo import labels
from ctg_geo.cli import main
from ctg_geo.export import CALIBRATION_OUTPUTS
from ctg_geo.parameters import TravelProfile
from ctg_geo.study import open_study

SEGMENTS = pp.SEGMENTS.replace(",60,no", ",,no")  # no speed stated: the class's counts
STEP_MIN = 12  # 10 km at 50 km/h

SECTION = """
[calibration]
profile = "car"
name = "car_observe"
rules = { folds = 3, draws = 20 }

[calibration.observed]
path = "../temps.csv"
provider = "Relevés de la Caf"
licence = "interne"
vintage = "2026"
"""


def times(*more):
    rows = [
        f"{a};{b};{STEP_MIN * abs(i - j)}"
        for i, a in enumerate(pp.CODES) for j, b in enumerate(pp.CODES) if i != j
    ]  # fmt: skip
    return "\n".join(["origine;arrivee;minutes", *rows, *more]) + "\n"


@pytest.fixture
def pays(tmp_path):
    def make(*more, study=pp.STUDY + SECTION, **files):
        (tmp_path / "temps.csv").write_text(times(*more), encoding="utf-8")
        return pp.write(tmp_path / "pays", study=study, segments=SEGMENTS, **files)

    return make


def rows(path):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet needs the BOM to read accents"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def run(config, out, *more):
    return main(["calibrate", str(config), "--out", str(out), "-q", *more])


def test_it_writes_its_files_and_the_speed_that_was_driven(pays, tmp_path):
    out = tmp_path / "out"
    assert run(pays(), out) == 0
    assert sorted(path.name for path in out.iterdir()) == sorted(CALIBRATION_OUTPUTS)
    speed = rows(out / "vitesses.csv")[0]
    assert speed["Réglage"] == "local, hors agglomération"
    assert (speed["Départ"], speed["Calé"], speed["Statut"]) == ("60,00", "50,00", "calé")
    first = rows(out / "erreurs.csv")[0]
    mean_min = STEP_MIN / 6 * (4 * 2 * 1 + 3 * 2 * 2 + 2 * 2 * 3 + 2 * 4) / 20
    assert first["Écart moyen (min)"] == f"{mean_min:.2f}".replace(".", ",")
    assert first["Biais (min)"] == f"-{mean_min:.2f}".replace(".", ",")
    assert "il peut servir" in (out / "synthese.txt").read_text(encoding="utf-8")


def test_the_profile_it_writes_serves_the_study_as_it_is(pays, tmp_path):
    out = tmp_path / "out"
    config = pays()
    assert run(config, out) == 0
    written = (out / "profil_calibre.toml").read_text(encoding="utf-8")
    fitted = TravelProfile.model_validate(tomllib.loads(written)["profiles"]["car_observe"])
    assert "Relevés de la Caf" in fitted.source
    services = pp.SERVICES.replace(
        'label = "Crèches"', 'label = "Crèches"\nprofile = "car_observe"'
    )
    config = pays(profiles=pp.PROFILES + written, services=services)
    diagnosis = open_study(config).diagnose("creche")
    minutes = diagnosis.times.to_matrix().loc["01001"]
    assert minutes.iloc[1] == pytest.approx(2 * STEP_MIN, abs=0.001)  # Alpe to Combe
    assert open_study(config).config.profile("car_observe") == fitted


def test_every_row_of_the_times_is_accounted_for(pays, tmp_path):
    out = tmp_path / "out"
    config = pays("01001;01002;0", "01001;99999;30", f"01001;01002;{STEP_MIN}", "01001;01001;5")
    assert run(config, out) == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    ledger = next(each for each in manifest["rows"] if each["table"] == "temps.csv")
    assert ledger["read"] == 24
    assert ledger["used"] == 20
    assert ledger["set_aside"] == {"repeated": 1, "outside": 1, "zero": 1, "off_road": 1}
    said = " ".join(row["Constat"] for row in rows(out / "constats.csv"))
    assert "99999" in said
    assert "0 min" in said.replace("\u00a0", " ")
    assert len(rows(out / "trajets.csv")) == 22


def test_the_manifest_holds_the_hash_of_every_output_and_of_the_times(pays, tmp_path):
    out = tmp_path / "out"
    assert run(pays(), out) == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    read = next(each for each in manifest["inputs"] if each["role"] == "observed times")
    assert read["sha256"] == hashlib.sha256((tmp_path / "temps.csv").read_bytes()).hexdigest()


def test_the_same_run_writes_the_same_bytes(pays, tmp_path):
    config = pays()
    for name in ("a", "b"):
        assert run(config, tmp_path / name, "--seed", "3") == 0
    for name in CALIBRATION_OUTPUTS:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_times_to_the_nearest_place_of_a_service(tmp_path):
    """Crèches in Alpe, Combe and Étang: Brive and Dune are one step from one, others on it."""
    config = pp.write(tmp_path / "pays", segments=SEGMENTS)
    x = [pp.X0 + shift for k in range(5) for shift in (pp.STEP * k + 1000, pp.STEP * k - 1000)]
    lines = [f"{at};{pp.Y0};{min(abs(at - pp.X0 - pp.STEP * k) for k in (0, 2, 4)) * 6 / 5000}"
             for at in x if pp.X0 < at < pp.X0 + 4 * pp.STEP]  # fmt: skip
    lines += [f"{pp.X0 + 10_000 * k + 5000};{pp.Y0};6" for k in range(4)]
    table = tmp_path / "nearest.csv"
    table.write_text("\n".join(["x_depart;y_depart;duree", *lines]) + "\n", encoding="utf-8")
    out = tmp_path / "out"
    assert run(config, out, "--times", str(table), "--service", "creche") == 0
    fitted = float(rows(out / "vitesses.csv")[0]["Calé"].replace(",", "."))
    assert fitted == pytest.approx(50, abs=0.2)  # 12 trips leave the default its small say


def test_no_gain_is_said_and_the_defaults_recommended(tmp_path):
    config = pp.write(tmp_path / "pays", segments=SEGMENTS)
    table = tmp_path / "t.csv"
    table.write_text(times().replace(";12\n", ";10\n").replace(";24\n", ";20\n")
                     .replace(";36\n", ";30\n").replace(";48\n", ";40\n"))  # fmt: skip
    assert run(config, tmp_path / "out", "--times", str(table)) == 0
    said = (tmp_path / "out" / "synthese.txt").read_text(encoding="utf-8")
    assert "garder les réglages de départ" in said
    assert "Pour s’en servir" not in said


def test_by_class_fits_what_the_road_file_states(pays, tmp_path):
    pays()
    stated = pp.write(tmp_path / "pays", study=pp.STUDY + SECTION)  # 60 km/h on every segment
    assert run(stated, tmp_path / "out", "--by-class") == 0
    written = (tmp_path / "out" / "profil_calibre.toml").read_text(encoding="utf-8")
    assert tomllib.loads(written)["profiles"]["car_observe"]["use_stated"] is False
    assert rows(tmp_path / "out" / "vitesses.csv")[0]["Calé"] == "50,00"


def refused(capsys, config, *more):
    assert run(config, config.parent / "no", *more) == 1
    assert not (config.parent / "no").exists()
    return capsys.readouterr().err.replace("\u00a0", " ").replace("\u202f", " ")


def test_bad_input_is_refused_in_words_and_nothing_written(pays, tmp_path, capsys):
    assert "minutes" in refused(capsys, pays("01001;01002;"))
    assert "masqué" in refused(capsys, pays("01001;01002;s"))
    for nothing in ("nd", "//"):
        assert "minutes" in refused(capsys, pays(f"01001;01002;{nothing}"))
    config = pays(study=pp.STUDY)
    assert "--times" in refused(capsys, config)
    assert "rush" in refused(capsys, pays(), "--profile", "rush")
    few = tmp_path / "few.csv"
    few.write_text("origine;arrivee;minutes\n01001;01002;9\n")
    assert "au moins 10" in refused(capsys, config, "--times", str(few))
    all_stated = pp.write(tmp_path / "pays", study=pp.STUDY + SECTION)
    assert "--by-class" in refused(capsys, all_stated)
    wrong = pays(study=pp.STUDY + SECTION.replace('profile = "car"', 'profile = "velo"'))
    assert "calibration.profile" in refused(capsys, wrong)


def test_its_french_has_an_english_where_errors_speak_it():
    for reason in ("nothing_to_fit", "too_few", "no_profile_columns", "no_source", "no_service",
                   "no_place", "none_left", "minutes"):  # fmt: skip
        for lang in ("fr", "en"):
            assert labels.has(f"errors.calibration.{reason}", lang)


def test_json_tells_machines_the_same(pays, tmp_path, capsys):
    assert main(["calibrate", str(pays()), "-o", str(tmp_path / "out"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["improves"] is True
    assert told["speeds"][0]["after"] == pytest.approx(50)
