"""A real browser for the tests of pages: Chromium, without any network."""

import atexit
import os
import shutil
from contextlib import contextmanager
from functools import cache

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium():
    """Return the browser's path; skip loudly without one, fail on CI."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        said = "CHROMIUM NOT FOUND: pages are not tested (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return found


@cache
def _playwright():
    """Start what drives browsers, for the whole session."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


@cache
def _browser(*flags):
    """Start one browser of its kind for the whole session."""
    browser = _playwright().chromium.launch(
        executable_path=chromium(),
        args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", *flags],
    )
    atexit.register(browser.close)
    return browser


@contextmanager
def opened(path, *flags, **options):
    """Open a file in a new page; yield it, with what went wrong and what it asked for.

    `flags` are those of a browser of another kind.
    """
    context = _browser(*flags).new_context(
        viewport={"width": 1400, "height": 1000}, offline=True, locale="fr-FR", **options
    )
    page = context.new_page()
    page.faults, page.asked = [], []
    page.on("console", lambda each: each.type == "error" and page.faults.append(each.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda each: page.asked.append(each.url))
    page.goto(path.resolve().as_uri())
    try:
        yield page
    finally:
        context.close()
