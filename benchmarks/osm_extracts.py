"""What real OpenStreetMap extracts give: the tables of docs/roads.md, printed again.

python benchmarks/osm_extracts.py FOLDER   (the folder that holds the extracts)
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ctg_geo.config import load_study
from ctg_geo.network import RoadAccount, from_edges, mode_account, with_profile
from ctg_geo.parameters import MODES
from ctg_geo.sources import read_osm

ROOT = Path(__file__).parent.parent
BAR_S = 8.0


@dataclass(frozen=True)
class Extract:
    """A file, the CRS where its lengths are measured, and words that it uses on its own."""

    title: str
    file: str
    crs: str


EXTRACTS = (
    Extract("Heidelberg", "heidelberg.osm.pbf", "EPSG:25832"),
    Extract("Helsinki, centre", "helsinki_centre.osm.pbf", "EPSG:3067"),
    Extract("Liechtenstein", "liechtenstein.osm.pbf", "EPSG:25832"),
    Extract("Monaco and neighbours", "monaco.osm.pbf", "EPSG:2154"),
    Extract("Porto Alegre", "poa_porto_alegre.osm.pbf", "EPSG:31982"),
    Extract("Monaco to Menton (XML)", "riviera_monaco_menton.osm.gz", "EPSG:2154"),
)
MENTON = EXTRACTS[-1]
REASONS = ("closed_to_all", "area", "not_in_use", "unknown_class", "missing_nodes")


def account(
    folder: Path, extract: Extract, classes: Mapping[str, str] | None = None
) -> RoadAccount:
    """Account for one extract."""
    read = read_osm(folder / extract.file, crs=extract.crs, classes=classes)
    modes = {
        mode: mode_account(
            from_edges(read.nodes, read.edges, crs=extract.crs, mode=mode, turns=read.turns)
        )
        for mode in MODES
    }
    return RoadAccount(read.ledger, modes, read.turn_ledger)


def used_row(extract: Extract, found: RoadAccount) -> str:
    """Return the row of the first table: read, used, connected."""
    strong = " | ".join(f"{found.modes[mode].strong:.3f}" for mode in ("car", "bicycle", "foot"))
    figures = (found.ledger.read, found.ledger.used, found.modes["car"].arcs)
    counts = " | ".join(spaced(each) for each in figures)
    turns = found.restrictions
    kept = "" if turns is None else f"{spaced(turns.used)} of {spaced(turns.read)}"
    return f"| {extract.title} | {counts} | {strong} | {kept} |"


def aside_row(extract: Extract, found: RoadAccount) -> str:
    """Return the row of the second table: set aside, by reason."""
    aside = dict(found.ledger.set_aside)
    counts = [aside.pop(reason, 0) for reason in REASONS]
    cells = " | ".join(spaced(each) for each in [*counts, sum(aside.values())])
    return f"| {extract.title} | {cells} |"


def translated(folder: Path) -> str:
    """Return the figures of the Menton file once its own words are translated."""
    words = {
        f"{road}_{built}": road
        for road in ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified",
                     "residential", "service", "footway", "track", "motorway_link",
                     "primary_link", "secondary_link", "tertiary_link", "trunk_link",
                     "living_street", "pedestrian", "path", "cycleway", "steps")
        for built in ("bridge", "tunnel")
    }  # fmt: skip
    found = account(folder, MENTON, words)
    car, bicycle, foot = (found.modes[mode].strong for mode in ("car", "bicycle", "foot"))
    return (
        f"{spaced(found.ledger.used)} of its ways are used and the strong share of cars is "
        f"{car:.3f} (bicycle {bicycle:.3f}, foot {foot:.3f})"
    )


def heidelberg_s(folder: Path) -> float:
    """Return the seconds from the file of Heidelberg to a graph with times."""
    extract = EXTRACTS[0]
    profile = load_study(ROOT / "config" / "valence_romans.toml").profiles["car"]
    start = time.perf_counter()
    read = read_osm(folder / extract.file, crs=extract.crs)
    network = from_edges(read.nodes, read.edges, crs=extract.crs, mode="car", turns=read.turns)
    _ = with_profile(network, profile).routing.graph
    return time.perf_counter() - start


def spaced(count: int) -> str:
    """Write a count with spaces between thousands."""
    return f"{count:,}".replace(",", " ")


def main() -> None:
    """Print the tables."""
    folder = Path(sys.argv[1])
    found = [(each, account(folder, each)) for each in EXTRACTS]
    print(
        "| extract | ways read | used | arcs (car) | strong: car | bicycle | foot |"
        " turn restrictions |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    for each in found:
        print(used_row(*each))
    print(
        "\n| extract | closed to all | area | not in use | unknown class | no position | other |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    for each in found:
        print(aside_row(*each))
    print(f"\nMenton, with `classes`: {translated(folder)}")
    seconds = sorted(heidelberg_s(folder) for _ in range(5))
    print(f"Heidelberg, file to routable graph: {seconds[2]:.1f} s (bar: {BAR_S:.0f} s)")


if __name__ == "__main__":
    main()
