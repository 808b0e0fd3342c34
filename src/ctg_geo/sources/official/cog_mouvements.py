"""Events on communes since 1943, as Insee publishes them (v_mvt_commune, mvtcommune)."""

from pathlib import Path
from typing import Final

import numpy as np

from ctg_geo.config.study_file import MergersSource
from ctg_geo.provenance import Ledger
from ctg_geo.sources.events import Events, dates, events_table
from ctg_geo.sources.files import read_table
from ctg_geo.sources.official.headings import by_heading, named

__all__ = ["MODS", "read_movements"]

# The kinds of event that the COG codes (Insee, "Liste de modalités des fichiers", 2023).
MODS: Final = (
    "10",  # change of name
    "20",  # creation
    "21",  # restoration
    "30",  # suppression
    "31",  # simple merger
    "32",  # commune nouvelle
    "33",  # merger with association
    "34",  # association turned into a simple merger
    "35",  # delegated commune suppressed
    "41",  # change of code with the département
    "50",  # change of code with the chef-lieu
    "70",  # associated commune turned into a delegated one
)
_TYPES: Final = ("COM", "COMA", "COMD", "ARM")
_NEEDED: Final = ("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP", "LIBELLE_AP")


def read_movements(path: Path, source: MergersSource) -> Events:
    """Read the events of the COG (CSV, comma; columns in either case).

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, or a code, date, type or kind of event is none of the COG's.

    References
    ----------
    Insee, Code officiel géographique, fichier des événements sur les communes
    (https://www.insee.fr/fr/information/2560452).
    """
    raw = read_table(path, source)
    column = named(raw, _NEEDED)
    mod = raw.text(column["MOD"])
    for at in np.flatnonzero(~np.isin(mod, MODS)):
        raw.add("unknown_event", int(at), column["MOD"], str(mod[at]), known=list(MODS))
    kinds = {name: raw.text(column[name]) for name in ("TYPECOM_AV", "TYPECOM_AP")}
    for name, values in kinds.items():
        for at in np.flatnonzero(~np.isin(values, _TYPES)):
            raw.add("unknown_type", int(at), column[name], str(values[at]), known=list(_TYPES))
    rows = {
        "date": dates(raw, column["DATE_EFF"]),
        "mod": mod,
        "type_before": kinds["TYPECOM_AV"],
        "before": raw.codes(column["COM_AV"]),
        "type_after": kinds["TYPECOM_AP"],
        "after": raw.codes(column["COM_AP"]),
        "name_after": raw.text(column["LIBELLE_AP"]),
    }
    raw.raise_defects()
    table = events_table(rows)
    ledger = Ledger(raw.name, len(raw), len(table), {"repeats": len(raw) - len(table)})
    before = by_heading(raw.frame.columns).get("libelle_av")
    names = list[str]() if before is None else list(raw.text(before))
    former = dict.fromkeys(zip(rows["before"], names, strict=False))
    return Events(raw.name, table, ledger, tuple(raw.findings), tuple(former))
