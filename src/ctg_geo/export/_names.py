"""Names of communes on the map: the largest and the worst, each close to its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ctg_geo.export import palettes
from ctg_geo.export._paper import Paper
from ctg_geo.export._placing import Box, Room, near

__all__ = ["Named", "middle", "name_all", "name_communes"]

_NAMED = 34  # largest communes tried for a name; the worst always get one
_TOWNS, _FIRST = 2, 8  # largest ones in larger type; always named
_LARGE, _PLAIN, _LEADING = 9.6, 7.6, 1.18  # sizes of type, line height over size
_REACH, _REACH_FAR = 9.0, 34.0  # points between a commune and its name
_DEAREST = 13.0  # cost above which a name would mislead
_LEADER = 12.0  # points beyond which a line ties a name to its commune
_LONG, _END = 12, 3  # letters: names cut in two from there on, least on each line


@dataclass(frozen=True, slots=True)
class Named:
    """A commune to name."""

    nom: str
    x: float
    y: float
    home: Any  # polygon on the page
    size: float
    needed: bool
    bold: bool
    disc: float  # radius of the circle that stands there

    @property
    def reaches(self) -> tuple[float, ...]:
        """How far the name may stand, tried in turn."""
        close = _REACH + self.disc
        return (close, _REACH_FAR + self.disc) if self.needed else (close,)


def name_communes(
    paper: Paper,
    titles: pd.Series,
    people: pd.Series,
    listed: Sequence[str],
    spots: pd.Series,
    homes: pd.Series,
    boundary: Any,  # noqa: ANN401
    discs: pd.DataFrame,
    room: Room,
) -> None:
    """Name communes where there is room.

    Parameters
    ----------
    titles, people : by code_insee, the names, and the numbers by which the largest are chosen
    listed : code_insee of those that always get a name, in bold
    spots, homes : by code_insee, point and polygon on the page
    boundary : lines between groups, which names avoid
    discs : the circles drawn (x, y, radius)
    room : what is taken; the names are added to it
    """
    large = people.sort_values(ascending=False, kind="stable").index[:_NAMED]
    for code in dict.fromkeys([*large[:_FIRST], *listed, *large[_FIRST:]]):
        bold = code in listed or code in large[:_TOWNS]
        disc = _disc(spots[code], discs)
        spot = spots[code] if disc else middle(homes[code])
        commune = Named(
            str(titles[code]), float(spot.x), float(spot.y), homes[code],
            _LARGE if code in large[:_TOWNS] else _PLAIN, bold or code in large[:_FIRST],
            bold, disc,
        )  # fmt: skip
        _name(paper, commune, boundary, room)


def _disc(spot: Any, discs: pd.DataFrame) -> float:  # noqa: ANN401
    """Radius of the circle over a point, 0 without one."""
    over = np.hypot(discs["x"] - spot.x, discs["y"] - spot.y) < discs["radius"]
    return float(discs["radius"][over].max()) if over.any() else 0.0


def middle(home: Any) -> Any:  # noqa: ANN401
    """Return the point of a polygon furthest from its edge."""
    return shapely.get_point(shapely.maximum_inscribed_circle(home, tolerance=1.0), 0)


def name_all(paper: Paper, communes: Iterable[Named], boundary: Any, room: Room) -> None:  # noqa: ANN401
    """Name communes in turn, each where there is room left; `boundary` is avoided."""
    for each in communes:
        _name(paper, each, boundary, room)


def _name(paper: Paper, commune: Named, boundary: Any, room: Room) -> None:  # noqa: ANN401
    """Write one name: on one line or two, whichever stands better; far only if needed."""
    found = _stand(paper, commune, boundary, room)
    if found is None:
        return
    lines, box = found
    room.take(box)
    _leader(paper, box, commune)
    size = commune.size
    for at, line in enumerate(lines):
        paper.write((box[0] + box[2]) / 2, box[1] + _LEADING * size * at, line, size,
                    bold=commune.bold, align="center", halo=2.2, order=7)  # fmt: skip


def _stand(
    paper: Paper,
    commune: Named,
    boundary: Any,  # noqa: ANN401
    room: Room,
) -> tuple[list[str], Box] | None:
    for reach in commune.reaches:
        found = []
        for lines in _cuts(commune.nom):
            width = max(paper.width_of(line, commune.size, bold=commune.bold) for line in lines)
            size = (width + 3, _LEADING * commune.size * len(lines) + 1.5)
            point = (commune.x, commune.y)
            placed = near(room, point, commune.home, boundary, size, reach=reach)
            if placed is not None and (commune.needed or placed[1] <= _DEAREST):
                found.append((placed[1] + 1.5 * (len(lines) - 1), lines, placed[0]))
        if found:
            return min(found, key=lambda each: each[0])[1:]
    return None


def _cuts(nom: str) -> list[list[str]]:
    """Return the name whole, then cut in two at the hyphen or space nearest its middle."""
    marks = [at for at, letter in enumerate(nom) if letter in "- " and _END <= at < len(nom) - _END]
    if not marks or len(nom) < _LONG:
        return [[nom]]
    at = min(marks, key=lambda each: (abs(each - len(nom) / 2), each))
    return [[nom], [nom[: at + 1].rstrip(" "), nom[at + 1 :]]]


def _leader(paper: Paper, box: Box, commune: Named) -> None:
    """Tie a name to its commune where it stands apart."""
    x = min(max(commune.x, box[0]), box[2])
    y = min(max(commune.y, box[1]), box[3])
    if np.hypot(x - commune.x, y - commune.y) > _LEADER + commune.disc:
        paper.line([x, commune.x], [y, commune.y], palettes.INK, 0.6, zorder=5.5)
