"""Where files are kept between runs."""

import os
from pathlib import Path

__all__ = ["folder"]


def folder() -> Path | None:
    """Return the folder of the cache: `CTG_GEO_CACHE` ("off" for none), or the user's own."""
    named = os.environ.get("CTG_GEO_CACHE", "")
    if named.casefold() == "off":
        return None
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415  (heavy)

    return user_cache_path("ctg-geo", appauthor=False)
