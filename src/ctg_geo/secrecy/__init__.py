"""The notary: what may be published; secrets, what would give them away, and the attacker."""

from ctg_geo.secrecy.attack import inferred
from ctg_geo.secrecy.capacities import hide_capacities
from ctg_geo.secrecy.cells import Cell, Cells, Sum, assembled
from ctg_geo.secrecy.derived import derived
from ctg_geo.secrecy.figures import Figure, figures_of, hide_by_rule
from ctg_geo.secrecy.gate import Released, ReleasedSum, Verdict, gate, verdict
from ctg_geo.secrecy.indicators import hide_indicators
from ctg_geo.secrecy.journal import JOURNAL, journal
from ctg_geo.secrecy.plan import Plan, plan, withheld
from ctg_geo.secrecy.primary import count_cell, dominated, table_of_counts, too_few, value_cell
from ctg_geo.secrecy.rates import betraying, rates
from ctg_geo.secrecy.register import Published, joined, read_register, recorded, write_register
from ctg_geo.secrecy.retold import Retold, retold
from ctg_geo.secrecy.same_tables import Alike, alike
from ctg_geo.secrecy.suppress import EXACT_UP_TO, Suppression, suppress
from ctg_geo.secrecy.words import in_words

__all__ = [
    "EXACT_UP_TO",
    "JOURNAL",
    "Alike",
    "Cell",
    "Cells",
    "Figure",
    "Plan",
    "Published",
    "Released",
    "ReleasedSum",
    "Retold",
    "Sum",
    "Suppression",
    "Verdict",
    "alike",
    "assembled",
    "betraying",
    "count_cell",
    "derived",
    "dominated",
    "figures_of",
    "gate",
    "hide_by_rule",
    "hide_capacities",
    "hide_indicators",
    "in_words",
    "inferred",
    "joined",
    "journal",
    "plan",
    "rates",
    "read_register",
    "recorded",
    "retold",
    "suppress",
    "table_of_counts",
    "too_few",
    "value_cell",
    "verdict",
    "withheld",
    "write_register",
]
