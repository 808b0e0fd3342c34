"""Fetch the roads of an area from OpenStreetMap, as they are there, into a file of one's own.

osmnx asks its Overpass server, piece by piece, and keeps each answer on disk until the last
has come: a download that breaks goes on where it stopped.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np
import shapely

from ctg_geo import progress
from ctg_geo.errors import FetchError, OutputError, UnreadableFileError
from ctg_geo.sources.osm.passes import OSM_SUFFIXES
from ctg_geo.staging import staged

if TYPE_CHECKING:
    from shapely import Polygon

__all__ = ["Fetched", "fetch_osm"]

_FILTERS: Final = ('["highway"]', '["route"="ferry"]')
_RESTRICTIONS: Final = {"type": "restriction"}
_ANSWERS: Final = len(_FILTERS) + 1  # for each piece
_CELL_DEGREES: Final = 0.25  # about 20 km by 28 in France: well below what a server refuses
_PATIENCE_S: Final = 15
_KINDS: Final = ("node", "way", "relation")

Elements = dict[str, dict[int, dict[str, Any]]]  # by kind, by id


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched; `vintage` is the date of the data as the server says it."""

    file: str
    ways: int
    nodes: int
    restrictions: int
    vintage: str


def fetch_osm(area: "Polygon", path: Path, *, cache: Path | None = None) -> Fetched:
    """Write all roads, ferries and turn restrictions of an area into a new file.

    Parameters
    ----------
    area : in longitude and latitude (EPSG:4326)
    path : .osm, .osm.gz, .osm.bz2 or .osm.pbf, which is not there yet
    cache : folder where answers wait for the last one; None for a temporary one

    Raises
    ------
    FetchError
        If the file is there already, the server cannot be reached or refuses, an answer is
        not whole, or the area has no road. Nothing is left at `path`.
    UnreadableFileError
        If the name of the file says no format of OpenStreetMap.
    """
    if path.exists():
        raise FetchError("exists", file=str(path))
    if not path.name.lower().endswith(OSM_SUFFIXES):
        raise UnreadableFileError("osm_name", file=path.name, known=list(OSM_SUFFIXES))
    cells = _cells(area)
    root = Path(tempfile.mkdtemp(prefix="ctg-")) if cache is None else cache
    answers = root / "overpass" / sha256(shapely.to_wkb(area)).hexdigest()[:16]
    try:
        _download(cells, answers, path)
        elements, vintage = _elements(answers, path)
        _write(elements, path)
        shutil.rmtree(answers, ignore_errors=True)
    except (FetchError, OutputError):
        raise
    except OSError as error:
        detail = str(error) or type(error).__name__
        raise FetchError("failed", file=str(path), detail=detail) from error
    finally:
        if cache is None:
            shutil.rmtree(root, ignore_errors=True)
    counts = {kind: len(elements[kind]) for kind in _KINDS}
    return Fetched(path.name, counts["way"], counts["node"], counts["relation"], vintage)


def _cells(area: "Polygon") -> list["Polygon"]:
    """Cut an area into pieces that a server answers in one go."""
    west, south, east, north = area.bounds
    columns, rows = (
        max(1, int(np.ceil((high - low) / _CELL_DEGREES)))
        for low, high in ((west, east), (south, north))
    )
    x, y = np.linspace(west, east, columns + 1), np.linspace(south, north, rows + 1)
    boxes = [
        shapely.box(x[column], y[row], x[column + 1], y[row + 1])
        for row in range(rows) for column in range(columns)
    ]  # fmt: skip
    pieces = (part for box in boxes for part in shapely.get_parts(shapely.intersection(box, area)))
    return [part for part in pieces if part.geom_type == "Polygon" and part.area > 0]


def _download(cells: list["Polygon"], answers: Path, path: Path) -> None:
    """Ask for each piece; answers that are there already are not asked for again."""
    import osmnx as ox  # noqa: PLC0415  (heavy)

    _check_reached(str(ox.settings.overpass_url), path)
    _drop_broken(answers)
    with _settings(cache_folder=answers, cache_only_mode=True, use_cache=True,
                   doh_url_template=None):  # fmt: skip
        for number, cell in enumerate(progress.track(cells, "fetch"), start=1):
            _ask(ox.graph_from_polygon, cell, path, custom_filter=list(_FILTERS))
            _ask(ox.features_from_polygon, cell, path, tags=_RESTRICTIONS)
            kept, asked = len(list(answers.glob("*.json"))), number * _ANSWERS
            if kept < asked:  # osmnx keeps no answer that a server gave up on
                raise FetchError("partial", file=str(path), kept=kept, asked=asked)


def _drop_broken(answers: Path) -> None:
    """Remove answers that were cut while they were kept."""
    for file in answers.glob("*.json"):
        try:
            json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            file.unlink()


def _ask(question: Callable[..., object], cell: "Polygon", path: Path, **options: object) -> None:
    """Have osmnx ask for a piece and keep the answer."""
    try:
        question(cell, **options)
    except InterruptedError:  # how osmnx says that the answers are kept
        return
    except ValueError as error:
        raise FetchError("refused", file=str(path), detail=str(error)) from error


@contextmanager
def _settings(**wanted: object) -> Iterator[None]:
    """Set osmnx for the duration of a `with` block."""
    from osmnx import settings  # noqa: PLC0415  (heavy)

    former = {name: getattr(settings, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in former.items():
            setattr(settings, name, value)


def _check_reached(url: str, path: Path) -> None:
    """Ask the server for its state, to say at once that there is no network."""
    host = urlsplit(url).netloc
    try:
        request = Request(f"{url.rstrip('/')}/status", headers={"User-Agent": "ctg-geo"})  # noqa: S310
        with urlopen(request, timeout=_PATIENCE_S):  # noqa: S310  (the address of osmnx)
            return
    except HTTPError as answer:  # it refuses, so it is there
        answer.close()
    except OSError as error:
        detail = str(getattr(error, "reason", error))
        raise FetchError("unreachable", file=str(path), host=host, detail=detail) from error


def _elements(answers: Path, path: Path) -> tuple[Elements, str]:
    """Gather the answers: each node, way and relation once; the oldest date of the data."""
    found: Elements = {kind: {} for kind in _KINDS}
    dates = []
    for file in sorted(answers.glob("*.json")):
        answer = json.loads(file.read_text(encoding="utf-8"))
        dates.append(str(answer.get("osm3s", {}).get("timestamp_osm_base", ""))[:10])
        for each in answer.get("elements", []):
            if each.get("type") in found:
                found[each["type"]][int(each["id"])] = each
    if not found["way"]:
        shutil.rmtree(answers, ignore_errors=True)
        raise FetchError("empty", file=str(path))
    return found, min((date for date in dates if date), default="")


def _write(elements: Elements, path: Path) -> None:
    """Write the file whole or not at all."""
    import osmium  # noqa: PLC0415  (heavy)
    from osmium.osm import mutable  # noqa: PLC0415

    with staged(path.parent) as stage:
        try:
            writer = osmium.SimpleWriter(str(stage.path / path.name))
            for each in _sorted(elements["node"]):
                place = (each["lon"], each["lat"])
                writer.add_node(mutable.Node(location=place, **_shared(each)))
            for each in _sorted(elements["way"]):
                writer.add_way(mutable.Way(nodes=each["nodes"], **_shared(each)))
            for each in _sorted(elements["relation"]):
                members = [(one["type"][0], one["ref"], one["role"]) for one in each["members"]]
                writer.add_relation(mutable.Relation(members=members, **_shared(each)))
            writer.close()
        except RuntimeError as error:
            raise FetchError("failed", file=str(path), detail=str(error)) from error
        stage.publish([path.name])


def _sorted(elements: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [elements[number] for number in sorted(elements)]


def _shared(element: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": element["id"], "version": 1, "tags": element.get("tags", {})}
