"""The classical models of location: covering, median, centre, with places or without."""

from ctg_geo.siting.classical.capacity import capacitated_mclp, capacitated_p_median
from ctg_geo.siting.classical.centre import p_centre
from ctg_geo.siting.classical.costs import Given
from ctg_geo.siting.classical.cover import backup_coverage, lscp, mclp
from ctg_geo.siting.classical.median import p_median
from ctg_geo.siting.classical.relaxation import Relaxation, smallest_relaxation
from ctg_geo.siting.classical.words import how_good

__all__ = [
    "Given",
    "Relaxation",
    "backup_coverage",
    "capacitated_mclp",
    "capacitated_p_median",
    "how_good",
    "lscp",
    "mclp",
    "p_centre",
    "p_median",
    "smallest_relaxation",
]
