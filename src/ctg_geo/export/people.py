"""Where people are: the account of each commune before and after, and its indicators."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.folder import write_whole
from ctg_geo.export.secret import checked_people, journal_csv
from ctg_geo.export.tables import spreadsheet
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding, by_severity, to_frame
from ctg_geo.secrecy import Plan
from ctg_geo.territory import Territory

__all__ = ["PEOPLE_OUTPUTS", "write_people_folder"]

PEOPLE_OUTPUTS = ("population.csv", "indicateurs.csv", "constats.csv", "journal_secret.csv",
                  "manifest.json")  # fmt: skip

_SHARE = "_share"  # ending of the columns from 0 to 1, told in percent


def write_people_folder(
    out: Path,
    territory: Territory,
    indicators: pd.DataFrame,
    *,
    figure_labels: Mapping[str, str],
    indicator_titles: Mapping[str, str],
    secrecy: Plan,
    enter: Callable[[], None],
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
) -> tuple[str, ...]:
    """Write the account of people by commune, and their indicators, into a folder.

    The number of people of each place is not written: only that of communes.

    Parameters
    ----------
    indicators : by code_insee, figures with their status
    figure_labels : what to call each figure of the population
    indicator_titles : and each indicator
    secrecy : what was decided; the account is held against it before it is written
    enter : notes the publication in a register, after all files are made and passed

    Raises
    ------
    SecrecyError
        If a secret could be worked out from the account; nothing is written.
    OutputError
        If the folder or a file cannot be written; former results stay as they were.
    """

    def make(staging: Path) -> None:
        passed = checked_people(secrecy, territory)
        log = journal_csv(secrecy, passed, territory.names, findings)
        (staging / "journal_secret.csv").write_bytes(log)
        (staging / "population.csv").write_bytes(_people_csv(territory, figure_labels))
        (staging / "indicateurs.csv").write_bytes(
            _indicators_csv(territory, indicators, indicator_titles)
        )
        ordered = by_severity(findings)
        told = to_frame(ordered, territory.names)
        (staging / "constats.csv").write_bytes(spreadsheet(told, _column, {}))
        enter()

    return write_whole(
        out, PEOPLE_OUTPUTS, make, inputs=inputs, ledgers=ledgers, parameters=parameters
    )


def _column(name: str) -> str:
    return labels.text(f"columns.{name}")


def _communes(territory: Territory) -> pd.DataFrame:
    """Name the communes, and say which are the territory's."""
    words = {True: labels.text("words.yes"), False: labels.text("words.no")}
    return pd.DataFrame(
        {"code_insee": territory.communes.index, "nom": territory.communes["nom"].to_numpy(),
         "inside": territory.communes["inside"].map(words).to_numpy()}
    )  # fmt: skip


def _people_csv(territory: Territory, names: Mapping[str, str]) -> bytes:
    table, titles = _communes(territory), {}
    people, homes = territory.population, territory.homes
    count = homes.code.value_counts().reindex(people.index, fill_value=0)
    table["homes"] = count.to_numpy()
    if homes.spread:
        table["cell_persons"] = homes.account["cell_persons"].to_numpy()
        table["imputed_percent"] = 100 * homes.account["imputed_share"].to_numpy()
    for figure in [str(each) for each in people.columns if f"{each}_status" in people.columns]:
        said = names.get(figure) or figure
        columns = {"before": people[figure], "status": _status(people[f"{figure}_status"])}
        if homes.spread:
            columns["after"] = homes.account[f"{figure}_after"]
            columns["by"] = homes.account[f"{figure}_by"].map(
                lambda way: labels.text(f"people.by_{way}")
            )
        for kind, values in columns.items():
            table[f"{figure}_{kind}"] = values.to_numpy()
            titles[f"{figure}_{kind}"] = labels.text(f"people.{kind}", figure=said)
    whole = {"homes": 0, **dict.fromkeys(titles, 2)}
    return spreadsheet(table, lambda name: titles.get(name) or _column(name), whole)


def _indicators_csv(
    territory: Territory, indicators: pd.DataFrame, names: Mapping[str, str]
) -> bytes:
    table, titles = _communes(territory), {}
    for name, title in names.items():
        percent = name.endswith(_SHARE)
        table[name] = indicators[name].to_numpy() * (100 if percent else 1)
        table[f"{name}_status"] = _status(indicators[f"{name}_status"]).to_numpy()
        titles[name] = title
        titles[f"{name}_status"] = labels.text("people.status", figure=title)
    return spreadsheet(table, lambda name: titles.get(name) or _column(name), {})


def _status(values: pd.Series) -> pd.Series:
    return values.map(lambda key: labels.text(f"status.{key}"))
