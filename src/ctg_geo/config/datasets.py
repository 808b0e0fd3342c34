"""A source that names a dataset of the catalogue takes from it what it does not say itself."""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctg_geo.cache import folder
from ctg_geo.config.catalogue import Catalogue, Dataset
from ctg_geo.errors import ConfigError

__all__ = ["NamedDataset", "data_folders", "filled"]

_SAID = ("provider", "licence", "vintage", "note")
Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class NamedDataset:
    """A dataset that a study names: where in its file, and where on disk it is or goes."""

    where: str  # the source's path in the study's file: sources.communes
    key: str
    dataset: Dataset
    path: Path

    @property
    def wanted(self) -> Path:
        """The file to put by hand: the archive, where the provider gives one."""
        return self.path if self.dataset.member is None else self.path.with_name(self.dataset.file)


def data_folders(root: Path, data_dir: str | None) -> tuple[Path, ...]:
    """Return the folders where datasets are looked for, in order; the first takes new ones.

    Parameters
    ----------
    root : folder of the study's file
    data_dir : its key `study.data_dir`, if given

    Notes
    -----
    Without `data_dir` new files go to the cache; where the cache is off, to `donnees`
    beside the study.
    """
    kept = folder()
    named = [] if data_dir is None else [root / data_dir]
    found = [*named, *([] if kept is None else [kept / "datasets"])]
    return tuple(path.resolve() for path in found or [root / "donnees"])


def filled(
    content: Mapping[str, Any],
    catalogue: Callable[[], Catalogue],
    *,
    folders: tuple[Path, ...],
    keys_at: Callable[[Iterable[int | str]], Collection[str]],
    file: str,
) -> tuple[dict[str, Any], tuple[NamedDataset, ...]]:
    """Fill in each table of a study's file that names a dataset; what it says itself wins.

    Parameters
    ----------
    content : the study's file as read
    catalogue : read when first needed
    folders : where datasets are, in order
    keys_at : the keys that a table of the study may have, by its place
    file : name of the study's file, for errors

    Raises
    ------
    ConfigError
        If a dataset is not in the catalogue, or is no text.
    """
    named: list[NamedDataset] = []

    def fill(node: Any, at: Location) -> Any:  # noqa: ANN401
        if isinstance(node, list):
            return [fill(each, (*at, number)) for number, each in enumerate(node)]
        if not isinstance(node, Mapping):
            return node
        made = {key: fill(value, (*at, key)) for key, value in node.items()}
        if "dataset" in keys_at(at) and isinstance(made.get("dataset"), str):
            where = ".".join(map(str, at))
            dataset = _found(catalogue(), made["dataset"], file=file, where=where)
            path = _placed(made, dataset, folders)
            named.append(NamedDataset(where, made["dataset"], dataset, path))
            made = _defaults(dataset, path, keys_at(at)) | made
        return made

    return fill(content, ()), tuple(named)


def _found(catalogue: Catalogue, key: str, *, file: str, where: str) -> Dataset:
    known = catalogue.datasets
    if key not in known:
        near = difflib.get_close_matches(key, known, n=8, cutoff=0.3) or sorted(known)
        raise ConfigError("no_dataset", file=file, where=where, value=key, known=near)
    return known[key]


def _placed(table: Mapping[str, Any], dataset: Dataset, folders: tuple[Path, ...]) -> Path:
    if isinstance(table.get("path"), str):
        return Path(table["path"])
    there = [place / dataset.local for place in folders if (place / dataset.local).is_file()]
    return there[0] if there else folders[0] / dataset.local


def _defaults(dataset: Dataset, path: Path, keys: Collection[str]) -> dict[str, Any]:
    """Return what a dataset says of a source, of the keys that it may have."""
    said: dict[str, Any] = {name: getattr(dataset, name) for name in _SAID}
    said |= {"path": str(path), "wider_area": True}
    if dataset.format != "plain":
        said["format"] = dataset.format
    return {key: value for key, value in said.items() if key in keys}
