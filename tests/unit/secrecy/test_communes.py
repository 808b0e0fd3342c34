"""Publications on the communes of other years, held against those of a study."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ctg_geo.config.study_file import MergersSource
from ctg_geo.secrecy import Cell, Published, Sum
from ctg_geo.secrecy.communes import Change, _grouped, aligned, merged_sums
from ctg_geo.sources import read_events
from ctg_geo.territory import Moves
from ctg_geo.territory.steps import Step

TABLE = "x@2026"
# 01002 takes in 01003 in 2019, and 01004 in 2022; 01009 has no event.
CHAIN = "old,new,date\n01003,01002,2019-01-01\n01004,01002,2022-01-01\n"


@pytest.fixture
def moves(tmp_path):
    path = tmp_path / "mergers.csv"

    def of(text, year):
        path.write_text(text, encoding="utf-8")
        columns = {"old_code": "old", "code_insee": "new"}
        columns |= {"date": "date"} if "date" in text else {}
        source = MergersSource(path=path.name, columns=columns, provider="t", licence="t",
                               vintage="t")  # fmt: skip
        return Moves(read_events(path, source), year)

    return of


def publication(name, **counts):
    shown = {f"{TABLE}/{code[1:]}": (each, each) for code, each in counts.items()}
    return Published(name, shown, {}, ())


def own(**counts):
    return [Cell(f"{TABLE}/{code[1:]}", each) for code, each in counts.items()]


def sums(past, cells, moves):
    """Return each sum as what is known of its cells that stand on one side and on the other."""
    known, changes = aligned(past, cells, moves)
    shown = [Cell(name, told[0], told=told, fixed=True)
             for each in known for name, told in each.shown.items()]  # fmt: skip
    names = {cell.name: cell for cell in [*cells, *shown]}
    every, made = merged_sums(changes, {(TABLE, TABLE)}, list(names.values()))
    values = {cell.name: cell.value for cell in every}
    return [
        (sorted(values[name] for name, times in each.parts.items() if times > 0),
         sorted([values[each.total],
                 *(values[name] for name, times in each.parts.items() if times < 0)]))
        for each in made
    ]  # fmt: skip


def test_two_mergers_one_after_the_other_are_one_sum(moves):
    past = [publication("2018", c01002=10.0, c01003=20.0, c01004=40.0, c01009=5.0)]
    made = sums(past, own(c01002=70.0, c01009=5.0), moves(CHAIN, 2023))
    assert made == [([70.0], [10.0, 20.0, 40.0])]


def test_publications_of_three_years_keep_their_own_communes(moves):
    past = [
        publication("2018", c01002=10.0, c01003=20.0, c01004=40.0),
        publication("2020", c01002=30.0, c01004=40.0),
    ]
    made = sums(past, own(c01002=70.0), moves(CHAIN, 2023))
    # 01004 was the same commune in 2018 and in 2020, and is one cell
    assert sorted(made) == [([70.0], [10.0, 20.0, 40.0]), ([70.0], [30.0, 40.0])]
    names = {name for each in aligned(past, own(c01002=70.0), moves(CHAIN, 2023))[0]
             for name in each.shown}  # fmt: skip
    assert len(names) == 4


def test_a_study_of_the_past_is_held_against_what_came_after(moves):
    past = [publication("2023", c01002=70.0, c01009=5.0)]
    made = sums(past, own(c01002=10.0, c01003=20.0, c01004=40.0, c01009=5.0), moves(CHAIN, 2018))
    assert made == [([10.0, 20.0, 40.0], [70.0])]


def test_events_without_a_date_tell_the_years_apart_too(moves):
    past = [publication("once", c01002=10.0, c01003=20.0)]
    made = sums(past, own(c01002=30.0), moves("old,new\n01003,01002\n", None))
    assert made == [([30.0], [10.0, 20.0])]


def test_communes_of_the_same_years_keep_their_names(moves):
    past = [publication("2018", c01002=10.0, c01003=20.0, c01004=40.0)]
    known, changes = aligned(past, own(c01002=10.0, c01003=20.0, c01004=40.0), moves(CHAIN, 2018))
    assert (known, changes) == (past, [])


def test_figures_that_do_not_add_up_are_other_figures(moves):
    past = [publication("2018", c01002=10.0, c01003=20.0, c01004=40.0)]
    assert sums(past, own(c01002=99.0), moves(CHAIN, 2023)) == []


def test_cells_sums_and_secrets_of_a_commune_that_ended_say_so(moves):
    """01002 of 2018 is another commune than that of 2023, and 01009 is the same."""
    names = {code: f"{TABLE}/{code}" for code in ("01002", "01003", "01009")}
    secret = Cell(names["01003"], float("nan"), 1, 4, secret=True)
    past = Published("2018", {names["01002"]: (10.0, 10.0), names["01009"]: (5.0, 5.0),
                              "01002": (1.0, 1.0)},
                     {names["01003"]: secret, "all": Cell("all", 15.0)},
                     ({names["01002"]: 1.0, names["01003"]: 1.0, "all": -1.0},))  # fmt: skip
    (found,), changes = aligned([past], own(c01002=13.0, c01009=5.0), moves(CHAIN, 2020))
    ended = {code: f"{names[code]} (avant 2019-01-01)" for code in ("01002", "01003")}
    assert found.shown == {ended["01002"]: (10, 10), names["01009"]: (5, 5), "01002": (1, 1)}
    assert {name: cell.name for name, cell in found.hidden.items()} == {
        ended["01003"]: ended["01003"], "all": "all",
    }  # fmt: skip
    assert found.hidden[ended["01003"]].secret
    assert found.relations == ({ended["01002"]: 1.0, ended["01003"]: 1.0, "all": -1.0},)
    marked = ("01002 (avant 2019-01-01)", "01003 (avant 2019-01-01)")
    assert changes == [Change(marked, ("01002",))]


def marks(moves, past, study):
    """Return the changes between a publication and a study on the communes of some years."""
    _, changes = aligned([past], study, moves)
    return [(each.then, each.now) for each in changes]


def test_a_commune_that_ended_bears_the_first_of_its_dates_and_one_that_was_made_the_last(moves):
    before = publication("2018", c01002=10.0, c01003=20.0, c01004=40.0)
    assert marks(moves(CHAIN, 2023), before, own(c01002=70.0)) == [
        (("01002 (avant 2019-01-01)", "01003 (avant 2019-01-01)", "01004 (avant 2022-01-01)"),
         ("01002",)),
    ]  # fmt: skip
    study = own(c01002=10.0, c01003=20.0, c01004=40.0)
    assert marks(moves(CHAIN, 2018), publication("2023", c01002=70.0), study) == [
        (("01002 (depuis 2022-01-01)",), ("01002", "01003", "01004")),
    ]


def test_only_the_events_between_the_two_years_count(moves):
    of_2020 = publication("2020", c01002=30.0, c01004=40.0)
    assert marks(moves(CHAIN, 2018), of_2020, own(c01002=10.0, c01003=20.0, c01004=40.0)) == [
        (("01002 (depuis 2019-01-01)",), ("01002", "01003")),
    ]
    assert marks(moves(CHAIN, 2023), of_2020, own(c01002=70.0)) == [
        (("01002 (avant 2022-01-01)", "01004 (avant 2022-01-01)"), ("01002",)),
    ]
    assert marks(moves(CHAIN, 2021), of_2020, own(c01002=30.0, c01004=40.0)) == []


def test_a_change_that_one_of_the_two_knows_nothing_of_is_none(moves):
    text = "old,new,date\n01003,01002,2019-01-01\n02003,02002,2019-01-01\n"
    past = publication("2018", c01002=10.0, c01003=20.0)
    assert len(marks(moves(text, 2020), past, own(c01002=30.0, c02002=9.0))) == 1
    assert marks(moves(text, 2020), past, own(c02002=9.0)) == []


def test_communes_of_which_no_year_is_told_are_those_of_the_study(moves):
    past = publication("?", c01009=5.0)
    for year in (2018, 2023, None):
        assert marks(moves(CHAIN, year), past, own(c01002=70.0, c01009=5.0)) == []


def test_without_a_year_the_study_is_of_after_the_last_event(moves):
    past = publication("2018", c01002=10.0, c01003=20.0, c01004=40.0)
    assert len(marks(moves(CHAIN, None), past, own(c01002=70.0))) == 1
    assert marks(moves(CHAIN, None), publication("2023", c01002=70.0), own(c01002=70.0)) == []


def test_publications_that_saw_the_same_change_tell_it_once(moves):
    past = [publication(name, c01002=10.0, c01003=20.0) for name in ("one", "two")]
    assert len(aligned(past, own(c01002=30.0), moves(CHAIN, 2020))[1]) == 1


CHANGE = Change(("p", "q"), ("r",))


def cells_of(**values):
    return [Cell(f"{TABLE}/{code}", value, 1.0, 4.0 if np.isnan(value) else float("inf"),
                 secret=bool(np.isnan(value))) for code, value in values.items()]  # fmt: skip


NAN = float("nan")
PAIR = {(TABLE, TABLE)}


def test_a_change_is_a_sum_over_both_sides():
    cells, made = merged_sums([Change(("p", "q"), ("r", "s"))], PAIR,
                              cells_of(p=10.0, q=20.0, r=13.0, s=17.0))  # fmt: skip
    assert made == [Sum(f"{TABLE}/p", {f"{TABLE}/r": 1.0, f"{TABLE}/s": 1.0, f"{TABLE}/q": -1.0})]
    assert cells == cells_of(p=10.0, q=20.0, r=13.0, s=17.0)


def test_tables_taken_for_the_same_one_are_held_together_ours_first():
    here, there = cells_of(r=30.0), cells_of(p=10.0, q=20.0)
    there = [replace(each, name=each.name.replace("2026", "Caf")) for each in there]
    _, made = merged_sums([CHANGE], {(TABLE, "x@Caf"), (TABLE, TABLE)}, [*here, *there])
    assert made == [Sum("x@Caf/p", {f"{TABLE}/r": 1.0, "x@Caf/q": -1.0})]


@pytest.mark.parametrize(
    ("values", "extra"),
    [
        ({"p": 10.0, "q": 20.0, "r": 30.0}, []), ({"p": 10.0, "r": 30.0}, ["q"]),
        ({"r": 30.0}, None), ({"p": 10.0, "q": 20.0}, None), ({}, None),
    ],
)  # fmt: skip
def test_a_commune_that_no_publication_names_is_unknown(values, extra):
    given = cells_of(**values)
    cells, made = merged_sums([CHANGE], PAIR, given)
    assert cells[: len(given)] == given
    assert [each.name[-1] for each in cells[len(given) :]] == (extra or [])
    assert all(np.isnan(each.value) and not each.secret for each in cells[len(given) :])
    assert len(made) == (extra is not None)


def test_what_cannot_be_is_left_out_with_all_it_would_have_added():
    given = cells_of(p=40.0, r=30.0)
    cells, made = merged_sums([CHANGE, Change(("p",), ("r", "s"))], PAIR, given)
    # q cannot be -10; but s may be 10
    assert [each.name[-1] for each in cells] == ["p", "r", "s"]
    assert [dict(each.parts) for each in made] == [{f"{TABLE}/r": 1.0, f"{TABLE}/s": 1.0}]


@pytest.mark.parametrize(
    ("change", "values", "secret"),
    [
        (CHANGE, {"p": NAN, "q": 20.0, "r": NAN}, "p"),  # r is secret for the sake of p
        (CHANGE, {"p": NAN, "q": 20.0, "r": 23.0}, "p"),
        (CHANGE, {"p": 1.0, "q": 2.0, "r": NAN}, "r"),  # of its own
        (Change(("p", "q"), ("r", "s")), {"p": NAN, "q": 3.0, "r": NAN, "s": 2.0}, "pr"),
    ],
)
def test_a_commune_that_is_secret_for_one_of_its_parts_is_no_secret_of_its_own(
    change, values, secret
):
    given = [replace(each, low=0.0, high=float("inf")) for each in cells_of(**values)]
    cells, (_,) = merged_sums([change], PAIR, given)
    assert "".join(each.name[-1] for each in cells if each.secret) == secret


def test_a_secret_of_which_something_is_told_stays_one():
    given = cells_of(p=NAN, q=20.0, r=23.0)
    for value, told, stays in ((NAN, None, False), (NAN, (20.0, 25.0), True), (23.0, None, True)):
        r = Cell(f"{TABLE}/r", value, told=told, secret=True)
        cells, (_,) = merged_sums([CHANGE], PAIR, [*given[:2], r])
        assert cells[2].secret == stays


def steps_of(random, count):
    """Return communes at first, at last, and some years of mergers, splits and new codes."""
    alive = [f"k{at}" for at in range(20)]
    start, made, fresh = list(alive), [], iter(range(100, 999))
    for year in range(count):
        onto, back = {}, {}
        free = [str(each) for each in random.permutation(alive)]
        for _ in range(int(random.integers(1, 3))):
            parts = [free.pop() for _ in range(int(random.integers(1, 4)))]
            ends = [f"n{next(fresh)}" for _ in range(int(random.integers(1, 4)))]
            stays = random.random() < 0.5  # a code of before is that of the same commune after
            ends[: int(stays)] = parts[: int(stays)]
            # each of the parts goes to some of the ends, and each end has somebody
            goes = random.random((len(parts), len(ends))) < 0.5
            goes[random.integers(0, len(parts), len(ends)), np.arange(len(ends))] = True
            goes[np.arange(len(parts)), random.integers(0, len(ends), len(parts))] = True
            goes[0, 0] |= stays
            onto |= {code: tuple(np.array(ends)[goes[at]].tolist())
                     for at, code in enumerate(parts)}  # fmt: skip
            back |= {code: tuple(np.array(parts)[goes[:, at]].tolist())
                     for at, code in enumerate(ends)}  # fmt: skip
            alive = [*(each for each in alive if each not in parts), *dict.fromkeys(ends)]
        made.append(Step(str(2000 + year), {k: v for k, v in onto.items() if v != (k,)},
                         {k: v for k, v in back.items() if v != (k,)}))  # fmt: skip
    return start, alive, made


def components(start, steps):
    """Return groups by following every person: who shares a commune, then or now, is of one."""
    now = {code: {code} for code in start}  # each commune of the start, and where its people are
    touched = set()
    for step in steps:
        touched |= {code for code, ends in now.items()
                    for end in ends if end in step.onto or end in step.back}  # fmt: skip
        now = {code: {new for end in ends for new in step.onto.get(end, (end,))}
               for code, ends in now.items()}  # fmt: skip
    groups = [({code}, set(ends)) for code, ends in now.items() if code in touched]
    merged = True
    while merged:
        merged = False
        for one in groups:
            for other in groups:
                if one is not other and one[1] & other[1]:
                    one[0].update(other[0])
                    one[1].update(other[1])
                    groups = [each for each in groups if each is not other]
                    merged = True
                    break
            if merged:
                break
    return {(tuple(sorted(then)), tuple(sorted(now))) for then, now in groups}


@pytest.mark.parametrize("seed", range(40))
def test_groups_of_communes_are_those_whose_people_mix(seed):
    random = np.random.default_rng(seed)
    start, _, steps = steps_of(random, int(random.integers(1, 5)))
    moves = SimpleNamespace(steps=SimpleNamespace(steps=tuple(steps)))
    assert set(_grouped(moves, 0, len(steps))) == components(start, steps)


def test_groups_are_of_the_steps_asked_for():
    steps = (Step("2000", {"a": ("b",)}, {"b": ("a", "b")}),
             Step("2001", {"c": ("b",)}, {"b": ("b", "c")}))  # fmt: skip
    moves = SimpleNamespace(steps=SimpleNamespace(steps=steps))
    assert list(_grouped(moves, 0, 1)) == [(("a", "b"), ("b",))]
    assert list(_grouped(moves, 1, 2)) == [(("b", "c"), ("b",))]
    assert list(_grouped(moves, 0, 2)) == [(("a", "b", "c"), ("b",))]
    assert list(_grouped(moves, 1, 1)) == []


def test_a_table_of_other_figures_does_not_stop_the_next_one():
    """p of a@1 is 99, which r cannot be; p of the table itself may."""
    given = [*cells_of(p=10.0, q=20.0, r=30.0), Cell("a@1/p", 99.0)]
    _, made = merged_sums([CHANGE], {(TABLE, "a@1"), *PAIR}, given)
    assert [each.total for each in made] == [f"{TABLE}/p"]


def test_without_a_date_communes_that_exist_today_are_those_of_today(moves):
    text = "old,new\n01003,01002\n"
    assert marks(moves(text, None), publication("once", c01002=30.0), own(c01002=30.0)) == []
