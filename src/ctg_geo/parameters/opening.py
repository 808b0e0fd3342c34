"""What words such as « matin » stand for where a file gives no times."""

from typing import Annotated

from pydantic import AfterValidator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["AssumedHours"]


def _forward(span: tuple[float, float]) -> tuple[float, float]:
    if not 0 <= span[0] < span[1] <= 24:  # noqa: PLR2004  (hours of a day)
        raise refusal("assumed_hours")
    return span


Span = Annotated[tuple[float, float], AfterValidator(_forward)]


class AssumedHours(Parameter):
    """Opening assumed for a half-day that is only named, in hours of the day.

    A judgement, not an observation: three hours a half-day, as most of the opening times
    of the France services list. Hours made of it have the status `estimated`.
    """

    morning: Span = (9.0, 12.0)
    afternoon: Span = (14.0, 17.0)
    evening: Span = (18.0, 20.0)
