"""The files of a study: each remembered as an input with its hash, or without it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from ctg_geo.config import StudyConfig
from ctg_geo.config.table_source import FileSource
from ctg_geo.config.transit_source import TransitSource
from ctg_geo.errors import MissingFileError
from ctg_geo.provenance import InputFile, input_file, sha256
from ctg_geo.secrecy import Plan

__all__ = ["StudyFiles", "in_clear_by_plan"]


@dataclass(slots=True, eq=False)
class StudyFiles:
    """The files that a study read so far.

    Attributes
    ----------
    config : of which the files themselves are inputs
    in_clear : roles of inputs that hold in clear what is hidden
    """

    config: StudyConfig
    in_clear: set[str] = field(default_factory=set)
    _inputs: dict[str, InputFile] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Remember the files of the configuration."""
        root = self.config.path.parent
        for path in self.config.files:
            self._inputs[f"config {path.name}"] = input_file(
                "config", path, root=root, provider="ctg-geo", licence="", vintage=""
            )

    def path(self, role: str, source: FileSource) -> Path:
        """Return the path of a source, and remember the file with its hash.

        Raises
        ------
        MissingFileError
            If it may not be read.
        ConfigError
            If it is of a dataset that was not fetched.
        """
        path = self.config.resolve(source.path)
        if source.dataset is not None:
            self.config.check_fetched(source.dataset, path)
        if path.is_file() or (path.is_dir() and isinstance(source, TransitSource)):
            kept = self.config.is_kept(path)
            shown = f"dataset:{source.dataset}/{path.name}" if kept else None
            try:
                self._inputs[role] = input_file(
                    role, path, root=self.config.path.parent, provider=source.provider,
                    licence=source.licence, vintage=source.vintage, note=source.note, shown=shown,
                )  # fmt: skip
            except PermissionError as error:
                raise MissingFileError("denied", file=str(path)) from error
        return path

    def sha256_of(self, source: FileSource) -> str:
        """Return the hash of the file of a source; "" where there is none."""
        path = self.config.resolve(source.path)
        return sha256(path) if path.is_file() else ""

    def inputs(self, clear: Collection[str]) -> tuple[InputFile, ...]:
        """Return the files read so far, with their hashes.

        Those of the roles `clear` and `in_clear` have none: whoever knows the rest of such a file
        would find a hidden count by hashing each count it may be.
        """
        roles = self.in_clear.union(clear)
        hidden = {self._inputs[role].path for role in roles if role in self._inputs}
        return tuple(
            replace(each, sha256="") if each.path in hidden else each
            for each in self._inputs.values()
        )


def in_clear_by_plan(config: StudyConfig, plan: Plan) -> set[str]:
    """Return the roles of files that hold what protects a secret: counts, and their totals."""
    file, hidden = config.file, plan.hidden
    totals = [each.column for each in file.sources.population.controls]
    totals += [each.column for each in file.secrecy.known_totals]
    found = {"population"} if plan.secondary.to_numpy().any() else set()
    if any(hidden[column].any() for column in totals):
        found.add(f"config {config.path.name}")
    return found
