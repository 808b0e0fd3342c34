"""All the results of a run: of one service, of several, or of every theme with its analyses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ctg_geo import labels
from ctg_geo.documents.published import Layer, Published, read_layer, read_published
from ctg_geo.errors import UnreadableFileError

__all__ = ["Results", "ServiceResults", "read_results"]

_SERVICES_FILE = "ctg.gpkg"


@dataclass(frozen=True, slots=True, eq=False)
class ServiceResults:
    """What was published of one service; `communes` the worst first, then the furthest."""

    key: str
    declared: Mapping[str, Any]
    published: Published
    communes: Layer

    @property
    def label(self) -> str:
        """Name of the service."""
        return str(self.declared["label"])

    @property
    def judged(self) -> bool:
        """Whether a norm judges it."""
        return self.declared.get("norm") is not None

    @property
    def on_supply(self) -> bool:
        """Whether the norm is on what is offered, not on time alone."""
        return self.judged and self.declared["norm"].get("per_100") is not None

    @property
    def way(self) -> str:
        """How one travels to it, in words."""
        profile = self.published.manifest["parameters"]["profile"][self.declared["profile"]]
        return labels.text(f"way.{profile['mode']}")

    @property
    def reach(self) -> str:
        """How one travels to it, and within how long a place is in reach, in words."""
        return labels.text("documents.reach", way=self.way, limit=self.declared["max_min"])

    @property
    def unit(self) -> str:
        """What its supply is counted in."""
        return str(self.declared["unit"])


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """Results of one study; `whole` is the folder over all themes, where they were run."""

    folder: Path
    study: str
    whole: Published | None
    services: tuple[ServiceResults, ...]

    @property
    def folders(self) -> tuple[Published, ...]:
        """Every folder read, the one over all themes first."""
        first = () if self.whole is None else (self.whole,)
        return (*first, *(each.published for each in self.services))

    @property
    def analyses(self) -> Mapping[str, Mapping[str, Any]]:
        """Declarations of the analyses that were written, by key."""
        if self.whole is None:
            return {}
        declared: Mapping[str, Mapping[str, Any]] = self.whole.study.get("analyses", {})
        return {key: each for key, each in declared.items()
                if self.whole.has(f"chapitre_{key}.txt")}  # fmt: skip

    def service(self, key: str) -> ServiceResults | None:
        """Return the results of a service, None where there are none."""
        return next((each for each in self.services if each.key == key), None)


def read_results(folder: Path) -> Results:
    """Read the results of `diagnose`: of a service, of several, or of all themes.

    Raises
    ------
    UnreadableFileError
        If the folder holds no results, those of another command, or of several studies.
    """
    whole, services = None, list[ServiceResults]()
    if (folder / "manifest.json").exists():
        found = read_published(folder)
        if found.service is not None:
            if _SERVICES_FILE not in found.manifest["outputs"]:
                raise UnreadableFileError("other_results", file=str(folder))
            services = [_service(found)]
        else:
            whole = found
    if not services:
        inside = sorted(each.parent for each in folder.glob("*/manifest.json"))
        read = [read_published(each) for each in inside if (each / _SERVICES_FILE).exists()]
        services = [_service(each) for each in read if each.service is not None]
    if not services and whole is None:
        raise UnreadableFileError("no_results", file=str(folder))
    names = {each.study["study"]["name"] for each in (whole, *(s.published for s in services))
             if each is not None}  # fmt: skip
    if len(names) > 1:
        raise UnreadableFileError("several_studies", file=str(folder), names=sorted(names))
    return Results(folder, str(names.pop()), whole, tuple(_ordered(services, whole)))


def _service(published: Published) -> ServiceResults:
    assert published.service is not None, "the folder of a service"
    key, declared = published.service
    layer = read_layer(published.folder / _SERVICES_FILE, "communes")
    if layer is None:
        raise UnreadableFileError("no_results", file=str(published.folder))
    far = layer.table["nearest_min"].fillna(np.inf)
    table = layer.table.assign(far=-far).sort_values(["rank", "far"], kind="stable")
    table = table.drop(columns="far").reset_index(drop=True)
    return ServiceResults(key, declared, published, Layer(table, layer.titles, layer.description))


def _ordered(services: Sequence[ServiceResults], whole: Published | None) -> list[ServiceResults]:
    """Put services in the order of the themes, those of no theme last."""
    themes = {} if whole is None else whole.themes
    order = list(dict.fromkeys(key for each in themes.values() for key in each["services"]))
    place = {key: at for at, key in enumerate(order)}
    return sorted(services, key=lambda each: (place.get(each.key, len(order)), each.key))
