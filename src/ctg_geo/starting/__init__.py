"""A new study: a folder with a commented file, the services, the profiles, the catalogue."""

from ctg_geo.starting.new_study import NewStudy, start
from ctg_geo.starting.stock import STOCK

__all__ = ["STOCK", "NewStudy", "start"]
