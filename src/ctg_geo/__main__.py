"""`python -m ctg_geo`: the command line."""

import sys

from ctg_geo.cli import main

sys.exit(main())
