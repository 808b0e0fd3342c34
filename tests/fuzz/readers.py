"""Every reader, with a whole file to begin with: shared by hypothesis and atheris."""

import io
import json
import warnings
import zipfile
from pathlib import Path

import numpy as np
import osmnx as ox
import pandas as pd
import rasterio
import shapely

import feeds
import ign
import osm_town as town
import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.config import load_study
from ctg_geo.config.road_source import BdTopoRoads, Route500Roads
from ctg_geo.config.scenario_file import load_scenario
from ctg_geo.config.study_file import PolygonSource, PopulationSource, ValueColumn
from ctg_geo.documents import write_documents
from ctg_geo.importing import ImportMapping, import_places, load_mapping
from ctg_geo.secrecy import read_register
from ctg_geo.sources import (
    read_bdtopo,
    read_communes,
    read_graphml,
    read_gtfs,
    read_heights,
    read_osm,
    read_population,
    read_route500,
)  # fmt: skip
from ctg_geo.study import open_study
from sheets import as_csv, as_ods, as_xlsx

__all__ = ["READERS", "seeds"]

CRS = "EPSG:2154"
SAID = {"path": "f", "provider": "p", "licence": "l", "vintage": "v"}
ROWS = [["Nom", "Code INSEE", "Nb places", "Horaires"], ["Les Lucioles", "26362", "30", "9h-12h"],
        ["Pom", "26281", "12,5", "mardi matin"]]  # fmt: skip
SCENARIO = """
name = "Essai"
motive = "voir"
source = "test"

[[changes]]
kind = "open"
place = "c4"
service = "creche"
name = "Neuve"
commune = "01002"
capacity = 10

[[changes]]
kind = "move"
place = "c2"
commune = "2A004"
"""
MAPPING = 'columns = { nom = "Nom", capacity = "Nb places" }\n'


def _zipped(path):
    feeds.zipped(path)


def _raster(path):
    heights = np.arange(400, dtype="float32").reshape(20, 20)
    place = rasterio.Affine(10, 0, 0, 0, -10, 200)
    with rasterio.open(path, "w", driver="GTiff", width=20, height=20, count=1, dtype="float32",
                       crs=CRS, transform=place) as file:  # fmt: skip
        file.write(heights, 1)


def _graphml(path):
    import networkx as nx

    graph = nx.MultiDiGraph(crs="EPSG:4326", simplified=True)
    for number, lon in enumerate((4.90, 4.91, 4.92)):
        graph.add_node(number, x=lon, y=44.9)
    for one, two in ((0, 1), (1, 0), (1, 2)):
        graph.add_edge(one, two, osmid=one, highway="residential", oneway=False, length=800.0)
    ox.save_graphml(graph, path)


def _roads(path):
    lines = [(ign.line((850000, 6420000), (850500, 6420000)), {})]
    ign.bdtopo_gpkg(path, lines)


def _route500(path):
    ign.route500_shp(path, [(ign.line((850000, 6420000), (850500, 6420000)), {})])


def _osm(path):
    path.write_text(town.xml([town.road(1, 11, 12, 13), town.road(2, 13, 23)]))


def _pbf(path):
    import osmium

    whole = path.with_name("whole.osm")
    _osm(whole)
    writer = osmium.SimpleWriter(str(path))
    for each in osmium.FileProcessor(str(whole)):
        writer.add(each)
    writer.close()
    whole.unlink()


def _layer(path):
    pp.communes().to_file(path)


def _parquet(path):
    pd.read_csv(io.StringIO(pp.POPULATION), dtype={"code_insee": str}).to_parquet(path)


def _text(content):
    return lambda path: path.write_bytes(
        content if isinstance(content, bytes) else content.encode()
    )


def _register(path):
    cell = {"low": 1, "high": 4, "secret": True, "share": 0, "width": 0}
    said = {"name": "one", "shown": {"a": [3, 3]}, "hidden": {"b": cell}, "relations": [{"a": 1}]}
    path.write_text(json.dumps({"publications": [said]}))


def _study(path):
    pp.write(path.parent)


def _read_study(path):
    open_study(path).diagnose("creche")


def _beside(path):
    _read_study(path.with_name("study.toml"))


def _published(path):
    """Diagnose into the folder of the file, which is one of the results."""
    config = pp.write(path.parent / "pays")
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(path.parent), "-q"]) == 0


def _documents(path):
    write_documents(path.parent, ["csv", "tableur"], path.parent / "made")


def _places(path):
    import_places(path, mapping=RULES)


def _communes(path):
    columns = {"code_insee": "code", "nom": "nom", "epci": "epci"}
    source = PolygonSource(**{**SAID, "path": path.name}, columns=columns)
    return read_communes(path, source, crs=CRS)


def _people(path):
    values = {"population": ValueColumn(column="inhabitants")}
    return read_population(path, PopulationSource(**{**SAID, "path": path.name}, values=values))


RULES = ImportMapping.model_validate({"rules": {"service": "creche"}})
LINE = np.array([shapely.LineString([(10, 100), (150, 100)])], dtype=object)

READERS = {  # name of the file: how it is made, how it is read
    "bus.zip": (_zipped, lambda path: read_gtfs(path, crs=CRS)),
    "dem.tif": (_raster, lambda path: read_heights(path, LINE, crs=CRS)),
    "walk.graphml": (_graphml, lambda path: read_graphml(path, crs=CRS, mode="car")),
    "topo.gpkg": (_roads, lambda path: read_bdtopo(
        path, BdTopoRoads(kind="bdtopo", **SAID), crs=CRS)),
    "TRONCON_ROUTE.shp": (_route500, lambda path: read_route500(
        path, Route500Roads(kind="route500", **SAID), crs=CRS)),
    "town.osm": (_osm, lambda path: read_osm(path, crs=CRS)),
    "town.osm.pbf": (_pbf, lambda path: read_osm(path, crs=CRS)),
    "communes.geojson": (_layer, _communes),
    "communes.fgb": (_layer, _communes),
    "people.parquet": (_parquet, _people),
    "people.csv": (_text(pp.POPULATION), _people),
    "list.csv": (_text(as_csv(ROWS, encoding="cp1252", separator=";")), _places),
    "list.xlsx": (_text(as_xlsx({"Feuil1": ROWS})), _places),
    "list.ods": (_text(as_ods({"Feuil1": ROWS})), _places),
    "plan.toml": (_text(SCENARIO), load_scenario),
    "mapping.toml": (_text(MAPPING), load_mapping),
    "registre.json": (_register, read_register),
    "study.toml": (_study, load_study),
    "services.toml": (_study, lambda path: load_study(path.with_name("study.toml"))),
    "profiles.toml": (_study, lambda path: load_study(path.with_name("study.toml"))),
    "creches.csv": (_study, _beside),
    "segments.csv": (_study, _beside),
    "junctions.csv": (_study, _beside),
    "manifest.json": (_published, _documents),
    "ctg.gpkg": (_published, _documents),
    "resultats.csv": (_published, _documents),
}  # fmt: skip


def seeds(name, folder):
    """Make a whole file in a folder; return its path and its bytes. It can be read."""
    make, read = READERS[name]
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(folder) / name
    make(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read(path)
    return path, path.read_bytes()


def repacked(whole, spoil):
    """Spoil one member of a zip rather than the zip, so that what it holds is reached."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as box, zipfile.ZipFile(made, "w") as other:
        names = box.namelist()
        chosen = names[spoil[0] % len(names)]
        for name in names:
            content = box.read(name)
            other.writestr(name, spoil[1](content) if name == chosen else content)
    return made.getvalue()
