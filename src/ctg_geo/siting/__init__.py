"""Where to put places: exact models of location, each answer with its bound."""

from ctg_geo.siting.plan import Plan, Status
from ctg_geo.siting.rules import SiteRules

__all__ = ["Plan", "SiteRules", "Status"]
