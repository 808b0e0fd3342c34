"""The counter: `ctg-geo check` and `ctg-geo diagnose`, in French, with exit codes.

0 done; 1 the data or the configuration prevents it; 2 misuse; 3 no feasible plan.
"""

from ctg_geo.cli.app import app
from ctg_geo.cli.main import main

__all__ = ["app", "main"]
