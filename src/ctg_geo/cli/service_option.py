"""The option that names a service of the study, completed by the shell."""

from collections.abc import Callable
from typing import Any

import click

from ctg_geo import labels
from ctg_geo.cli.completing import service_keys

__all__ = ["Decorator", "one_service", "some_services"]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def one_service(said: str = "cli.opt_studied_service", *, required: bool = True) -> Decorator:
    """Add the option of a command about one service; `said` is the key of its help."""
    return click.option("--service", "-s", required=required, shell_complete=service_keys,
                        help=labels.text(said))  # fmt: skip


def some_services(said: str = "cli.opt_service") -> Decorator:
    """Add the option of a command about any number of services."""
    return click.option("--service", "-s", multiple=True, shell_complete=service_keys,
                        help=labels.text(said))  # fmt: skip
