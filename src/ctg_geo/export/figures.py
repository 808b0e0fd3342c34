"""`carte.png`: the map one shows, with its legend, sources and caveats."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ctg_geo import labels
from ctg_geo.export.palettes import AROUND, INK, OUTLINE, PLACE, class_colours
from ctg_geo.export.publish import Publication

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_SIZE_IN, _DPI = (13.0, 9.2), 150
_MAP, _PANEL = (0.015, 0.10, 0.655, 0.80), (0.69, 0.03, 0.295, 0.87)
_NAMED = 12  # largest communes that get a name, besides the worst ones
_NAMED_WORST = 6


def draw(publication: Publication, path: Path) -> None:
    """Draw the map of a diagnosis as PNG.

    Parameters
    ----------
    publication : the result in words
    path : file to write; the same inputs give the same bytes.
    """
    import matplotlib as mpl  # noqa: PLC0415  (heavy)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9, "text.color": INK,
                         "hatch.linewidth": 0.6}):  # fmt: skip
        figure = Figure(figsize=_SIZE_IN, dpi=_DPI, facecolor="white")
        FigureCanvasAgg(figure)
        _titles(figure, publication)
        axes = figure.add_axes(_MAP)
        _map(axes, publication)
        _panel(figure, publication)
        figure.savefig(path, metadata={"Software": "ctg-geo"})


def _titles(figure: "Figure", publication: Publication) -> None:
    service = publication.diagnosis.service
    key = "map.title_supply" if service.judged_on_supply else "map.title_time"
    title = labels.text(
        key, label=service.label, unit=service.unit.capitalize(), people=service.people_label
    )
    figure.text(0.02, 0.953, title, fontsize=15.5, fontweight="bold")
    subtitle = labels.text("map.subtitle", study=publication.study, norm=publication.norm)
    figure.text(0.02, 0.922, subtitle, fontsize=10.5, color="#4a4f55")


def _map(axes: "Axes", publication: Publication) -> None:
    diagnosis = publication.diagnosis
    table = publication.communes
    colours = class_colours(publication.classes)
    around = diagnosis.territory.communes
    around = around[~around["inside"]]
    around.plot(ax=axes, color=AROUND, edgecolor="#d6d3cd", linewidth=0.4)
    table.plot(
        ax=axes, color=[colours[n] for n in table["class"]], edgecolor=OUTLINE, linewidth=0.7
    )
    fragile = table[table["certainty_label"] == labels.text("certainty.fragile")]
    if len(fragile):
        fragile.plot(ax=axes, facecolor="none", edgecolor="#00000066", hatch="////", linewidth=0)
    _boundaries(axes, publication)
    _frame(axes, table.total_bounds)
    _places(axes, publication)
    _names(axes, publication)
    _scale(axes)


def _boundaries(axes: "Axes", publication: Publication) -> None:
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    table = publication.communes
    outline = shapely.union_all(table.geometry.to_numpy())
    gpd.GeoSeries([outline.boundary]).plot(ax=axes, color=INK, linewidth=1.4)
    if publication.grouping is None:
        return
    shapes = table[[publication.grouping, "geometry"]].dissolve(by=publication.grouping)
    inner = [
        shapely.difference(shape.boundary, outline.boundary.buffer(60)) for shape in shapes.geometry
    ]
    line = gpd.GeoSeries([shapely.union_all(inner)])
    line.plot(ax=axes, color="white", linewidth=4.6)
    line.plot(ax=axes, color="#7a1f5c", linewidth=2.4, linestyle=(0, (5, 1.6)))
    for name, shape in shapes.geometry.items():
        point = shape.representative_point()
        axes.annotate(
            str(name).upper(),
            (point.x, shape.bounds[3] if False else point.y),
            ha="center",
            fontsize=1,
            alpha=0,
        )


def _frame(axes: "Axes", bounds: Any) -> None:  # noqa: ANN401
    x0, y0, x1, y1 = bounds
    pad = 2500
    axes.set_xlim(x0 - pad, x1 + pad)
    axes.set_ylim(y0 - pad, y1 + pad)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _places(axes: "Axes", publication: Publication) -> None:
    """One circle per position: its area grows with the supply there."""
    places = publication.diagnosis.equipements
    supply = publication.diagnosis.service.judged_on_supply
    size = places["capacity"] if supply else places["capacity"].notna() * 0 + 1
    x, y = places.geometry.x.round(0), places.geometry.y.round(0)
    sums = size.groupby([x, y]).sum()
    points = np.array(list(sums.index))
    area = 9 + sums.to_numpy() * 0.42 if supply else np.full(len(sums), 60.0)
    axes.scatter(points[:, 0], points[:, 1], s=area, facecolor=PLACE, edgecolor="white",
                 linewidth=0.9, alpha=0.92, zorder=5)  # fmt: skip


def _names(axes: "Axes", publication: Publication) -> None:
    from matplotlib import patheffects  # noqa: PLC0415  (heavy)

    table = publication.communes
    people = table["population"].fillna(table["demand"])
    below = table[table["below"] == labels.text("words.yes")]
    named = {*people.nlargest(_NAMED).index, *below.index[:_NAMED_WORST]}
    halo = [patheffects.withStroke(linewidth=2.4, foreground="white")]
    taken: list[tuple[float, float, float, float]] = []
    points = publication.diagnosis.territory.points
    for code in sorted(named, key=lambda each: (-people[each], each)):
        x, y = points[code].x, points[code].y
        nom = str(table.at[code, "nom"])
        spot = _free(x, y, len(nom), taken)
        axes.text(*spot, nom, fontsize=7.6, ha="center", va="center", path_effects=halo, zorder=6)


def _free(
    x: float, y: float, letters: int, taken: list[tuple[float, float, float, float]]
) -> tuple[float, float]:
    """Return a place for a name near its point that no other name covers."""
    width, height = letters * 330.0, 900.0
    best = (x, y + 1150.0)
    for dx, dy in (
        (0, 1150),
        (0, -1150),
        (width * 0.55, 0),
        (-width * 0.55, 0),
        (0, 1900),
        (0, -1900),
    ):
        box = (x + dx - width / 2, y + dy - height / 2, x + dx + width / 2, y + dy + height / 2)
        if not any(
            box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken
        ):
            best = (x + dx, y + dy)
            break
    taken.append(
        (best[0] - width / 2, best[1] - height / 2, best[0] + width / 2, best[1] + height / 2)
    )
    return best


def _scale(axes: "Axes") -> None:
    (x0, x1), (y0, _) = axes.get_xlim(), axes.get_ylim()
    left, base, km = x1 - 9000, y0 + 900, 5
    axes.plot(
        [left, left + km * 1000], [base, base], color=INK, linewidth=2.2, solid_capstyle="butt"
    )
    axes.text(left + km * 500, base + 350, labels.text("map.scale", km=km), ha="center", fontsize=8)
    north = (x0 + 1500, y0 + 1200)
    axes.annotate(labels.text("map.north"), xy=(north[0], north[1] + 2400), xytext=north, ha="center",
                  fontsize=9, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.2})  # fmt: skip


def _panel(figure: "Figure", publication: Publication) -> None:
    axes = figure.add_axes(_PANEL)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_axis_off()
    y = _headline(axes, publication, 0.985)
    y = _legend(axes, publication, y - 0.02)
    y = _comparison(axes, publication, y - 0.015)
    _notes(axes, publication, y - 0.01)


def _headline(axes: "Axes", publication: Publication, y: float) -> float:
    whole = publication.groups[""].iloc[0]
    service = publication.diagnosis.service
    below, communes = int(whole["below"]), int(whole["communes"])
    lines = [(labels.text("map.headline", below=below, communes=communes), 12.5, "bold")]
    if service.judged_on_supply:
        said = labels.text("map.missing", missing=whole["missing"], unit=service.unit)
        lines.append((said, 11, "bold"))
    said = labels.text("map.concerned", concerned=whole["concerned"], people=service.people_label)
    lines.append((said, 9.5, "normal"))
    for text, size, weight in lines:
        axes.text(0, y, text, fontsize=size, fontweight=weight, va="top")
        y -= 0.030 * size / 10.5
    return y


def _legend(axes: "Axes", publication: Publication, y: float) -> float:
    from matplotlib.patches import Rectangle  # noqa: PLC0415  (heavy)

    service = publication.diagnosis.service
    supply = service.judged_on_supply
    heading = labels.text(
        "map.legend_supply" if supply else "map.legend_time", unit=service.unit.capitalize()
    )
    axes.text(0, y, heading, fontsize=9.5, fontweight="bold", va="top")
    y -= 0.036
    colours = class_colours(publication.classes)
    counts = publication.communes["class"].value_counts()
    marked = False
    for each in publication.classes:
        if each.level > 0 and not marked:
            marked = True
            axes.plot([0, 0.97], [y + 0.004] * 2, color="#7a7f85", linewidth=0.8, linestyle=":")
            axes.text(
                0.97,
                y + 0.001,
                labels.text("map.above") + " ↓",
                fontsize=7,
                va="top",
                ha="right",
                color="#4a4f55",
            )
            axes.text(
                0.97,
                y + 0.007,
                labels.text("map.below") + " ↑",
                fontsize=7,
                va="bottom",
                ha="right",
                color="#4a4f55",
            )
            y -= 0.004
        axes.add_patch(Rectangle((0, y - 0.021), 0.085, 0.021, facecolor=colours[each.number],
                                 edgecolor="#8a8a8a", linewidth=0.5))  # fmt: skip
        count = int(counts.get(each.number, 0))
        axes.text(
            0.115,
            y - 0.011,
            f"{publication.class_labels[each.number]}  ({count})",
            fontsize=8.6,
            va="center",
        )
        y -= 0.0285
    return _symbols(axes, publication, y - 0.006)


def _symbols(axes: "Axes", publication: Publication, y: float) -> float:
    from matplotlib.patches import Rectangle  # noqa: PLC0415  (heavy)

    service = publication.diagnosis.service
    bounds = "map.bounds_supply" if service.judged_on_supply else "map.bounds_time"
    axes.text(0, y, labels.text(bounds), fontsize=7.2, va="top", color="#4a4f55")
    y -= 0.034
    if (publication.communes["certainty_label"] == labels.text("certainty.fragile")).any():
        axes.add_patch(
            Rectangle(
                (0, y - 0.018),
                0.085,
                0.021,
                facecolor="white",
                edgecolor="#00000088",
                hatch="////",
                linewidth=0.5,
            )
        )
        axes.text(0.115, y - 0.008, labels.text("map.fragile"), fontsize=8.2, va="center")
        y -= 0.029
    axes.scatter([0.042], [y - 0.008], s=42, facecolor=PLACE, edgecolor="white", linewidth=0.8)
    key = "map.place" if service.judged_on_supply else "map.place_plain"
    axes.text(
        0.115,
        y - 0.008,
        labels.text(key, place=service.place_label, unit=service.unit),
        fontsize=8.2,
        va="center",
    )
    y -= 0.029
    if publication.grouping is not None:
        axes.plot(
            [0.005, 0.082], [y - 0.008] * 2, color="#7a1f5c", linewidth=2.4, linestyle=(0, (3, 1.2))
        )
        said = labels.text("map.boundary", grouping=_pair(publication))
        axes.text(0.115, y - 0.008, said, fontsize=8.2, va="center")
        y -= 0.029
    axes.add_patch(
        Rectangle(
            (0, y - 0.018), 0.085, 0.021, facecolor=AROUND, edgecolor="#b9b5ad", linewidth=0.5
        )
    )
    axes.text(0.115, y - 0.008, labels.text("map.around"), fontsize=8.2, va="center")
    return y - 0.03


def _pair(publication: Publication) -> str:
    grouping = publication.grouping or ""
    return " / ".join(publication.group_names[grouping].values())


def _comparison(axes: "Axes", publication: Publication, y: float) -> float:
    """A small table: one column per group, and the whole."""
    if publication.grouping is None:
        return y
    table = publication.groups[publication.grouping]
    names = publication.group_names[publication.grouping]
    supply = publication.diagnosis.service.judged_on_supply
    rows = (
        ("access_per_100", "missing", "concerned", "mean_min")
        if supply
        else ("mean_min", "within_share", "concerned")
    )
    columns = [(names.get(str(key), str(key)), row) for key, row in table.iterrows()]
    edges = np.linspace(0.62, 0.97, len(columns)) if len(columns) > 1 else [0.9]
    for (name, _), edge in zip(columns, edges, strict=True):
        axes.text(
            edge, y, name.split(" (")[0], fontsize=8.6, fontweight="bold", ha="right", va="top"
        )
    y -= 0.029
    for key in rows:
        axes.text(
            0,
            y,
            labels.text(f"map.row_{key}", unit=publication.diagnosis.service.unit),
            fontsize=8.2,
            va="top",
        )
        for (_, row), edge in zip(columns, edges, strict=True):
            decimals = 0 if key in ("missing", "concerned") else 1
            said = (
                labels.percent(row[key])
                if key == "within_share"
                else labels.number(row[key], decimals)
            )
            axes.text(edge, y, said, fontsize=8.2, ha="right", va="top")
        y -= 0.025
    return y


def _notes(axes: "Axes", publication: Publication, y: float) -> None:
    """Caveats first, then sources."""
    diagnosis = publication.diagnosis
    if diagnosis.estimated:
        reasons = ", ".join(labels.text(f"estimated.{key}") for key in diagnosis.estimated)
        caveat = labels.text("map.estimated", reasons=reasons)
    else:
        caveat = labels.text("map.observed")
    notes = [
        (caveat, "bold", "#7a1f5c"),
        (labels.text("map.norm_source", source=diagnosis.service.norm.source), "normal", "#4a4f55"),
        (labels.text("map.sources", sources=" ; ".join(publication.sources)), "normal", "#4a4f55"),
    ]
    for text, weight, colour in notes:
        for line in textwrap.wrap(text, 66 if weight == "normal" else 58):
            axes.text(0, y, line, fontsize=7.1, fontweight=weight, color=colour, va="top")
            y -= 0.0185
        y -= 0.006
