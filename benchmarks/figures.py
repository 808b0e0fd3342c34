"""Figures of a benchmark as a file that machines read: one name, one number, less is better."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path


def add_json(reader: argparse.ArgumentParser) -> None:
    """Let a benchmark take ``--json FILE``."""
    reader.add_argument("--json", type=Path, help="write the figures to this file too")


def write(file: Path | None, figures: Mapping[str, float]) -> None:
    """Write figures by name (seconds, milliseconds, megabytes: less is better), if asked for."""
    if file is not None:
        said = {name: float(value) for name, value in figures.items()}
        file.write_text(json.dumps(said, indent=2, sort_keys=True) + "\n", encoding="utf-8")
