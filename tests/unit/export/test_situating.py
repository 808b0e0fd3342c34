"""The small map of a commune hatches what the map of the service hatches."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image

from ctg_geo.export.situating import situating_maps
from ctg_geo.parameters import Norm, Service


def service():
    norm = Norm(within_min=15, source="test")
    return Service(
        label="Crèches", place_label="Crèche", demand="children_0_2", people_label="enfants",
        unit="places", max_min=30, norm=norm,
    )  # fmt: skip


def drawn(folder, verdicts):
    """Draw two communes side by side; return the pixels of the map and of its legend."""
    boxes = [shapely.box(at * 1000, 0, at * 1000 + 1000, 1200) for at in (0, 1)]
    communes = gpd.GeoDataFrame(
        {"nom": ["Alpe", "Brive"], "class": [1, 1], "drawn": ["1", "1"],
         "certainty_label": verdicts}, index=["01001", "01002"], geometry=boxes, crs=2154,
    )  # fmt: skip
    folder.mkdir()
    (_, path), _ = situating_maps(communes, service(), folder)
    pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
    return np.split(pixels, [round(pixels.shape[1] * 310 / 480)], axis=1)


def test_a_fragile_verdict_is_hatched_on_the_map_and_in_its_legend(tmp_path):
    plain, legend = drawn(tmp_path / "a", ["solide", "solide"])
    hatched, its_legend = drawn(tmp_path / "b", ["solide", "fragile"])
    changed = np.abs(plain - hatched).max(axis=2) > 20
    middle = changed.shape[1] // 2
    assert changed[:, middle:].sum() > 500
    assert changed[:, : middle - 10].sum() == 0  # the commune whose verdict holds
    assert (legend != its_legend).any()


@pytest.mark.parametrize("verdicts", [["solide", "probable"], ["sans objet", "solide"]])
def test_other_verdicts_are_not(tmp_path, verdicts):
    plain = drawn(tmp_path / "a", ["solide", "solide"])
    same = drawn(tmp_path / "b", verdicts)
    assert all((one == two).all() for one, two in zip(plain, same, strict=True))
