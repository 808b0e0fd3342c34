"""Publications together: groupings, vintages and scenarios that could be subtracted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import (
    Cell,
    Published,
    Sum,
    assembled,
    joined,
    read_register,
    recorded,
    suppress,
    table_of_counts,
    write_register,
)

CAF = RULES["caf"]
COUNTS = pd.Series({"a": 3.0, "b": 20.0, "c": 30.0, "d": 40.0})


def split(name, groups):
    frame = pd.DataFrame({name: list(groups)}, index=COUNTS.index)
    return table_of_counts(COUNTS, frame, CAF, whole="all")


def hidden(found):
    return {name for name, mask in zip(found.cells.names, found.hidden, strict=True) if mask}


def test_groupings_published_one_after_the_other_are_safe_together(tmp_path):
    path = tmp_path / "registre.json"
    first = suppress(assembled(*split("g", "xxyy")))
    assert hidden(first) == {"a", "b"}
    write_register(path, [], recorded("one", first))
    # alone, the second split would hide a with another commune; b is hidden already, d shown
    alone = suppress(assembled(*split("h", "xyxy")))
    assert hidden(alone) == {"a", "c"}
    cells, sums = joined(*split("h", "xyxy"), read_register(path))
    shown = Cell("h=x", 33.0, 5, fixed=True)  # less c, a
    betrayed = assembled([*(each for each in cells if each.name != "h=x"), shown], sums)
    with pytest.raises(SecrecyError, match="worked out"):
        suppress(betrayed)
    together = suppress(assembled(*joined(*split("h", "xyxy"), read_register(path))))
    assert {"a", "b", "h=x"} <= hidden(together)
    assert "c" not in hidden(together)


def test_the_change_between_two_vintages_does_not_tell_a_secret_of_either():
    cells = [
        Cell("a@2023", 3, 1, 4, secret=True), Cell("a@2024", 9, 5), Cell("change", 6, -1e9),
        Cell("b@2023", 50, 5), Cell("b@2024", 52, 5), Cell("change b", 2, -1e9),
    ]  # fmt: skip
    sums = [Sum("a@2024", {"a@2023": 1, "change": 1}), Sum("b@2024", {"b@2023": 1, "change b": 1})]
    found = suppress(assembled(cells, sums))
    assert hidden(found) in ({"a@2023", "change"}, {"a@2023", "a@2024"})


def test_two_scenarios_share_the_cells_that_do_not_change():
    today = [Cell("a", 3, 1, 4, secret=True), Cell("b", 20, 5), Cell("today", 23, 5)]
    tomorrow = [Cell("new", 10, 5), Cell("tomorrow", 33, 5)]
    sums = [Sum("today", {"a": 1, "b": 1}), Sum("tomorrow", {"a": 1, "b": 1, "new": 1})]
    found = suppress(assembled([*today, *tomorrow], sums))
    assert hidden(found) == {"a", "b"}  # b serves both


def test_a_figure_already_shown_cannot_become_secret(tmp_path):
    path = tmp_path / "registre.json"
    before = suppress(assembled([Cell("a", 3.0), Cell("b", 20.0)], []))
    write_register(path, [], recorded("before rules", before))
    with pytest.raises(SecrecyError, match=r"worked out.*a"):
        suppress(assembled(*joined(*split("g", "xxyy"), read_register(path))))


def test_another_value_under_the_same_name_is_refused(tmp_path):
    path = tmp_path / "registre.json"
    before = suppress(assembled([Cell("d", 41.0)], []))
    write_register(path, [], recorded("last year", before))
    with pytest.raises(SecrecyError, match=r"d: published with another value.*last year"):
        joined(*split("g", "xxyy"), read_register(path))


def test_the_register_keeps_no_secret_value_and_the_same_publication_once(tmp_path):
    path = tmp_path / "registre.json"
    found = suppress(assembled(*split("g", "xxyy")))
    new = recorded("one", found)
    write_register(path, [], new)
    first = path.read_bytes()
    assert b"20.0" not in first
    write_register(path, read_register(path), new)
    assert path.read_bytes() == first
    again = read_register(path)
    assert again[0].hidden["a"].high == 4
    assert again[0].shown["c"] == (30.0, 30.0)
    assert [path.name for path in tmp_path.iterdir()] == ["registre.json"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"publications": [{"name": "x"}]}',
                                     '{"publications": 3}'])  # fmt: skip
def test_a_damaged_register_stops_the_work(tmp_path, content):
    path = tmp_path / "registre.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SecrecyError, match="register of publications"):
        read_register(path)


def test_no_register_yet_is_an_empty_one(tmp_path):
    assert read_register(tmp_path / "none.json") == []


def published(shown=None, hidden=None, relations=()):
    return Published("before", shown or {}, hidden or {}, tuple(relations))


def by_name(cells):
    return {cell.name: cell for cell in cells}


def test_what_was_seen_is_known_whatever_is_decided_now():
    past = published({"new": (3.0, 3.0), "less": (-3.0, -3.0), "rough": (5.0, 9.0)})
    known = by_name(joined([], [], [past])[0])
    assert all(cell.fixed for cell in known.values())
    assert (known["new"].value, known["new"].low) == (3, 0)
    assert (known["less"].value, known["less"].low) == (-3, -np.inf)
    assert np.isnan(known["rough"].value)
    assert known["rough"].told == (5, 9)


def test_two_rounded_figures_leave_what_both_allow():
    now = [Cell("a", 7.0, told=(6.0, 12.0)), Cell("b", 7.0)]
    known = by_name(joined(now, [], [published({"a": (5.0, 9.0), "b": (5.0, 9.0)})])[0])
    assert (known["a"].told, known["a"].value, known["a"].fixed) == ((6, 9), 7, True)
    assert known["b"].told == (5, 9)


@pytest.mark.parametrize("value", [5.0, 9.0])
def test_a_figure_at_the_end_of_what_was_told_is_the_same_figure(value):
    past = [published({"a": (5.0, 9.0)})]
    assert by_name(joined([Cell("a", value)], [], past)[0])["a"].value == value
    with pytest.raises(SecrecyError, match="another value"):
        joined([Cell("a", value + (1 if value > 6 else -1))], [], past)


def test_a_secret_of_before_is_kept_unless_it_is_known_or_one_already():
    kept = Cell("a", np.nan, 1.0, 4.0, secret=True, share=0.5, width=4.0)
    other = Cell("b", np.nan, 5.0)
    past = [published(hidden={"a": kept, "b": other})]
    known = by_name(joined([Cell("a", 3.0), Cell("b", 20.0)], [], past)[0])
    found = known["a"]
    assert (found.value, found.secret, found.low, found.high) == (3, True, 1, 4)
    assert (found.share, found.width) == (0.5, 4)
    assert not known["b"].secret  # it was hidden for another's sake
    assert by_name(joined([], [], past)[0])["a"] == kept
    for now in (Cell("a", 3.0, fixed=True), Cell("a", 3.0, 2.0, 3.0, secret=True)):
        assert by_name(joined([now], [], past)[0])["a"] == now


def test_sums_of_before_are_sums_to_nothing():
    past = [published(relations=[{"a": 1.0, "b": 1.0, "all": -1.0}])]
    cells, sums = joined([], [Sum("x", {"y": 1.0})], past)
    assert sums == [Sum("x", {"y": 1.0}), Sum("0 before 0", {"a": 1.0, "b": 1.0, "all": -1.0})]
    (zero,) = cells
    assert (zero.value, zero.low, zero.high, zero.fixed) == (0, 0, 0, True)


def test_the_register_reads_back_as_it_was_written(tmp_path):
    path = tmp_path / "under" / "registre.json"
    hidden = {
        "a": Cell("a", np.nan, 1.0, 4.0, secret=True, share=0.5, width=4.0),
        "b": Cell("b", np.nan, 5.0),  # no upper bound, no width
    }
    new = published({"c": (30.0, 30.0), "d": (5.0, 9.0)}, hidden, [{"a": 1.0, "all": -2.0}])
    write_register(path, [], new)
    (again,) = read_register(path)
    assert (again.name, again.shown, again.relations) == (new.name, new.shown, new.relations)
    for name, cell in hidden.items():
        found = again.hidden[name]
        assert np.isnan(found.value)
        assert replace(found, value=0.0) == replace(cell, value=0.0)


def test_a_publication_records_its_own_cells_only():
    found = suppress(assembled(*split("g", "xxyy")))
    own = recorded("one", found, own=["a", "b", "c", "g=x"])
    assert (sorted(own.shown), sorted(own.hidden)) == (["c", "g=x"], ["a", "b"])
    assert own.hidden["a"].secret
    assert not own.hidden["b"].secret
    assert [sorted(each) for each in own.relations] == [["a", "b", "g=x"]]
    assert len(recorded("all", found).relations) == 3


def test_what_was_seen_to_be_no_less_than_0_is_a_count():
    past = published({"none": (0.0, 0.0), "little": (0.5, 0.5), "less": (-0.5, -0.5)})
    known = by_name(joined([], [], [past])[0])
    assert {name: cell.low for name, cell in known.items()} == {
        "none": 0, "little": 0, "less": -np.inf,
    }  # fmt: skip


@pytest.mark.parametrize(("size", "off", "same"), [
    (1e6, 0.9, True), (1e6, 1.5, False), (0.1, 9e-7, True), (0.1, 1.5e-6, False),
])  # fmt: skip
@pytest.mark.parametrize("sign", [1, -1])
def test_a_figure_is_the_same_to_a_millionth(size, off, same, sign):
    past = [published({"a": (size, size)})]
    now = [Cell("a", size + sign * off)]
    if same:
        assert by_name(joined(now, [], past)[0])["a"].fixed
        return
    with pytest.raises(SecrecyError) as caught:
        joined(now, [], past)
    assert caught.value.reason == "register_differs"
    assert caught.value.facts == {"cell": "a", "publication": "before"}


ONE, OTHER = published({"a": (30.0, 30.0)}), published({"a": (31.0, 31.0)})
AGAIN = replace(ONE, name="again")


def names(path):
    return [each.name for each in read_register(path)]


def test_a_publication_that_the_decision_did_not_know_stops_the_next_one(tmp_path):
    path = tmp_path / "registre.json"
    write_register(path, [], ONE)
    kept = path.read_bytes()
    with pytest.raises(SecrecyError) as caught:
        write_register(path, [], replace(OTHER, name="new"))
    assert (caught.value.reason, caught.value.facts) == ("register_moved", {"file": str(path)})
    assert path.read_bytes() == kept
    write_register(path, [ONE], replace(OTHER, name="new"))
    assert names(path) == ["before", "new"]


def test_the_same_figures_under_another_name_stop_nothing(tmp_path):
    """Another run was faster with the very same figures: what it showed tells no more."""
    path = tmp_path / "registre.json"
    write_register(path, [], ONE)
    write_register(path, [], AGAIN)
    assert names(path) == ["before", "again"]
    write_register(path, [ONE, AGAIN], replace(OTHER, name="x"))
    with pytest.raises(SecrecyError):  # one of those that were not known is the same, and two not
        write_register(path, [], replace(OTHER, name="y"))
    assert names(path) == ["before", "again", "x"]


def test_a_run_that_publishes_twice_the_same_writes_it_once(tmp_path):
    path = tmp_path / "registre.json"
    write_register(path, [], ONE, AGAIN, ONE)
    assert names(path) == ["before", "again"]
    write_register(path, [ONE, AGAIN], AGAIN, replace(OTHER, name="x"))
    assert names(path) == ["before", "again", "x"]


def test_people_can_read_the_register_and_its_folders_are_made(tmp_path):
    path = tmp_path / "un" / "deux" / "registre.json"
    write_register(path, [], replace(ONE, name="Étude d’été"))
    text = path.read_text(encoding="utf-8")
    assert text.startswith('{\n "publications": [\n  {\n   "name": "Étude d’été",\n')
    assert text.endswith("}\n")


@pytest.mark.parametrize("relations", ['""', "{}", "null", "3", '[["a", 1]]'])
def test_a_register_whose_sums_are_no_sums_is_refused(tmp_path, relations):
    path = tmp_path / "registre.json"
    said = f'"name": "x", "shown": {{}}, "hidden": {{}}, "relations": {relations}'
    path.write_text(f'{{"publications": [{{{said}}}]}}', encoding="utf-8")
    with pytest.raises(SecrecyError) as caught:
        read_register(path)
    assert (caught.value.reason, caught.value.facts) == ("register", {"file": str(path)})
