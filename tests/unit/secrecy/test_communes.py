"""Publications on the communes of other years, held against those of a study."""

import pytest

from ctg_geo.config.study_file import MergersSource
from ctg_geo.secrecy import Cell, Published
from ctg_geo.secrecy.communes import aligned, merged_sums
from ctg_geo.sources import read_events
from ctg_geo.territory import Moves

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
