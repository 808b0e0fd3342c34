"""What a study says of communes that changed: events of any kind, and the key of splits."""

from pathlib import Path

import numpy as np
import pandas as pd

from ctg_geo.config.study_file import MergersSource, SplitsSource
from ctg_geo.errors import DataError, Defect
from ctg_geo.provenance import Ledger
from ctg_geo.sources.communes import unique_codes
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.events import COLUMNS, PLAIN, Events, dates, events_table
from ctg_geo.sources.files import read_table
from ctg_geo.sources.official.cog import read_attached
from ctg_geo.sources.official.cog_mouvements import read_movements

__all__ = ["read_events", "read_splits"]

_SHARES = 1e-6  # shares of one commune add up to 1 within this


def read_events(path: Path, source: MergersSource) -> Events:
    """Read events on communes: a file of the COG, or a table of old and current codes.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, a code or a date is wrong, or an old code has two successors
        in a table of current codes.
    """
    if source.format == "cog_mouvements":
        return read_movements(path, source)
    if source.format == "cog":
        return read_attached(path, source)
    return _plain(read_table(path, source), source)


def _plain(raw: RawTable, source: MergersSource) -> Events:
    """Read a table of old codes and what they are today; chains are followed where dated."""
    columns = source.columns
    raw.require(columns.values())
    old, new = raw.codes(columns["old_code"]), raw.codes(columns["code_insee"])
    date = dates(raw, columns["date"]) if "date" in columns else np.full(len(raw), "", dtype=object)
    raw.raise_defects()
    unique_codes(raw, old, columns["old_code"])
    raw.raise_defects()
    names = list(raw.text(columns["old_nom"])) if "old_nom" in columns else list[str]()
    former = tuple(zip(old, names, strict=False))
    same = old == new
    old, new, date = old[~same], new[~same], date[~same]
    chained = sorted(set(new) & set(old[date == ""]))
    if chained:
        raise DataError([Defect(raw.name, "merger_chain", value=", ".join(chained))])
    stays = pd.DataFrame({"code": new, "date": date}).drop_duplicates()
    before = np.concatenate([old, stays["code"].to_numpy(object)])
    rows = {
        "date": np.concatenate([date, stays["date"].to_numpy(object)]),
        "before": before,
        "after": np.concatenate([new, stays["code"].to_numpy(object)]),
    }
    rows |= {name: np.full(len(before), "COM", dtype=object) for name in COLUMNS if "type" in name}
    rows |= {name: np.full(len(before), PLAIN, dtype=object) for name in ("mod", "name_after")}
    aside = {"same_code": int(same.sum())}
    ledger = Ledger(raw.name, len(raw), len(raw) - aside["same_code"], aside)
    return Events(raw.name, events_table(rows), ledger, tuple(raw.findings), former)


def read_splits(path: Path, source: SplitsSource) -> dict[str, dict[str, float]]:
    """Read the key of splits: by commune before, the share that each commune after takes.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, a code or a share is wrong, or the shares of a commune do not
        add up to 1.
    """
    raw = read_table(path, source)
    columns = source.columns
    raw.require(columns.values())
    old, new = raw.codes(columns["old_code"]), raw.codes(columns["code_insee"])
    share = raw.numbers(columns["share"]).value
    for at in np.flatnonzero(np.isnan(share)):
        raw.add("share_missing", int(at), columns["share"], "")
    raw.raise_defects()
    key: dict[str, dict[str, float]] = {}
    for number, (before, after) in enumerate(zip(old, new, strict=True)):
        if after in key.setdefault(before, {}):
            raw.add("share_twice", number, columns["code_insee"], after, old=before)
        key[before][after] = float(share[number])
    raw.raise_defects()
    wrong = {code: sum(shares.values()) for code, shares in key.items()}
    defects = [
        Defect(raw.name, "share_sum", column=columns["share"], value=code, facts={"sum": total})
        for code, total in wrong.items() if abs(total - 1) > _SHARES
    ]  # fmt: skip
    if defects:
        raise DataError(defects)
    return key
