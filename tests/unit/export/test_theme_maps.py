"""Maps of themes: what their legends count, their signs, their names, their bytes."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import petit_pays as pp
from ctg_geo import contracts
from ctg_geo.export import _ground, portrait_map, theme_map
from ctg_geo.export._paper import Paper
from ctg_geo.export._placing import Room
from ctg_geo.export._symbols import _block, _Cell
from ctg_geo.export._theme_groups import group_counts
from ctg_geo.export._theme_panel import class_counts
from ctg_geo.export._unshown import people_signs
from ctg_geo.export.portrait_style import drawn_classes
from ctg_geo.export.theme_places import SYMBOLS, located
from ctg_geo.export.theme_setting import Context, Setting
from ctg_geo.export.theme_words import ServiceState, ThemeState, people_lines, theme_lines
from ctg_geo.parameters import KnownCount, Theme
from ctg_geo.study import open_study

INSIDE = pd.Index(["01001", "01002", "01003", "2A004"], name="code_insee")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return open_study(pp.write(tmp_path_factory.mktemp("maps")))


@pytest.fixture(scope="module")
def setting(study):
    # 10 minutes between neighbours: Alpe and Brive are nearer Alpe, Combe and Dune nearer Dune
    groups = pd.Series(["Ouest", "Ouest", "Est", "Est"], index=INSIDE)
    return Setting("Petit Pays", study.territory, ("test",), groups, "bassin")


def theme(study, classes=(0, 30, 100), status=contracts.OBSERVED, **changed):
    states = [
        ServiceState(
            key, study.config.service(key), "diagnosed", "en voiture", ("en voiture",), known
        )
        for key, known in (("creche", KnownCount(count=9, source="x")), ("france_services", None))
    ]
    declared = Theme(label="Enfants", demand="children_0_2", people_label="enfants", source="s",
                     classes=classes, no_classes="" if classes else "illisibles")  # fmt: skip
    people = study.territory.population.loc[INSIDE, "children_0_2"]
    marks = pd.Series(status, index=INSIDE)
    made = ThemeState("enfants", declared, people, marks, "méthode", tuple(states))
    return replace(made, **changed)


def test_a_theme_whose_map_draws_indicators_says_where_classes_of_people_are_drawn(study):
    rates = Context(figures=pd.DataFrame(index=INSIDE), drawn=("poverty_share",))
    alone = people_lines(theme(study, services=(), context=rates))
    counted = people_lines(theme(study, services=()))
    assert len(counted) == 2  # how many people, then the classes that its map draws
    assert alone[0] == counted[0]
    assert alone[1].startswith(counted[1])
    assert "projet QGIS" in alone[1].removeprefix(counted[1])


def test_the_legend_counts_communes_and_people_of_each_class(study):
    # 100, 50, 0 and 30 children; 30 and 100 stand on a bound and belong above it
    counts = class_counts(theme(study))
    assert counts.to_dict("index") == {
        2: {"communes": 1, "people": 100.0}, 1: {"communes": 2, "people": 80.0},
        0: {"communes": 1, "people": 0.0},
    }  # fmt: skip


def test_hidden_people_are_in_no_class_and_no_sum(study):
    status = [contracts.OBSERVED, contracts.SECRET, contracts.OBSERVED, contracts.NOT_AVAILABLE]
    counts = class_counts(theme(study, status=status))
    assert counts["communes"].sum() == 2
    assert counts["people"].sum() == 100


def test_classes_that_the_convention_lacks_are_of_like_numbers_and_said_to_be_computed(study):
    state = theme(study, classes=())
    assert state.computed
    assert class_counts(state)["communes"].tolist() == [1, 1, 1, 1]
    assert class_counts(state)["people"].tolist() == [100, 50, 30, 0]
    said = "\n".join(theme_lines(state, "Petit Pays"))
    assert "Classes calculées" in said
    assert "illisibles" in said


def test_places_are_counted_located_mobile_and_announced(study):
    # the crèche of Étang is outside; the bus of Brive is a stop
    creche, desk = located(theme(study).services, study.territory)
    assert (creche.places, creche.mobile, creche.announced) == (2, 0, 9)
    assert (desk.places, desk.mobile, desk.announced) == (2, 1, None)
    assert creche.symbol != desk.symbol


def test_groups_add_up_to_the_whole(study, setting):
    state = theme(study)
    counts = group_counts(state, setting, located(state.services, study.territory))
    assert counts["Ouest"].to_dict() == {
        "people": 150, "communes": 2, "creche": 1, "france_services": 2,
    }  # fmt: skip
    assert counts["Est"].to_dict() == {
        "people": 30, "communes": 2, "creche": 1, "france_services": 0,
    }  # fmt: skip
    assert (counts["Ouest"] + counts["Est"]).to_dict() == counts[""].to_dict()


def test_symbols_differ_by_shape_or_tone():
    assert len(set(SYMBOLS)) == len(SYMBOLS) == 24
    assert len({shape for shape, _ in SYMBOLS[:12]}) == 12  # shapes alone, in greyscale


def test_five_statuses_are_told_apart():
    every = [contracts.OBSERVED, contracts.ESTIMATED, contracts.SECRET, contracts.NOT_AVAILABLE,
             contracts.NOT_APPLICABLE]  # fmt: skip
    signs = people_signs(pd.Series(every))
    assert [sign.status for sign in signs] == every[1:]  # the observed have the plain colour
    assert len({sign.hatch for sign in signs}) == 4
    assert pd.DataFrame(list(signs.values())).sum().tolist() == [0, 1, 1, 1, 1]
    # where all are estimates the band under the title says so, once
    assert people_signs(pd.Series([contracts.ESTIMATED] * 3)) == {}


SPOTS = st.lists(
    st.tuples(st.floats(150, 250), st.floats(150, 250), st.integers(1, 9)), min_size=1, max_size=4
)


@given(SPOTS)
@example([(150.0, 150.0, 1), (150.0, 150.0, 7), (150.0, 150.0, 7), (150.0, 150.0, 4)])
@settings(max_examples=25, deadline=None)
def test_blocks_of_symbols_keep_off_each_other(spots):
    paper, room = Paper(400, 400), Room((0, 0, 400, 400))
    for x, y, count in spots:
        _block(paper, room, x, y, [_Cell("o", "#000000", False, "12", 18.0)] * count)
    assert_apart(room)


def assert_apart(room):
    for one, other in combinations(room.taken, 2):
        wide = min(one[2], other[2]) - max(one[0], other[0])
        high = min(one[3], other[3]) - max(one[1], other[1])
        assert wide <= 1e-6 or high <= 1e-6, (one, other)


def test_names_keep_off_each_other_and_off_places(study, setting, tmp_path, monkeypatch):
    rooms = []

    class Kept(Room):
        def __init__(self, frame):
            super().__init__(frame)
            rooms.append(self)

    monkeypatch.setattr(theme_map, "Room", Kept)
    theme_map.draw_theme(theme(study), setting, tmp_path / "map.png")
    (room,) = rooms
    # 3 positions of places, the scale, 2 groups, 4 communes
    assert len(room.taken) == 10
    assert_apart(room)


def figures():
    return Context(
        pd.DataFrame({
            "income": [20_000.0, 21_000, np.nan, 23_000],
            "income_status": ["observed", "observed", "secret", "estimated"],
            "rate_share": [5.0, 6, 7, np.nan],
            "rate_share_status": ["observed"] * 3 + ["not_available"],
            "homes": [400.0, 200, 20, 100], "homes_status": "observed",
        }, index=INSIDE),
        {"income": "Revenu", "rate_share": "Taux (%)", "homes": "Ménages"},
        frozenset({"income", "homes"}), ("income", "rate_share"),
        dict.fromkeys(("income", "rate_share", "homes"), "Insee, 2021"),
    )  # fmt: skip


def test_a_portrait_classes_what_is_known_and_tells_the_rest_by_its_status(study):
    state = theme(study, classes=(), services=(), context=figures())
    found, keys = drawn_classes(state.context, "income")
    assert keys.tolist() == ["1", "2", "secret", "3"]
    assert [found.names[key] for key in found.keys] == [
        "moins de 21\u202f000", "de 21\u202f000 à moins de 23\u202f000", "23\u202f000 et plus",
    ]  # fmt: skip
    assert drawn_classes(state.context, "rate_share")[1].tolist() == [
        "1", "2", "3", "not_available",
    ]  # fmt: skip


def test_the_same_inputs_give_the_same_bytes(study, setting, tmp_path):
    drawn = [
        (theme_map.draw_theme, theme(study)),
        (portrait_map.draw_portrait, theme(study, (), services=(), context=figures())),
    ]
    for draw, state in drawn:
        for name in ("one.png", "two.png"):
            draw(state, setting, tmp_path / name)
        assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_a_theme_without_groups_or_known_people_is_drawn_all_the_same(study, tmp_path):
    bare = Setting("Petit Pays", study.territory, ("test",))
    hidden = theme(study, classes=(), status=contracts.SECRET)
    assert hidden.classes() == {}
    theme_map.draw_theme(hidden, bare, tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 0


def test_indicators_are_told_by_their_title_with_the_decimals_of_their_kind(study):
    state = theme(study, classes=(), services=(), context=figures())
    said = "\n".join(theme_lines(state, "Petit Pays")).replace("\u202f", " ")
    assert "Ménages : de 20 à 400, médiane des communes 150" in said.replace("\u00a0", " ")
    assert "Revenu" in said
    assert "rate_share" not in said
    assert "Insee, 2021" in said


def test_estimates_and_places_at_the_centre_are_told_beside_the_results(study):
    state = theme(study)
    told = replace(state.services[0], estimated=("schematic", "location"), verdict="Verdict.")
    said = "\n".join(theme_lines(replace(state, services=(told,)), "Petit Pays"))
    assert "temps schématiques" in said
    assert "lieux placés au chef-lieu" in said
    assert "le temps compte pour zéro" in said
    assert "zéro" not in "\n".join(theme_lines(state, "Petit Pays"))


def test_ground_knows_whether_something_lies_beyond(study, setting):
    assert _ground.shows_beyond(study.territory, _view(setting))


def _view(setting):
    communes = setting.territory.communes.loc[setting.territory.inside]
    return theme_map.View.over(communes, (0, 0, 500, 500))
