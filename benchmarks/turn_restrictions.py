"""What turn restrictions of OpenStreetMap change: the table of docs/impedance.md, printed again.

python benchmarks/turn_restrictions.py FOLDER   (the folder that holds the extracts)
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from osm_extracts import EXTRACTS, ROOT, Extract, spaced

from ctg_geo import travel
from ctg_geo.config import load_study
from ctg_geo.network import from_edges, with_profile
from ctg_geo.sources import read_osm

FROM, TO, SEED = 80, 400, 0
MEASURED = tuple(each for each in EXTRACTS if each.title not in ("Liechtenstein", "Porto Alegre"))


@dataclass(frozen=True)
class Change:
    """Of the pairs that have a route without restrictions: how much longer they take with them."""

    honoured: int
    pairs: int
    changed: float  # share of the pairs
    mean: float  # share of the time of all
    p90_min: float
    p99_min: float
    lost: int  # pairs without a route


def change(folder: Path, extract: Extract) -> Change:
    """Time random pairs of nodes of the largest part by car, off-peak, with and without."""
    read = read_osm(folder / extract.file, crs=extract.crs)
    profile = load_study(ROOT / "config" / "valence_romans.toml").profiles["car"]
    roads = from_edges(read.nodes, read.edges, crs=extract.crs, mode="car", turns=read.turns)
    bound = with_profile(roads, profile)
    free = replace(bound, turns=None)
    draw = np.random.default_rng(SEED)
    nodes = np.flatnonzero(bound.part == 0)
    ends = [draw.choice(nodes, min(count, len(nodes)), replace=False) for count in (FROM, TO)]
    before, after = (travel.matrix(each, *ends, limit_min=None).minutes for each in (free, bound))
    known = np.isfinite(before) & np.isfinite(after) & (before > 0)
    more = (after - before)[known]
    return Change(
        read.turn_ledger.used, int(known.sum()), float((more > 0).mean()),
        float(after[known].sum() / before[known].sum() - 1),
        *(float(each) for each in np.percentile(more, [90, 99])),
        int((np.isfinite(before) & ~np.isfinite(after)).sum()),
    )  # fmt: skip


def row(extract: Extract, found: Change) -> str:
    """Return the row of an extract."""
    return (
        f"| {extract.title} | {spaced(found.honoured)} | {100 * found.changed:.0f} % "
        f"| {100 * found.mean:.1f} % | {found.p90_min:.1f} min | {found.p99_min:.1f} min "
        f"| {spaced(found.lost)} |"
    )


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1])
    print(
        "| extract | restrictions honoured | pairs that change | mean | P90 | P99 | no route left |"
        "\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    for each in MEASURED:
        print(row(each, change(folder, each)))


if __name__ == "__main__":
    main()
