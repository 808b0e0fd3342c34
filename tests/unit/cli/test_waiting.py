"""Bars: silent when quick, one display for nested loops, the items passed through."""

from ctg_geo.cli import waiting
from ctg_geo.progress import listen, notice, track


def nested():
    return [(a, b) for a in track([1, 2], "services") for b in track(["x", "y"], "schematic")]


EXPECTED = [(1, "x"), (1, "y"), (2, "x"), (2, "y")]


def test_without_a_listener_items_pass_through():
    assert nested() == EXPECTED


def test_nested_loops_share_one_display_and_leave_nothing(monkeypatch, capsys):
    monkeypatch.setattr(waiting, "_BAR_AFTER_S", -1)
    with listen(waiting.bars(shown=True)):
        assert nested() == EXPECTED
    assert capsys.readouterr().out == ""


def test_a_quick_loop_shows_no_bar(capsys):
    with listen(waiting.bars(shown=True)):
        assert nested() == EXPECTED
    assert capsys.readouterr().err == ""


def test_a_step_that_may_last_is_announced_in_french_on_the_error_stream(capsys):
    with listen(waiting.bars(shown=True), waiting.heralded(shown=True)):
        notice("roads_prepared")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "Préparation du réseau routier (une seule fois)…\n"


def test_a_quiet_screen_announces_nothing(capsys):
    with listen(waiting.bars(shown=False), waiting.heralded(shown=False)):
        notice("roads_prepared")
    notice("roads_prepared")  # nobody listens
    assert capsys.readouterr().err == ""
