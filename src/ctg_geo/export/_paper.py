"""A page measured in points (1/72 inch), origin at the top left, y downwards.

Imported by `figures.draw` only, since matplotlib is heavy.
"""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from ctg_geo import labels
from ctg_geo.export._glyphs import FAMILY, drawable
from ctg_geo.export.palettes import INK

__all__ = ["Column", "Paper", "path_of"]

_WEIGHT = {False: "normal", True: "bold"}
_SURELY = 0.95  # of the line: words that add up to less do fit, whatever the kerning
_LEADING = 1.3  # line height over font size
_ASCENT = 0.98  # top of the line to its baseline, over font size
_THIN = {"*": 1.45, "P": 1.15, "X": 1.1, "^": 1.1, "v": 1.1}  # shapes that look small, enlarged
_DPI = 200.0  # of the file; text is measured at this fineness, since hinting depends on it


class Paper:
    """A figure with one axes that covers it, in points.

    All are measured at one fineness, so a width once measured is that of every figure.
    """

    _widths: ClassVar[dict[tuple[str, float, bool], float]] = {}

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=_DPI, facecolor="white")
        canvas = FigureCanvasAgg(self.figure)
        self._renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's own
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def width_of(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of one line of text."""
        known = self._widths.get((text, size, bold))
        if known is None:
            font = FontProperties(family=FAMILY, weight=_WEIGHT[bold], size=size)
            measured = self._renderer.get_text_width_height_descent(
                drawable(text), font, ismath=False
            )
            known = self._widths[text, size, bold] = float(measured[0]) * 72 / _DPI
        return known

    def wrapped(self, text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
        """Cut text into lines no wider than `width`; a number stays with its word."""
        lines: list[str] = []
        line, about = "", 0.0
        for word in labels.held(drawable(text)).split(" "):
            longer = f"{line} {word}" if line else word
            about += self.width_of(f" {word}", size, bold=bold)
            if about < _SURELY * width or self.width_of(longer, size, bold=bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *cut, line = self._cut(word, size, width, bold=bold)
            lines += cut
            about = self.width_of(line, size, bold=bold)
        return [*lines, line] if line else lines

    def _cut(self, word: str, size: float, width: float, *, bold: bool) -> list[str]:
        """Cut one word that is wider than the line by itself: at hyphens, else anywhere."""
        parts = [""]
        for piece in re.split(r"(?<=-)", word):
            whole = self.width_of(piece, size, bold=bold) <= width
            for letters in [piece] if whole else piece:
                if parts[-1] and self.width_of(parts[-1] + letters, size, bold=bold) > width:
                    parts.append("")
                parts[-1] += letters
        return parts

    def fitting(self, text: str, width: float, largest: float, smallest: float) -> float:
        """Size of bold type at which the text holds in one line, no less than `smallest`."""
        size = largest
        while size > smallest and self.width_of(text, size, bold=True) > width:
            size -= 0.25
        return size

    def write(
        self, x: float, top: float, text: str, size: float, *,
        bold: bool = False, colour: str = INK, align: Literal["left", "center", "right"] = "left",
        halo: float = 0.0, order: float = 6.0,
    ) -> float:  # fmt: skip
        """Write one line under `top`; return where the next one starts."""
        effects = [withStroke(linewidth=halo, foreground="white")] if halo else None
        self.axes.text(
            x, top + _ASCENT * size, drawable(text), fontsize=size, color=colour, ha=align,
            va="baseline", fontweight=_WEIGHT[bold], parse_math=False, path_effects=effects,
            zorder=order,
        )  # fmt: skip
        return top + _LEADING * size

    def rectangle(
        self, x: float, top: float, width: float, height: float, colour: str, **how: Any  # noqa: ANN401
    ) -> Rectangle:  # fmt: skip
        """Draw a rectangle filled with `colour`."""
        style: dict[str, Any] = {"edgecolor": "none", "linewidth": 0, "zorder": 1} | how
        patch = Rectangle((x, top), width, height, facecolor=colour, **style)
        self.axes.add_patch(patch)
        return patch

    def circle(self, x: float, y: float, radius: float, colour: str, *, order: float = 5) -> None:
        """Draw a disc ringed with white."""
        self.axes.add_patch(Circle((x, y), radius, facecolor=colour, edgecolor="white",
                                   linewidth=0.8, zorder=order))  # fmt: skip

    def symbol(
        self, x: float, y: float, shape: str, size: float, colour: str, *, hollow: bool = False,
        order: float = 5,
    ) -> None:  # fmt: skip
        """Draw a marker of matplotlib, ringed with white; a hollow one is white inside."""
        size *= _THIN.get(shape, 1.0)
        self.axes.add_line(Line2D(
            [x], [y], marker=shape, markersize=size, linestyle="none", zorder=order,
            markerfacecolor="white" if hollow else colour,
            markeredgecolor=colour if hollow else "white",
            markeredgewidth=1.4 if hollow else 0.7,
        ))  # fmt: skip

    def line(
        self, xs: Sequence[float], ys: Sequence[float], colour: str, width: float, **how: Any  # noqa: ANN401
    ) -> None:  # fmt: skip
        """Draw a line through points."""
        style: dict[str, Any] = {"solid_capstyle": "butt", "zorder": 4} | how
        self.axes.add_line(Line2D(xs, ys, color=colour, linewidth=width, **style))

    def shape(self, geometry: Any, clip: Rectangle, **how: Any) -> None:  # noqa: ANN401
        """Draw polygons or lines, already in points, within `clip`."""
        path = path_of(geometry)
        if path is None:
            return
        patch = PathPatch(path, **how)
        self.axes.add_artist(patch)  # add_patch would measure it anew
        patch.set_clip_path(clip)


def path_of(geometry: Any) -> Path | None:  # noqa: ANN401
    """Return polygons (holes kept) or lines as one path."""
    paths = []
    for part in shapely.get_parts(geometry):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            part = shapely.geometry.polygon.orient(part)  # noqa: PLW2901
            rings = [part.exterior, *part.interiors]
            paths += [Path(np.asarray(ring.coords)[:, :2], closed=True) for ring in rings]
        elif part.geom_type in ("LineString", "LinearRing"):
            paths.append(Path(np.asarray(part.coords)[:, :2]))
    return Path.make_compound_path(*paths) if paths else None


class Column:
    """Text that flows down a strip of the page."""

    def __init__(self, paper: Paper, left: float, width: float, y: float) -> None:
        self.paper, self.left, self.width, self.y = paper, left, width, y

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    def skip(self, height: float) -> None:
        """Leave white."""
        self.y += height

    def say(
        self, text: str, size: float, *, bold: bool = False, colour: str = INK, indent: float = 0.0,
        room: float | None = None,
    ) -> None:  # fmt: skip
        """Write text, wrapped to the strip, or to `room` from the indent."""
        width = self.width - indent if room is None else room
        for line in self.paper.wrapped(text, size, width, bold=bold):
            self.y = self.paper.write(
                self.left + indent, self.y, line, size, bold=bold, colour=colour
            )

    def head(self, text: str, largest: float, smallest: float) -> None:
        """Write a heading: in one line if type of `smallest` size does, else in even lines."""
        size = self.paper.fitting(text, self.width, largest, smallest)
        count = len(self.paper.wrapped(text, size, self.width, bold=True))
        room = self.width
        while count > 1 and len(self.paper.wrapped(text, size, room - 6, bold=True)) == count:
            room -= 6
        self.say(text, size, bold=True, room=room)
