"""Areas of a real town against the travel times of random points in and round them."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ctg_geo import Snapping, routes
from ctg_geo.network import from_edges, with_profile
from ctg_geo.parameters import TravelProfile
from ctg_geo.sources import read_osm
from ctg_geo.travel import isochrones

CRS = "EPSG:25832"
CAR = TravelProfile(label="car", default_kmh=40, source="test")
PLACE = shapely.Point(486_270, 5_475_760)  # at the edge of the town, where roads are sparse
RULES = Snapping(access_kmh=30)  # 500 m a minute


@pytest.mark.shared
@pytest.mark.parametrize("direction", ["to", "from"])
def test_points_inside_are_within_the_time_and_points_left_out_are_beyond(shared, direction):
    read = read_osm(shared / "roads" / "osm" / "heidelberg.osm.pbf", crs=CRS)
    network = with_profile(from_edges(read.nodes, read.edges, crs=CRS, mode="car"), CAR)
    draw = np.random.default_rng(7)
    place = gpd.GeoSeries([PLACE], crs=CRS)
    bounds = [5.0, 10.0, 15.0]
    found = isochrones(network, place, minutes=bounds, direction=direction, snapping=RULES)
    west, south, east, north = found.total_bounds
    xy = draw.uniform((west - 300, south - 300), (east + 300, north + 300), (6000, 2))
    spots = gpd.GeoSeries(shapely.points(xy), crs=CRS)
    there = gpd.GeoSeries([place[0]] * len(spots), crs=CRS)
    ends = (spots, there) if direction == "to" else (there, spots)
    way = routes(network, *ends, snapping=RULES)
    snaps = way.origin_snaps if direction == "to" else way.destination_snaps
    off_m = snaps.table["snap_m"].to_numpy()
    own = (snaps.table["status"] != "moved").to_numpy()  # the ground is its nearest road's
    minute = np.nan_to_num(way.minutes, nan=np.inf)
    for area, bound in zip(found.geometry, bounds, strict=True):
        inside = shapely.intersects(area, spots.to_numpy())
        blurred = shapely.dwithin(area.boundary, spots.to_numpy(), 30)  # between two roads
        assert (minute[inside & ~blurred & own] <= bound + 0.001).all()
        safe = minute + np.maximum(3 * off_m, 12.5) / 500 <= bound
        sure = safe & (off_m <= 200) & (way.status == "road") & own
        assert sure.sum() > 100
        assert (inside | blurred)[sure].all()
