"""`carte.png`: the map one shows, with its legend, sources and caveats."""

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
    import matplotlib as mpl  # noqa: PLC0415  (heavy)

    from ctg_geo.export import _sheet  # noqa: PLC0415  (heavy: matplotlib)

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"font.family": "DejaVu Sans", "hatch.linewidth": 0.55})
        figure = _sheet.compose(publication)
        figure.savefig(path, metadata={"Software": "ctg-geo"})
