"""A planner's own list of candidate sites: where, at what cost, imposed or ruled out."""

from typing import Literal, Self

from pydantic import model_validator

from ctg_geo.config.kinds import ColumnName, need
from ctg_geo.config.table_source import TableSource
from ctg_geo.parameters.parameter import refusal

__all__ = ["CandidateColumn", "CandidateSource"]

CandidateColumn = Literal[
    "candidate_id", "nom", "code_insee", "lon", "lat", "x", "y", "cost_open", "cost_place",
    "group", "decision",
]  # fmt: skip


class CandidateSource(TableSource):
    """Candidate sites, one row each.

    Coordinates are lon and lat, or x and y in `crs`. `cost_open` and `cost_place` are euros,
    `group` a word that floors name, and `decision` empty, or one of `forced_words` or
    `forbidden_words`.
    """

    columns: dict[CandidateColumn, ColumnName]
    forced_words: tuple[str, ...] = ("imposé", "impose", "forced")
    forbidden_words: tuple[str, ...] = ("interdit", "exclu", "forbidden")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "candidate_id", "nom")
        metric = {"x", "y"} & set(self.columns)
        need(self.columns, *(("x", "y") if metric else ("lon", "lat")))
        if metric and self.crs is None:
            raise refusal("trip_x_y_crs")
        return self
