"""Every country cut into any tiles has the tables made at once, to the byte."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fleet_cases as fc
from ctg_geo.access import weights
from ctg_geo.diagnosis import diagnose
from ctg_geo.diagnosis.measured import ranked
from ctg_geo.fleet.cut import tiles_of
from ctg_geo.fleet.national import write_national
from ctg_geo.fleet.prepare import country_of, never_reached
from ctg_geo.fleet.tile import AMONG, tile_among, tile_results
from ctg_geo.travel import travel_times
from ctg_geo.travel.ground import Ground, ground_of
from ctg_geo.travel.times import bound_ms

FEW = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
MEASURES = ("e2sfca", "two_step", "m2sfca", "three_step", "time")


def at_once(territory, network, service, *, fewest=0.0):
    return diagnose(
        territory, network, "creche", service, groups=pd.DataFrame(index=territory.points.index),
        snapping=fc.SNAPPING, robustness=fc.ROBUSTNESS, fewest=fewest,
    ).communes  # fmt: skip


def tile_by_tile(territory, network, service, folder, *, most, fewest=0.0):
    country, _ = country_of(
        territory, network, "creche", service, snapping=fc.SNAPPING, robustness=fc.ROBUSTNESS,
        fewest=fewest, most=most,
    )  # fmt: skip
    country.save(folder / country.name)
    place, tiles = folder / country.name, range(country.tiles)
    if service.judged_on_supply:
        among = pd.concat([tile_among(place, tile) for tile in tiles])
        among.loc[country.places.index].to_parquet(place / AMONG)
    parts = [tile_results(place, tile) for tile in tiles]
    shared = sum(part.attrs.get("shared", 0.0) for part in parts)
    for part in parts:
        part.attrs = {}
    table = pd.concat([part for part in parts if len(part)]).loc[territory.inside]
    table.insert(1, "geometry", territory.communes.geometry.loc[territory.inside])
    whole = gpd.GeoDataFrame(table, geometry="geometry", crs=territory.communes.crs)
    return ranked(whole, service), country, shared


def written(table, folder):
    files = write_national(folder, table, findings=(), names={}, parameters={})
    return {name: (folder / name).read_bytes() for name in files}


def alike(one, other, folder):
    """Compare what is written of two tables, byte for byte."""
    first, second = written(one, folder / "one"), written(other, folder / "other")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


@FEW
@given(
    seed=st.integers(0, 10_000), measure=st.sampled_from(MEASURES), most=st.integers(15, 400),
    masked=st.integers(0, 3), fewest=st.sampled_from([0.0, 3.0]),
)  # fmt: skip
def test_any_tiles_give_the_tables_made_at_once(
    tmp_path_factory, seed, measure, most, masked, fewest
):
    folder = tmp_path_factory.mktemp("tiles")
    territory, network = fc.country(seed=seed, masked=masked), fc.grid(14, seed)
    service = fc.service(measure)
    found, country, shared = tile_by_tile(
        territory, network, service, folder, most=most, fewest=fewest
    )
    assert country.tiles > 1 or most > 200
    alike(found, at_once(territory, network, service, fewest=fewest), folder)
    if measure in ("e2sfca", "two_step", "three_step"):
        capacity = country.places["capacity"]
        idle = capacity[never_reached(country)].sum()
        assert shared + idle == pytest.approx(capacity.sum(), rel=1e-12)


def test_what_limits_admission_or_has_several_modes_of_care_gives_the_same_too(tmp_path):
    territory, network = fc.country(seed=3), fc.grid(14, 3)
    places = territory.equipements
    few = " ".join(territory.points.index[:8])
    places["residents"] = np.where(np.arange(len(places)) % 3 == 0, few, "")
    for measure in ("e2sfca", "time"):
        service, folder = fc.service(measure), tmp_path / measure
        found, _, _ = tile_by_tile(territory, network, service, folder, most=40)
        alike(found, at_once(territory, network, service), folder)
    places["residents"] = ""
    places["service"] = np.where(np.arange(len(places)) % 2, "creche", "mam")
    care = {
        "creche": {"label": "Crèche", "decay": {"kind": "flat", "reach_min": 9}},
        "mam": {"label": "MAM", "decay": {"kind": "flat", "reach_min": 5}, "measure": "three_step"},
    }
    service = fc.service("e2sfca", decay=None, care=care)
    found, _, _ = tile_by_tile(territory, network, service, tmp_path / "care", most=40)
    alike(found, at_once(territory, network, service), tmp_path / "care")


def test_compiled_sums_at_once_are_the_plain_ones_of_tiles(tmp_path, monkeypatch):
    territory, network = fc.country(seed=8, homes=800, places=60), fc.grid(14, 8)
    for measure in ("e2sfca", "three_step"):
        service, folder = fc.service(measure), tmp_path / measure
        with monkeypatch.context() as patch:
            patch.setattr(weights, "_MANY", 1)
            whole = at_once(territory, network, service)
        found, _, _ = tile_by_tile(territory, network, service, folder, most=60)
        alike(found, whole, folder)


@FEW
@given(seed=st.integers(0, 10_000), limit=st.sampled_from([0.5, 4, 11, 60]), data=st.data())
def test_a_part_of_the_points_has_the_times_of_the_whole(tmp_path_factory, seed, limit, data):
    territory, network = fc.country(seed=seed, homes=40, places=9), fc.grid(8, seed)
    homes, places = territory.homes.places.geometry, territory.equipements.geometry
    made, _, _ = ground_of(network, homes, places)
    folder = tmp_path_factory.mktemp("ground")
    made.save(folder)
    ground = Ground.load(folder)
    times = travel_times(network, homes, places, limit_min=limit, method="plain").to_matrix()
    exact, limit_ms = (times * 60_000).round().to_numpy(), bound_ms(limit)
    some = np.array(sorted(data.draw(st.sets(st.integers(0, len(homes) - 1), min_size=1))))
    few = np.array(sorted(data.draw(st.sets(st.integers(0, len(places) - 1), min_size=1))))
    near = np.isfinite(exact)
    assert (
        ground.origins_near(few, limit_ms).tolist()
        == np.flatnonzero(near[:, few].any(axis=1)).tolist()
    )
    assert (
        ground.destinations_near(some, limit_ms).tolist()
        == np.flatnonzero(near[some].any(axis=0)).tolist()
    )
    start, to, time_ms = ground.rows(some, few, limit_ms)
    dense = np.full((len(some), len(few)), np.inf)
    dense[np.repeat(np.arange(len(some)), np.diff(start)), to] = time_ms
    assert (dense == exact[np.ix_(some, few)]).all()
    number, nearest_ms = ground.nearest(limit_ms)
    assert number.tolist() == np.where(near.any(axis=1), exact.argmin(axis=1), -1).tolist()
    assert (nearest_ms[number >= 0] == exact.min(axis=1)[number >= 0]).all()


@given(
    st.lists(
        st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 50)), min_size=1, max_size=60
    ),
    st.integers(1, 80),
)
def test_tiles_are_few_enough_and_none_is_too_large_but_of_one_commune(communes, most):
    x, y, homes = (np.array(part) for part in zip(*communes, strict=True))
    tile = tiles_of(x.astype(float), y.astype(float), homes, most=most)
    size, count = np.bincount(tile, homes), np.bincount(tile)
    assert (count > 0).all()
    assert (count[size > most] == 1).all()
