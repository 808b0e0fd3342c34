"""Files made beside their place and published together, whatever kills the process and whenever.

A folder is written by one run at a time (`locked`). Its files are made in a hidden folder inside
it (`staged`) and published together: a run that dies before it has decided to publish leaves the
former files; one that dies after is finished by the next.
"""

from ctg_geo.staging.lock import locked
from ctg_geo.staging.refusal import not_written, why
from ctg_geo.staging.stage import Stage, mended, staged

__all__ = ["Stage", "locked", "mended", "not_written", "staged", "why"]
