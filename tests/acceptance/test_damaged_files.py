"""Bytes lost or changed on the way: a file is read or refused in French, never a traceback."""

import io
import random

import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo.config.study_file import PolygonSource, PopulationSource, ValueColumn
from ctg_geo.errors import CtgGeoError
from ctg_geo.sources import read_communes, read_population

MADE = {"provider": "test", "licence": "test", "vintage": "test"}
LAYERS = ("c.gpkg", "c.geojson", "c.fgb", "c.shp", "c.parquet")
TABLES = ("p.csv", "p.xlsx", "p.parquet")
ROUNDS = 60


def population(path):
    values = {"population": ValueColumn(column="inhabitants")}
    return read_population(path, PopulationSource(path=path.name, values=values, **MADE))


def communes(path):
    columns = {"code_insee": "code", "nom": "nom", "epci": "epci"}
    source = PolygonSource(path=path.name, columns=columns, **MADE)
    return read_communes(path, source, crs="EPSG:2154").table


def write(path):
    people = pd.read_csv(io.StringIO(pp.POPULATION), dtype={"code_insee": str})
    layer = pp.communes()
    if path.name == "p.csv":
        path.write_text(pp.POPULATION)
    elif path.suffix == ".xlsx":
        people.to_excel(path, index=False)
    elif path.name == "p.parquet":
        people.to_parquet(path)
    else:
        (layer.to_parquet if path.suffix == ".parquet" else layer.to_file)(path)


def spoiled(whole, dice):
    """Return bytes with some changed, and some lost."""
    content = bytearray(whole)
    for _ in range(dice.choice((1, 3, 30))):
        at = dice.randrange(len(content))
        if dice.random() < 0.8 or len(content) < 300:
            content[at] = dice.randrange(256)
        else:
            del content[at : at + dice.randrange(1, 50)]
    return bytes(content)


@pytest.mark.parametrize("name", [*LAYERS, *TABLES])
def test_a_spoiled_file_is_read_or_refused_in_words(tmp_path, name):
    path = tmp_path / name
    write(path)
    whole, dice = path.read_bytes(), random.Random(name)  # noqa: S311
    read = communes if name in LAYERS else population
    refused = []
    for _ in range(ROUNDS):
        path.write_bytes(spoiled(whole, dice))
        try:
            read(path)
        except CtgGeoError as error:
            refused.append(error.explain())
    assert all(name in said for said in refused)
    assert len(refused) > ROUNDS / 10, "the files were not spoiled enough to tell"


@pytest.mark.parametrize("name", [*LAYERS, *TABLES])
def test_a_file_cut_anywhere_never_loses_a_commune_in_silence(tmp_path, name):
    path = tmp_path / name
    write(path)
    whole = path.read_bytes()
    lengths = sorted({len(whole) * part // 25 for part in range(25)} | {len(whole) - 1})
    for length in lengths:
        path.write_bytes(whole[:length])
        try:
            found = communes(path) if name in LAYERS else population(path).table
        except CtgGeoError:
            continue
        assert len(found) == len(pp.CODES) or name == "p.csv", f"{length} bytes"
