"""Communes of the contours that Etalab simplifies from Admin Express (GeoJSON)."""

import re
from typing import Final

__all__ = ["ARRONDISSEMENT", "COLUMNS"]

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "code_insee": ("code",),
    "nom": ("nom",),
    "epci": ("epci",),
}

# The file holds the arrondissements of Paris, Lyon and Marseille on top of these communes.
ARRONDISSEMENT: Final = re.compile(r"751(0[1-9]|1[0-9]|20)|6938[1-9]|132(0[1-9]|1[0-6])")
