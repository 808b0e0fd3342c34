"""A validated study: its file, with the services and the profiles that it uses."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

from ctg_geo.config.datasets import NamedDataset
from ctg_geo.config.references import check_declared
from ctg_geo.config.study_file import StudyFile
from ctg_geo.config.toml_file import checked
from ctg_geo.errors import ConfigError, MissingFileError, UnknownServiceError
from ctg_geo.parameters import (
    Itinerant,
    Outing,
    Service,
    Theme,
    TravelProfile,
    Uncertainty,
)

__all__ = ["StudyConfig"]


@dataclass(frozen=True, slots=True, eq=False)
class StudyConfig:
    """A validated study: its own file, the services and the travel profiles it uses.

    `themes` group its services, `tours` are those that travel. `datasets` are those that its
    sources name; `folders` where their files are, in order.
    """

    path: Path
    file: StudyFile
    services: dict[str, Service]
    profiles: dict[str, TravelProfile]
    files: tuple[Path, ...]
    datasets: tuple[NamedDataset, ...] = ()
    folders: tuple[Path, ...] = ()
    themes: dict[str, Theme] = field(default_factory=dict)
    tours: dict[str, Itinerant] = field(default_factory=dict)

    def resolve(self, path: str) -> Path:
        """Return `path` of the configuration, relative to the folder of the study's file."""
        return (self.path.parent / path).resolve()

    def is_kept(self, path: Path) -> bool:
        """Tell whether a file is where datasets are kept, which is no part of the study."""
        return any(path.parent == folder for folder in self.folders) and any(
            self.resolve(str(each.path)) == path for each in self.datasets
        )

    def check_fetched(self, key: str, path: Path) -> None:
        """Check that the file of a dataset is there.

        Raises
        ------
        MissingFileError
            Naming all datasets of the study that are not, the command that fetches them, and
            where to put each by hand.
        """
        if path.exists() or key not in {each.key for each in self.datasets}:
            return
        absent = {
            each.key: each for each in self.datasets if not self.resolve(str(each.path)).exists()
        }
        if len(absent) > 1:
            lines = [f"\n– {self._to_put(each)} ({name}, {each.dataset.page})"
                     for name, each in absent.items()]  # fmt: skip
            raise MissingFileError("datasets", count=len(absent), lines="".join(lines))
        one = next(each for each in self.datasets if each.key == key)
        file = str(self._to_put(one))
        raise MissingFileError("dataset", file=file, key=key, page=one.dataset.page)

    def _to_put(self, named: NamedDataset) -> Path:
        """Return the file to put by hand; where its archive is there, what fetch takes out."""
        wanted = self.resolve(str(named.wanted))
        return self.resolve(str(named.path)) if wanted.exists() else wanted

    def service(self, key: str) -> Service:
        """Return a declared service.

        Raises
        ------
        UnknownServiceError
            Naming the nearest declared ones.
        """
        if key not in self.services:
            near = difflib.get_close_matches(key, self.services, n=1)
            reason = "near" if near else "far"
            raise UnknownServiceError(
                reason, service=key, near=", ".join(near), known=sorted(self.services)
            )
        return self.services[key]

    def thrown(self, *, draws: int | None = None, seed: int | None = None) -> Uncertainty:
        """Return what dice are thrown for; `draws` and `seed` where others are asked for.

        Raises
        ------
        ConfigError
            If the study has no section ``[uncertainty]``, or a value is out of bounds.
        """
        section = self.file.uncertainty
        if section is None:
            raise ConfigError("no_uncertainty", file=self.path.name)
        asked = {"draws": draws, "seed": seed}
        given = {name: value for name, value in asked.items() if value is not None}
        return checked(Uncertainty, {**section.model_dump(), **given}, self.path)

    def outing(self, profile: str) -> tuple[str, Outing] | None:
        """Return the outing of a profile that takes public transport: its own, or the first.

        None where the profile takes none, or the study declares no outing.
        """
        section = self.file.transit
        if section is None or self.profiles[profile].transit is None:
            return None
        named = profile.partition(".")[2]
        key = named if named in section.outings else next(iter(section.outings))
        return key, section.outings[key]

    def profile(self, key: str) -> TravelProfile:
        """Return a declared travel profile, or one at one of its periods.

        Raises
        ------
        ConfigError
            Naming the declared ones.
        """
        check_declared(key, self.profiles, self.files[-1].name, "profile")
        return self.profiles[key]
