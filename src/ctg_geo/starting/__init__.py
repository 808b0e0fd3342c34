"""A new study: a folder with a commented file, the services, the profiles, the catalogue."""

from ctg_geo.starting.new_study import NewStudy, check_services, check_vacant, start
from ctg_geo.starting.stock import STOCK

__all__ = ["STOCK", "NewStudy", "check_services", "check_vacant", "start"]
