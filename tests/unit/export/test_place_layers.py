"""The layer of places: which services stand at one point."""

from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.export.place_layers import place_layers

SERVICES = {"a": "Crèches", "b": "Écoles", "c": "Caf"}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 1), st.integers(0, 1)),
                min_size=1, max_size=8))  # fmt: skip
def test_each_place_tells_the_services_of_its_point_in_order_each_once(drawn):
    every = gpd.GeoDataFrame(
        {"equipement_id": [str(at) for at in range(len(drawn))], "nom": "x", "code_insee": "1",
         "service": [service for service, _, _ in drawn], "inside": True, "delivery": "fixed",
         "location_status": "observed", "source": "s"},
        geometry=[shapely.Point(500 * x, 500 * y) for _, x, y in drawn], crs=2154,
    ).set_index("equipement_id")  # fmt: skip
    ((layer, _),) = place_layers(SimpleNamespace(equipements=every), SERVICES, "")
    table = pd.DataFrame(layer.table).set_index("equipement_id")
    for at, (_, x, y) in enumerate(drawn):
        here = {service for service, *spot in drawn if spot == [x, y]}
        assert table.at[str(at), "beside"] == " ; ".join(
            said for key, said in SERVICES.items() if key in here
        )
