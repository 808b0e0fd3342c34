"""How sure a diagnosis is, as tables that a French spreadsheet opens."""

from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._certainty import share_of_draws
from ctg_geo.export._sure import choice_word
from ctg_geo.export.publish import Publication
from ctg_geo.export.tables import spreadsheet

__all__ = ["SURENESS_OUTPUTS", "sureness_files"]

SURENESS_OUTPUTS: Final = ("incertitude.csv", "incertitude_groupes.csv", "sensibilite.csv")
_DECIMALS = {
    **dict.fromkeys(("rank", "rank_low", "rank_high", "close_group", "unsettled", "communes"), 0),
    **dict.fromkeys(("draws", "seed", "below_low", "below_high"), 0),
    "tau": 3,
}


def sureness_files(publication: Publication) -> dict[str, bytes]:
    """Return the tables of uncertainty by name of file; none where no dice were thrown."""
    if publication.sure is None:
        return {}
    tables = (_communes(publication), _groups(publication), _choices(publication))
    return {
        name: spreadsheet(table, lambda column: _title(publication, column), _DECIMALS)
        for name, table in zip(SURENESS_OUTPUTS, tables, strict=True)
    }


def _communes(publication: Publication) -> pd.DataFrame:
    assert publication.sure is not None, "no dice were thrown"
    sure = publication.sure
    table = sure.result.communes.reindex(publication.communes.index).copy()
    for name in ("below_share", "worst_share"):
        table[name] = 100 * table[name].map(share_of_draws)
    table["close_group"] = table["close_group"].astype(float).where(table["close_group"] > 0)
    table.insert(0, "nom", publication.communes["nom"])
    for number, name in enumerate(publication.group_labels, start=1):
        table.insert(number, name, publication.communes[name])
    untold = sure.result.communes["rank_low"].isna().reindex(table.index)
    rank = publication.communes["rank"]
    table.insert(1 + len(publication.group_labels), "rank", rank.mask(untold))
    table["probability_error"] = 100 * sure.result.error
    table["draws"], table["seed"] = float(sure.result.draws), str(sure.settings.seed)
    return table.rename_axis("code_insee").reset_index()


def _groups(publication: Publication) -> pd.DataFrame:
    assert publication.sure is not None, "no dice were thrown"
    parts = []
    for name, table in publication.sure.result.groups.items():
        words = publication.group_names.get(name, {})
        whole = labels.text("words.whole")
        said = [words.get(str(key), str(key) or whole) for key in table.index]
        parts.append(table.assign(group=said).set_index("group").reset_index())
    return pd.concat(parts[1:] + parts[:1], ignore_index=True)


def _choices(publication: Publication) -> pd.DataFrame:
    assert publication.sure is not None, "no dice were thrown"
    table = publication.sure.sensitivity
    said = [
        choice_word(publication, choice, variant)
        for choice, variant in zip(table["choice"], table["variant"], strict=True)
    ]
    return pd.DataFrame({"choice": said, **{name: table[name] for name in
                         ("tau", "changed", "entered", "draws")}})  # fmt: skip


def _title(publication: Publication, column: str) -> str:
    """Return the French title of a column, those of the results where they are the same."""
    assert publication.sure is not None, "no dice were thrown"
    service, kind = publication.diagnosis.service, publication.sure.result.kind
    for key in (f"sure.columns.{column}_{kind}", f"sure.columns.{column}"):
        if labels.has(key):
            return labels.text(
                key, unit=service.unit, people=service.people_label,
                worst=publication.sure.result.worst,
            )  # fmt: skip
    return publication.title(column)
