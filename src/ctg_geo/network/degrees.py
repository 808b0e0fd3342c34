"""Places given in degrees, checked and brought to metres."""

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from ctg_geo.errors import TravelError
from ctg_geo.network.arcs import Floats

__all__ = ["metres"]


def metres(lon: npt.ArrayLike, lat: npt.ArrayLike, crs: str) -> tuple[Floats, Floats]:
    """Return x and y of nodes, metres in a CRS.

    Parameters
    ----------
    lon, lat : by node, degrees (EPSG:4326)
    crs : metric

    Raises
    ------
    TravelError
        If the lists differ in length, a number is missing or no degree, the CRS is not metric.
    """
    longitude, latitude = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if len(longitude) != len(latitude):
        raise TravelError("node_lengths", lon=len(longitude), lat=len(latitude))
    if not (np.isfinite(longitude).all() and np.isfinite(latitude).all()):
        raise TravelError("coordinates")
    wrong = np.flatnonzero((np.abs(longitude) > 180) | (np.abs(latitude) > 90))  # noqa: PLR2004
    if len(wrong):
        at = int(wrong[0])
        raise TravelError("lon_lat", node=at, lon=float(longitude[at]), lat=float(latitude[at]))
    known = CRS.from_user_input(crs)
    if not (known.is_projected and known.axis_info[0].unit_name == "metre"):
        raise TravelError("geographic", crs=crs)
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(longitude, latitude)
    return x, y
