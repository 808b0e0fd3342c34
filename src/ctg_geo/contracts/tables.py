"""The promise of each table, checked where it enters and where it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import pandas as pd

from ctg_geo.contracts.codes import COMMUNE_CODE
from ctg_geo.contracts.status import STATUSES
from ctg_geo.errors import DataError, Defect

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

__all__ = [
    "CANDIDATES",
    "COMMUNES",
    "DELIVERIES",
    "EQUIPEMENTS",
    "INDICATORS",
    "JUNCTIONS",
    "POPULATION",
    "SEGMENTS",
    "checked",
]

CANDIDATES: Final = "candidates"
COMMUNES: Final = "communes"
POPULATION: Final = "population"
INDICATORS: Final = "indicators"
EQUIPEMENTS: Final = "equipements"
JUNCTIONS: Final = "junctions"
SEGMENTS: Final = "segments"
DELIVERIES: Final = ("fixed", "branch", "multi_site", "mobile")

Table = TypeVar("Table", bound=pd.DataFrame)

_CODE = f"^{COMMUNE_CODE}$"


@dataclass(frozen=True, slots=True)
class _Column:
    """The promise of a column: text (str), number (float) or anything (None)."""

    kind: type | None = None
    check: Literal["not_empty", "positive", "more"] | None = None
    among: tuple[str, ...] | None = None
    nullable: bool = False
    required: bool = True


_TEXT, _NAMED = _Column(str), _Column(str, "not_empty")
_NUMBER, _STATUS = _Column(float), _Column(str, among=STATUSES)
_SIZE = _Column(float, "positive", nullable=True)
_AGE = _Column(float, "positive", nullable=True, required=False)

_KEYS: Final = MappingProxyType({  # the index of each table, and whether it is a commune's code
    COMMUNES: ("code_insee", True),
    POPULATION: ("code_insee", True),
    INDICATORS: ("code_insee", True),
    EQUIPEMENTS: ("equipement_id", False),
    JUNCTIONS: ("junction_id", False),
    SEGMENTS: ("segment_id", False),
    CANDIDATES: ("candidate_id", False),
})  # fmt: skip

_COLUMNS: Final[Mapping[str, Mapping[str, _Column]]] = MappingProxyType({
    COMMUNES: {"nom": _NAMED, "epci": _TEXT, "geometry": _Column()},
    POPULATION: {},
    INDICATORS: {},
    EQUIPEMENTS: {
        "service": _NAMED, "nom": _NAMED, "code_insee": _TEXT,
        "x": _Column(float, nullable=True), "y": _Column(float, nullable=True),
        "capacity": _SIZE, "capacity_status": _STATUS, "location_status": _STATUS,
        "delivery": _Column(str, among=DELIVERIES), "hours_per_week": _SIZE, "source": _NAMED,
        "hours_status": _Column(str, among=STATUSES, required=False),
        "age_from": _AGE, "age_to": _AGE, "residents": _Column(str, required=False),
    },
    JUNCTIONS: {"x": _NUMBER, "y": _NUMBER},
    SEGMENTS: {
        "from_junction": _NAMED, "to_junction": _NAMED, "road_class": _TEXT,
        "length_m": _Column(float, "positive"), "speed_kmh": _Column(float, "more", nullable=True),
        "direction": _Column(str, among=("both", "forward", "backward")), "name": _TEXT,
    },
    CANDIDATES: {
        "nom": _NAMED, "code_insee": _TEXT, "x": _NUMBER, "y": _NUMBER, "kind": _NAMED,
        "cost_open": _SIZE, "cost_place": _SIZE, "group": _TEXT,
        "decision": _Column(str, among=("", "forced", "forbidden")),
    },
})  # fmt: skip


def checked(table: Table, contract: str, *, table_name: str | None = None) -> Table:
    """Return `table` if it keeps its contract.

    Parameters
    ----------
    table : the table, on its identifying index
    contract : one of the names of this module
    table_name : what to call it in the error

    Raises
    ------
    DataError
        With every failure at once: row (index), column and value.
    """
    from pandera.errors import SchemaErrors  # noqa: PLC0415  (heavy)

    try:
        _schema(contract).validate(pd.DataFrame(table), lazy=True)
    except SchemaErrors as error:
        raise DataError(_defects(error.failure_cases, table_name or contract)) from error
    if contract in (POPULATION, INDICATORS):
        _check_values(table, table_name or contract)
    return table


def _defects(cases: pd.DataFrame, name: str) -> list[Defect]:
    return [
        Defect(
            name,
            "no_text" if str(case["check"]).startswith("str_length") else "contract",
            column=None if case["column"] is None else str(case["column"]),
            value=str(case["failure_case"]),
            facts={"check": str(case["check"]), "index": str(case["index"])},
        )
        for case in cases.to_dict("records")
    ]


def _check_values(table: pd.DataFrame, name: str) -> None:
    """Check that a value is there exactly where its status says so, and is not negative."""
    defects = []
    for column in table.columns:
        status = f"{column}_status"
        if status not in table.columns:
            continue
        given = table[status].isin(("observed", "estimated"))
        wrong = (given != table[column].notna()) | (table[column] < 0)
        unknown = ~table[status].isin(STATUSES)
        defects += [
            Defect(name, "contract", column=str(column), value=str(table.at[code, column]),
                   facts={"check": "value and status agree", "index": str(code)})
            for code in table.index[wrong | unknown]
        ]  # fmt: skip
    if defects:
        raise DataError(defects)


@cache
def _schema(contract: str) -> "DataFrameSchema":
    import pandera.pandas as pa  # noqa: PLC0415  (heavy)

    key, is_code = _KEYS[contract]
    check = pa.Check.str_matches(_CODE) if is_code else pa.Check.str_length(min_value=1)
    columns = {name: _column(each) for name, each in _COLUMNS[contract].items()}
    return pa.DataFrameSchema(
        columns, index=pa.Index(None, check, unique=True, name=key), strict=False
    )


def _column(each: _Column) -> Any:  # noqa: ANN401  (pandera names no type)
    import pandera.pandas as pa  # noqa: PLC0415  (heavy)

    checks = {
        "not_empty": lambda: pa.Check.str_length(min_value=1),
        "positive": lambda: pa.Check.ge(0),
        "more": lambda: pa.Check.gt(0),
    }
    is_text = pa.Check(lambda values: values.map(lambda value: isinstance(value, str)), name="text")
    made = [is_text] if each.kind is str else []
    if each.check is not None:
        made.append(checks[each.check]())
    if each.among is not None:
        made.append(pa.Check.isin(each.among))
    kind = None if each.kind is str else each.kind
    return pa.Column(kind, made, nullable=each.nullable, required=each.required)
