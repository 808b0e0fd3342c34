"""The plugin of QGIS as a zip that its window of plugins installs, the same bytes each time."""

import json
import zipfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from ctg_geo import labels
from ctg_geo.export.aside import write_aside

__all__ = ["PLUGIN", "write_plugin"]

PLUGIN: Final = "ctg_geo_qgis"  # what QGIS knows it by
_MODULES: Final = ("__init__", "algorithms", "engine", "parameters", "provider", "results", "words")
_WORDS: Final = (
    "about", "all", "cancelled", "compare_help", "compare_name", "config", "config_filter",
    "diagnose_help", "diagnose_name", "failed", "help_candidates", "help_scenarios", "layers",
    "load", "names", "no_command", "no_scenario", "open", "out", "partly", "project", "scenarios",
    "service", "services", "setting", "site_help", "site_name",
)  # fmt: skip
_SITE: Final = (
    "service", "objective", "new", "exactly", "capacity", "then", "total", "budget", "cost_open",
    "cost_place", "at_least", "force", "forbid", "close", "resize", "prefer", "candidates", "share",
    "within", "frontier", "step", "time_limit",
)  # fmt: skip
_CHOICES: Final = ("shortfall", "floor", "cover", "gini", "severity", "median", "center", "cost",
                   "places", "sites")  # fmt: skip
_STAMP: Final = (2000, 1, 1, 0, 0, 0)


def write_plugin(path: str | Path) -> None:
    """Write the plugin.

    Parameters
    ----------
    path : .zip to write; written aside, then moved

    Raises
    ------
    OutputError
        If the file cannot be written; a former one stays as it was.
    """
    source = files(__package__) / "plugin"
    held = {f"{name}.py": (source / f"{name}.py").read_text(encoding="utf-8") for name in _MODULES}
    held["metadata.txt"] = _metadata()
    held["words.json"] = json.dumps(_words(), ensure_ascii=False, indent=1)
    write_aside(Path(path), lambda made: _zip(made, held))


def _words() -> dict[str, str]:
    """Return what the plugin says."""
    found = {key: _template(key) for key in _WORDS}
    found |= {f"site_{each}": labels.text(f"qgis_plugin.site.{each}") for each in _SITE}
    found |= {f"choice_{each}": labels.text(f"qgis_plugin.choice.{each}") for each in _CHOICES}
    return found


def _template(key: str) -> str:
    """Return a sentence with the places of its facts left open."""
    facts = {name: f"{{{name}}}" for name in ("code", "command", "project")}
    return labels.text(f"qgis_plugin.{key}", "fr", **facts)


def _metadata() -> str:
    """Return what QGIS reads of a plugin before it loads it."""
    about = labels.text("qgis_plugin.about")
    return "\n".join([
        "[general]", "name=ctg-geo", f"description={about}", f"about={about}",
        f"version={version('ctg-geo')}", "qgisMinimumVersion=3.22", "qgisMaximumVersion=4.99",
        "author=ctg-geo", "email=ctg-geo@example.org", "hasProcessingProvider=yes",
        "category=Analysis", "supportsQt6=True", "experimental=False", "",
    ])  # fmt: skip


def _zip(path: Path, held: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(held):
            entry = zipfile.ZipInfo(f"{PLUGIN}/{name}", date_time=_STAMP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, held[name])
