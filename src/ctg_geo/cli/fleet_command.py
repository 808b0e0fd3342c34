"""The command of many territories, or of one very large one."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.screen import Screen
from ctg_geo.cli.service_option import some_services
from ctg_geo.cli.waiting import bars, heralded

if TYPE_CHECKING:
    from ctg_geo.fleet import Account, Crew, Many, Whole

__all__ = ["fleet"]

_FINEST = 100  # homes of a tile


@click.command("fleet", cls=Command, help=labels.text("cli.help_fleet"))
@click.option("--territories", type=click.Path(path_type=Path),
              help=labels.text("cli.opt_fleet_territories"))  # fmt: skip
@some_services()
@click.option("--scheduler", metavar="ADRESSE", help=labels.text("cli.opt_fleet_scheduler"))
@click.option("--workers", type=click.IntRange(1), help=labels.text("cli.opt_fleet_workers"))
@click.option("--memory", type=click.FloatRange(0, min_open=True),
              help=labels.text("cli.opt_fleet_memory"))  # fmt: skip
@click.option("--tile-homes", type=click.IntRange(_FINEST), default=10_000, show_default=True,
              help=labels.text("cli.opt_fleet_tile"))  # fmt: skip
@click.option("--work", type=click.Path(path_type=Path), help=labels.text("cli.opt_fleet_work"))
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("out/fleet"),
              show_default=True, help=labels.text("cli.opt_out"))  # fmt: skip
@shared
def fleet(
    config: Path,
    *,
    territories: Path | None,
    service: tuple[str, ...],
    scheduler: str | None,
    workers: int | None,
    memory: float | None,
    tile_homes: int,
    work: Path | None,
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """Diagnose many territories, or one very large one, on many processes."""
    from ctg_geo.fleet import Crew, many  # noqa: PLC0415  (heavy)

    if scheduler is not None and (workers is not None or memory is not None):
        raise click.UsageError(labels.text("cli.fleet_scheduler_and_workers"))
    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    folder, kept = out.resolve(), (work or out.with_name(f"{out.name}.travail")).resolve()
    services = tuple(dict.fromkeys(service))
    with (
        progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)),
        Crew(scheduler, workers=workers, memory_gb=memory, log=_dask_log(verbose)) as crew,
    ):
        if territories is None:
            return _whole(screen, config, services, folder, crew, kept, tile_homes)
        return _many(screen, many(config, territories, services, folder, crew, kept))


def _dask_log(verbose: int) -> int:
    """Return how much of Dask's log, which is English, planners asked for: none by default."""
    return logging.INFO if verbose else logging.CRITICAL


def _whole(
    screen: Screen, config: Path, services: tuple[str, ...], out: Path, crew: "Crew", work: Path,
    tile_homes: int,
) -> int:  # fmt: skip
    from ctg_geo.fleet import whole  # noqa: PLC0415  (heavy)
    from ctg_geo.study import open_study  # noqa: PLC0415

    study = open_study(config)
    keys = services or study.services_asked
    for key in keys:
        study.config.service(key)
    done: list[Whole] = []
    for key in keys:
        found = whole(study, key, out / key, crew, work, most=tile_homes)
        screen.say(labels.text(
            "cli.fleet_whole", service=study.config.service(key).label, communes=found.communes,
            tiles=found.tiles,
        ))  # fmt: skip
        _account(screen, found.account)
        screen.say(labels.text("cli.written", folder=str(found.folder), files=_some(found.files)))
        done.append(found)
    screen.machine({"services": [
        {"service": each.service, "folder": str(each.folder), "files": list(each.files),
         "communes": each.communes, "tiles": each.tiles, **_counts(each.account)}
        for each in done
    ]})  # fmt: skip
    return 0


def _many(screen: Screen, found: "Many") -> int:
    screen.say(labels.text(
        "cli.fleet_many", territories=found.territories, services=", ".join(found.services) or "–",
    ))  # fmt: skip
    _account(screen, found.account)
    for each in found.findings:
        screen.tell(f"  {each.identifier} – {each.explain()}")
    screen.say(labels.text("cli.written", folder=str(found.folder), files=_some(found.files)))
    screen.machine({
        "folder": str(found.folder), "files": list(found.files), "services": list(found.services),
        "territories": found.territories, **_counts(found.account),
        "findings": [each.explain() for each in found.findings],
    })  # fmt: skip
    return 1 if found.account.refused else 0


def _account(screen: Screen, account: "Account") -> None:
    counts = _counts(account)
    screen.say(labels.text("cli.fleet_account", "fr", **counts))
    if account.damaged:
        screen.say(labels.text("cli.fleet_damaged", "fr", **counts))


def _counts(account: "Account") -> dict[str, int]:
    return {"made": account.made, "found": account.found, "refused": len(account.refused),
            "damaged": account.damaged}  # fmt: skip


def _some(files: tuple[str, ...]) -> str:
    """Name the files that stand alone, and the folder of those that are many."""
    return ", ".join(dict.fromkeys(
        name.partition("/departement=")[0] + "/" if "/departement=" in name else name
        for name in files
    ))  # fmt: skip
