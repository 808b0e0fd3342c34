"""What commands print: French on the screen, JSON for machines where it is asked for."""

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctg_geo import labels
from ctg_geo.cli.summaries import found
from ctg_geo.quality import Finding, counts

if TYPE_CHECKING:
    from pathlib import Path

    from ctg_geo.network import RoadNetwork
    from ctg_geo.provenance import Ledger
    from ctg_geo.study import (
        CalibrationReport,
        DatasetFetch,
        Fetching,
        Report,
        RoadReport,
        ThemesReport,
        Written,
    )
    from ctg_geo.territory import Territory

__all__ = ["Screen", "plain", "typed"]

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

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
            sys.stdout.write(plain(line) + "\n")

    def tell(self, line: str) -> None:
        """Print a sentence of results in French print, whatever it was made of.

        Paths and commands are said as they are typed.
        """
        self.say(labels.typeset(line))

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
        """List findings with the names of what they are about, the many of one kind cut short.

        Verbose, it lists them all, with the key of each, by which `constats.csv` sorts them.
        """
        tally = counts(findings)
        self.say()
        self.say(labels.text("cli.findings", warnings=tally["warning"], infos=tally["info"]))
        seen: Counter[tuple[str, str]] = Counter()
        total = Counter((each.key, each.table) for each in findings)
        for each in sorted(findings, key=lambda one: one.severity != "warning"):
            kind = (each.key, each.table)
            seen[kind] += 1
            if self.verbose or seen[kind] <= _SAME_SHOWN:
                key = f" ({each.key})" if self.verbose else ""
                self.say(f"  {_mark(each)} {_where(each, names)}{_told(each)}{key}")
            elif seen[kind] == total[kind]:
                more = total[kind] - _SAME_SHOWN
                self.say("    " + labels.text("cli.also", count=more))

    def diagnosis(self, report: "Report") -> None:
        """Tell what was found, what to look at first and where it is; all of it if verbose."""
        self.say(labels.text("summary.title", label=report.label, study=report.study))
        self.say()
        for line in report.summary if self.verbose else report.headlines:
            self.tell(f"  {line}")
        tally = counts(report.findings)
        self.say("  " + labels.text("cli.findings", warnings=tally["warning"], infos=tally["info"]))
        self._look(report.folder, report.files, _FIRST)
        self.say()

    def themes(self, report: "ThemesReport") -> None:
        """Tell the little to know of every theme, and where the rest is; all of it if verbose."""
        self.say(labels.text("themes.brief", study=report.study))
        self.say()
        for line in report.summary if self.verbose else report.brief:
            self.tell(f"  {line}" if line else "")
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

    def former(self, config: "Path", results: "Path") -> dict[str, list[str]]:
        """Name the documents and pages that tell of a former run, and how to make them again."""
        from ctg_geo.documents import former_documents, former_pages  # noqa: PLC0415  (heavy)

        said: dict[str, list[str]] = {}
        for each in former_documents(results):
            said.setdefault("former_documents", []).extend(file.as_posix() for file in each.files)
            beside = [part for option, folders in (("--comparison", each.comparisons),
                                                   ("--tours", each.tours))
                      for folder in folders for part in (option, folder)]  # fmt: skip
            self.say("  ! " + labels.text(
                "cli.former_documents", folder=typed(each.results, *beside),
                files=[file.name for file in each.files],
            ))  # fmt: skip
        pages = former_pages(results, config)
        if pages:
            said["former_pages"] = [each.path.as_posix() for each in pages]
            self.say("  ! " + labels.text(
                "cli.former_pages", count=len(pages), files=[_located(each.path) for each in pages]
            ))  # fmt: skip
        for page in pages:
            plans = [part for key in page.plans for part in ("--scenario", key)]
            words = typed(config, "-s", page.service, *plans, "-o", page.path)
            self.say(f"      ctg-geo comite {words}")
        return said

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
            "findings": found(written.findings),
        })  # fmt: skip

    def calibration(self, report: "CalibrationReport") -> None:
        """Tell what was fitted and whether to use it, and where the files are."""
        for line in report.summary:
            self.tell(line)
        own = [each for each in report.calibration.findings if each.severity == "warning"]
        for each in own:
            self.tell(f"  {_mark(each)} {each.explain()}")
        self.say(
            labels.text("cli.written", folder=str(report.folder), files=", ".join(report.files))
        )


def _located(file: "Path") -> str:
    """Name a file and the folder where it is."""
    here = str(file.parent) == "."
    return labels.text(f"cli.former_page_{'here' if here else 'in'}", name=file.name,
                       folder=str(file.parent))  # fmt: skip


def _told(finding: Finding) -> str:
    """Say a finding, and what mends it in the study's file."""
    written = finding.to_write()
    said = [labels.typeset(finding.explain())]
    return " ".join([*said, labels.text("cli.to_write", said=written)] if written else said)


def _mark(finding: Finding) -> str:
    return "!" if finding.severity == "warning" else "·"


def _where(finding: Finding, names: Mapping[str, str]) -> str:
    name = labels.typeset(names.get(finding.identifier, ""))
    said = (finding.table, finding.identifier, name)
    parts = [part for part in said if part]
    return f"[{' '.join(parts)}] " if parts else ""


def typed(*parts: object) -> str:
    """Return words as they are typed in any terminal: between quotes where they have spaces."""
    words = map(str, parts)
    return " ".join(f'"{each}"' if any(map(str.isspace, each)) else each for each in words)


def plain(text: str) -> str:
    """Return a text without what commands a terminal or turns its line around."""
    return _COMMANDS.sub("\ufffd", text)
