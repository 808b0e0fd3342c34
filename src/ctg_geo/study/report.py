"""A diagnosis in words and in files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ctg_geo import labels, secrecy
from ctg_geo.diagnosis import Diagnosis, by_people_group
from ctg_geo.export import Around, Publication, headlines, publish, summary, write_folder
from ctg_geo.export.columns import as_columns
from ctg_geo.export.qgis import ServiceKit, service_kit
from ctg_geo.quality import Finding
from ctg_geo.study.gaps import gaps
from ctg_geo.study.groupings import group_titles, place_groups
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed

__all__ = [
    "Report",
    "enter",
    "own_keys",
    "providers",
    "publication",
    "ways",
    "without_secrets",
    "write_report",
]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a diagnosis says in words, and the files that hold it."""

    key: str
    label: str
    norm: str
    study: str
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    headlines: tuple[str, ...]  # the little of it that one reads on a screen
    groups: dict[str, dict[str, dict[str, float | None]]]
    estimated: tuple[str, ...]
    findings: tuple[Finding, ...]
    communes: pd.DataFrame  # by code_insee, what the files show, as data: see `as_columns`
    kit: ServiceKit  # what a project of all themes shows of it


def write_report(study: Study, service: str, out: str | Path) -> Report:
    """Diagnose a service and write its folder: GeoPackage, tables, map, manifest.

    What readers may see is added to the register of the study, if it names one.

    Raises
    ------
    SecrecyError
        If a secret could be worked out from the outputs; nothing is written.
    OutputError
        If the folder cannot be written; former results stay as they were.
    """
    diagnosis = study.diagnose(service)
    words = publication(study, diagnosis)
    findings = (*study.findings_of(service), *diagnosis.findings)
    files = timed(
        f"outputs {service}", write_folder, Path(out), words, findings=findings,
        inputs=study.inputs, ledgers=study.ledgers, parameters=_parameters(study, service),
        enter=partial(enter, study, f"{words.study}, {diagnosis.service.label}"),
    )  # fmt: skip
    shown = as_columns(diagnosis.communes, diagnosis.estimated,
                       shared=diagnosis.catchment is not None, sure=words.sure)  # fmt: skip
    return Report(
        service, diagnosis.service.label, words.norm, words.study, Path(out), files,
        tuple(summary(words)), tuple(headlines(words)), _groups(words.groups),
        diagnosis.estimated, findings, pd.DataFrame(shown.drop(columns="geometry")),
        service_kit(words),
    )  # fmt: skip


def enter(study: Study, name: str, *others: tuple[Study, str]) -> None:
    """Note in the register of the study, if it has one, what readers are about to see.

    `others` are studies that the same readers see at once, each with its name.

    Raises
    ------
    SecrecyError
        If another run noted a publication that these studies did not know of.
    """
    named = [(study, name), *others]
    for register in dict.fromkeys(each.register for each, _ in named):
        if register is None:
            continue
        ours = [(each, said) for each, said in named if each.register == register]
        known = [one for each, _ in ours for one in each.past]
        new = [secrecy.recorded(said, each.secrecy.found, each.secrecy.keys) for each, said in ours]
        secrecy.write_register(register, known, *new)


def publication(study: Study, diagnosis: Diagnosis) -> Publication:
    """Put a diagnosis of a study into words."""
    file = study.config.file
    return publish(
        diagnosis,
        study=file.study.name,
        group_names={name: each.names for name, each in study.groupings.items()},
        group_labels=group_titles(file.groups),
        robustness=file.robustness,
        sources=providers(study, diagnosis.key),
        ways=ways(study),
        secrecy=study.secrecy,
        around=_around(study, diagnosis),
        sure=study.how_sure(diagnosis) if file.uncertainty and diagnosis.service.judged else None,
        gaps=gaps(study, diagnosis),
    )


def _around(study: Study, diagnosis: Diagnosis) -> Around:
    """Return what readers of a diagnosis see beside it."""
    people, homes = dict[str, pd.DataFrame](), dict[str, pd.Series]()
    for name, groups in study.people_groupings.items():
        assert study.quarters is not None, "people are grouped by QPV"
        at = place_groups(study.quarters)
        table = by_people_group(diagnosis, groups.of, at)
        table.index = pd.Index([groups.names[str(key)] for key in table.index])
        label = study.config.file.groups[name].label.capitalize()
        people[label], homes[label] = table, groups.of.map(groups.names)
    return Around(study.published.context(diagnosis.key), study.quarters, people, homes)


def ways(study: Study) -> dict[str, str]:
    """Say how one travels by each profile: by its mode, and at its period if it is one's own."""
    return {key: _way(study, key) for key in study.config.profiles}


def _way(study: Study, key: str) -> str:
    profile, named = study.config.profiles[key], key.partition(".")[2]
    if profile.transit is None:
        return labels.text(f"way.{profile.mode}") + (f" ({named})" if named else "")
    outing = study.config.outing(key)
    label = f" ({outing[1].label})" if outing is not None else ""
    return labels.text("way.transit") + label


def providers(study: Study, service: str) -> tuple[str, ...]:
    """Name the providers of what a map of the service shows, each once."""
    places = study.territory.equipements
    keys = own_keys(study, service)
    files = set(places.loc[places["service"].isin(keys), "from_file"])
    other = {
        f"equipements {number}"
        for number, each in enumerate(study.config.file.sources.equipements, start=1)
        if each.service not in keys and Path(each.path).name not in files
    }
    if service in study.config.services and not _rides(study, service):
        other |= {each.role for each in study.inputs if each.role.startswith("transit ")}
    used = [each for each in study.inputs if each.role not in other and each.role != "config"]
    return tuple(dict.fromkeys(f"{each.provider}, {each.vintage}" for each in used))


def _rides(study: Study, service: str) -> bool:
    """Tell whether a mode of a service takes public transport."""
    profiles = study.config.profiles
    return any(profiles[each].transit is not None
               for each in study.config.service(service).other_modes)  # fmt: skip


def own_keys(study: Study, service: str) -> set[str]:
    """Return the keys that places of a service go by: its own, or those of its modes of care."""
    declared = study.config.services.get(service)
    return {service} if declared is None else set(declared.care) or {service}


def _groups(
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, dict[str, dict[str, float | None]]]:
    return {
        name or "territory": {
            str(key): {
                str(column): None if pd.isna(value) else float(value)
                for column, value in row.items()
            }
            for key, row in table.iterrows()
        }
        for name, table in tables.items()
    }


def _parameters(study: Study, service: str) -> dict[str, object]:
    config = study.config
    declared = config.service(service)
    used = (declared.profile, *declared.other_modes)
    return {
        "service": {service: declared.model_dump(mode="json")},
        "profile": {key: config.profiles[key].model_dump(mode="json") for key in used},
        "study": without_secrets(study),
    }


def without_secrets(study: Study) -> dict[str, object]:
    """Return the study's settings, less the published totals that would give a secret away.

    A total of which all parts but one are known tells the last one.
    """
    content = study.config.file.model_dump(mode="json")
    inside, hidden = study.territory.population.loc[study.territory.inside], study.secrecy.hidden
    for given in (*content["sources"]["population"]["controls"],
                  *content["secrecy"]["known_totals"]):  # fmt: skip
        if inside[given["column"]].isna().any() or hidden[given["column"]].any():
            given["total"] = None
    return content
