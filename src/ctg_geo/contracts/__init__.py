"""The standards: what each table must hold."""

from ctg_geo.contracts.status import (
    BEYOND_LIMIT,
    ESTIMATED,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    OBSERVED,
    SECRET,
    STATUSES,
)
from ctg_geo.contracts.tables import (
    COMMUNES,
    DELIVERIES,
    EQUIPEMENTS,
    JUNCTIONS,
    POPULATION,
    SEGMENTS,
    checked,
)

__all__ = [
    "BEYOND_LIMIT",
    "COMMUNES",
    "DELIVERIES",
    "EQUIPEMENTS",
    "ESTIMATED",
    "JUNCTIONS",
    "NOT_APPLICABLE",
    "NOT_AVAILABLE",
    "OBSERVED",
    "POPULATION",
    "SECRET",
    "SEGMENTS",
    "STATUSES",
    "checked",
]
