"""The standards: what each table must hold."""

from ctg_geo.contracts.ages import Band, band, bridge
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
    INDICATORS,
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
    "INDICATORS",
    "JUNCTIONS",
    "NOT_APPLICABLE",
    "NOT_AVAILABLE",
    "OBSERVED",
    "POPULATION",
    "SECRET",
    "SEGMENTS",
    "STATUSES",
    "Band",
    "band",
    "bridge",
    "checked",
]
