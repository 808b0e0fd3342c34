"""`frontiere.png`: what each more euro brings, the plans that no other betters."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.ticker import FuncFormatter

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._chart import ChartPage
from ctg_geo.export._glyphs import drawable
from ctg_geo.export.site_words import said
from ctg_geo.export.sites_told import SitesTold

__all__ = ["draw_frontier"]

_HIGH, _ABOVE, _BELOW = 300.0, 34.0, 54.0  # points
_LINE = "#803c0d"
_SMALL = 1.0


def draw_frontier(told: SitesTold, path: Path) -> None:
    """Draw the cost of each plan and the figure it reaches.

    Parameters
    ----------
    told : with a frontier whose figures may be told
    path : file to write; the same inputs give the same bytes
    """
    points = told.frontier
    assert points is not None, "drawn where a frontier is asked for"
    objective = told.stages[0].objective
    values = points["value"] * (100 if objective == "floor" else 1)
    with mpl.rc_context():
        page = ChartPage(said("chart_title", label=told.service.label),
                         said("chart_subtitle", study=told.study), told.basis, _HIGH)  # fmt: skip
        axes = page.axes(0.10, _ABOVE, 0.86, _HIGH - _ABOVE - _BELOW)
        axes.plot(points["cost"], values, color=_LINE, linewidth=1.4, drawstyle="steps-post",
                  alpha=0.5)  # fmt: skip
        for proven, face in ((True, _LINE), (False, "white")):
            word = "chart_proven" if proven else "chart_unproven"
            those = (points["status"] == "proven") == proven
            if those.any():
                axes.scatter(points["cost"][those], values[those], s=34, color=face,
                             edgecolor=_LINE, zorder=3,
                             label=said(word))  # fmt: skip
        for cost, value, count in zip(points["cost"], values, points["opened"], strict=True):
            axes.annotate(said("chart_sites", count=int(count)), (cost, value),
                          textcoords="offset points", xytext=(4, 6), fontsize=7.5,
                          color=palettes.GREY)  # fmt: skip
        axis = said(f"axis.{objective}", unit=told.service.unit, people=told.service.people_label)
        axes.set_title(drawable(axis[:1].upper() + axis[1:]), size=9.5, loc="left",
                       color=palettes.INK, parse_math=False)  # fmt: skip
        axes.set_xlabel(said("axis.cost_of"), size=8.5, color=palettes.GREY)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.number(value)))
        span = float(values.max() - values.min())
        decimals = 0 if span > 10 * _SMALL else 1 if span > _SMALL else 3
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda value, _: labels.number(value, decimals))
        )
        axes.margins(x=0.08, y=0.15)
        axes.grid(color=palettes.RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(length=0, colors=palettes.GREY)
        axes.legend(frameon=False, fontsize=8, ncol=2, loc="upper right")
        page.figure.savefig(path, metadata={"Software": "ctg-geo"})
