"""The depot: many territories, or one very large one, on as many processes as there are.

Results are those of one process, to the last bit. What is finished is kept, and not done again.
"""

from ctg_geo.fleet.crew import Crew
from ctg_geo.fleet.depot import Account
from ctg_geo.fleet.many import Many, many
from ctg_geo.fleet.national import write_national
from ctg_geo.fleet.prepare import HOMES_A_TILE, country_of
from ctg_geo.fleet.tiled import Tiled, tiled
from ctg_geo.fleet.whole import Whole, whole

__all__ = [
    "HOMES_A_TILE",
    "Account",
    "Crew",
    "Many",
    "Tiled",
    "Whole",
    "country_of",
    "many",
    "tiled",
    "whole",
    "write_national",
]
