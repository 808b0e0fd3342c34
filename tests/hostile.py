"""Petit Pays under names that try to be code: HTML, formulas, markup, marks of direction."""

import csv
import io
import re

import petit_pays as pp

__all__ = ["COMMUNES", "FORMULA", "NAMES", "SCRIPT", "config", "plan_text", "scenario_text"]

SCRIPT = "</script><script>alert(1)</script>"
FORMULA = "=cmd|'/C calc'!A0"
NAMES = (
    SCRIPT, FORMULA, "\"&<>'", '#show "x" $x^{$ \\frac{ \\', "\u202egpj.exe",
    "Ligne 1\nLigne 2\tfin", "\U0001f9f8 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "L" + "o" * 700 + "ng", "{capacity} {0} %s %(x)s [bold]", "]]> --> <!-- [% $now %] NULL",
    "'); DROP TABLE communes; --", "Nu\x00l\x1b[2J\x07\x7f\x85",
)  # fmt: skip
COMMUNES = (
    SCRIPT, FORMULA, "\"&<>' # $x^{ \\", "\u202eednuD \U0001f9f8 \x1b[2J\x07\x7f", "É" * 300,
)  # fmt: skip
GROUPS = ("<b onmouseover=alert(2)>Ouest</b>", "=2+5 [% 1 %] ' \" # \x1b\x07")
STUDY_NAME = 'Pays </title><script>alert(3)</script> & "co" =1+1 # $a_{'


def _rows(text, column, names):
    """Return a table whose column holds hostile names."""
    table = list(csv.reader(io.StringIO(text)))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(
        [table[0], *([*row[:column], names[at], *row[column + 1 :]]
                     for at, row in enumerate(table[1:]))],
    )  # fmt: skip
    return written.getvalue()


def places(turn=0):
    """Return the crèches: three of the names, those of a turn; more stand in one commune."""
    known = pp.CRECHES.strip().splitlines()
    lines = [*known, *(f"h{at},x,01001,3" for at in range(len(NAMES)))]
    names = [NAMES[(at + turn) % len(NAMES)].replace("\x00", "") for at in range(len(lines))]
    return _rows("\n".join(lines) + "\n", 1, names)


def toml(text):
    """Write a text as TOML does."""
    shown = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04x}", shown)


def _services():
    return (
        pp.SERVICES.replace('"Crèches"', f'"Crèches {toml(SCRIPT)}"')
        .replace('"Crèche"', '"Crèche <b>\'&"')
        .replace('"norme de test"', f'"norme {toml(FORMULA)} <i>"')
        + f"""
[themes.petite_enfance]
label = "Enfance {toml(SCRIPT)}"
demand = "children_0_2"
people_label = "enfants <3 ans & \\"+\\""
classes = [0, 30, 100]
source = "={toml(FORMULA)}"
services = ["creche", "france_services"]
"""
    )


def config(folder):
    """Write the study and return its file."""
    layer = pp.communes()
    layer["nom"] = COMMUNES
    study = pp.STUDY.replace('"Petit Pays"', f'"{toml(STUDY_NAME)}"')
    for former, name in zip(("Ouest", "Est"), GROUPS, strict=True):
        study = study.replace(f'"{former}"', f'"{toml(name)}"')
    study = study.replace('label = "bassin"', 'label = "bassin <u>&\\""')
    study = study.replace('provider = "test"', f'provider = "{toml(SCRIPT)} {toml(FORMULA)}"')
    desks = _rows(pp.DESKS, 1, NAMES[2:])
    return pp.write(
        folder, layer=layer, study=study, creches=places(), desks=desks, services=_services()
    )


def scenario_text():
    """Return a scenario whose words are hostile too."""
    return f"""
name = "{toml(SCRIPT)}"
motive = "{toml(FORMULA)}"
source = "<img src=x onerror=alert(4)>"

[[changes]]
kind = "open"
place = "c9"
service = "creche"
name = "{toml(SCRIPT)} =1+1 \\u202e"
commune = "01002"
capacity = 10
cost = 350000
note = "={toml(FORMULA)}"
"""


def plan_text():
    """Return a second one, all of whose words start a formula."""
    return """
name = "=HYPERLINK(\\"http://x\\")"
motive = "@SUM(1)"
source = "+1"

[[changes]]
kind = "close"
place = "c2"
"""
