"""What a study's files say, read with the standard library alone."""

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import hypot
from pathlib import Path
from typing import Any

__all__ = ["Commune", "Place", "Territory", "read_table", "read_territory"]

SECRET = {"s", "ns", "c", "<5", "<11", "secret"}
UNKNOWN = {"", "nd", "n/a"}
NO_OBJECT = {"//"}


@dataclass(frozen=True)
class Commune:
    """A rectangle along the axes (metres), its EPCI, and whether it is of the territory."""

    code: str
    name: str
    epci: str
    box: tuple[float, float, float, float]
    inside: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        """The point of its people where nothing else is known."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point is in it."""
        return self.box[0] < x < self.box[2] and self.box[1] < y < self.box[3]

    def away(self, other: "Commune") -> float:
        """Metres between two rectangles."""
        a, b = self.box, other.box
        return hypot(max(a[0] - b[2], b[0] - a[2], 0), max(a[1] - b[3], b[1] - a[3], 0))


@dataclass(frozen=True)
class Place:
    """A place as its file tells it; None where a cell is blank."""

    key: str
    service: str
    name: str
    commune: str
    point: tuple[float, float]
    capacity: Fraction | None
    delivery: str
    hours: Fraction | None
    ages: tuple[int, int] | None
    residents: frozenset[str] | None  # None: everybody


@dataclass
class Territory:
    """The communes of the study and its buffer, who lives there, what stands there."""

    study: dict[str, Any]
    services: dict[str, Any]
    profiles: dict[str, Any]
    communes: dict[str, Commune]
    figures: dict[str, dict[str, tuple[Fraction | None, str]]]  # figure -> code -> value, status
    places: list[Place]
    junctions: dict[str, tuple[float, float]]
    segments: list[dict[str, str]]
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)  # file -> read, used

    @property
    def inside(self) -> list[str]:
        """Codes of the territory without its buffer."""
        return [code for code, each in self.communes.items() if each.inside]


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_territory(config: Path) -> Territory:
    """Read a study and all its files."""
    folder = config.parent
    study = tomllib.loads(config.read_text(encoding="utf-8"))
    layer, epci_of = _communes(folder, study)
    area = {code: layer[code] for code in sorted(layer) if _in_study(layer[code], layer, study)}
    figures, rows = _figures(folder, study, area)
    places, place_rows = _places(folder, study, area, epci_of)
    tables = study["roads"][study["study"]["roads"]]
    junctions = {row["junction"]: (float(row["x"]), float(row["y"]))
                 for row in read_table(folder / tables["junctions"]["path"])}  # fmt: skip
    rows |= place_rows | {"communes.geojson": (len(layer), len(area))}
    return Territory(
        study,
        tomllib.loads((folder / "services.toml").read_text(encoding="utf-8"))["services"],
        tomllib.loads((folder / "profiles.toml").read_text(encoding="utf-8"))["profiles"],
        area, figures, places, junctions, read_table(folder / tables["segments"]["path"]), rows,
    )  # fmt: skip


def _communes(folder: Path, study: Mapping[str, Any]) -> tuple[dict[str, Commune], dict[str, str]]:
    source, wanted = study["sources"]["communes"], study["study"]["inside"]
    columns = source["columns"]
    layer = {}
    for each in json.loads((folder / source["path"]).read_text(encoding="utf-8"))["features"]:
        said, ring = each["properties"], each["geometry"]["coordinates"][0]
        xs, ys = [point[0] for point in ring], [point[1] for point in ring]
        code, epci = said[columns["code_insee"]], said[columns["epci"]]
        inside = epci == wanted["epci"] if "epci" in wanted else code in wanted["communes"]
        box = (min(xs), min(ys), max(xs), max(ys))
        layer[code] = Commune(code, said[columns["nom"]], epci, box, inside)
    return layer, {code: each.epci for code, each in layer.items()}


def _in_study(commune: Commune, layer: Mapping[str, Commune], study: Mapping[str, Any]) -> bool:
    """Tell whether a commune is of the territory, or within its buffer (bound included)."""
    if commune.inside:
        return True
    limit = 1000 * study["study"]["buffer_km"]
    near = min(commune.away(each) for each in layer.values() if each.inside)
    return limit > 0 and near <= limit


def _figures(
    folder: Path, study: Mapping[str, Any], area: Mapping[str, Commune]
) -> tuple[dict[str, dict[str, tuple[Fraction | None, str]]], dict[str, tuple[int, int]]]:
    source = study["sources"]["population"]
    table = read_table(folder / source["path"])
    row_of = {row[source["code_insee"]]: row for row in table}
    figures = {
        name: {
            code: _count(row_of[code][value["column"]]) if code in row_of
            else (None, "not_available")
            for code in area
        }
        for name, value in source["values"].items()
    }  # fmt: skip
    return figures, {source["path"]: (len(table), sum(code in area for code in row_of))}


def _count(cell: str) -> tuple[Fraction | None, str]:
    """Return a number of people and its status: what is masked or unknown is never zero."""
    for signs, status in ((SECRET, "secret"), (UNKNOWN, "not_available"),
                          (NO_OBJECT, "not_applicable")):  # fmt: skip
        if cell in signs:
            return None, status
    return Fraction(cell), "observed"


def _places(
    folder: Path, study: Mapping[str, Any], area: Mapping[str, Commune], epci_of: Mapping[str, str]
) -> tuple[list[Place], dict[str, tuple[int, int]]]:
    (source,) = study["sources"]["equipements"]
    table = read_table(folder / source["path"])
    each_has = source.get("capacity_each")
    found = []
    for row in table:
        commune = _commune_of(row, area)
        if commune is None:
            continue
        at = (float(row["x"]), float(row["y"])) if row["x"] else area[commune].centre
        capacity = Fraction(row["places"]) if row["places"] else None
        if capacity is None and each_has is not None:
            capacity = Fraction(str(each_has["value"]))
        words = row["residents"].replace("|", " ").split()
        admitted = {code for word in words for code, epci in epci_of.items()
                    if word in (code, epci)}  # fmt: skip
        found.append(Place(
            row["id"], source["services"][row["service"]], row["nom"], commune, at, capacity,
            source["delivery"][row["format"]], Fraction(row["hours"]) if row["hours"] else None,
            (int(row["age_from"]), int(row["age_to"])) if row["age_from"] else None,
            frozenset(admitted) if words else None,
        ))  # fmt: skip
    return sorted(found, key=lambda each: each.key), {source["path"]: (len(table), len(found))}


def _commune_of(row: Mapping[str, str], area: Mapping[str, Commune]) -> str | None:
    """Return the commune of a place: where its point is, else the one it names."""
    if row["x"]:
        x, y = float(row["x"]), float(row["y"])
        return next((code for code, each in area.items() if each.holds(x, y)), None)
    return row["insee"] if row["insee"] in area else None
