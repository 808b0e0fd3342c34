"""`projection.png`: two curves of the years ahead, with the span of the declared variants."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ctg_geo import labels
from ctg_geo.evolution import Projection
from ctg_geo.export import palettes
from ctg_geo.export._chart import ChartPage
from ctg_geo.export.basis import Basis
from ctg_geo.parameters import Service

__all__ = ["draw_curves"]

_HIGH, _ABOVE, _BELOW = 270.0, 34.0, 48.0  # points
_LINE, _SPAN = "#803c0d", "#e3c4a8"


def draw_curves(made: Projection, study: str, basis: Basis, path: Path) -> None:
    """Draw people, and what is missing or whom it concerns, over the whole territory.

    Parameters
    ----------
    made : the projection
    study : its name
    basis : what the figures of today rest on
    path : file to write; the same inputs give the same bytes.
    """
    measures = ("people", "missing" if made.service.judged_on_supply else "concerned")
    with mpl.rc_context():
        page = ChartPage(
            labels.text("projection.chart_title", label=made.service.label),
            labels.text("projection.chart_subtitle", study=study), basis, _HIGH,
        )  # fmt: skip
        for at, measure in enumerate(measures):
            axes = page.axes(0.07 + 0.48 * at, _ABOVE, 0.40, _HIGH - _ABOVE - _BELOW)
            _curve(axes, made, measure)
        page.figure.savefig(path, metadata={"Software": "ctg-geo"})


def _curve(axes: Axes, made: Projection, measure: str) -> None:
    series = made.groups[measure].to_dict()
    values = {
        name: np.array([series[name, "", year, ""] for year in made.years], dtype=np.float64)
        for name in made.variants
    }
    years, central = np.array(made.years), values["central"]
    if len(values) > 1:
        every = np.array(list(values.values()))
        axes.fill_between(years, every.min(axis=0), every.max(axis=0), color=_SPAN, linewidth=0,
                          label=labels.text("projection.span"))  # fmt: skip
    axes.plot(years, central, color=_LINE, linewidth=1.8, marker="o", markersize=3,
              label=labels.text("projection.central"))  # fmt: skip
    axes.set_title(_name(made.service, measure), size=9.5, loc="left", color=palettes.INK)
    top = np.nanmax([np.nanmax(each, initial=0.0) for each in values.values()])
    axes.set_ylim(0, 1.15 * top if top > 0 else 1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.number(value)))
    axes.grid(axis="y", color=palettes.RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0, colors=palettes.GREY)
    if np.isnan(central).all():
        axes.text(0.5, 0.5, labels.text("projection.nothing"), transform=axes.transAxes,
                  ha="center", color=palettes.GREY)  # fmt: skip
    axes.legend(frameon=False, fontsize=8, ncol=2, loc="upper left", bbox_to_anchor=(-0.02, -0.09))


def _name(service: Service, measure: str) -> str:
    key = f"projection.columns.{measure}"
    return labels.text(key, unit=service.unit, people=service.people_label)
