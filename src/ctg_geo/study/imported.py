"""A colleague's file turned into a folder of places and of rows to mend."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ctg_geo import cache, labels, sources, territory
from ctg_geo.config import StudyConfig, load_study
from ctg_geo.config.table_source import FileSource
from ctg_geo.export import import_summary, write_import_folder
from ctg_geo.importing import (
    SERVICE,
    Context,
    Gazetteer,
    Imported,
    ImportMapping,
    geocoded,
    import_places,
    load_mapping,
)
from ctg_geo.provenance import InputFile, input_file
from ctg_geo.study.timing import timed
from ctg_geo.study.vintages import study_moves

__all__ = ["ImportReport", "import_file"]


@dataclass(frozen=True, slots=True, eq=False)
class ImportReport:
    """An import, what it says in words, and the files that hold it."""

    imported: Imported
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]


def import_file(
    path: str | Path,
    out: str | Path,
    *,
    config: str | Path | None = None,
    mapping: str | Path | None = None,
    service: str | None = None,
    sheet: str | None = None,
    geocode: bool = False,
    geocoder: str = SERVICE,
) -> ImportReport:
    """Import places from a colleague's file and write the folder of the import.

    Parameters
    ----------
    path : CSV, Excel, OpenDocument, GeoJSON or GeoPackage
    out : folder to write
    config : the study, which knows communes, mergers and services
    mapping : a mapping that a person has corrected
    service : of the places whose row says none; it wins over the mapping, not over a column
    sheet : sheet or layer to read
    geocode : whether addresses are sent to the geocoder
    geocoder : its address; it takes and gives a CSV

    Raises
    ------
    CtgGeoError
        If a file cannot be read, the service is not declared, the geocoder does not answer, or
        the folder cannot be written. A row that cannot be used is no error: it is in the report.
    """
    where = Path(path)
    rules = ImportMapping() if mapping is None else load_mapping(mapping)
    if service is not None:
        said = rules.rules.model_copy(update={"service": service})
        rules = rules.model_copy(update={"rules": said})
    study = None if config is None else load_study(config)
    context = Context() if study is None else _context(study, rules)
    if geocode:
        kept = cache.folder()
        answers = None if kept is None else kept / "adresses"
        context = replace(context, geocoder=partial(geocoded, cache=answers, service=geocoder))
    imported = timed(
        "import", import_places, where, mapping=rules, sheet=sheet, context=context
    )  # fmt: skip
    named = [("import", where), *([("mapping", Path(mapping))] if mapping is not None else [])]
    used = [_input(role, file) for role, file in named]
    files = timed(
        "outputs", write_import_folder, Path(out), imported,
        inputs=[*used, *_of_study(study)], parameters=_parameters(imported, geocode=geocode),
        crs=context.crs, study=None if study is None else study.path.parent,
    )  # fmt: skip
    return ImportReport(imported, Path(out), files, tuple(import_summary(imported)))


def _context(study: StudyConfig, rules: ImportMapping) -> Context:
    """Read what the study knows: communes, mergers, services."""
    given, crs = study.file.sources, study.file.study.crs
    for key in (rules.rules.service, *rules.services.values()):
        if key is not None:
            study.service(key)
    layer = given.communes

    def path_of(_: str, source: FileSource) -> Path:
        return study.resolve(source.path)

    moves = study_moves(given, study.file.study.cog, path_of)
    read = timed("communes", sources.read_communes, path_of("", layer), layer, crs=crs)
    name = Path(layer.path).name
    communes = territory.merged_communes(read.table, moves, table=name, cog=layer.cog)[0]
    area = territory.study_area(read.table, moves, study.file.study, name=name, cog=layer.cog)
    former = [*moves.events.former, *read.table["nom"].astype(str).items()]
    known = Gazetteer(communes, moves.became(), former=former, area=area.index)
    services = {key: each.label for key, each in study.services.items()}
    words = {
        word: key for key, each in study.services.items()
        for word in (*each.local_types, each.place_label) if word
    }  # fmt: skip
    in_places = frozenset(key for key, each in study.services.items() if each.unit == "places")
    return Context(known, crs, services, words, in_places=in_places)


def _input(role: str, file: Path) -> InputFile:
    unsaid = labels.text("import.to_say")
    return input_file(
        role, file, root=file.parent, provider=unsaid, licence=unsaid, vintage=unsaid
    )  # fmt: skip


def _of_study(study: StudyConfig | None) -> Sequence[InputFile]:
    if study is None:
        return ()
    given = study.file.sources
    read = {"communes": given.communes, "mergers": given.mergers}
    return [
        input_file(role, study.resolve(each.path), root=study.path.parent, provider=each.provider,
                   licence=each.licence, vintage=each.vintage, note=each.note)
        for role, each in read.items() if each is not None
    ]  # fmt: skip


def _parameters(imported: Imported, *, geocode: bool) -> dict[str, Any]:
    return {
        "as": "equipements", "sheet": imported.sheet, "geocode": geocode,
        "mapping": imported.mapping.model_dump(mode="json", exclude_none=True),
    }  # fmt: skip
