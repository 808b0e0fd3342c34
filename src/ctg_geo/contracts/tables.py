"""The promise of each table, checked where it enters and where it leaves."""

from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

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
            "contract",
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

    text = pa.Check(lambda values: values.map(lambda value: isinstance(value, str)), name="text")

    def column(
        kind: Any = None,  # noqa: ANN401
        *checks: Any,  # noqa: ANN401
        nullable: bool = False,
        required: bool = True,
    ) -> Any:  # noqa: ANN401
        if kind is text:
            return pa.Column(None, [text, *checks], nullable=nullable, required=required)
        return pa.Column(kind, list(checks), nullable=nullable, required=required)

    code = pa.Check.str_matches(_CODE)
    status = pa.Check.isin(STATUSES)
    positive = pa.Check.ge(0)
    more = pa.Check.gt(0)
    not_empty = pa.Check.str_length(min_value=1)
    schemas: dict[str, tuple[dict[str, Any], Any]] = {
        COMMUNES: (
            {"nom": column(text, not_empty), "epci": column(text), "geometry": column()},
            pa.Index(None, code, unique=True, name="code_insee"),
        ),
        POPULATION: ({}, pa.Index(None, code, unique=True, name="code_insee")),
        INDICATORS: ({}, pa.Index(None, code, unique=True, name="code_insee")),
        EQUIPEMENTS: (
            {
                "service": column(text, not_empty),
                "nom": column(text, not_empty),
                "code_insee": column(text),
                "x": column(float, nullable=True),
                "y": column(float, nullable=True),
                "capacity": column(float, positive, nullable=True),
                "capacity_status": column(text, status),
                "location_status": column(text, status),
                "delivery": column(text, pa.Check.isin(DELIVERIES)),
                "hours_per_week": column(float, positive, nullable=True),
                "hours_status": column(text, status, required=False),
                "source": column(text, not_empty),
                "age_from": column(float, positive, nullable=True, required=False),
                "age_to": column(float, positive, nullable=True, required=False),
                "residents": column(text, required=False),
            },
            pa.Index(None, not_empty, unique=True, name="equipement_id"),
        ),
        JUNCTIONS: (
            {"x": column(float), "y": column(float)},
            pa.Index(None, not_empty, unique=True, name="junction_id"),
        ),
        SEGMENTS: (
            {
                "from_junction": column(text, not_empty),
                "to_junction": column(text, not_empty),
                "road_class": column(text),
                "length_m": column(float, positive),
                "speed_kmh": column(float, more, nullable=True),
                "direction": column(text, pa.Check.isin(("both", "forward", "backward"))),
                "name": column(text),
            },
            pa.Index(None, not_empty, unique=True, name="segment_id"),
        ),
        CANDIDATES: (
            {
                "nom": column(text, not_empty),
                "code_insee": column(text),
                "x": column(float),
                "y": column(float),
                "kind": column(text, not_empty),
                "cost_open": column(float, positive, nullable=True),
                "cost_place": column(float, positive, nullable=True),
                "group": column(text),
                "decision": column(text, pa.Check.isin(("", "forced", "forbidden"))),
            },
            pa.Index(None, not_empty, unique=True, name="candidate_id"),
        ),
    }
    columns, index = schemas[contract]
    return pa.DataFrameSchema(columns, index=index, strict=False)
