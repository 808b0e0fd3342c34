"""What commands print of findings: words for people, keys for those who ask for all."""

from ctg_geo.cli.screen import Screen
from ctg_geo.quality import Finding

SAID = [
    Finding("info", "location_estimated", "lieux.csv", str(row), {"count": 3}) for row in range(5)
]


def told(capsys, verbose):
    Screen(talks=True, as_json=False, verbose=verbose).findings(SAID, {})
    return capsys.readouterr().out


def test_findings_alike_are_counted_without_their_key(capsys):
    said = told(capsys, 0)
    assert "… et 2 autres constats du même type.\n" in said
    assert "location_estimated" not in said


def test_told_to_say_all_it_names_the_key_of_each(capsys):
    said = told(capsys, 1)
    assert said.count(" (location_estimated)\n") == 5
    assert "du même type" not in said
