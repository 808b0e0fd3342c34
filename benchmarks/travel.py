"""Travel times against peers, in one run: ratios of interleaved rounds, medians and spread.

python benchmarks/travel.py [--data FOLDER] [--only NAME] [--quick]

Reads the road graphs of the reference data (FOLDER/roads; `CTG_GEO_SHARED`/data by default),
writes the table of docs/performance.md. `--only` and `--quick` print and write nothing.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from travel_graphs import RULE, Ints, around
from travel_ground import PLACES, Bench, Ground, at, same, timed
from travel_peers import IGRAPH_SOURCES, PANDANA_ORIGINS, SCIPY_SOURCES, versions
from travel_table import Line, machine, ratio, ratios, seconds, write

from ctg_geo.travel import matrix, travel_times
from ctg_geo.travel import nearest as nearest_places
from ctg_geo.travel.hierarchy import NO_ROUTE_MS, engine_of, forget

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
HALF_HOUR_MS = 1_800_000
CLOSED_MS = 20 * 86_400_000  # so long that the hierarchy takes the road to be closed
Lines = Iterator[Line]


def full(bench: Bench) -> Lines:
    """Time all demand × 200 places, no limit."""
    for name in ("LUX", "NY", "FLA"):
        yield from _full(bench[name], name)


def _full(here: Ground, name: str) -> Lines:
    engine, peers = here.engine, here.peers
    demand, places = at(here.demand), at(here.places)
    peer = peers.scipy(here.places)
    times = engine.matrix(demand, places, np.inf)
    same(times[:, :SCIPY_SOURCES].T, peer.call()[:, here.demand])
    del times
    others = {"scipy": peer, "pandana": peers.pandana_pairs(here.demand, here.places)}
    if name == "NY":
        others |= {"igraph": peers.igraph(here.places)}
        others |= {"networkx": peers.networkx(here.places)}
    found = here.measured({
        "dense": lambda: engine.matrix(demand, places, np.inf),
        "table": lambda: matrix(here.network, here.demand, here.places, limit_min=None),
        "rows": lambda: travel_times(
            here.network, here.demand, here.places, limit_min=None, method="hierarchy"
        ),
    }, others)  # fmt: skip
    ours = found["dense"]
    every = {other: ratios(ours, found[other]) for other in others}
    told = ", ".join(ratio(other, times) for other, times in every.items())
    met = least(every, scipy=120, pandana=600)
    bar = "≥ 120× scipy, ≥ 600× pandana" if name != "LUX" else "–"
    size = f"{len(here.demand):,} × {PLACES}".replace(",", " ")
    yield Line(f"all times, {name}, {size}", bar, told, met if name != "LUX" else None,
               seconds(ours))  # fmt: skip
    yield from _public(found, f", {name}", None if name == "LUX" else 120)


def within(bench: Bench) -> Lines:
    """Time all demand × 200 places within half an hour."""
    here = bench["NY"]
    engine, demand, places = here.engine, at(here.demand), at(here.places)
    peer = here.peers.scipy(here.places, HALF_HOUR_MS)
    times = engine.matrix(demand, places, HALF_HOUR_MS)
    same(times[:, :SCIPY_SOURCES].T, peer.call()[:, here.demand])
    share = float((times != NO_ROUTE_MS).mean())
    found = here.measured({
        "dense": lambda: engine.matrix(demand, places, HALF_HOUR_MS),
        "table": lambda: matrix(here.network, here.demand, here.places, limit_min=30),
        "rows": lambda: travel_times(
            here.network, here.demand, here.places, limit_min=30, method="hierarchy"
        ),
    }, {"scipy": peer})  # fmt: skip
    every = {"scipy": ratios(found["dense"], found["scipy"])}
    job = f"the same within 30 min, NY ({share:.0%} of the pairs)"
    yield Line(job, "≥ 60× scipy (limit)", ratio("scipy", every["scipy"]), least(every, scipy=60),
               seconds(found["dense"]))  # fmt: skip
    yield from _public(found, " within 30 min, NY", 60)


def _public(found: Mapping[str, list[float]], where: str, least_times: float | None) -> Lines:
    """Tell the same job through the public functions, snapping and names included."""
    for call, job in (("table", "table, `matrix`"), ("rows", "rows of pairs, `travel_times`")):
        each = ratios(found[call], found["scipy"])
        bar, met = "–", None
        if least_times is not None:
            bar, met = f"≥ {least_times:g}× scipy", least({"scipy": each}, scipy=least_times)
        yield Line(f"the same as a {job}{where}".replace("a rows", "rows"), bar,
                   ratio("scipy", each), met, seconds(found[call]))  # fmt: skip


def part(bench: Bench) -> Lines:
    """Time a tenth of the graph, round a centre, × 200 places."""
    here = bench["NY"]
    engine, places = here.engine, at(here.places)
    near = around(here.graph, 0.1, int(here.places[0]))
    peer = here.peers.scipy(here.places)
    first = timed(lambda: engine.matrix(at(near), places, np.inf))
    targets = at(near)
    same(engine.matrix(targets, places, np.inf)[:, :SCIPY_SOURCES].T, peer.call()[:, near])
    call = {"ours": lambda: engine.matrix(targets, places, np.inf)}
    found = here.measured(call, {"scipy": peer})
    every = {"scipy": ratios(found["ours"], found["scipy"])}
    job = f"a tenth of NY × {PLACES} (first time, selection included: {first * 1000:.0f} ms)"
    yield Line(job, "≥ 1 000× scipy", ratio("scipy", every["scipy"]), least(every, scipy=1000),
               seconds(found["ours"]))  # fmt: skip


def nearest(bench: Bench) -> Lines:
    """Time the nearest of 200 places for every node, and which it is."""
    for name in ("NY", "FLA"):
        yield from _nearest(bench[name], name)


def _nearest(here: Ground, name: str) -> Lines:
    engine, every, places = here.engine, at(here.every), at(here.places)
    peers = {
        "scipy (times only)": here.peers.scipy_nearest(here.places, identity=False),
        "scipy (and which)": here.peers.scipy_nearest(here.places, identity=True),
    }
    same(engine.nearest(every, places, 1)[1][:, 0], peers["scipy (times only)"].call())
    if name == "NY":
        peers["pandana"] = here.peers.pandana_nearest(here.places)
    found = here.measured({
        "ours": lambda: engine.nearest(every, places, 1),
        "public": lambda: nearest_places(
            here.network, here.every, here.places, k=1, limit_min=None
        ),
    }, peers)  # fmt: skip
    told = {other: ratios(found["ours"], found[other]) for other in peers}
    measured = ", ".join(ratio(other, times) for other, times in told.items())
    bar = "≥ 8× scipy, ≥ 80× pandana" if name == "NY" else "–"
    met = least(told, **{"scipy (times only)": 8, "pandana": 80}) if name == "NY" else None
    yield Line(f"nearest of 200 for every node, with which, {name}", bar, measured, met,
               seconds(found["ours"]))  # fmt: skip
    public = ratio("scipy (and which)", ratios(found["public"], found["scipy (and which)"]))
    yield Line(f"the same by name, `nearest`, {name}", "–", public, None, seconds(found["public"]))


def column(bench: Bench) -> Lines:
    """Time one place more: its times to every node."""
    here = bench["NY"]
    engine, every, place = here.engine, at(here.every), at(here.places[:1])
    peer = here.peers.scipy(here.places[:1])
    same(engine.column(every, place)[None], peer.call())
    found = here.measured({"ours": lambda: engine.column(every, place)}, {"scipy": peer})
    told = {"scipy": ratios(found["ours"], found["scipy"])}
    met = least(told, scipy=8) and statistics.median(found["ours"]) < 0.010
    yield Line("one place more, its whole column, NY", "≥ 8× scipy, < 10 ms",
               ratio("scipy", told["scipy"]), met, seconds(found["ours"]))  # fmt: skip


def build(bench: Bench) -> Lines:
    """Time order and customisation from nothing, kept nowhere."""
    for name in ("NY", "FLA"):
        here = bench[name]
        peer = here.peers.pandana_build()
        ours, theirs = [], []
        for _ in range(min(here.rounds, 3 if name == "NY" else 2)):
            forget()
            os.environ["CTG_GEO_CACHE"], kept = "off", os.environ["CTG_GEO_CACHE"]
            ours.append(timed(partial(engine_of, here.network)))
            os.environ["CTG_GEO_CACHE"] = kept
            theirs.append(timed(peer.call))
        told = {"pandana": ratios(ours, theirs)}
        yield Line(f"order and times from nothing, {name}", "≥ 2.5× pandana's Network()",
                   ratio("pandana", told["pandana"]), least(told, pandana=2.5),
                   seconds(ours))  # fmt: skip


def speeds(bench: Bench) -> Lines:
    """Time another speed on a seventh of the roads: order kept, times customised."""
    here = bench["NY"]
    _ = here.engine
    ours = {"with its file": [], "CTG_GEO_CACHE=off": []}
    for turn in range(here.rounds):
        for how, found in ours.items():
            times = here.graph.time_ms.copy()
            times[turn::7] *= 2 if how == "with its file" else 3  # no times are asked for twice
            changed = here.network.with_times(times)
            kept = os.environ["CTG_GEO_CACHE"]
            os.environ["CTG_GEO_CACHE"] = kept if how == "with its file" else "off"
            found.append(timed(partial(engine_of, changed)))
            os.environ["CTG_GEO_CACHE"] = kept
    told = "; ".join(f"{how}: {seconds(found)}" for how, found in ours.items())
    worst = statistics.median(ours["with its file"])
    yield Line("other speeds, NY: customised again", "< 0.3 s", told, worst < 0.3,
               seconds(ours["with its file"]))  # fmt: skip


def closure(bench: Bench) -> Lines:
    """Time one closed road: only what depends on it is customised; beside it, all of it."""
    here = bench["NY"]
    network, times = here.network, here.graph.time_ms
    streets = len(times) // 2
    found: dict[str, list[float]] = {"part": [], "whole": []}
    for turn, street in enumerate(np.random.default_rng(6).choice(streets, here.rounds + 1)):
        other = network.with_times(times + 1 + turn)
        found["whole"].append(timed(partial(engine_of, other)))
        closed = network.with_times(_closed(times + 1 + turn, street, streets))
        found["part"].append(timed(partial(engine_of, closed)))
    found = {how: runs[1:] for how, runs in found.items()}  # the first compiles
    told = {"all of it": ratios(found["part"], found["whole"])}
    yield Line("one road closed, NY: customised in part", "≥ 4× all of it",
               ratio("all of it", told["all of it"]), statistics.median(told["all of it"]) >= 4,
               seconds(found["part"]))  # fmt: skip


def _closed(time_ms: Ints, street: int, streets: int) -> Ints:
    """Return the times with a street closed both ways."""
    times = time_ms.copy()
    times[[street, street + streets]] = CLOSED_MS
    return times


def reload(bench: Bench) -> Lines:
    """Time a kept hierarchy in a new process."""
    path = bench.kept("FLA")
    _ = bench["FLA"].engine
    runs = [float(bench.child("reload", path)["seconds"]) for _ in range(bench.rounds + 1)][1:]
    yield Line("read again from disk, new process (after imports), FLA", "< 0.1 s", seconds(runs),
               statistics.median(runs) < 0.1, seconds(runs))  # fmt: skip


def memory(bench: Bench) -> Lines:
    """Measure the memory of 200 places × all nodes of FLA, from nothing."""
    told = bench.child("memory", bench.kept("FLA"), CTG_GEO_CACHE="off")
    peak, files = float(told["gibibytes"]), float(told["of_files"])
    said = f"{peak:.2f} GiB ({peak * 1.024**3:.2f} GB), {files:.2f} GiB of it files of libraries"
    yield Line("peak memory, FLA, 200 × all nodes, order included", "< 1.5 GB", said,
               peak * 1.024**3 < 1.5, seconds([float(told["seconds"])]))  # fmt: skip


def growth(bench: Bench) -> Lines:
    """Compare the time per node and source as the graph grows."""
    each = {}
    for name in ("LUX", "NY", "FLA"):
        here = bench[name]
        engine, every, places = here.engine, at(here.every), at(here.places)
        call = partial(engine.matrix, every, places, np.inf)
        found = here.measured({"ours": call}, {})
        each[name] = statistics.median(found["ours"]) / here.graph.nodes / PLACES * 1e9
    spread = max(each.values()) / min(each.values())
    told = ", ".join(f"{name} {value:.2f} ns" for name, value in each.items())
    yield Line("time per node and source, 77 k to 1.07 M nodes, 200 × all", "within 2×",
               f"{told}: {spread:.2f}×", spread <= 2, "")  # fmt: skip


def cold(bench: Bench) -> Lines:
    """Time the first call of all: nothing compiled, nothing kept."""
    for name in ("LUX", "NY"):
        path, runs, said = bench.kept(name), [], []
        for _ in range(min(bench.rounds, 3)):
            with tempfile.TemporaryDirectory() as empty:
                told = bench.child(
                    "cold", path, CTG_GEO_CACHE=f"{empty}/kept", NUMBA_CACHE_DIR=f"{empty}/jit"
                )
            runs.append(float(told["seconds"]))
            said.append(told["said"])
        spoke = all(each == ["roads_prepared"] for each in said)
        tells = "announced" if spoke else "silent"
        met = statistics.median(runs) < 4 and spoke
        yield Line(f"first call of all, 1 000 × 200, {name}: compiled, ordered, kept",
                   "< 4 s, announced", f"{seconds(runs)}, {tells}", met, seconds(runs))  # fmt: skip


def osm(bench: Bench) -> Lines:
    """Time a file of OpenStreetMap to a network with times."""
    path = bench.roads / "osm" / "heidelberg.osm.pbf"
    told = [bench.child("osm", path) for _ in range(min(bench.rounds, 3))]
    runs = [float(each["seconds"]) for each in told]
    job = f"heidelberg.osm.pbf to {told[0]['nodes']} nodes, {told[0]['arcs']} arcs with times"
    yield Line(job, "< 8 s", seconds(runs), statistics.median(runs) < 8,
               seconds(runs))  # fmt: skip


def least(found: Mapping[str, list[float]], **bars: float) -> bool:
    """Tell whether the median ratios reach their bars."""
    return all(statistics.median(found[name]) >= bar for name, bar in bars.items())


JOBS = {
    each.__name__: each
    for each in (cold, full, within, part, nearest, column, speeds, closure, growth, build, reload,
                 memory, osm)
}  # fmt: skip


def main() -> None:
    """Measure, print, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    shared = Path(os.environ.get("CTG_GEO_SHARED", ROOT.parent / "shared"))
    asked.add_argument("--data", type=Path, default=shared / "data", help="reference data")
    asked.add_argument("--only", choices=list(JOBS), action="append")
    asked.add_argument("--quick", action="store_true", help="one round")
    given = asked.parse_args()
    told = machine()
    print(told, versions(), sep="\n", flush=True)
    rounds = 1 if given.quick else 5
    lines, start = [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CTG_GEO_CACHE"] = f"{folder}/kept"
        bench = Bench(given.data / "roads", Path(folder), rounds)
        for name in given.only or JOBS:
            for line in JOBS[name](bench):
                print(line, flush=True)
                lines.append(line)
            print(f"  [{name}: {time.monotonic() - start:.0f} s]", file=sys.stderr, flush=True)
    if not given.quick and not given.only:
        scaled = (
            f"{rounds} rounds, ours and peers in turn; scipy is measured on {SCIPY_SOURCES} of "
            f"200 sources, pandana on {PANDANA_ORIGINS} origins × 200 (2 rounds), igraph on "
            f"{IGRAPH_SOURCES} and networkx on 1 source (1 round), and scaled"
        )
        sizes = "; ".join(
            f"{name} {bench[name].graph.nodes} nodes, {len(bench[name].graph.tail)} arcs"
            for name in ("LUX", "NY", "FLA")
        )
        notes = (told, versions(), sizes, f"times of NY and FLA: {RULE}", scaled)
        write(PAGE, lines, notes)


if __name__ == "__main__":
    main()
