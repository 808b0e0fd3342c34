"""`evolution.png`: by group, what people, supply and roads each brought."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import FuncFormatter

from ctg_geo import labels
from ctg_geo.evolution import PARTS, Evolution
from ctg_geo.export import palettes
from ctg_geo.export._chart import ChartPage
from ctg_geo.export.basis import Basis
from ctg_geo.export.change_layers import followed_measure

__all__ = ["draw_bars"]

GroupWords = Mapping[str, tuple[str, Mapping[str, str]]]  # as `export.evolution` has it

_WHOLE, _NOTHING = 5.0, 0.005  # a scale without decimals; a scale of nothing
_COLOURS = ("#82afc9", "#9f5017", "#b795c8")  # people, supply, roads
_ABOVE, _BELOW, _ROW = 52.0, 30.0, 42.0  # points


def draw_bars(
    made: Evolution,
    studies: tuple[str, str],
    groups: GroupWords,
    basis: Basis,
    path: Path,
    *,
    warning: str,
) -> None:
    """Draw the parts of the change of the whole and of each group, where they are known.

    Parameters
    ----------
    studies : names of the two studies, the earlier first
    groups : the words of each grouping
    basis : what the figures rest on
    path : file to write; the same inputs give the same bytes
    warning : that a producer advises against the comparison, or nothing
    """
    rows = _rows(made, groups)
    service = made.service
    with mpl.rc_context():
        rows_high = _ROW * max(len(rows), 1)
        page = ChartPage(
            labels.text("evolution.chart_title", label=service.label),
            labels.text("evolution.map_subtitle", before=studies[0], after=studies[1]),
            basis, _ABOVE + rows_high + _BELOW, warning=warning,
        )  # fmt: skip
        axes = page.axes(0.22, _ABOVE, 0.74, rows_high)
        at, thick = np.arange(len(rows)), 0.26
        values = np.array([parts for _, parts in rows], dtype=np.float64).reshape(-1, len(PARTS))
        for number, (part, colour) in enumerate(zip(PARTS, _COLOURS, strict=True)):
            axes.barh(at + (number - 1) * thick, values[:, number], thick, color=colour,
                      label=labels.text(f"evolution.columns.{part}"))  # fmt: skip
        largest = np.abs(values).max(initial=0.0)
        decimals = 0 if largest >= _WHOLE else 1 if largest >= _WHOLE / 10 else 2
        if largest < _NOTHING:
            axes.set_xlim(-1, 1)
        axes.axvline(0, color=palettes.INK, linewidth=0.8)
        axes.set_yticks(at, [name for name, _ in rows])
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: labels.number(value, decimals))
        )
        axes.grid(axis="x", color=palettes.RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0, colors=palettes.GREY)
        what = labels.text(f"evolution.measure.{followed_measure(service)}", unit=service.unit,
                           people=service.people_label)  # fmt: skip
        axes.set_title(what, size=9.5, loc="left", color=palettes.INK, pad=20)
        axes.legend(frameon=False, fontsize=8, ncol=3, loc="lower left",
                    bbox_to_anchor=(-0.01, 1.0))  # fmt: skip
        page.figure.savefig(path, metadata={"Software": "ctg-geo"})


def _rows(made: Evolution, groups: GroupWords) -> list[tuple[str, list[float]]]:
    """Return the parts by group, the whole first; groups of unknown parts left out."""
    own = made.groups.xs(followed_measure(made.service), level="measure")
    found = []
    for grouping, group in own.index:
        words = groups[grouping][1] if grouping else {"": labels.text("words.whole")}
        name = words.get(str(group), str(group)) or labels.text("words.no_group")
        parts = [
            float(each) for each in own.loc[(grouping, group), list(PARTS)].to_numpy(np.float64)
        ]
        if not np.isnan(parts).any():
            found.append((not grouping, name, parts))
    return [(name, parts) for _, name, parts in sorted(found, key=lambda each: not each[0])]
