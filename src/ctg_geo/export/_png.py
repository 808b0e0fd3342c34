"""A page written as PNG, with settings of its own: the same page gives the same bytes."""

from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["write_png"]


def write_png(compose: Callable[[], Figure], path: Path) -> None:
    """Compose a page and write it, whatever the settings of matplotlib on the machine."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"font.family": "DejaVu Sans", "hatch.linewidth": 0.55})
        compose().savefig(path, metadata={"Software": "ctg-geo"})
