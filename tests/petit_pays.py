"""Petit Pays: five communes on a line, every time worked out by hand.

Chefs-lieux stand 10 km apart on a straight road of 60 km/h, in EPSG:2154, at
x = 800 000 + 10 000 k, y = 6 400 000, in squares of 10 km::

    01001 --10 min-- 01002 --10 min-- 01003 --10 min-- 2A004 --10 min-- 26005

Alpe (01001), Brive (01002), Combe (01003) and Dune (2A004) are the territory, of the EPCI
"123456789"; Étang (26005) is its buffer.

Children under 3: 100, 50, 0, 30, 20. Inhabitants: 1000, 500, 40, 300, 200.

Crèches: c1 in Alpe with 20 places, c2 in Combe with 6; c3 in Étang with 4. A France
services desk stands in Alpe, a bus in Brive.

With the flat decay of 15 minutes of `services.toml` (2SFCA) and one chef-lieu every 10
minutes, a crèche is reached from its own commune and its two neighbours:

- c1: 20 / (100 + 50) = 2/15 place per child
- c2: 6 / (50 + 0 + 30) = 3/40
- c3: 4 / (30 + 20) = 2/25

Alpe 2/15; Brive 2/15 + 3/40 = 5/24; Combe 3/40; Dune 3/40 + 2/25 = 31/200; Étang 2/25.
"""

from pathlib import Path

import geopandas as gpd
from shapely.geometry import box

__all__ = ["ACCESS", "CODES", "STUDY", "communes", "write"]

CODES = ("01001", "01002", "01003", "2A004", "26005")
NAMES = ("Alpe", "Brive", "Combe", "Dune", "Étang")
ACCESS = {"01001": 2 / 15, "01002": 5 / 24, "01003": 3 / 40, "2A004": 31 / 200, "26005": 2 / 25}
X0, Y0, STEP = 800_000, 6_400_000, 10_000

POPULATION = """code_insee,inhabitants,under_3
01001,1000,100
01002,500,50
01003,40,0
2A004,300,30
26005,200,20
"""

CRECHES = """id,nom,insee,places
c1,Les Abeilles,01001,20
c2,Les Coccinelles,01003,6
c3,Les Loutres,26005,4
"""

DESKS = """id,nom,insee,format
f1,France services Alpe,01001,Fixe
f2,Bus de Brive,01002,Bus
"""

JUNCTIONS = "junction,x,y\n" + "".join(f"j{k},{X0 + STEP * k},{Y0}\n" for k in range(len(CODES)))

SEGMENTS = "from,to,class,length,speed,oneway\n" + "".join(
    f"j{k},j{k + 1},local,{STEP},60,no\n" for k in range(len(CODES) - 1)
)

SERVICES = """
[services.creche]
label = "Crèches"
place_label = "Crèche"
demand = "children_0_2"
people_label = "enfants"
unit = "places"
norm = { within_min = 15, per_100 = 10, source = "norme de test" }
decay = { kind = "flat", reach_min = 15 }

[services.france_services]
label = "France services"
place_label = "France services"
demand = "population"
people_label = "habitants"
unit = "lieux"
norm = { within_min = 25, source = "norme de test" }
max_min = 45
"""

PROFILES = """
[profiles.car]
label = "Voiture"
default_kmh = 60
source = "test"
"""

STUDY = """
[study]
name = "Petit Pays"
inside = { epci = "123456789" }
buffer_km = 12
roads = "line"

[groups.bassin]
label = "bassin"
poles = { ouest = "01001", est = "2A004" }
names = { ouest = "Ouest", est = "Est" }

[sources.communes]
path = "communes.geojson"
columns = { code_insee = "code", nom = "nom", epci = "epci" }
provider = "test"
licence = "test"
vintage = "2026"

[sources.population]
path = "population.csv"
provider = "test"
licence = "test"
vintage = "2026"

[sources.population.values.population]
column = "inhabitants"

[sources.population.values.children_0_2]
column = "under_3"

[[sources.equipements]]
service = "creche"
path = "creches.csv"
columns = { equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places" }
provider = "test"
licence = "test"
vintage = "2026"

[[sources.equipements]]
service = "france_services"
path = "desks.csv"
columns = { equipement_id = "id", nom = "nom", code_insee = "insee", delivery = "format" }
delivery = { Fixe = "fixed", Bus = "mobile" }
provider = "test"
licence = "test"
vintage = "2026"

[roads.line]
kind = "tables"
junction_columns = { junction_id = "junction", x = "x", y = "y" }

[roads.line.segment_columns]
from_junction = "from"
to_junction = "to"
road_class = "class"
length_m = "length"
speed_kmh = "speed"
oneway = "oneway"

[roads.line.junctions]
path = "junctions.csv"
crs = "EPSG:2154"
provider = "test"
licence = "test"
vintage = "2026"

[roads.line.segments]
path = "segments.csv"
provider = "test"
licence = "test"
vintage = "2026"
"""


def communes() -> gpd.GeoDataFrame:
    """Return the five squares in EPSG:2154, each centred on its chef-lieu."""
    half = STEP / 2
    shapes = [
        box(X0 + STEP * k - half, Y0 - half, X0 + STEP * k + half, Y0 + half)
        for k in range(len(CODES))
    ]
    epci = ["123456789"] * 4 + ["987654321"]
    return gpd.GeoDataFrame(
        {"code": CODES, "nom": NAMES, "epci": epci}, geometry=shapes, crs="EPSG:2154"
    )


def write(
    folder: Path, *, layer: gpd.GeoDataFrame | None = None, study: str = STUDY, **files: str | bytes
) -> Path:
    """Write the study into a folder and return its TOML.

    `files` replaces a file by its stem (`population`, `creches`, `desks`, `junctions`,
    `segments`, `services`, `profiles`), as text or bytes; `layer` the communes.
    """
    texts = {
        "population.csv": POPULATION, "creches.csv": CRECHES, "desks.csv": DESKS,
        "junctions.csv": JUNCTIONS, "segments.csv": SEGMENTS, "services.toml": SERVICES,
        "profiles.toml": PROFILES, "study.toml": study,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (communes() if layer is None else layer).to_file(folder / "communes.geojson")
    known = {name.split(".")[0]: name for name in texts}
    for name, content in {**texts, **{known[stem]: text for stem, text in files.items()}}.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (folder / name).write_bytes(data)
    return folder / "study.toml"
