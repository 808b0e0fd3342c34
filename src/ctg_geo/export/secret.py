"""Outputs held against what is secret, and the log of it."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ctg_geo import labels, secrecy
from ctg_geo.export._sums import part_key, sums_told
from ctg_geo.export.layers import Layer
from ctg_geo.export.publish import Publication
from ctg_geo.export.tables import spreadsheet
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding
from ctg_geo.secrecy import Figure, Plan, Released, ReleasedSum, Verdict
from ctg_geo.territory import Territory

__all__ = [
    "checked",
    "checked_communes",
    "checked_figures",
    "checked_people",
    "checked_sums",
    "journal_csv",
    "journals_csv",
    "released",
]


def checked(publication: Publication, layers: Sequence[Layer]) -> Verdict | None:
    """Let the attacker try all that the outputs say; None where no secrecy was decided.

    Raises
    ------
    SecrecyError
        If a secret can be inferred more closely than its rule allows.
    """
    decided = publication.secrecy
    if decided is None:
        return None
    return _passed(decided, released(publication, layers), publication.diagnosis.territory)


def checked_communes(
    decided: Plan, territory: Territory, service: Service, table: pd.DataFrame
) -> Verdict:
    """Let the attacker try the results of communes alone, without groups, zones or layers.

    Parameters
    ----------
    service : that they are of
    table : by code_insee, columns of `ctg_geo.diagnosis.Diagnosis.communes`

    Raises
    ------
    SecrecyError
        If a secret can be inferred more closely than its rule allows.
    """
    told = _of_communes(decided, service, table, spread=territory.homes.spread)
    return _passed(decided, Released(told), territory)


def checked_people(decided: Plan, territory: Territory) -> Verdict:
    """Let the attacker try the account of people by commune, all its figures together.

    Raises
    ------
    SecrecyError
        If a secret can be inferred more closely than its rule allows.
    """
    shown: dict[str, float] = {}
    people, account = territory.population, territory.homes.account
    for name, figure in decided.figures.items():
        if f"{name}_after" in account.columns:
            _note(shown, figure, account[f"{name}_after"])
        if name in people.columns:
            _note(shown, figure, people[name])
    return _passed(decided, Released(shown), territory)


def checked_figures(
    decided: Plan, territory: Territory, shown: Mapping[str, pd.Series],
    totals: Mapping[str | None, float] | None = None,
) -> Verdict:  # fmt: skip
    """Let the attacker try figures shown by commune, all together.

    Parameters
    ----------
    shown : by name of figure: values by code_insee, NaN where they are not shown
    totals : by name of figure: its sum over the territory, as it is told

    Raises
    ------
    SecrecyError
        If a secret can be inferred more closely than its rule allows.
    """
    told: dict[str, float] = {}
    for name, values in shown.items():
        _note(told, decided.figures[name], values)
    sums = [
        ReleasedSum(tuple(decided.figures[name].key(str(code)) for code in territory.inside), total)
        for name, total in (totals or {}).items() if name is not None
    ]  # fmt: skip
    return _passed(decided, Released(told, sums), territory)


def checked_sums(
    decided: Plan, territory: Territory, figure: str, shown: pd.Series,
    sums: Sequence[tuple[Sequence[str], float]],
) -> Verdict | None:  # fmt: skip
    """Let the attacker try a figure shown by commune, and sums of it over communes.

    Parameters
    ----------
    shown : by code_insee, NaN where it is not shown
    sums : codes of the communes summed, and their sum; None where the figure is in no plan

    Raises
    ------
    SecrecyError
        If a secret can be inferred more closely than its rule allows.
    """
    named = decided.figures.get(figure)
    if named is None:
        return None
    told: dict[str, float] = {}
    _note(told, named, shown)
    every = [ReleasedSum(tuple(map(named.key, codes)), value) for codes, value in sums]
    return _passed(decided, Released(told, every), territory)


def _passed(decided: Plan, told: Released, territory: Territory) -> Verdict:
    with secrecy.in_words(decided.figures.values(), territory.names):
        return secrecy.gate(decided.found.cells, decided.found.need, told)


def released(publication: Publication, layers: Sequence[Layer]) -> Released:
    """Read back what the outputs say of each figure, in tables, layers and sums by group.

    A product with a figure, shown beside its other factor, shows the figure.
    """
    decided = publication.secrecy
    assert decided is not None, "nothing was decided on secrecy"
    service = publication.diagnosis.service
    people = decided.figures[service.demand]
    shown = _of_communes(decided, service, publication.communes, spread=publication.spread)
    for layer in layers:
        if "demand" in layer.table.columns and "code_insee" in layer.table.columns:
            _note(shown, people, layer.table.set_index("code_insee")["demand"])
    _note(shown, people, publication.communes["demand"])
    return Released(shown, sums_told(publication, people))


def _of_communes(
    decided: Plan, service: Service, table: pd.DataFrame, *, spread: bool
) -> dict[str, float]:
    """Return what the results of communes tell of people, the figure itself last."""
    shown: dict[str, float] = {}
    people = decided.figures[service.demand]
    everyone = decided.figures.get("population")
    if everyone is not None:
        _note(shown, everyone, table["population"])
    if spread:
        for part in ("concerned", "missing"):
            told = table[part].dropna()
            shown |= {part_key(people, code, part): float(each) for code, each in told.items()}
    else:
        _note(shown, people, table["concerned"].where(table["concerned"] > 0))
        _note(shown, people, _from_missing(table, service.per_100))
    _note(shown, people, table["demand"])
    return shown


def _from_missing(table: pd.DataFrame, norm: float | None) -> pd.Series:
    """Return the people that places missing tell, with the access shown beside them."""
    if norm is None:
        return pd.Series(table["missing"])
    lack = (norm - table["access_per_100"]) / 100
    return pd.Series(table["missing"] / lack).where((lack > 0) & (table["missing"] > 0))


def _note(shown: dict[str, float], figure: Figure, values: pd.Series) -> None:
    told = values[values.notna()].astype(np.float64)
    shown.update({figure.key(str(code)): float(value) for code, value in told.items()})


def journal_csv(
    decided: Plan | None, found: Verdict | None, names: Mapping[str, str],
    findings: Sequence[Finding] = (),
) -> bytes:  # fmt: skip
    """Return the log for the data protection officer, as a French spreadsheet opens it."""
    table = secrecy.journal(decided, found, names, findings)
    return spreadsheet(table, lambda name: labels.text(f"secrecy.columns.{name}"), {})


def journals_csv(dated: Mapping[str, pd.DataFrame]) -> bytes:
    """Return the logs of several dates as one, each row saying of which; see `journal_csv`."""
    table = pd.concat([rows.assign(date=date) for date, rows in dated.items()])
    table = table[["date", *secrecy.JOURNAL]]
    return spreadsheet(table, lambda name: labels.text(f"secrecy.columns.{name}"), {})
