"""Help is French to the last word, and each command has an example that it takes."""

import re
import shlex

import pytest
from click.testing import CliRunner

from ctg_geo import labels
from ctg_geo.cli.main import app

ENGLISH = re.compile(
    r"Usage|Options:|Commands:|\[default|\[required|\b(TEXT|PATH|INTEGER|FLOAT|RANGE|FOLDER|FILE)\b"
)
PAGES = ["", *app.commands]


def page(name):
    asked = [name, "--help"] if name else ["--help"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_help_has_no_english(name):
    assert ENGLISH.findall(page(name)) == []
    assert page(name).startswith("Emploi\u00a0:")


@pytest.mark.parametrize("name", app.commands)
def test_each_command_has_an_example_that_it_takes(name):
    example = labels.text(f"cli.example.{name}")
    assert example in page(name)
    program, command, *words = shlex.split(example.split(" >> ")[0])
    assert (program, command) == ("ctg-geo", name)
    app.commands[name].make_context(name, words)  # refuses options and values it does not know


@pytest.mark.parametrize("name", app.commands)
def test_each_line_of_the_list_of_commands_ends_as_a_sentence(name):
    assert labels.text(f"cli.short_{name}").endswith(".")
