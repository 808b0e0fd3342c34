"""The national list of France services, as published, imported as a colleague's file."""

from pathlib import Path

import pandas as pd
import pytest

from ctg_geo.importing import ImportMapping, import_places

EMBEDDED = Path(__file__).parents[2] / "data" / "equipements" / "france_services_2024.csv"
pytestmark = pytest.mark.shared


def test_the_published_list_comes_in_whole_with_its_hours(shared):
    """Hours and positions are held against the table of the embedded data, made apart."""
    path = shared / "equipment" / "france_services_2024-08_07_26_38.csv"
    mapping = ImportMapping.model_validate({"rules": {"service": "france_services"}})
    made = import_places(path, mapping=mapping)
    assert (made.ledger.read, made.ledger.used) == (86, 86)
    assert (made.table["location_method"] == "coordinates").all()
    embedded = pd.read_csv(EMBEDDED, dtype={"code_insee": str})
    ours = made.table.set_index("nom").loc[embedded["nom"]]
    assert ours["delivery"].tolist() == embedded["delivery"].tolist()
    assert ours["code_insee"].tolist() == embedded["code_insee"].tolist()
    assert ours["lon"].to_numpy() == pytest.approx(embedded["lon"].to_numpy(), abs=1e-4)
    known = (
        ours["hours_per_week"].notna().to_numpy() & embedded["hours_per_week"].notna().to_numpy()
    )
    assert known.sum() >= 0.8 * embedded["hours_per_week"].notna().sum()
    assert ours["hours_per_week"].to_numpy()[known] == pytest.approx(
        embedded["hours_per_week"].to_numpy()[known], abs=0.1
    )
