"""Bars: silent when quick, one display for nested loops, the items passed through."""

from ctg_geo.cli import screen
from ctg_geo.progress import listen, track


def nested():
    return [(a, b) for a in track([1, 2], "services") for b in track(["x", "y"], "schematic")]


EXPECTED = [(1, "x"), (1, "y"), (2, "x"), (2, "y")]


def test_without_a_listener_items_pass_through():
    assert nested() == EXPECTED


def test_nested_loops_share_one_display_and_leave_nothing(monkeypatch, capsys):
    monkeypatch.setattr(screen, "_BAR_AFTER_S", -1)
    with listen(screen.bars(shown=True)):
        assert nested() == EXPECTED
    assert capsys.readouterr().out == ""


def test_a_quick_loop_shows_no_bar(capsys):
    with listen(screen.bars(shown=True)):
        assert nested() == EXPECTED
    assert capsys.readouterr().err == ""
