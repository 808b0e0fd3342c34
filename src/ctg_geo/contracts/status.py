"""What a figure is worth; a missing figure is never a number."""

from typing import Final

__all__ = [
    "BEYOND_LIMIT",
    "ESTIMATED",
    "NOT_APPLICABLE",
    "NOT_AVAILABLE",
    "OBSERVED",
    "SECRET",
    "STATUSES",
]

OBSERVED: Final = "observed"
ESTIMATED: Final = "estimated"
NOT_AVAILABLE: Final = "not_available"
SECRET: Final = "secret"  # noqa: S105  (a status, not a password)
NOT_APPLICABLE: Final = "not_applicable"
BEYOND_LIMIT: Final = "beyond_limit"

STATUSES: Final = (OBSERVED, ESTIMATED, NOT_AVAILABLE, SECRET, NOT_APPLICABLE, BEYOND_LIMIT)
