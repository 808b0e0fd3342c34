"""Publications together: groupings, vintages and scenarios that could be subtracted."""

import pandas as pd
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import (
    Cell,
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
