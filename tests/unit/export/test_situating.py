"""Maps of commune sheets: a fragile verdict is hatched, there and in the legend."""

import geopandas as gpd
import matplotlib.image
import numpy as np
import shapely

from ctg_geo import labels
from ctg_geo.export.situating import situating_maps
from ctg_geo.parameters import Service

DESK = Service(label="Guichets", place_label="Guichet", demand="people", people_label="habitants",
               unit="lieux", no_norm="essai", time_classes_min=(5, 10), max_min=20)  # fmt: skip


def drawn(folder, said):
    """Draw two neighbours; `said` is how sure the second one is."""
    folder.mkdir()
    sure = [labels.text("certainty.solid"), labels.text(f"certainty.{said}")]
    communes = gpd.GeoDataFrame(
        {"nom": ["Ici", "Là"], "class": [0, 1], "drawn": ["0", "1"], "certainty_label": sure},
        index=["1", "2"], geometry=[shapely.box(0, 0, 9e3, 9e3), shapely.box(9e3, 0, 18e3, 9e3)],
        crs=2154,
    )  # fmt: skip
    return {code: matplotlib.image.imread(path)
            for code, path in situating_maps(communes, DESK, folder)}  # fmt: skip


def test_a_fragile_verdict_is_hatched_on_the_maps_where_it_shows(tmp_path):
    plain, again, fragile = (
        drawn(tmp_path / name, said)
        for name, said in (("a", "solid"), ("b", "solid"), ("c", "fragile"))
    )
    for code, image in plain.items():
        np.testing.assert_array_equal(image, again[code])
        changed = np.flatnonzero((image != fragile[code]).any(axis=(0, 2))) / image.shape[1]
        assert changed.min() < 0.6 < changed.max()  # the map is left of its legend
