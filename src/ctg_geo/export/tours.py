"""The folder of the tours of a service: tables, layers, maps and words, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.config.scenario_file import scenario_toml
from ctg_geo.export.folder import PROJECT, refuse_mixed, write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import Layer
from ctg_geo.export.qgis import grounded, tours_project, write_project
from ctg_geo.export.secret import journal_csv
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.texts import write_text
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.tour_layers import commune_table, drawn_round, stop_table, tour_layers
from ctg_geo.export.tour_words import ToursTold, said, tour_summary
from ctg_geo.parameters import ChangeTour, ScenarioFile
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding, by_severity, to_frame
from ctg_geo.secrecy import Plan, Verdict
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["TOUR_OUTPUTS", "plan_scenario", "write_tours_folder"]

_TABLES: Final = ("haltes.csv", "journees.csv", "communes.csv", "bilan.csv")
TOUR_OUTPUTS: Final = (
    "tournees.gpkg", PROJECT, *_TABLES, "carte.png", "synthese.txt", "constats.csv",
    "journal_secret.csv", "manifest.json",
)  # fmt: skip
_PLAN_MAP: Final = "carte_proposition.png"
_SCENARIO: Final = "scenario_proposition.toml"
_LONGEST_NAME: Final = 120
_DECIMALS: Final = {"order": 0, "every_weeks": 0, "people": 0, "reached": 0, "alone": 0, "left": 0,
                    "stops": 0, "places": 0, "presence": 0, "person_hours": 0,
                    "road_share": 0, "present_share": 0}  # fmt: skip
_COUNTED: Final = ("people", "reached", "person_hours", "per_km", "worth")


def write_tours_folder(
    out: Path,
    told: ToursTold,
    territory: Territory,
    sites: "gpd.GeoDataFrame",
    *,
    secrecy: Plan,
    passed: Verdict | None,
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
    enter: Callable[[], None],
) -> tuple[str, ...]:
    """Write tours into a folder, whole or not at all.

    Parameters
    ----------
    sites : by place, with a point
    passed : what the attacker found of the people told, before anything is written
    enter : notes the publication, after all files are made

    Raises
    ------
    OutputError
        If the folder or a file cannot be written; former results stay as they were.
    """
    designed = (_PLAN_MAP, _SCENARIO)
    plans = designed if len(told.rounds) > 1 else ()
    gone = () if plans else designed
    outputs = (*TOUR_OUTPUTS[:-1], *plans, TOUR_OUTPUTS[-1])

    def make(staging: Path) -> None:
        refuse_mixed(out, outputs, told.rules.service, designed)
        names = territory.names
        log = journal_csv(secrecy, passed, names, findings)
        (staging / "journal_secret.csv").write_bytes(log)
        for name, table in _tables(told, territory).items():
            (staging / name).write_bytes(spreadsheet(table, _title(told), _DECIMALS))
        ordered = by_severity(findings)
        found = to_frame(ordered, names)
        (staging / "constats.csv").write_bytes(spreadsheet(found, _column, {}))
        layers, styles = tour_layers(told, territory, sites)
        titles = {str(each): _column(str(each)) for each in found}
        layers.append(Layer("constats", found, titles, said("layer_findings")))
        setting = Setting(told.study, territory, tuple(told.basis.sources))
        layers, drawn = grounded(layers, styles, setting)
        write_geopackage(staging / "tournees.gpkg", layers, drawn)
        project = tours_project(told, territory, sites, setting, layers, drawn)
        write_project(staging / PROJECT, project)
        write_text(staging / "synthese.txt", tour_summary(told))
        from ctg_geo.export.commune_map import draw_communes  # noqa: PLC0415  (heavy)

        for each, name in zip(told.rounds, ("carte.png", _PLAN_MAP), strict=False):
            draw_communes(drawn_round(told, each, territory, sites), territory, staging / name)
        if plans:
            scenario = scenario_toml(plan_scenario(told))
            (staging / _SCENARIO).write_text(scenario, encoding="utf-8")
        enter()

    return write_whole(
        out, outputs, make, inputs=inputs, ledgers=ledgers, parameters=parameters, gone=gone
    )


def plan_scenario(told: ToursTold) -> ScenarioFile:
    """Return the tours proposed as a scenario: those of today run otherwise, or no more."""
    today, plan = told.rounds[0], told.rounds[-1]
    service, made = told.rules.service, plan.design
    assert made is not None, "only a design is a proposal"
    changes = [
        ChangeTour(kind="tour", tour=key, service=service,
                   label=(plan.tours.get(key) or today.tours[key]).label,
                   days=plan.tours[key].days if key in plan.tours else ())
        for key in dict.fromkeys((*today.tours, *plan.tours))
    ]  # fmt: skip
    return ScenarioFile(
        name=said("scenario_name", label=told.rules.label)[:_LONGEST_NAME],
        motive=said(f"scenario_{made.objective}"),
        source=said("scenario_source", source=told.rules.source), changes=tuple(changes),
    )  # fmt: skip


def _column(name: str) -> str:
    return labels.text(f"columns.{name}")


def _title(told: ToursTold) -> Callable[[str], str]:
    return lambda name: said(f"columns.{name}", people=told.rules.people_label)


def _tables(told: ToursTold, territory: Territory) -> dict[str, pd.DataFrame]:
    """Return the tables, each row saying of which round it is and what is estimated."""
    made: dict[str, list[pd.DataFrame]] = {name: [] for name in _TABLES}
    for each in told.rounds:
        made["haltes.csv"].append(_of(each.key, stop_table(told, each)))
        days = each.run.days.reset_index(drop=True)
        keys = each.run.days.index.get_level_values("tour")
        days.insert(0, "tour", [each.tours[key].label for key in keys])
        made["journees.csv"].append(_of(each.key, days.rename(columns={"name": "day"})))
        communes = commune_table(told, each, territory).reset_index().drop(columns="kind")
        made["communes.csv"].append(_of(each.key, communes))
        totals = each.run.totals.copy()
        totals[["road_share", "present_share"]] *= 100
        if not told.counts:
            totals[list(_COUNTED)] = float("nan")
        whole = labels.text("words.whole")
        totals.insert(0, "tour", [each.tours[key].label if key else whole
                                  for key in totals.index])  # fmt: skip
        made["bilan.csv"].append(_of(each.key, totals.drop(columns="worth")))
    return {name: pd.concat(parts, ignore_index=True).assign(estimated=told.basis.cell)
            for name, parts in made.items()}  # fmt: skip


def _of(key: str, table: pd.DataFrame) -> pd.DataFrame:
    made = table.copy()
    made.insert(0, "round", said(f"round_{key}"))
    return made
