"""The page of a chart: heading, caveats and sources around room for axes, in points."""

import matplotlib as mpl
from matplotlib.axes import Axes

from ctg_geo.export import palettes
from ctg_geo.export._band import band
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export.basis import Basis

__all__ = ["ChartPage"]

_WIDE, _MARGIN = 691.0, 24.0


class ChartPage:
    """A page cut to what is written on it and `high` points of chart."""

    def __init__(
        self, title: str, subtitle: str, basis: Basis, high: float, *, warning: str = ""
    ) -> None:  # fmt: skip
        mpl.rcdefaults()
        mpl.rcParams.update({"font.family": "DejaVu Sans", "font.size": 9})
        draft = Paper(100, 100)
        said = (title, subtitle, basis, warning)
        head = _head(Column(draft, _MARGIN, _WIDE - 2 * _MARGIN, _MARGIN), *said)
        foot = _foot(Column(draft, _MARGIN, _WIDE - 2 * _MARGIN, head + high), basis)
        self._paper = Paper(_WIDE, foot + _MARGIN)
        self._top = _head(Column(self._paper, _MARGIN, _WIDE - 2 * _MARGIN, _MARGIN), *said)
        _foot(Column(self._paper, _MARGIN, _WIDE - 2 * _MARGIN, head + high), basis)
        self.figure = self._paper.figure

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes in the room of the chart: left and width are shares, the others points."""
        bottom = self._paper.height - self._top - top - height
        return self.figure.add_axes(
            (left, bottom / self._paper.height, width, height / self._paper.height)
        )


def _head(column: Column, title: str, subtitle: str, basis: Basis, warning: str) -> float:
    column.head(title, 15, 11)
    column.skip(2)
    column.say(subtitle, 9, colour=palettes.GREY)
    if warning:
        column.skip(3)
        column.say(warning, 8.6, bold=True, colour=palettes.BOUNDARY)
    if basis.band:
        column.skip(5)
        band(column, basis.band, loud=basis.loud)
    return column.y


def _foot(column: Column, basis: Basis) -> float:
    column.say(basis.foot, 7.2, colour=palettes.GREY)
    return column.y
