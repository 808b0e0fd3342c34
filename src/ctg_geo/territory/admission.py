"""Whom places take: the communes whose residents are admitted, the ages that count."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.contracts import Band
from ctg_geo.errors import DataError, Defect
from ctg_geo.quality import Finding
from ctg_geo.sources import TableRead
from ctg_geo.territory.vintages import Moves

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["RESIDENTS", "for_ages", "for_residents", "reserved", "residents_now", "share_of_ages"]

RESIDENTS = "residents"
_EPCI_LENGTH = 9


def share_of_ages(
    first: npt.NDArray[np.float64], last: npt.NDArray[np.float64], band: tuple[int, int]
) -> npt.NDArray[np.float64]:
    """Share (0-1) of the ages of each place that fall in a band; NaN where they are not known.

    Parameters
    ----------
    first, last : youngest and oldest age taken, both included
    band : youngest and oldest age of the band, both included

    Examples
    --------
    >>> share_of_ages(np.array([3.0]), np.array([17.0]), (12, 17)).tolist()
    [0.4]
    """
    common = np.minimum(last, band[1]) - np.maximum(first, band[0]) + 1
    share: npt.NDArray[np.float64] = np.clip(common, 0.0, None) / (last - first + 1)
    return share


def residents_now(
    table: pd.DataFrame,
    each: TableRead,
    source: EquipementsSource,
    *,
    moves: Moves,
    epci: pd.Series,
    known: pd.Index,
) -> tuple[pd.Series, list[Finding]]:
    """Return the communes of today whose residents each place admits.

    Parameters
    ----------
    table : places with `residents`, codes of communes and EPCI parted by blanks
    each, source : the file they are of, and how it was read
    moves : what became of communes
    epci, known : EPCI by code_insee, and all codes, of the whole communes layer

    Returns
    -------
    Series on the index of `table`: codes of communes in order, parted by blanks, "" where
    everybody is admitted; a finding per old code met. Of a commune that was split, the
    residents of all parts are admitted.

    Raises
    ------
    DataError
        If a code is nowhere, unless the file covers a wider area.
    """
    words = table[RESIDENTS].str.split().explode().dropna().astype(object)
    every = [str(word) for word in words.unique()]
    codes = [word for word in every if len(word) != _EPCI_LENGTH]
    parts = moves.keyless.parts(codes, since=moves.since(codes, source.cog))
    groups = {word: tuple(epci.index[epci == word]) for word in every if word not in parts}
    became = {word: now for word, now in (parts | groups).items()
              if now and known.isin(now).any()}  # fmt: skip
    wrong = words[~words.isin(became)]
    if len(wrong) and not source.wider_area:
        rows = each.row_of[wrong.index]
        raise DataError([
            Defect(each.name, "resident_unknown", row, source.columns["residents"], code)
            for row, code in sorted({(int(row), str(code)) for row, code in zip(
                rows, wrong, strict=True)})
        ])  # fmt: skip
    lists = [sorted({code for word in cell.split() for code in became.get(word, [word])})
             for cell in table[RESIDENTS]]  # fmt: skip
    said = [_moved(each.name, code, now) for code, now in sorted(parts.items()) if now != (code,)]
    return pd.Series([" ".join(one) for one in lists], index=table.index, dtype=object), said


def _moved(table: str, code: str, now: tuple[str, ...]) -> Finding:
    """Tell what became of a code; of a commune that was split, that all parts are admitted."""
    if len(now) > 1:
        return Finding("info", "residents_split", table, code, {"old": code, "new": list(now)})
    return Finding("info", "code_moved", table, code, {"old": code, "new": now[0]})


def for_ages(
    places: "gpd.GeoDataFrame", band: Band | None, figure: str
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Scale the supply of places by the share of their ages that a service is about.

    Parameters
    ----------
    places : those of the service, contract `equipements`
    band : ages of the people of the service; None where its figure declares none
    figure : name of that figure, for the findings

    Returns
    -------
    the places that take some of these ages, with their capacity scaled; what is said of them.
    A place of unsaid ages counts whole, and so does one that takes some of the band only.
    """
    if "age_from" not in places.columns or places["age_from"].isna().all():
        return places, []
    limited = int(places["age_from"].notna().sum())
    if band is None:
        facts: dict[str, object] = {"count": limited, "figure": figure}
        return places, [Finding("warning", "places_ages_unused", "equipements", facts=facts)]
    first, last = (places[one].to_numpy(np.float64) for one in ("age_from", "age_to"))
    share = pd.Series(share_of_ages(first, last, (band.low, band.high)), places.index).fillna(1.0)
    said = [
        Finding("warning", "place_other_ages", "equipements", str(code),
                {"nom": places.at[code, "nom"], "ages": str(band)})
        for code in places.index[share == 0]
    ]  # fmt: skip
    part = int(((share > 0) & (share < 1)).sum())
    if part:
        facts = {"count": part, "ages": str(band)}
        said.append(Finding("warning", "places_share_of_ages", "equipements", facts=facts))
    some = int(((share > 0) & ((first > band.low) | (last < band.high))).sum())
    if some:
        facts = {"count": some, "ages": str(band)}
        said.append(Finding("warning", "places_some_ages", "equipements", facts=facts))
    table = places.copy()
    table["capacity"] *= share
    table.loc[(share < 1) & table["capacity"].notna(), "capacity_status"] = contracts.ESTIMATED
    return table[share > 0], said


def for_residents(
    places: "gpd.GeoDataFrame", area: Collection[str]
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Leave out places that admit nobody of the area, and tell how many admit some communes only.

    Parameters
    ----------
    places : those of the service, contract `equipements`
    area : codes of the study, buffer included
    """
    limited = reserved(places)
    if not limited:
        return places, []
    here = set(area)
    away = pd.Index([code for code, admitted in limited.items() if here.isdisjoint(admitted)])
    said = [
        Finding("warning", "place_for_others", "equipements", str(code),
                {"nom": places.at[code, "nom"]})
        for code in away
    ]  # fmt: skip
    count = len(limited) - len(away)
    if count:
        facts: dict[str, object] = {"count": count, "of": len(places) - len(away)}
        said.append(Finding("info", "places_for_residents", "equipements", facts=facts))
    return places[~places.index.isin(away)], said


def reserved(places: pd.DataFrame) -> dict[str, list[str]]:
    """Return the communes that each place admits, of the places that do not admit all."""
    if RESIDENTS not in places.columns:
        return {}
    return {str(place): codes.split() for place, codes in places[RESIDENTS].items() if codes}
