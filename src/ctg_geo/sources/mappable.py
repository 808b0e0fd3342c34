"""Whether a coordinate reference system leads to places on Earth."""

from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from ctg_geo.errors import MissingCrsError

__all__ = ["check_mappable"]

_DEGREES = "EPSG:4326"


def check_mappable(crs: CRS | str, file: str) -> None:
    """Refuse a CRS that no transformation leads out of: a plan of a site, another planet.

    Raises
    ------
    MissingCrsError
        If there is none to longitude and latitude, or the CRS is none.
    """
    try:
        Transformer.from_crs(crs, _DEGREES, always_xy=True)
    except ProjError as error:  # CRSError is one
        said = crs.name if isinstance(crs, CRS) else " ".join(str(crs).split())[:60]
        raise MissingCrsError("no_way", file=file, value=said) from error
