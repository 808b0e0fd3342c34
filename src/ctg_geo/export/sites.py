"""The folder of a plan of sites: text, plan as a scenario, tables, layers; whole or not at all."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from ctg_geo.export._frontier import draw_frontier
from ctg_geo.export.folder import PROJECT, refuse_mixed, same_command, write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.qgis import grounded, sites_project, write_project
from ctg_geo.export.site_layers import brought_table, candidate_table, site_layers, title_of
from ctg_geo.export.site_words import site_summary
from ctg_geo.export.sites_told import SitesTold
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.texts import write_text
from ctg_geo.export.theme_setting import Setting
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.territory import Territory

__all__ = ["SITE_OUTPUTS", "refuse_other", "write_sites_folder"]

SITE_OUTPUTS: Final = (
    "implantation.txt", "plan.toml", "implantation.gpkg", PROJECT, "candidats.csv", "apports.csv",
    "journal_secret.csv", "manifest.json",
)  # fmt: skip
_FRONTIER: Final = ("frontiere.csv", "frontiere.png")
_DECIMALS: Final = {"size": 0, "cost": 0, "people": 0, "gained": 1, "price": 6, "number": 0,
                    "value": 4, "bound": 4}  # fmt: skip


def write_sites_folder(
    out: Path,
    told: SitesTold,
    territory: Territory,
    plan: str,
    log: bytes,
    *,
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
    enter: Callable[[], None],
) -> tuple[str, ...]:
    """Write a plan into a folder, whole or not at all.

    Parameters
    ----------
    plan : the plan as a scenario, TOML
    log : the log of secrecy
    enter : notes the publication, after all files are made

    Raises
    ------
    OutputError
        If the folder or a file cannot be written, or it holds other results; former results
        stay as they were.
    """
    more = () if told.frontier is None else _FRONTIER
    outputs = (*SITE_OUTPUTS[:-1], *more, SITE_OUTPUTS[-1])

    def make(staging: Path) -> None:
        write_text(staging / "implantation.txt", site_summary(told))
        (staging / "plan.toml").write_text(plan, encoding="utf-8")
        (staging / "journal_secret.csv").write_bytes(log)
        setting = Setting(told.study, territory, tuple(told.basis.sources))
        layers, styles = grounded(*site_layers(told, territory), setting)
        write_geopackage(staging / "implantation.gpkg", layers, styles)
        write_project(staging / PROJECT, sites_project(told, setting, layers, styles))
        tables = {
            "candidats.csv": candidate_table(told).drop(columns=["geometry", "state"]),
            "apports.csv": brought_table(told),
        }
        if told.frontier is not None:
            points = told.frontier.assign(
                names=[", ".join(each) for each in told.frontier["names"]]
            )
            tables["frontiere.csv"] = points
            draw_frontier(told, staging / "frontiere.png")
        for name, table in tables.items():
            (staging / name).write_bytes(spreadsheet(table, partial(title_of, told), _DECIMALS))
        enter()

    gone = () if more else _FRONTIER
    return write_whole(
        out, outputs, make, inputs=inputs, ledgers=ledgers, parameters=parameters, gone=gone
    )


def refuse_other(out: Path, told: SitesTold) -> None:
    """Refuse a folder that holds the results of another command or service.

    Raises
    ------
    OutputError
        Naming what it holds.
    """
    try:
        held = set(json.loads((out / "manifest.json").read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    own = SITE_OUTPUTS[:-1]
    if same_command(held - set(_FRONTIER), own):
        own = tuple(held)
    refuse_mixed(out, (*sorted(own), "manifest.json"), told.key)
