"""Communes of the COG (v_commune): those that are delegated or associated to another."""

from pathlib import Path
from typing import Final

import numpy as np

from ctg_geo.config.study_file import MergersSource
from ctg_geo.provenance import Ledger
from ctg_geo.sources.events import COLUMNS, PLAIN, Events, events_table
from ctg_geo.sources.files import read_table
from ctg_geo.sources.official.headings import named

__all__ = ["read_attached"]

_NEEDED: Final = ("TYPECOM", "COM", "LIBELLE", "COMPARENT")
_ATTACHED: Final = ("COMA", "COMD")
_ARRONDISSEMENT: Final = "ARM"


def read_attached(path: Path, source: MergersSource) -> Events:
    """Read which communes were merged, from the delegated and associated ones of a COG.

    Their mergers have no date there, and communes merged without becoming delegated are
    not in the file: events (`cog_mouvements`) know more. Municipal arrondissements of Paris,
    Lyon and Marseille stand for their commune too.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, or a code is wrong.
    """
    raw = read_table(path, source)
    column = named(raw, _NEEDED)
    kind = raw.text(column["TYPECOM"])
    code = raw.codes(column["COM"])
    parent = raw.codes(column["COMPARENT"], optional=True)
    attached = np.isin(kind, (*_ATTACHED, _ARRONDISSEMENT))
    for at in np.flatnonzero(attached & (parent == "")):
        raw.add("code_missing", int(at), column["COMPARENT"], "")
    raw.raise_defects()
    used = attached & (code != parent)
    whole = kind == "COM"
    name = dict(zip(code[whole], raw.text(column["LIBELLE"])[whole], strict=True))
    parents = np.array(sorted(set(parent[used])), dtype=object)
    before = np.concatenate([code[used], parents])
    after = np.concatenate([parent[used], parents])
    rows = {each: np.full(len(before), "COM", dtype=object) for each in COLUMNS if "type" in each}
    rows |= {each: np.full(len(before), PLAIN, dtype=object) for each in ("date", "mod")}
    rows |= {"before": before, "after": after}
    rows["name_after"] = np.array([name.get(each, "") for each in after], dtype=object)
    aside = {"whole_communes": int(whole.sum()), "same_code": int((attached & ~used).sum())}
    aside["other_types"] = len(raw) - int(used.sum()) - sum(aside.values())
    ledger = Ledger(raw.name, len(raw), int(used.sum()), aside)
    former = tuple(zip(code[used], raw.text(column["LIBELLE"])[used], strict=True))
    return Events(raw.name, events_table(rows), ledger, tuple(raw.findings), former)
