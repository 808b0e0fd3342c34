"""Error of the schematic times: against the real numbered roads of the pilot, checks only.

    python benchmarks/schematic_error.py [folder of junctions.csv and segments.csv]

All pairs of the 54 communes, chef-lieu to chef-lieu, free flow: motorways 110, national
roads 75, departmental roads 58 km/h on chords × 1.06, chefs-lieux joining the nearest of
these roads (motorways apart) at 30 km/h. Prints the median, the 90th percentile and the
bias of the relative error, beside a trivial network (straight lines × 1.25 at 60 km/h
across shared borders).
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import ctg_geo as ctg
from ctg_geo.config.road_source import TableRoads
from ctg_geo.network import from_tables, schematic_roads, with_profile
from ctg_geo.parameters import SchematicRules, TravelProfile
from ctg_geo.sources import NO_BARRIERS, NO_BRIDGES, read_road_tables

HERE = Path(__file__).parent
DEFAULT = HERE.parent.parent / "shared" / "data" / "roads" / "pilot_numbered_roads"
FREE_FLOW = {"A": 110, "N": 75, "D": 58}


def reference(folder: Path, crs: str) -> ctg.RoadNetwork:
    """Time the numbered roads at free flow."""
    said = {"provider": "-", "licence": "-", "vintage": "-"}
    source = TableRoads.model_validate({
        "kind": "tables", "length_factor": 1.06, "class_prefix": 1,
        "junctions": {"path": "junctions.csv", **said},
        "segments": {"path": "segments.csv", **said},
        "junction_columns": {"junction_id": "junction", "lon": "lon", "lat": "lat"},
        "segment_columns": {"from_junction": "from_junction", "to_junction": "to_junction",
                            "road_class": "road", "length_m": "chord_m", "name": "road"},
    })  # fmt: skip
    junctions, segments, _ = read_road_tables(
        folder / "junctions.csv", folder / "segments.csv", source, crs=crs
    )
    car = TravelProfile(label="car", default_kmh=58, speed_kmh=FREE_FLOW, source="free flow")
    return with_profile(from_tables(junctions, segments, crs=crs), car)


def trivial(study: ctg.Study) -> ctg.RoadNetwork:
    """Join neighbours by straight lines × 1.25 at 60 km/h."""
    area = study.territory
    rules = SchematicRules(total_detour=1.0, shortcut_km=0, urban_density_km2=1e12,
                           limit_rural_kmh=75)  # fmt: skip
    none = pd.DataFrame(
        columns=["axis", "order", "junction_id", "x", "y", "is_exit", "road_class"]
    ).astype({"is_exit": bool, "x": float, "y": float})
    communes = area.communes.assign(population=area.population["population"])
    tables = schematic_roads(communes, area.points, none, NO_BARRIERS, NO_BRIDGES, rules=rules)
    network = from_tables(*tables, crs=area.crs)
    return network.with_times(np.rint(with_speed(network) * 1.25))


def with_speed(network: ctg.RoadNetwork) -> np.ndarray:
    """Return milliseconds at 60 km/h on the straight line."""
    car = TravelProfile(label="car", default_kmh=60, source="trivial")
    return with_profile(network, car).time_ms


def minutes(network: ctg.RoadNetwork, study: ctg.Study, closed: tuple[str, ...]) -> np.ndarray:
    """Return the times between all chefs-lieux of the territory."""
    points = study.territory.points[study.territory.inside]
    snapping = ctg.Snapping(access_kmh=30, closed_classes=closed)
    times = ctg.travel_times(network, points, points, limit_min=None, snapping=snapping)
    return times.to_matrix().to_numpy()


def main() -> None:
    """Print the errors."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    study = ctg.open_study(HERE.parent / "config" / "valence_romans.toml")
    real = minutes(reference(folder, study.territory.crs), study, ("A",))
    pairs = ~np.eye(len(real), dtype=bool)
    networks = {"schematic": study.network("car"), "trivial": trivial(study)}
    for name, network in networks.items():
        error = minutes(network, study, ("motorway",))[pairs] / real[pairs] - 1
        size = np.abs(error)
        print(
            f"{name:>10}: {size.size} pairs, median {np.median(size):.1%}, "
            f"P90 {np.quantile(size, 0.9):.1%}, bias {np.median(error):+.1%}"
        )


if __name__ == "__main__":
    main()
