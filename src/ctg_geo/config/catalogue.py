"""The catalogue of official datasets: where each is published, and how it is read."""

from pathlib import PurePosixPath
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["FORMATS", "Catalogue", "Dataset", "Format"]

Format = Literal[
    "plain", "admin_express", "contours_etalab", "api_geo", "cog", "cog_mouvements",
    "base_ic", "commune_ages", "filosofi", "population_raster", "caf_communes",
    "income", "families", "employment", "density", "fragility",
    "bpe", "bpe_passage", "france_services", "mediation_numerique", "data_inclusion",
    "cafdata", "qpv", "contours_iris", "gtfs",
]  # fmt: skip
FORMATS: tuple[str, ...] = get_args(Format)

Role = Literal[
    "communes", "mergers", "population", "cells", "iris", "equipements", "indicators", "transit",
]  # fmt: skip


def _bare(name: str) -> str:
    if "\\" in name or PurePosixPath(name).name != name:
        raise refusal("bare_name")
    return name


def _inside(member: str) -> str:
    path = PurePosixPath(member)
    if "\\" in member or path.is_absolute() or ".." in path.parts:
        raise refusal("member")
    return member


def _web(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise refusal("url")
    return url


Web = Annotated[str, AfterValidator(_web)]


class Dataset(Parameter):
    """A file that an official provider publishes.

    `page` is where people read about it and download it by hand; `url` the file itself,
    where it has a stable address. `file` is the name it must bear on disk; `member` the file
    wanted of it where it is a zip. With `status = "to_verify"` the address is a guess.
    """

    title: str = Field(min_length=1)
    provider: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    vintage: str = Field(min_length=1)
    page: Web
    url: Web | None = None
    file: Annotated[str, Field(min_length=1), AfterValidator(_bare)]
    member: Annotated[str, Field(min_length=1), AfterValidator(_inside)] | None = None
    format: Format
    role: Role
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    size_mb: float | None = Field(default=None, gt=0)
    status: Literal["documented", "to_verify"] = "documented"
    note: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.member is not None and not self.file.lower().endswith(".zip"):
            raise refusal("member_zip")
        return self

    @property
    def local(self) -> str:
        """The name of the file that readers open: the one downloaded, or its member."""
        return self.file if self.member is None else PurePosixPath(self.member).name


class Catalogue(Parameter):
    """Datasets by key; no two may take each other's place on disk."""

    datasets: dict[str, Dataset] = Field(min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        seen: dict[str, str] = {}
        for key, dataset in self.datasets.items():
            other = seen.setdefault(dataset.local.casefold(), key)
            if other != key:
                raise refusal("same_file", one=key, other=other, file=dataset.local)
        return self
