"""Five communes under the rule of the Caf, small enough to be worked out by hand.

a, b, c and d are the territory; e is around it. A count of None is one that its source or a rule
hid, and what it is in truth stands in the test.
"""

import pandas as pd

from ctg_geo.contracts import Band
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import Figure
from ctg_geo.territory import Territory

CODES = ["a", "b", "c", "d", "e"]
NAN = float("nan")

__all__ = ["CODES", "NAN", "figure", "people", "territory"]


def figure(name, *, rule="caf", factor=1.0, by_units=False, masked="", ages=None, column="",
           read=5):  # fmt: skip
    """Return a figure of the vintage 2026, labelled by its name in capitals."""
    return Figure(
        name, name.upper(), "2026", factor, rule or "", RULES[rule] if rule else None, by_units,
        "caf.csv", read, frozenset(masked), None if ages is None else Band(*ages), column,
    )  # fmt: skip


def people(**columns):
    """Return counts and their status; a dash is a count that nobody knows, and no secret."""
    found = pd.DataFrame(index=pd.Index(CODES, name="code_insee"))
    for name, values in columns.items():
        found[name] = [NAN if each in (None, "-") else float(each) for each in values]
        found[f"{name}_status"] = [
            {None: "secret", "-": "not_available"}.get(each, "observed") for each in values
        ]
    return found


def territory(table, findings=(), places=None):
    """Return a territory of which only the tables are looked at."""
    communes = pd.DataFrame(
        {"nom": ["Alpe", "Brive", "Combe", "Dune", "Étang"], "epci": "1",
         "inside": [True] * 4 + [False], "rim": [False] * 5},
        index=table.index,
    )  # fmt: skip
    if places is None:
        places = pd.DataFrame({"nom": []}, dtype=object)
    return Territory("Pays", communes, None, None, table, places, tuple(findings), ())
