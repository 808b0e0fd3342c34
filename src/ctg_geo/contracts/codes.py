"""How Insee writes the code of a commune."""

from typing import Final

__all__ = ["COMMUNE_CODE"]

COMMUNE_CODE: Final = "(?:[0-9]{5}|2[AB][0-9]{3})"  # as a regular expression, to match whole
