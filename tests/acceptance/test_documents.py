"""What the documents tell a reader to do works as written."""

import re
import shutil
from pathlib import Path

import geopandas as gpd

from ctg_geo.cli import main
from ctg_geo.importing import load_mapping

ROOT = Path(__file__).parents[2]


def blocks(document, language):
    """Return the code blocks of a document in one language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_guide_goes_from_its_spreadsheet_to_a_map(tmp_path):
    guide = (ROOT / "docs" / "guide.fr.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split("|") for line in guide.splitlines() if "Les Lucioles" in line
            or "Reinette" in line or line.startswith("| nom | insee")]  # fmt: skip
    for folder in ("data", "config"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    lines = [";".join(cell.strip() for cell in [*row, "", ""][:5]) for row in rows]
    text = "\n".join(lines) + "\n"
    (tmp_path / "data" / "equipements" / "mes_creches.csv").write_text(text, encoding="cp1252")
    config = (tmp_path / "config" / "valence_romans.toml").read_text(encoding="utf-8")
    start = config.index('[[sources.equipements]]\nservice = "creche"')
    end = config.index('[[sources.equipements]]\nservice = "france_services"')
    mine = tmp_path / "config" / "mon_etude.toml"
    own = blocks("docs/guide.fr.md", "toml")[0]
    mine.write_text(config[:start] + own + "\n" + config[end:], encoding="utf-8")
    assert main(["check", str(mine), "-q"]) == 0
    out = tmp_path / "out"
    assert main(["diagnose", str(mine), "--service", "creche", "--out", str(out), "-q"]) == 0
    places = gpd.read_file(out / "ctg.gpkg", layer="equipements").set_index("place_nom")
    assert places["capacity"].to_dict() == {"Les Lucioles": 40, "Pom' de Reinette": 24}
    assert places.loc["Les Lucioles", "location_status"] == "observé"
    assert places.loc["Pom' de Reinette", "location_status"] == "estimé"


def test_the_lines_of_python_in_the_readme_run(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = blocks("README.md", "python")[0]
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  (our own document)
    said = capsys.readouterr().out
    assert "missing" in said
    assert "nord" in said


def test_the_readme_names_files_that_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#h][^)#]*)\)", text):
        assert (ROOT / target).exists(), target


def test_the_example_of_the_import_guide_gives_what_it_says(tmp_path, capsys):
    (tmp_path / "creches_caf.csv").write_text(blocks("docs/import.fr.md", "csv")[0], "cp1252")
    config, out = ROOT / "config" / "valence_romans.toml", tmp_path / "out"
    options = ["--service", "creche", "--config", str(config), "--out", str(out)]
    assert main(["import", str(tmp_path / "creches_caf.csv"), "--as", "equipements", *options]) == 0
    said = " ".join(re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().out).split())
    guide = (ROOT / "docs" / "import.fr.md").read_text(encoding="utf-8")
    quoted = guide[guide.index("> creches_caf") :].split("\n\n")[0]
    assert " ".join(quoted.replace("> ", "").split()) in said
    for name in re.findall(r"`([a-z_]+\.(?:csv|gpkg|toml|xlsx|txt|json))`", guide):
        assert name == "creches_caf.csv" or (out / name).exists(), name


def test_the_mapping_of_the_import_guide_can_be_read(tmp_path):
    (tmp_path / "m.toml").write_text(blocks("docs/import.fr.md", "toml")[0], encoding="utf-8")
    assert load_mapping(tmp_path / "m.toml").rules.crs == "EPSG:3945"


def test_the_example_of_the_import_guide_serves_a_study(tmp_path, capsys):
    for folder in ("data", "config"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    config = tmp_path / "config" / "valence_romans.toml"
    (tmp_path / "creches_caf.csv").write_text(blocks("docs/import.fr.md", "csv")[0], "utf-8")
    out = tmp_path / "out" / "creches_caf"
    options = ["--service", "creche", "--config", str(config), "--out", str(out)]
    assert main(["import", str(tmp_path / "creches_caf.csv"), *options]) == 0
    assert "ôter le « # » devant capacity_each" in capsys.readouterr().out.replace("\xa0", " ")
    source = (out / "source.toml").read_text(encoding="utf-8")
    assert '"../out/creches_caf/equipements.csv"' in source
    given = config.read_text(encoding="utf-8")
    start = given.index('[[sources.equipements]]\nservice = "creche"')
    end = given.index('[[sources.equipements]]\nservice = "france_services"')
    study, diagnosis = tmp_path / "config" / "mon_etude.toml", str(tmp_path / "diagnostic")
    diagnose = ["diagnose", str(study), "--service", "creche", "--out", diagnosis, "-q"]
    study.write_text(given[:start] + source + given[end:], encoding="utf-8")
    assert main(diagnose) == 1  # the one unknown capacity is not guessed in silence
    assert "capacity_each" in capsys.readouterr().err
    source = source.replace("# capacity_each = {", "capacity_each = {")
    study.write_text(given[:start] + source + given[end:], encoding="utf-8")
    assert main(diagnose) == 0
    places = gpd.read_file(f"{diagnosis}/ctg.gpkg", layer="equipements").set_index("place_nom")
    # (40 + 24) / 2, taken for the one that says « nd »
    assert places["capacity"].to_dict()["Doudou et compagnie"] == 32
    assert places.loc["Doudou et compagnie", "capacity_status"] == "estimé"
