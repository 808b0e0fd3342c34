"""What commands print: French on the screen, JSON for machines, bars when it takes long."""

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress, TaskID

from ctg_geo import labels
from ctg_geo.progress import Herald, Reporter
from ctg_geo.quality import Finding, counts

if TYPE_CHECKING:
    from pathlib import Path

    from ctg_geo.network import RoadNetwork
    from ctg_geo.provenance import Ledger
    from ctg_geo.study import (
        CalibrationReport,
        ComparisonReport,
        DatasetFetch,
        Fetching,
        Report,
        RoadReport,
        SitesReport,
        Study,
        ThemesReport,
        Written,
    )
    from ctg_geo.territory import Territory

__all__ = ["Screen", "bars", "heralded"]

_BAR_AFTER_S = 2.0
_FIRST = ("carte.png", "synthese.txt", "projet.qgz", "ctg.gpkg", "resultats.csv", "constats.csv")
_FIRST_OF_THEMES = ("synthese.txt", "projet.qgz", "themes.gpkg", "manques.csv",
                    "constats.csv")  # fmt: skip
_SAME_SHOWN = 3  # findings of one kind that are shown in full


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a command speaks; silent unless `talks`."""

    talks: bool
    as_json: bool
    verbose: int

    def say(self, line: str = "") -> None:
        """Print a line for people."""
        if self.talks:
            sys.stdout.write(line + "\n")

    def machine(self, content: Mapping[str, object]) -> None:
        """Print the summary for machines, if asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")

    def study(
        self, territory: "Territory", roads: "RoadNetwork", ledgers: Sequence["Ledger"]
    ) -> None:
        """Tell what was read and joined."""
        inside = len(territory.inside)
        self.say(labels.text(
            "cli.checked", study=territory.name, inside=inside,
            around=len(territory.communes) - inside, places=len(territory.equipements),
        ))  # fmt: skip
        kind = labels.text("cli.roads_schematic" if roads.schematic else "cli.roads_real")
        self.say(labels.text("cli.roads", nodes=roads.nodes, arcs=roads.arcs, kind=kind))
        for each in ledgers:
            aside = sum(each.set_aside.values())
            said = labels.text(
                "cli.rows", table=each.table, read=each.read, used=each.used, aside=aside
            )
            self.say(f"  {said}")

    def findings(self, findings: Sequence[Finding], names: Mapping[str, str]) -> None:
        """List findings with the names of what they are about, the many of one kind cut short."""
        tally = counts(findings)
        self.say()
        self.say(labels.text("cli.findings", warnings=tally["warning"], infos=tally["info"]))
        seen: Counter[tuple[str, str]] = Counter()
        total = Counter((each.key, each.table) for each in findings)
        for each in sorted(findings, key=lambda one: one.severity != "warning"):
            kind = (each.key, each.table)
            seen[kind] += 1
            if self.verbose or seen[kind] <= _SAME_SHOWN:
                self.say(f"  {_mark(each)} {_where(each, names)}{each.explain()}")
            elif seen[kind] == total[kind]:
                more = total[kind] - _SAME_SHOWN
                self.say("    " + labels.text("cli.also", count=more, key=each.key))

    def diagnosis(self, report: "Report") -> None:
        """Tell what was found, what to look at first and where it is; all of it if verbose."""
        self.say(labels.text("summary.title", label=report.label, study=report.study))
        self.say()
        for line in report.summary if self.verbose else report.headlines:
            self.say(f"  {line}")
        tally = counts(report.findings)
        self.say("  " + labels.text("cli.findings", warnings=tally["warning"], infos=tally["info"]))
        self._look(report.folder, report.files, _FIRST)
        self.say()

    def themes(self, report: "ThemesReport") -> None:
        """Tell the little to know of every theme, and where the rest is; all of it if verbose."""
        self.say(labels.text("themes.brief", study=report.study))
        self.say()
        for line in report.summary if self.verbose else report.brief:
            self.say(f"  {line}" if line else "")
        if not self.verbose:
            self.say()
            self.say("  " + labels.text("themes.brief_missing"))
        self._look(report.folder, report.files, _FIRST_OF_THEMES)
        folders = [each.folder.name for each in report.reports]
        if folders:
            self.say("    " + labels.text("themes.brief_details", folders=", ".join(folders)))
            self.say("  " + labels.text("cli.look_export", folder=str(report.folder)))
        self.say()

    def _look(self, folder: "Path", files: Sequence[str], order: Sequence[str]) -> None:
        """Tell where the files are and which to open first."""
        self.say()
        self.say("  " + labels.text("cli.look", folder=str(folder)))
        first = [each for each in order if each in files]
        for name in first:
            told = labels.text(f"cli.look_{name.partition('.')[0]}")
            self.say(f"    {name.ljust(max(map(len, first)))}  {told}")
        others = [each for each in files if each not in first]
        if self.verbose:
            self.say(f"    {', '.join(others)}")
        elif others:
            self.say("    " + labels.text("cli.look_more", count=len(others)))

    @staticmethod
    def themes_told(report: "ThemesReport") -> dict[str, object]:
        """Summarise a run over all themes for machines."""
        return {
            "study": report.study,
            "folder": report.folder.as_posix(),
            "files": list(report.files),
            "themes": {
                theme.key: {each.key: each.state for each in theme.services}
                for theme in report.themes
            },
            "diagnoses": [Screen.reported(each) for each in report.reports],
        }

    def roads(self, report: "RoadReport") -> None:
        """Tell what a road file gave, mode by mode."""
        account = report.account
        self.say(labels.text("cli.roads_title", study=report.study, profile=report.profile))
        if account.ledger is None:
            self.say("  " + labels.text("cli.roads_file_schematic"))
        else:
            self._rows("rows", account.ledger)
        for mode, each in account.modes.items():
            self.say("  " + labels.text(
                "cli.roads_mode", mode=labels.text(f"mode.{mode}"), edges=each.edges,
                km=each.length_km, nodes=each.nodes, arcs=each.arcs, strong=100 * each.strong,
            ))  # fmt: skip
        if account.restrictions is not None:
            self._rows("roads_restrictions", account.restrictions)

    def _rows(self, key: str, read: "Ledger") -> None:
        """Tell what was read, used and set aside, by reason."""
        aside = sum(read.set_aside.values())
        said = labels.text(
            f"cli.{key}", table=read.table, read=read.read, used=read.used, aside=aside
        )
        self.say(f"  {said}")
        for reason, count in sorted(read.set_aside.items(), key=lambda each: -each[1]):
            if count:
                self.say("    " + labels.text(f"aside.{reason}", count=count))

    def datasets(self, done: "DatasetFetch") -> None:
        """Tell which datasets were fetched and which were there already, and what to verify."""
        for key, file in done.kept.items():
            self.say(labels.text("cli.data_kept", key=key, file=file))
        for key, file in done.fetched.items():
            archive = done.opened.get(key, "")
            said = "cli.data_opened" if archive else "cli.data_fetched"
            self.say(labels.text(said, key=key, file=file, archive=archive))
        for key, file in done.differ.items():
            self.say("  ! " + labels.text("cli.data_differs", key=key, file=file))
        for key, page in done.to_verify.items():
            self.say("  ! " + labels.text("cli.data_to_verify", key=key, page=page))

    def fetching(self, done: "Fetching", *, nothing: bool = True) -> None:
        """Tell which roads were fetched or there already, and where `nothing` else was named."""
        if nothing and not done.kept and not done.fetched:
            self.say(labels.text("cli.fetch_nothing"))
        for name, file in done.kept.items():
            self.say(labels.text("cli.fetch_kept", name=name, file=file))
        for name, each in done.fetched.items():
            self.say(labels.text(
                "cli.fetch_done", name=name, file=each.file, ways=each.ways, nodes=each.nodes,
                restrictions=each.restrictions,
            ))  # fmt: skip
            if each.vintage:
                self.say("  " + labels.text("cli.fetch_vintage", vintage=each.vintage))

    @staticmethod
    def accounted(report: "RoadReport") -> dict[str, object]:
        """Summarise the account of a road file for machines."""
        account = report.account
        return {
            "study": report.study,
            "mode": report.mode,
            "schematic": report.schematic,
            "rows": _counts(account.ledger),
            "modes": {mode: asdict(each) for mode, each in account.modes.items()},
            "restrictions": _counts(account.restrictions),
            "file": report.out.as_posix(),
            "findings": _found(report.findings),
        }

    def file(self, written: "Written") -> None:
        """Tell what a file shows and where it is, and whether its times are schematic."""
        self.say(labels.text("cli.file_written", title=written.title, file=str(written.file)))
        if written.schematic:
            self.say("  ! " + labels.text("areas.schematic"))
        self.findings([each for each in written.findings if each.severity == "warning"], {})
        self.machine({
            "service": written.key,
            "file": written.file.as_posix(),
            "schematic": written.schematic,
            "findings": _found(written.findings),
        })  # fmt: skip

    def calibration(self, report: "CalibrationReport") -> None:
        """Tell what was fitted and whether to use it, and where the files are."""
        for line in report.summary:
            self.say(line)
        own = [each for each in report.calibration.findings if each.severity == "warning"]
        for each in own:
            self.say(f"  {_mark(each)} {each.explain()}")
        self.say(
            labels.text("cli.written", folder=str(report.folder), files=", ".join(report.files))
        )

    @staticmethod
    def calibrated(report: "CalibrationReport") -> dict[str, object]:
        """Summarise a calibration for machines."""
        made = report.calibration
        return {
            "profile": report.profile,
            "name": report.name,
            "folder": report.folder.as_posix(),
            "files": list(report.files),
            "improves": made.improves,
            "gain": made.gain if math.isfinite(made.gain) else None,
            "speeds": json.loads(made.speeds.to_json(orient="records")),
            "errors": json.loads(made.errors.to_json(orient="records")),
            "findings": _found(report.findings),
        }

    @staticmethod
    def checked(study: "Study") -> dict[str, object]:
        """Summarise a check for machines."""
        territory = study.territory
        return {
            "study": territory.name,
            "communes": len(territory.inside),
            "around": len(territory.communes) - len(territory.inside),
            "places": len(territory.equipements),
            "rows": [
                {"table": each.table, "read": each.read, "used": each.used,
                 "set_aside": dict(each.set_aside)}
                for each in study.ledgers
            ],
            "findings": _found([*study.findings, *study.checks]),
        }  # fmt: skip

    @staticmethod
    def compared(report: "ComparisonReport") -> dict[str, object]:
        """Summarise a comparison of scenarios for machines."""
        made = report.comparison
        criteria = {
            str(key): {str(name): float(each) if isfinite(each) else None
                       for name, each in row.items()}
            for key, row in made.criteria.iterrows()
        }  # fmt: skip
        return {
            "service": made.key,
            "folder": report.folder.as_posix(),
            "files": list(report.files),
            "summary": list(report.summary),
            "criteria": criteria,
            "better": dict(made.better),
            "dominated": {key: list(by) for key, by in made.dominated.items()},
            "changes_nothing": [e.variant.key for e in made.outcomes if e.changes_nothing],
            "findings": _found(report.findings),
        }

    @staticmethod
    def sited(report: "SitesReport") -> dict[str, object]:
        """Summarise a plan of sites for machines; figures that may not be told are null."""
        told = report.made.told
        return {
            "service": told.key,
            "folder": report.folder.as_posix(),
            "files": list(report.files),
            "summary": list(report.summary),
            "sites": [
                {"candidate": each.key, "nom": each.nom, "size": _finite(each.size),
                 "instead": list(each.other.instead),
                 "price": _finite(each.other.price) if told.counts else None}
                for each in told.sites
            ],
            "closed": list(told.closed),
            "resized": [list(each) for each in told.resized],
            "stages": [
                {"objective": each.objective, "quality": each.quality,
                 "before": _finite(each.before) if told.counts else None,
                 "after": _finite(each.after) if told.counts else None}
                for each in told.stages
            ],
            "cost": _finite(told.cost),
            "remarks": list(told.remarks),
            "findings": _found(report.findings),
        }  # fmt: skip

    @staticmethod
    def reported(report: "Report") -> dict[str, object]:
        """Summarise a diagnosis for machines."""
        return {
            "service": report.key,
            "folder": report.folder.as_posix(),
            "files": list(report.files),
            "groups": report.groups,
            "estimated": list(report.estimated),
            "findings": _found(report.findings),
        }


def _found(findings: Iterable[Finding]) -> list[dict[str, str]]:
    return [
        {"severity": each.severity, "key": each.key, "table": each.table,
         "identifier": each.identifier, "message": each.explain()}
        for each in findings
    ]  # fmt: skip


def _counts(read: "Ledger | None") -> dict[str, object] | None:
    """Return the figures of a ledger; None where nothing is read."""
    if read is None:
        return None
    return {
        "table": read.table, "read": read.read, "used": read.used,
        "set_aside": dict(read.set_aside),
    }  # fmt: skip


def _mark(finding: Finding) -> str:
    return "!" if finding.severity == "warning" else "·"


def _where(finding: Finding, names: Mapping[str, str]) -> str:
    said = (finding.table, finding.identifier, names.get(finding.identifier, ""))
    parts = [part for part in said if part]
    return f"[{' '.join(parts)}] " if parts else ""


def bars(*, shown: bool) -> Reporter:
    """Return a reporter that shows a bar for each loop that has lasted two seconds."""
    live = Progress(console=Console(stderr=True), transient=True)  # one display for nested loops
    open_tasks: list[TaskID] = []

    def report(items: Iterable[object], label: str, total: int | None) -> Iterator[object]:
        listed = list(items) if total is None else items
        count = len(listed) if isinstance(listed, list) else total
        start, task = time.monotonic(), None
        try:
            for done, item in enumerate(listed):
                if shown and task is None and time.monotonic() - start > _BAR_AFTER_S:
                    task = live.add_task(labels.text(f"cli.{label}"), total=count)
                    open_tasks.append(task)
                    live.start()
                if task is not None:
                    live.update(task, completed=done)
                yield item
        finally:
            if task is not None:
                open_tasks.remove(task)
                live.remove_task(task)
                if not open_tasks:
                    live.stop()

    return report


def heralded(*, shown: bool) -> Herald:
    """Return what announces, on the error stream, a step that may last."""

    def announce(label: str) -> None:
        if shown:
            sys.stderr.write(labels.text(f"cli.{label}") + "\n")
            sys.stderr.flush()

    return announce


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None
