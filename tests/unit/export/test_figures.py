"""The printed map: same bytes twice, no text over another, nothing off the page.

A grid of square communes, 5 km wide, with one road through the chefs-lieux.
"""

import warnings
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.patches import Circle
from matplotlib.text import Text
from shapely.geometry import box

from ctg_geo import labels
from ctg_geo.diagnosis import MapClass
from ctg_geo.export import _sheet, palettes
from ctg_geo.export._names import _cuts
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._placing import Room, near
from ctg_geo.export._view import frame_size, nice, references
from ctg_geo.export.figures import draw
from ctg_geo.export.publish import Publication
from ctg_geo.study import open_study
from ctg_geo.study import publication as publication_of

X0, Y0, STEP = 800_000, 6_400_000, 5_000
SERVED = 'provider = "test"\nlicence = "test"\nvintage = "2026"\n'

SERVICES = """
[services.creche]
label = "Crèches (accueil collectif)"
place_label = "Crèche"
demand = "children"
people_label = "enfants de moins de 3 ans"
unit = "places"
norm = { within_min = 15, per_100 = 10, source = "norme de test" }
decay = { kind = "flat", reach_min = 15 }

[services.desk]
label = "Guichets"
place_label = "Guichet"
demand = "population"
people_label = "habitants"
unit = "lieux"
norm = { within_min = 30, source = "norme de test" }
"""

PROFILES = """
[profiles.car]
label = "Voiture"
default_kmh = 60
source = "test"
"""

GROUPS = """
[groups.bassin]
label = "bassin"
poles = { ouest = "01001", est = "LAST" }
names = { ouest = "Ouest (Alpe)", est = "Est (Zoug)" }
"""

STUDY = f"""
[study]
name = "Carré"
inside = {{ epci = "123456789" }}
buffer_km = 12
roads = "line"
GROUPS
[sources.communes]
path = "communes.geojson"
columns = {{ code_insee = "code", nom = "nom", epci = "epci" }}
{SERVED}
[sources.population]
path = "population.csv"
{SERVED}
[sources.population.values.population]
column = "inhabitants"
[sources.population.values.children]
column = "children"
status = "estimated"
method = "test"

[[sources.equipements]]
path = "places.csv"
columns = {{ equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places", \
service = "service" }}
{SERVED}
[roads.line]
kind = "tables"
junction_columns = {{ junction_id = "junction", x = "x", y = "y" }}
segment_columns = {{ from_junction = "from", to_junction = "to", road_class = "class", \
length_m = "length" }}
[roads.line.junctions]
path = "junctions.csv"
crs = "EPSG:2154"
{SERVED}
[roads.line.segments]
path = "segments.csv"
{SERVED}
"""


def publication(
    folder: Path, service: str = "creche", *, columns: int = 3, rows: int = 3, places: int = 12,
    grouped: bool = True, name: str = "Commune-sur-Rivière",
) -> Publication:  # fmt: skip
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    codes = [f"01{number:03}" for number in range(1, len(cells) + 2)]
    cells.append((columns, 0))  # the buffer
    xy = [(X0 + STEP * column, Y0 + STEP * row) for column, row in cells]
    half = STEP / 2
    layer = gpd.GeoDataFrame(
        {
            "code": codes,
            "nom": [f"{name} {number}" for number in range(len(codes))],
            "epci": ["123456789"] * (len(codes) - 1) + ["987654321"],
        },
        geometry=[box(x - half, y - half, x + half, y + half) for x, y in xy],
        crs="EPSG:2154",
    )
    layer.to_file(folder / "communes.geojson")
    files = {
        "services.toml": SERVICES,
        "profiles.toml": PROFILES,
        "study.toml": STUDY.replace("GROUPS", GROUPS.replace("LAST", codes[-2]) if grouped else ""),
        "population.csv": "code_insee,inhabitants,children\n"
        + "".join(f"{code},{100 * number + 100},40\n" for number, code in enumerate(codes)),
        "places.csv": f"id,nom,insee,places,service\nc1,A,01001,{places},creche\n"
        f"c2,B,01002,{4 * places},creche\nd1,D,01001,,desk\n",
        "junctions.csv": "junction,x,y\n"
        + "".join(f"{code},{x},{y}\n" for code, (x, y) in zip(codes, xy, strict=True)),
        "segments.csv": "from,to,class,length\n"
        + "".join(f"{one},{two},local,{STEP}\n" for one, two in pairwise(codes)),
    }
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")
    study = open_study(folder / "study.toml")
    return publication_of(study, study.diagnose(service))


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Publication:
    """Nine communes, two groups, a service judged on supply; tests leave it as it is."""
    return publication(tmp_path_factory.mktemp("plain"))


def composed(result: Publication):
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["font.family"] = "DejaVu Sans"
        figure = _sheet.compose(result)
    figure.canvas.draw()
    return figure


def boxes(figure) -> list[tuple[str, object]]:
    renderer = figure.canvas.get_renderer()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts]


def overlaps(one, other) -> bool:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > 1 and high > 1


SHAPES = {
    "square": {},
    "time": {"service": "desk"},
    "wide": {"columns": 8, "rows": 1},
    "tall": {"columns": 1, "rows": 7},
    "not grouped": {"grouped": False},
    "all served": {"columns": 2, "rows": 1, "places": 500},
    "long names": {"name": "Saint-Maximin-la-Sainte-Baume-sous-les-Hauts-Plateaux"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_text_covers_another_or_leaves_the_page(tmp_path, shape):
    figure = composed(publication(tmp_path, **SHAPES[shape]))
    found = boxes(figure)
    width, height = figure.canvas.get_width_height()
    for said, extent in found:
        assert extent.x0 >= 0, said
        assert extent.y0 >= 0, said
        assert extent.x1 <= width, said
        assert extent.y1 <= height, said
    covered = [(a, b) for (a, one), (b, two) in combinations(found, 2) if overlaps(one, two)]
    assert not covered
    circles = [patch.get_window_extent() for patch in figure.findobj(Circle)]
    assert circles
    assert not [said for said, one in found if any(overlaps(one, disc) for disc in circles)]


def test_the_same_inputs_give_the_same_bytes_whatever_the_readers_own_settings(plain, tmp_path):
    draw(plain, tmp_path / "one.png")
    with mpl.rc_context({"font.size": 30, "figure.facecolor": "red", "savefig.bbox": "tight"}):
        draw(plain, tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_drawing_leaves_the_settings_of_matplotlib_and_the_publication_alone(plain, tmp_path):
    before, settings = plain.communes.copy(), dict(mpl.rcParams)
    draw(plain, tmp_path / "carte.png")
    assert before.equals(plain.communes)
    assert settings == dict(mpl.rcParams)


def pixels(figure):
    return np.asarray(figure.canvas.buffer_rgba())[:, :, :3]


def test_the_margins_are_white_and_the_map_shows_a_class_of_each_side(plain):
    image = pixels(composed(plain))
    edges = (image[:20], image[-20:], image[:, :20], image[:, -20:])
    assert all((edge == 255).all() for edge in edges)
    colours = palettes.class_colours(plain.classes)
    for number in plain.communes["class"].unique():
        rgb = [int(colours[number][at : at + 2], 16) for at in (1, 3, 5)]
        assert (image == rgb).all(axis=2).sum() > 1000


def test_estimates_are_said_and_schematic_times_in_capitals(plain):
    said = " ".join(text for text, _ in boxes(composed(plain)))
    assert labels.text("estimated.demand") in said
    assert labels.text("map.schematic").upper() not in said
    diagnosis = replace(plain.diagnosis, estimated=("schematic", "demand"))
    said = " ".join(text for text, _ in boxes(composed(replace(plain, diagnosis=diagnosis))))
    assert "TEMPS SCHÉMATIQUES" in said


def test_where_all_communes_are_served_the_page_says_so(tmp_path):
    said = [
        text for text, _ in boxes(composed(publication(tmp_path, columns=2, rows=1, places=500)))
    ]
    assert "Norme atteinte partout" in said
    assert "0 commune" in said
    assert labels.text("map.worst") not in said


def test_an_unknown_class_is_grey_and_stands_in_the_legend(plain):
    communes = plain.communes.copy()
    communes.loc[communes.index[:1], "class"] = -1
    figure = composed(replace(plain, communes=communes))
    assert (pixels(figure) == 0xC9).all(axis=2).sum() > 1000
    assert labels.text("map.unknown") in [text for text, _ in boxes(figure)]


def test_a_page_without_groups_has_no_comparison(tmp_path):
    said = [text for text, _ in boxes(composed(publication(tmp_path, grouped=False)))]
    assert labels.text("map.comparison") not in said


def test_many_groups_stand_one_under_the_other(plain):
    table = plain.groups[plain.grouping]
    names = [f"groupe {number}" for number in range(9)]
    many = table.iloc[[0] * 9].set_axis(names)
    figure = composed(replace(plain, groups={**plain.groups, plain.grouping: many}))
    tops = {text: extent.y0 for text, extent in boxes(figure) if text in names}
    assert len(set(tops.values())) == 9


def test_the_frame_follows_the_shape_of_the_territory(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    wide = frame_size(publication(tmp_path / "a", columns=8, rows=2).communes)
    tall = frame_size(publication(tmp_path / "b", columns=2, rows=8).communes)
    assert wide[0] > wide[1]
    assert tall[0] < tall[1]


def test_reference_circles_are_round_numbers_within_the_supplies(tmp_path):
    result = publication(tmp_path, places=31)
    assert references(result) == [30, 100]
    assert nice(0.05) == pytest.approx(0.05)


def test_below_the_norm_is_darker_than_above_in_greyscale():
    classes = [MapClass(number, "x", 0, 0, level) for number, level in
               enumerate((-4, -3, -2, -1, 1, 2, 3, 4, 5))]  # fmt: skip
    colours = palettes.class_colours(classes)
    grey = [
        sum(weight * int(colours[n][at : at + 2], 16)
            for weight, at in zip((0.299, 0.587, 0.114), (1, 3, 5), strict=True))
        for n in range(9)
    ]  # fmt: skip
    assert max(grey[:4]) < min(grey[4:])
    assert grey[4] - grey[3] > 90


def test_text_is_wrapped_within_its_width_and_a_number_keeps_its_word():
    paper = Paper(200, 200)
    lines = paper.wrapped("pour 100 enfants de moins de 3 ans " * 3 + "x" * 80, 8, 90)
    assert all(paper.width_of(line, 8) <= 90 for line in lines)
    assert not any(line.endswith(("100", " 3")) for line in lines)
    assert paper.wrapped("", 8, 90) == []


def test_a_dollar_is_a_dollar():
    paper = Paper(200, 200)
    Column(paper, 0, 200, 0).say("$x$ et 5 $", 8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paper.figure.canvas.draw()


def test_a_name_takes_the_free_place_nearest_its_commune():
    room = Room((0, 0, 100, 100))
    room.take((40, 40, 60, 60))
    found = near(room, (50, 50), box(20, 20, 80, 80), box(0, 0, 0, 0), (30, 10), reach=15)
    assert found is not None
    (left, top, right, bottom), _ = found
    assert right <= 39 or left >= 61 or bottom <= 39 or top >= 61
    room.take((0, 0, 100, 100))
    assert near(room, (50, 50), box(20, 20, 80, 80), box(0, 0, 0, 0), (30, 10), reach=15) is None


@pytest.mark.parametrize(
    ("nom", "cuts"),
    [
        ("Upie", [["Upie"]]),
        ("La Baume-Cornillane", [["La Baume-Cornillane"], ["La Baume-", "Cornillane"]]),
    ],
)
def test_long_names_may_be_cut_in_two(nom, cuts):
    assert _cuts(nom) == cuts
