"""How schematic roads are drawn from facts, every default with its source."""

from typing import Final

from pydantic import Field

from ctg_geo.parameters.parameter import Parameter

__all__ = ["AXIS_CLASSES", "SchematicRules"]

AXIS_CLASSES: Final = ("motorway", "trunk", "primary", "secondary", "tertiary")


class SchematicRules(Parameter):
    """Rules of the generated road network; no default was fitted to a road file.

    Notes
    -----
    *Speeds* are 0.8 of the legal limit, as in OSRM's car profile (`speed_reduction`), the
    engine Insee uses for its published access times (Insee blog, 6 Oct 2021): motorway
    130, dual carriageway 110, road outside built-up areas 80 km/h (Code de la route,
    R413-2). In built-up areas they are the means observed by ONISR in 2021 (Observatoire
    des vitesses): 51.3 km/h through small towns, 41.0 km/h on arteries of larger ones.

    *Detour*: road distance is 1.343 times the straight line on average over 300 European
    cities (Environment and Planning B, 2023, doi:10.1177/23998083231168870). Part of it is
    made by going from chef-lieu to chef-lieu; the rest is put on every link, so that the
    generated network as a whole has the published detour.

    The town size that parts small from large, the ratio and length of direct links, the
    reach of exits and the gap at bridges are judgement, not sourced.

    *Built-up areas*: people live at 1 500 per km² around the chef-lieu, the density that
    defines an urban centre (Eurostat, degree of urbanisation); a link runs at the speed of
    built-up areas over that radius at both ends.
    """

    total_detour: float = Field(default=1.343, ge=1, le=3)
    speed_factor: float = Field(default=0.8, gt=0, le=1)
    limit_motorway_kmh: float = Field(default=130, gt=0, le=150)
    limit_trunk_kmh: float = Field(default=110, gt=0, le=150)
    limit_rural_kmh: float = Field(default=80, gt=0, le=150)
    speed_small_town_kmh: float = Field(default=51.3, gt=0, le=150)
    speed_large_town_kmh: float = Field(default=41.0, gt=0, le=150)
    large_town: float = Field(default=20_000, ge=0, description="inhabitants")
    urban_density_km2: float = Field(default=1500, gt=0)
    tolerance_m: float = Field(default=50, ge=0, le=500, description="gap bridged between polygons")
    min_border_m: float = Field(
        default=100, ge=0, description="shorter shared borders join nothing"
    )
    shortcut_ratio: float = Field(
        default=1.2, ge=1, description="a direct link is added where the way round is longer"
    )
    shortcut_km: float = Field(default=12, ge=0, le=50, description="no direct link beyond")
    exit_km: float = Field(
        default=6, gt=0, le=30, description="an exit or bridge serves chefs-lieux within"
    )
    bridge_gap_m: float = Field(default=1000, ge=0, description="gap a bridge makes")
