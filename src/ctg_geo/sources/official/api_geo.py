"""Communes as the API Découpage administratif answers (format=geojson, geometry=contour)."""

from typing import Final

__all__ = ["COLUMNS"]

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "code_insee": ("code",),
    "nom": ("nom",),
    "epci": ("codeEpci",),
}
