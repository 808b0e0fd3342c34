"""Tours in Petit Pays: a van of Alpe, ten minutes and ten kilometres from one place to the next.

Whoever is ten minutes from a stop reaches it: a stop in Brive is reached from Alpe, Brive and
Combe, one in Combe from Brive, Combe and Dune.
"""

from pathlib import Path

import petit_pays as pp

__all__ = ["SERVICES", "TOURS", "written"]

SERVICES = (
    pp.SERVICES
    + """
[services.france_services.presence]
reference_hours = 10
source = "test"
"""
)

TOURS = """
label = "Bus des familles"
service = "france_services"
demand = "children_0_2"
people_label = "enfants"
reach_min = { car = 10 }
grouping = "bassin"
source = "réglage de test"

[[worth]]
up_to_hours = 2
worth = 1

[[worth]]
up_to_hours = 6
worth = 0.5

[tours.bus]
label = "Bus"
depot = "01001"
setting_up_min = 10
packing_up_min = 5
longest_day_hours = 7
days_per_week = 2
crew = { people = 2, hours_per_week = 16, desk_hours = 2, source = "équipe de test" }
source = "tournée de test"

[[tours.bus.days]]
name = "mardi"
stops = [{ place = "01002", hours = 2 }, { place = "01003", hours = 3 }]

[design]
least_hours = 1
most_hours = 3
step_hours = 1
"""


def written(folder: Path, tours: str = TOURS, *, study: str = pp.STUDY, **files: str) -> Path:
    """Write Petit Pays with its tours and return its TOML."""
    told = study + '\n[tours]\nfamilles = "tours.toml"\n'
    config = pp.write(folder, study=told, **{"services": SERVICES, **files})
    (folder / "tours.toml").write_text(tours, "utf-8")
    return config
