"""The people and places of a theme by group of communes, beside its map."""

from collections.abc import Sequence

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._comparison import BESIDE, write_table
from ctg_geo.export._paper import Column
from ctg_geo.export.theme_places import Located, places_of
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState

__all__ = ["group_counts", "theme_groups"]


def group_counts(
    state: ThemeState, setting: Setting, services: Sequence[Located]
) -> dict[str, pd.Series]:
    """Count people, communes and the places of each service by group, the whole last.

    Returns
    -------
    By name of the group, then "" for the whole: `people`, `communes`, and the places located by
    key of service, for those that have some. Communes of hidden people are not in `people`.
    """
    assert setting.groups is not None, "the study groups its communes"
    keys = [each.state.key for each in services if each.places]
    places = places_of(setting.territory, keys)
    shown, groups = state.shown(), setting.groups.astype(str)
    whole = pd.Series(True, index=groups.index)  # noqa: FBT003  (a mask)
    masks = {name: groups == name for name in sorted(set(groups))} | {"": whole}
    found = {}
    for name, mask in masks.items():
        here = places[places["code_insee"].isin(list(groups.index[mask]))]
        counts = here["service"].value_counts()
        numbers = {"people": float(shown[mask].sum()), "communes": float(mask.sum())}
        found[name] = pd.Series(numbers | {key: float(counts.get(key, 0)) for key in keys})
    return found


def theme_groups(
    column: Column, state: ThemeState, setting: Setting, services: Sequence[Located]
) -> None:
    """Write the table; where groups are many, people, communes and all places together."""
    if setting.groups is None or setting.groups.nunique() < 2:  # noqa: PLR2004
        return
    counts = group_counts(state, setting, services)
    beside = len(counts) - 1 <= BESIDE
    names = {each.state.key: each.state.service.label for each in services if each.places}
    if not beside and names:
        counts = {name: _together(row, list(names)) for name, row in counts.items()}
        names = {"places": labels.text("map.row_places")}
    heads = {"people": labels.text("themes.people_short"),
             "communes": labels.text("themes.communes_short")} | names  # fmt: skip
    rows = {
        (name.split(" (")[0] if name else labels.text("map.whole")): [
            labels.number(float(row[key])) for key in heads
        ]
        for name, row in counts.items()
    }
    column.skip(7)
    write_table(column, list(heads.values()), rows, beside=beside)


def _together(row: pd.Series, keys: list[str]) -> pd.Series:
    return pd.Series({**row.drop(keys), "places": float(row[keys].sum())})
