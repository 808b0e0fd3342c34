"""The sorting table: spreadsheets of colleagues become places, or rows to mend."""

from ctg_geo.importing.gazetteer import Gazetteer
from ctg_geo.importing.geocoding import SERVICE, Address, Geocoded, geocoded
from ctg_geo.importing.guessing import Guess
from ctg_geo.importing.imported import Imported, Problem, Refused, Twins
from ctg_geo.importing.mapping import ImportMapping, ValueRules, load_mapping, mapping_toml
from ctg_geo.importing.places import Context
from ctg_geo.importing.read import import_places

__all__ = [
    "SERVICE",
    "Address",
    "Context",
    "Gazetteer",
    "Geocoded",
    "Guess",
    "ImportMapping",
    "Imported",
    "Problem",
    "Refused",
    "Twins",
    "ValueRules",
    "geocoded",
    "import_places",
    "load_mapping",
    "mapping_toml",
]
