"""When a norm is met: access is a sum of quotients, and may come out a last digit short of it."""

from typing import Final

__all__ = ["MET"]

MET: Final = 1 - 1e-12
"""Share of a norm on supply from which it is met: what lacks then is the rounding of sums."""
