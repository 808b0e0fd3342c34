"""What every setting a person writes has in common."""

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from ctg_geo import labels

__all__ = ["Parameter", "refusal"]


class Parameter(BaseModel):
    """A frozen setting that refuses keys it does not know and values out of bounds."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False
    )


def refusal(key: str, **facts: object) -> PydanticCustomError:
    """Return the error of settings that contradict each other; its text is `expected.<key>`."""
    said = labels.text(f"expected.{key}", "en", **facts).replace("{", "(").replace("}", ")")
    return PydanticCustomError(key, said, facts)
