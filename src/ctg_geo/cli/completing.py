"""What a shell offers after an option: services of the study, scenarios of its folder."""

from pathlib import Path

import click

from ctg_geo.config import StudyConfig
from ctg_geo.errors import CtgGeoError

__all__ = ["scenario_names", "service_keys"]


def service_keys(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the services of the study on the line that begin with what is typed."""
    study = _study(context)
    return [] if study is None else sorted(
        each for each in study.services if each.startswith(incomplete)
    )  # fmt: skip


def scenario_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of the scenarios in the folder of the study on the line."""
    study = _study(context)
    if study is None:
        return []
    files = study.resolve(study.file.scenarios.folder).glob("*.toml")
    return sorted(each.stem for each in files if each.stem.startswith(incomplete))


def _study(context: click.Context) -> StudyConfig | None:
    """Return the study that the line names; None where it names none that can be read."""
    from ctg_geo.config import load_study  # noqa: PLC0415  (heavy)

    given = [context.params.get("config"), *context.args]
    file = next((Path(str(each)) for each in given if str(each).endswith(".toml")), None)
    try:
        return None if file is None else load_study(file)
    except CtgGeoError:
        return None  # a line is completed, not judged
