"""A country put on disk for those who work on a part of it: points, people, places, the service."""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.fleet.shelf import named_by
from ctg_geo.parameters import Robustness, Service
from ctg_geo.travel.ground import Ground

__all__ = ["MODE", "RULES", "Country", "mapped"]

MODE = "mode."
RULES = "rules.json"


@dataclass(frozen=True, slots=False, eq=False, repr=False)
class Country:
    """All that the results of communes are made of, in plain arrays and tables.

    `homes` has, by number: commune (its number), share (of its commune), people (concerned,
    estimates included), far (off any road), nearest (number of the nearest place) and nearest_ms,
    both -1 where none is within reach; and the minutes by each further profile (`mode.foot`), NaN
    beyond reach. What secrecy hides is not in any of it.
    """

    key: str  # of the service
    service: Service
    robustness: Robustness
    fewest: float
    told: int
    ground: Ground
    homes: dict[str, npt.NDArray[Any]]
    communes: (
        pd.DataFrame
    )  # by code_insee: nom, inside, in_part, tile, population, demand, its status
    places: pd.DataFrame  # by equipement_id, those that count, and the tile of each

    def __repr__(self) -> str:
        return (f"<Country {self.key}: {len(self.communes)} communes, "
                f"{len(self.homes['commune'])} homes, {self.tiles} tiles>")  # fmt: skip

    @property
    def modes(self) -> tuple[str, ...]:
        """The further profiles, in their order."""
        return tuple(name.removeprefix(MODE) for name in self.homes if name.startswith(MODE))

    @property
    def tiles(self) -> int:
        """Number of tiles."""
        return int(self.communes["tile"].max()) + 1

    @cached_property
    def name(self) -> str:
        """The key that only these figures and settings have, those of the tiles apart."""
        arrays = {**self.homes, **self.ground.arrays()}
        words = [_version(), json.dumps(self._rules(), sort_keys=True), *arrays]
        values = list(arrays.values())
        for table in (self.communes.drop(columns="tile"), self.places.drop(columns="tile")):
            for column, cells in table.reset_index().items():
                words.append(str(column))
                if pd.api.types.is_numeric_dtype(cells.dtype):
                    values.append(cells.to_numpy())
                else:
                    words += [str(cell) for cell in cells]
        return named_by(words, values)

    def name_of(self, tile: int, part: str) -> str:
        """Return the key of a part of a tile: of the country, and of which communes it is."""
        codes = self.communes.index[self.communes["tile"] == tile]
        return named_by([self.name, part, *map(str, codes)])

    def save(self, folder: Path) -> None:
        """Write the country into a folder, the rules last: with them it is whole."""
        self.ground.save(folder)
        for name, array in self.homes.items():
            np.save(folder / f"homes.{name}.npy", array)
        for name in ("communes", "places"):
            getattr(self, name).to_parquet(folder / f"{name}.parquet")
        (folder / RULES).write_text(json.dumps(self._rules()), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote."""
        rules = json.loads((folder / RULES).read_text(encoding="utf-8"))
        homes = {name: np.load(folder / f"homes.{name}.npy", mmap_mode="r")
                 for name in rules["homes"]}  # fmt: skip
        tables = {name: pd.read_parquet(folder / f"{name}.parquet")
                  for name in ("communes", "places")}  # fmt: skip
        return cls(
            rules["key"], Service.model_validate(rules["service"]),
            Robustness.model_validate(rules["robustness"]), rules["fewest"], rules["told"],
            Ground.load(folder), homes, **tables,
        )  # fmt: skip

    def _rules(self) -> dict[str, object]:
        return {
            "key": self.key, "service": self.service.model_dump(mode="json"),
            "robustness": self.robustness.model_dump(mode="json"), "fewest": self.fewest,
            "told": self.told, "homes": list(self.homes),
        }  # fmt: skip


@lru_cache(maxsize=1)
def mapped(folder: Path) -> Country:
    """Return the country of a folder: mapped once by each process."""
    return Country.load(folder)


def _version() -> str:
    from ctg_geo import __version__  # noqa: PLC0415  (circular at import)

    return __version__
