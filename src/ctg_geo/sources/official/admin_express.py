"""Communes of IGN Admin Express (COG or not), editions 2.x, 3.x and 4.0."""

from typing import Final

__all__ = ["COLUMNS", "LAYERS", "NO_EPCI"]

LAYERS: Final = ("commune",)

# 3.x: capitals in Shapefile, small in GeoPackage; 4.0 renames them (and is GeoParquet too).
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "code_insee": ("code_insee", "INSEE_COM"),
    "nom": ("nom_officiel", "NOM", "NOM_COM"),
    "epci": ("codes_siren_des_epci", "SIREN_EPCI", "CODE_EPCI"),
}
NO_EPCI: Final = ("NR", "NC", "NULL")
