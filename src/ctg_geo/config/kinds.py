"""Kinds of values that several sections share, each refused with what is expected."""

from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from ctg_geo.parameters.parameter import refusal

__all__ = ["ColumnName", "Crs", "MetricCrs", "Separator", "need"]


def _known_crs(value: str) -> str:
    from pyproj import CRS  # noqa: PLC0415  (heavy)
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    try:
        CRS.from_user_input(value)
    except CRSError as error:
        raise refusal("crs") from error
    return value


def _metric_crs(value: str) -> str:
    from pyproj import CRS  # noqa: PLC0415  (heavy)

    crs = CRS.from_user_input(_known_crs(value))
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise refusal("crs_metric")
    return value


def _one_sign(value: str) -> str:
    if value in '"\r\n':
        raise refusal("separator")
    return value


Crs = Annotated[str, AfterValidator(_known_crs)]
MetricCrs = Annotated[str, AfterValidator(_metric_crs)]
Separator = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=1),
    AfterValidator(_one_sign),
]
ColumnName = Annotated[str, Field(min_length=1)]


def need(columns: Collection[str], *names: str, key: str = "columns") -> None:
    """Refuse a table of columns that lacks one it cannot do without."""
    missing = [name for name in names if name not in columns]
    if missing:
        raise refusal("columns_needed", names=", ".join(missing), section=key)
