"""`carte.png`: the map one shows, with its legend, sources and caveats."""

from functools import partial
from pathlib import Path

from ctg_geo.export.publish import Publication

__all__ = ["draw"]


def draw(publication: Publication, path: Path) -> None:
    """Draw the map of a diagnosis as PNG.

    Parameters
    ----------
    publication : the result in words
    path : file to write; the same inputs give the same bytes.
    """
    from ctg_geo.export._png import write_png  # noqa: PLC0415  (heavy: matplotlib)
    from ctg_geo.export._sheet import compose  # noqa: PLC0415  (heavy: matplotlib)

    write_png(partial(compose, publication), path)
