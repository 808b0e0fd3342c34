"""The standards: what each table must hold."""

from ctg_geo.contracts.ages import Band, band, bridge
from ctg_geo.contracts.codes import COMMUNE_CODE
from ctg_geo.contracts.masks import MISSING_SIGNS, NO_OBJECT_SIGNS, SECRET_SIGNS, meanings
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
    CANDIDATES,
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
    "CANDIDATES",
    "COMMUNES",
    "COMMUNE_CODE",
    "DELIVERIES",
    "EQUIPEMENTS",
    "ESTIMATED",
    "INDICATORS",
    "JUNCTIONS",
    "MISSING_SIGNS",
    "NOT_APPLICABLE",
    "NOT_AVAILABLE",
    "NO_OBJECT_SIGNS",
    "OBSERVED",
    "POPULATION",
    "SECRET",
    "SECRET_SIGNS",
    "SEGMENTS",
    "STATUSES",
    "Band",
    "band",
    "bridge",
    "checked",
    "meanings",
]
