"""All the files of one run, whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from ctg_geo.errors import OutputError
from ctg_geo.export.figures import draw
from ctg_geo.export.gaps import indices_csv, zones_csv
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import layers_of
from ctg_geo.export.publish import Publication
from ctg_geo.export.qgis import SURFACE, diagnosis_project, write_project
from ctg_geo.export.qgis_style import styles_of
from ctg_geo.export.secret import checked, journal_csv
from ctg_geo.export.summary import summary
from ctg_geo.export.sureness import SURENESS_OUTPUTS, sureness_files
from ctg_geo.export.tables import findings_csv, groups_csv, results_csv
from ctg_geo.export.texts import write_text
from ctg_geo.provenance import InputFile, Ledger, manifest
from ctg_geo.quality import Finding
from ctg_geo.staging import staged

__all__ = [
    "OUTPUTS",
    "PROJECT",
    "refuse_mixed",
    "same_command",
    "write_folder",
    "write_whole",
]

PROJECT = "projet.qgz"
OUTPUTS = (
    "ctg.gpkg", PROJECT, "resultats.csv", "comparaison.csv", "indices.csv", "zones.csv",
    "carte.png", "synthese.txt", "constats.csv", "journal_secret.csv", "manifest.json",
)  # fmt: skip


def write_folder(
    out: Path,
    publication: Publication,
    *,
    findings: Sequence[Finding],
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
    enter: Callable[[], None] | None = None,
) -> tuple[str, ...]:
    """Write every output of a diagnosis into a folder.

    A surface of times that stands in the folder (`temps.tif`) is joined to the QGIS project.

    `enter` notes the publication in a register: after all files are made and passed, before
    any can be seen, so that nothing is ever seen that the register does not know.

    Parameters
    ----------
    parameters : what was asked for, for the manifest

    Raises
    ------
    OutputError
        If the folder or a file cannot be written, or it holds the results of another service.
    SecrecyError
        If a secret could be worked out from the outputs; nothing is written.
    """

    def make(staging: Path) -> None:
        _refuse_other(out, publication.diagnosis.key)
        _make(staging, publication, findings, surface=(out / SURFACE).is_file())
        if enter is not None:
            enter()

    thrown = publication.sure is not None
    return write_whole(
        out, (*OUTPUTS[:-1], *(SURENESS_OUTPUTS if thrown else ()), OUTPUTS[-1]), make,
        inputs=inputs, ledgers=ledgers, parameters=parameters,
        gone=() if thrown else SURENESS_OUTPUTS,
    )  # fmt: skip


def write_whole(
    out: Path,
    outputs: tuple[str, ...],
    make: Callable[[Path], None],
    *,
    inputs: Sequence[InputFile],
    ledgers: Sequence[Ledger],
    parameters: Mapping[str, object],
    gone: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Write files into a folder, whole or not at all, and their manifest, the last of them.

    All files are made by `make` in a hidden folder inside it first and published once the last
    is whole (`ctg_geo.staging`). Files named `gone` are of former results, which had more: they
    leave with them. A failure, or the death of the process, leaves former results as they were.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written, or another run is writing there.
    """
    with staged(out) as stage:
        make(stage.path)
        made = {name: _hash(stage.path / name) for name in outputs[:-1]}
        content = manifest(inputs=inputs, ledgers=ledgers, parameters=parameters, outputs=made)
        (stage.path / outputs[-1]).write_text(content, encoding="utf-8")
        stage.publish(outputs, gone)
    return outputs


def refuse_mixed(
    out: Path, outputs: tuple[str, ...], service: str, gone: Iterable[str] = ()
) -> None:
    """Refuse a folder that holds the results of another command or of another service.

    Parameters
    ----------
    gone : files that a former run of the same command may have made more

    Raises
    ------
    OutputError
        Naming what it holds.
    """
    try:
        held = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if not same_command({*held} - {*gone}, {*outputs[:-1]} - {*gone}):
        raise OutputError("mixed", file=str(out), held=sorted(held))
    _refuse_other(out, service)


def same_command(held: Iterable[str], outputs: Iterable[str]) -> bool:
    """Tell whether files are those of a command; former versions wrote no project."""
    return {*held, PROJECT} == {*outputs, PROJECT}


def _refuse_other(out: Path, service: str) -> None:
    """Refuse a folder that holds the results of another service."""
    try:
        held = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        services = list(held["parameters"]["service"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if services != [service]:
        raise OutputError("other", file=str(out), held=services, service=service)


def _make(
    staging: Path, publication: Publication, findings: Sequence[Finding], *, surface: bool
) -> None:
    layers = layers_of(publication, findings)
    passed = checked(publication, layers)
    names = publication.diagnosis.territory.names
    log = journal_csv(publication.secrecy, passed, names, findings)
    (staging / "journal_secret.csv").write_bytes(log)
    styles = styles_of(publication, layers)
    write_geopackage(staging / "ctg.gpkg", layers, styles)
    project = diagnosis_project(publication, layers, styles, surface=surface)
    write_project(staging / PROJECT, project)
    (staging / "resultats.csv").write_bytes(results_csv(publication))
    (staging / "comparaison.csv").write_bytes(groups_csv(publication))
    (staging / "indices.csv").write_bytes(indices_csv(publication))
    (staging / "zones.csv").write_bytes(zones_csv(publication))
    (staging / "constats.csv").write_bytes(findings_csv(publication, findings))
    for name, content in sureness_files(publication).items():
        (staging / name).write_bytes(content)
    write_text(staging / "synthese.txt", summary(publication))
    draw(publication, staging / "carte.png")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
