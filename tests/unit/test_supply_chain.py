"""What the project stands on: bounded, pinned with all it brings, under permissive licences."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
RUN, DEV = PROJECT["dependencies"], EXTRAS["dev"]
PINS = {
    canonicalize_name(name): version
    for name, version in re.findall(
        r"^(\S+)==(\S+)$", (ROOT / ".ci" / "constraints.txt").read_text(), re.MULTILINE
    )
}
PERMISSIVE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software|HPND|Unlicense|0BSD|Zlib|CC0")
COPYLEFT = re.compile(r"GPL|MPL|EUPL|CDDL|EPL|Mozilla|GNU|CeCILL", re.IGNORECASE)
EXCEPTIONS = {
    "certifi": "MPL-2.0 on a list of certificates, handed on as it is",
    "hypothesis": "MPL-2.0, runs the tests and is not handed on",
    "pathspec": "MPL-2.0, used by mypy and not handed on",
    "docutils": "public domain and BSD; GPL for one editor mode; builds the site only",
    "axe-playwright-python": "says no licence in its metadata (MIT in its repository); tests only",
}


def closure(requirements):
    """Return the installed distributions of requirements and of all that these require."""
    found, waiting, seen = {}, [Requirement(each) for each in requirements], set()
    while waiting:
        each = waiting.pop()
        key = (canonicalize_name(each.name), frozenset(each.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            found[key[0]] = distribution(each.name)
        except PackageNotFoundError:  # of another system, or an extra that is not installed
            continue
        for text in found[key[0]].requires or []:
            inner = Requirement(text)
            if inner.marker is None or any(
                inner.marker.evaluate({"extra": extra}) for extra in ("", *each.extras)
            ):
                waiting.append(inner)
    return found


def licence(made):
    """Return what a distribution says of its licence."""
    told = made.metadata
    classified = [each.split("::")[-1] for each in told.get_all("Classifier", [])
                  if each.startswith("License")]  # fmt: skip
    return told.get("License-Expression") or " / ".join(classified) or told.get("License") or ""


@pytest.mark.parametrize("text", [each for group in (RUN, *EXTRAS.values()) for each in group])
def test_every_dependency_has_a_lowest_and_a_highest_version(text):
    signs = {each.operator for each in Requirement(text).specifier}
    assert ">=" in signs, text
    assert signs & {"<", "<=", "=="}, f"{text}: the next major version may break it unseen"


def test_ci_pins_all_that_is_installed_and_nothing_else():
    named = {canonicalize_name(Requirement(each).name) for each in (*RUN, *DEV)}
    found = closure([*RUN, *DEV])
    unpinned = sorted(set(found) - set(PINS))
    assert not unpinned, f"add to .ci/constraints.txt: {unpinned}"
    assert named & set(found) <= set(PINS)


def test_licences_are_permissive_or_named_with_their_reason():
    found = closure([*RUN, *DEV])
    said = {name: licence(each) for name, each in found.items()}
    other = {
        name: text for name, text in said.items()
        if not PERMISSIVE.search(text) or COPYLEFT.search(text)
    }  # fmt: skip
    assert set(other) <= set(EXCEPTIONS), {n: t[:80] for n, t in other.items()
                                          if n not in EXCEPTIONS}  # fmt: skip


def test_what_is_handed_on_has_one_exception():
    other = {name for name, each in closure(RUN).items() if COPYLEFT.search(licence(each))}
    assert other <= {"certifi"}
