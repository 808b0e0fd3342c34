"""The communes a study knows, found by code or by name as people write it."""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import shapely

from ctg_geo import contracts
from ctg_geo.importing.words import fold_commune

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Found", "Gazetteer", "mended_code"]

_CODE: Final = re.compile(contracts.COMMUNE_CODE)
_NEAR: Final = 0.8
_SHORTEST: Final = 4  # letters of a name that may be the start of others
_MARGIN_M: Final = 5_000.0  # a place at the rim may be drawn outside


@dataclass(frozen=True, slots=True)
class Found:
    """The commune a row names: one code, or why there is none and which might be meant."""

    code: str = ""
    reason: str = ""  # "", commune_unknown, commune_ambiguous, commune_near, no_communes
    candidates: tuple[str, ...] = ()
    former: bool = False  # by a name of the past


class Gazetteer:
    """Communes by code and by folded name, and their ground.

    Parameters
    ----------
    communes : by code_insee: nom, polygons in a metric CRS
    moves : current code of each old one
    former : codes and names of the past, of communes that merged or changed their name
    area : codes of the communes that the study may use; all where it is not said
    """

    def __init__(
        self,
        communes: "gpd.GeoDataFrame",
        moves: Mapping[str, str] | None = None,
        *,
        former: Iterable[tuple[str, str]] = (),
        area: Collection[str] | None = None,
    ) -> None:
        self.communes = communes
        self.names: dict[str, str] = communes["nom"].astype(str).to_dict()
        self._found: dict[tuple[str, str], Found] = {}
        self.moves = dict(moves or {})
        self._former = tuple(former)
        self._area = None if area is None else frozenset(area)

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        index: dict[str, tuple[str, ...]] = {}
        for code, name in self.names.items():
            folded = fold_commune(name)
            index[folded] = (*index.get(folded, ()), code)
        return index

    @cached_property
    def _by_former_name(self) -> dict[str, tuple[str, ...]]:
        """Current codes by the names of the past that no commune bears today."""
        index: dict[str, tuple[str, ...]] = {}
        for old, name in self._former:
            folded, code = fold_commune(name), self.moves.get(old, old)
            if folded and folded not in self._by_name and code in self.names:
                index[folded] = tuple(dict.fromkeys((*index.get(folded, ()), code)))
        return index

    @cached_property
    def _usable(self) -> shapely.Geometry:
        area = self.names if self._area is None else self._area
        shapes = self.communes.geometry[self.communes.index.isin(list(area))].to_numpy()
        return shapely.union_all(shapely.make_valid(shapes))

    @cached_property
    def _ground(self) -> shapely.Geometry:
        shapes = shapely.simplify(self.communes.geometry.to_numpy(), 200.0)
        ground = shapely.buffer(shapely.union_all(shapely.make_valid(shapes)), _MARGIN_M)
        shapely.prepare(ground)
        return ground

    def holds(self, code: str) -> bool:
        """Tell whether a code is, or became, a commune of the study."""
        return code in self.names or code in self.moves

    def named(self, name: str, postcode: str = "") -> Found:
        """Find a commune by its name; its postcode decides between namesakes of two departments."""
        key = (fold_commune(name), postcode[:2])
        if key not in self._found:
            self._found[key] = self._named(*key)
        return self._found[key]

    def _named(self, folded: str, wanted: str) -> Found:
        codes = self._by_name.get(folded, ())
        former = not codes
        codes = codes or self._by_former_name.get(folded, ())
        if len(codes) > 1 and wanted:
            codes = (
                tuple(
                    code
                    for code in codes
                    if code[:2] == wanted or (wanted == "20" and code[0] == "2")
                )
                or codes
            )
        if len(codes) == 1:
            return Found(codes[0], former=former)
        if codes:
            return Found("", "commune_ambiguous", tuple(map(self.shown, codes)))
        index = self._by_former_name | self._by_name
        near = difflib.get_close_matches(folded, index, n=3, cutoff=_NEAR)
        if len(folded) >= _SHORTEST:  # "Romans" for Romans-sur-Isère
            near += [each for each in sorted(index) if each.startswith(f"{folded} ")][:3]
        likely = tuple(dict.fromkeys(self.shown(code) for each in near for code in index[each]))
        return Found("", "commune_near" if likely else "commune_unknown", likely)

    def share_within(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
        """Return the share of points (in the communes' CRS) that lie on the study's ground."""
        if not len(x):
            return 0.0
        return float(np.mean(shapely.contains_xy(self._ground, x, y)))

    def metres_beyond(
        self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Return how far each point (degrees) lies outside the study and its buffer; NaN: none."""
        from pyproj import Transformer  # noqa: PLC0415  (heavy)

        found = np.full(len(lon), np.nan)
        there = np.flatnonzero(np.isfinite(lon))
        if len(there):
            mover = Transformer.from_crs("EPSG:4326", self.communes.crs, always_xy=True)
            points = shapely.points(*mover.transform(lon[there], lat[there]))
            found[there] = shapely.distance(points, self._usable)
        return found

    def metres_outside(
        self, codes: Sequence[str], lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Return how far each point (degrees) lies outside its commune; NaN if it has none here."""
        from pyproj import Transformer  # noqa: PLC0415  (heavy)

        found = np.full(len(codes), np.nan)
        now = [self.moves.get(code, code) for code in codes]
        there = [at for at, code in enumerate(now) if code in self.names and np.isfinite(lon[at])]
        if there:
            mover = Transformer.from_crs("EPSG:4326", self.communes.crs, always_xy=True)
            points = shapely.points(*mover.transform(lon[there], lat[there]))
            grounds = self.communes.geometry.loc[[now[at] for at in there]].to_numpy()
            found[there] = shapely.distance(points, grounds)
        return found

    def shown(self, code: str) -> str:
        """Name a commune with its code."""
        return f"{self.names.get(code, '?')} ({code})"


def mended_code(value: str) -> tuple[str, bool]:
    """Return the Insee code a cell means, "" if none, and whether it had to be mended.

    A spreadsheet loses the first zero, adds decimals or blanks, and people write 2a.

    Examples
    --------
    >>> mended_code("1001"), mended_code("26 362"), mended_code("2a004"), mended_code("Valence")
    (('01001', True), ('26362', True), ('2A004', True), ('', False))
    """
    packed = re.sub(r"[\s'\"\u00a0\u202f]", "", value).upper()
    packed = re.sub(r"[.,]0+$", "", packed)
    if re.fullmatch(r"[1-9][0-9]{3}", packed):
        packed = f"0{packed}"
    return (packed, packed != value) if _CODE.fullmatch(packed) else ("", False)
