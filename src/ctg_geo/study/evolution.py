"""Two dates of a study compared, in words and in files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ctg_geo import labels, secrecy
from ctg_geo.config.comparability import comparability
from ctg_geo.config.road_source import RoadsSection, SchematicRoads, TableRoads
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.config.table_source import FileSource
from ctg_geo.errors import ComparisonError
from ctg_geo.evolution import Described, Evolution, Moment, doubts, evolve, moment, refuse
from ctg_geo.export.evolution import evolution_summary, write_evolution_folder
from ctg_geo.export.secret import journals_csv
from ctg_geo.parameters import Service
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.basis import basis_of
from ctg_geo.study.dated_gate import pass_evolution
from ctg_geo.study.report import enter, own_keys, without_secrets
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.territory.admission import reserved

__all__ = ["EvolutionReport", "moment_of", "study_evolution", "write_evolution"]


@dataclass(frozen=True, slots=True, eq=False)
class EvolutionReport:
    """What a comparison says in words, and the files that hold it."""

    evolution: Evolution
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    findings: tuple[Finding, ...]
    forced: bool  # some sources are said not comparable, and were compared all the same


def study_evolution(
    before: Study, after: Study, service: str, *, force: bool = False
) -> tuple[Evolution, list[Finding]]:
    """Compare a service at two dates; what is doubtful of it comes second.

    Parameters
    ----------
    force : compare sources that their producers say not comparable; each is a finding

    Raises
    ------
    ComparisonError
        If a producer says that sources are not comparable (without `force`), if the service or
        the profile is not declared alike, or if the communes are not the same.
    CtgGeoError
        As `Study.diagnose`.
    """
    declared = after.config.service(service)
    _check_alike(before, after, service)
    found = doubts(_described(before, service), _described(after, service), comparability())
    if not force:
        refuse(found)
    became = after.moves.became()
    early, late = (moment_of(each, service, declared, became) for each in (before, after))
    said = [each.finding() for each in found] + _merged(before, after, became)
    said += _admits_more(before, service, became)
    if early.network.schematic and late.network.schematic:
        if _same_axes(before, after):
            early = replace(early, network=late.network)
            said.append(Finding("info", "evolution_one_network", "routes"))
        else:
            said.append(Finding("warning", "evolution_generated", "routes"))
    return evolve(early, late, service, declared, groups=after.groups), said


def write_evolution(
    before: Study, after: Study, service: str, out: str | Path, *, force: bool = False
) -> EvolutionReport:
    """Compare a service at two dates and write `evolution.csv`, its words and its manifest.

    What readers may see is added to the registers of both studies.

    Raises
    ------
    ComparisonError
        See `study_evolution`.
    SecrecyError
        If a secret of a date could be worked out; nothing is written.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    made, said = timed("evolution", study_evolution, before, after, service, force=force)
    forced = any(each.key == "evolution_forced" for each in said)
    log = _journal(before, after, pass_evolution(made, before, after))
    dated = [*_dated(before, "before"), *_dated(after, "after")]
    findings = (*said, *made.findings, *before.findings, *after.findings)
    names = (_named_with_date(before), _named_with_date(after))
    labels_of = {
        name: (after.config.file.groups[name].label, each.names)
        for name, each in after.groupings.items()
    }
    basis = basis_of(service, before, after)
    words = evolution_summary(made, names, after.territory.names, labels_of, said, basis)

    def both() -> None:
        named = [(study, f"{study.config.file.study.name}, {made.service.label}")
                 for study in dict.fromkeys([before, after])]  # fmt: skip
        enter(*named[0], *named[1:])

    files = write_evolution_folder(
        Path(out), made, after.territory, names, labels_of, words, basis, findings=findings,
        inputs=[file for file, _ in dated if file is not None],
        ledgers=[rows for _, rows in dated if rows is not None],
        parameters=_parameters(before, after, service, said), forced=forced, log=log,
        enter=both,
    )  # fmt: skip
    return EvolutionReport(made, Path(out), files, tuple(words), findings, forced)


def _named_with_date(study: Study) -> str:
    """Name a study with the vintage of its people: two dates may have one name."""
    file = study.config.file
    vintage = file.sources.population.vintage
    key = "evolution.dated" if vintage[:1].isdigit() else "evolution.dated_said"
    return labels.text(key, study=file.study.name, vintage=vintage)


def _merged(before: Study, after: Study, became: Mapping[str, str]) -> list[Finding]:
    """Tell which communes of the first date are one, or under another code, at the second."""
    of, now = before.territory, after.territory
    parts: dict[str, list[str]] = {}
    for code in map(str, of.communes.index):
        parts.setdefault(became.get(code, code), []).append(code)
    spread = of.homes.spread and now.homes.spread
    key = "evolution_merged_spread" if spread else "evolution_merged"
    return [
        Finding("warning", key, "communes", code, {
            "parts": [of.names[each] for each in olds], "codes": olds, "nom": now.names[code],
        })
        for code, olds in sorted(parts.items()) if olds != [code] and code in now.names
    ]  # fmt: skip


def _admits_more(before: Study, service: str, became: Mapping[str, str]) -> list[Finding]:
    """Tell of places reserved to residents of a commune that is part of another since."""
    places = before.territory.equipements
    own = places[places["service"].isin(own_keys(before, service))]
    wider = [str(own.at[place, "nom"]) for place, codes in reserved(own).items()
             if any(became.get(code, code) != code for code in codes)]  # fmt: skip
    if not wider:
        return []
    facts: dict[str, object] = {"count": len(wider), "names": wider}
    return [Finding("warning", "evolution_admits_more", "equipements", facts=facts)]


def _check_alike(before: Study, after: Study, service: str) -> None:
    """Refuse another norm, age or speed at one date: it would be told as a change."""
    first, second = before.config.service(service), after.config.service(service)
    profiles = [each.config.profile(second.profile).model_dump() for each in (before, after)]
    if keys := _unlike(first.model_dump(), second.model_dump()):
        raise ComparisonError("service", name=service, keys=keys)
    if keys := _unlike(*profiles):
        raise ComparisonError("profile", name=second.profile, keys=keys)


def _unlike(early: Mapping[str, object], late: Mapping[str, object]) -> list[str]:
    return sorted(key for key in late if early[key] != late[key])


def moment_of(study: Study, key: str, service: Service, became: dict[str, str]) -> Moment:
    """Return a study as a service is measured on it, its codes brought to those they became."""
    territory = study.territory
    return moment(
        territory, study.network(service.profile), key, service,
        snapping=study.config.profile(service.profile).snapping,
        fewest=study.secrecy.fewest(service.demand) if territory.homes.spread else 0.0,
        became=became,
    )  # fmt: skip


def _described(study: Study, service: str) -> list[Described]:
    """Describe the sources that a measure of the service rests on."""
    file = study.config.file
    given: list[tuple[str, FileSource, str | None]] = [
        ("population", file.sources.population, file.sources.population.format)
    ]
    if file.sources.population.spread is not None and file.sources.cells is not None:
        given.append(("cells", file.sources.cells, file.sources.cells.format))
    given += [
        ("equipements", each, each.format)
        for each in file.sources.equipements
        if any(_serves(each, name) for name in own_keys(study, service))
    ]  # fmt: skip
    roads = file.roads[file.study.roads]
    given.append(("roads", _road_file(roads), roads.kind))
    if file.sources.qpv is not None and any(each.kind == "qpv" for each in file.groups.values()):
        given.append(("qpv", file.sources.qpv, "qpv"))  # people are told by QPV at each date
    known = comparability()
    return [
        Described(
            role, known.family(kind, source.dataset, source.provider), source.vintage,
            study.files.sha256_of(source),
        )
        for role, source, kind in given
    ]  # fmt: skip


def _serves(source: EquipementsSource, service: str) -> bool:
    """Tell whether a file of places may hold those of a service."""
    if source.service is not None or source.services:
        return source.service == service or service in source.services.values()
    return True


def _road_file(roads: RoadsSection) -> FileSource:
    if isinstance(roads, SchematicRoads):
        return roads.axes
    return roads.segments if isinstance(roads, TableRoads) else roads


def _same_axes(before: Study, after: Study) -> bool:
    """Tell whether generated roads come of the same files: then only people differ in them."""
    of = []
    for study in (before, after):
        roads = study.config.file.roads[study.config.file.study.roads]
        assert isinstance(roads, SchematicRoads), "generated roads"
        tables = (roads.axes, roads.barriers, roads.bridges)
        of.append((roads.rules, [each and study.files.sha256_of(each) for each in tables]))
    return of[0] == of[1]


def _journal(before: Study, after: Study, passed: Mapping[str, secrecy.Verdict]) -> bytes:
    """Return the log of both dates for the data protection officer."""
    return journals_csv({
        labels.text(f"evolution.columns.{date}"): secrecy.journal(
            study.secrecy, passed.get(date), study.territory.names, study.findings
        )
        for date, study in (("before", before), ("after", after))
    })  # fmt: skip


def _dated(study: Study, date: str) -> Iterator[tuple[InputFile | None, Ledger | None]]:
    """Return inputs and ledgers of a study, their names saying of which date."""
    for file in study.inputs:
        yield replace(file, role=f"{date}: {file.role}"), None
    for rows in study.ledgers:
        yield None, replace(rows, table=f"{date}: {rows.table}")


def _parameters(
    before: Study, after: Study, service: str, said: list[Finding]
) -> dict[str, object]:
    declared = after.config.service(service)
    profile = after.config.profile(declared.profile)
    return {
        "service": {service: declared.model_dump(mode="json")},
        "profile": {declared.profile: profile.model_dump(mode="json")},
        "before": without_secrets(before),
        "after": without_secrets(after),
        "forced": [dict(each.facts) for each in said if each.key == "evolution_forced"],
    }
