"""A second real browser for the tests of pages: Firefox, without any network.

Firefox itself speaks WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): no driver stands
between. It runs on a screen in memory (Xvfb): without a screen it has no WebGL, and no map.
"""

import atexit
import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

NAMES = ("firefox-esr", "firefox")
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Control": "\ue009"}
WAIT_S = 60
PREFS = {
    "browser.download.folderList": 2,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "fr-FR, fr",
    "network.proxy.type": 1,  # no network: what is asked for goes to a port where nobody is
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "ui.prefersReducedMotion": 1,
}


def programs():
    """Return the paths of the browser and of its screen; skip loudly without, fail on CI."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    screen = shutil.which("Xvfb")
    if found is None or screen is None:
        said = "FIREFOX OR XVFB NOT FOUND: pages are not tested in Firefox"
        said += " (Debian: apt install firefox-esr xvfb)"
        if os.environ.get("CI") or os.environ.get("CTG_GEO_QGIS_REQUIRED"):
            pytest.fail(said)
        pytest.skip(said)
    return found, screen


@cache
def display():
    """Start a screen in memory for the whole session; return its name."""
    screen = subprocess.Popen(
        [programs()[1], "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    atexit.register(screen.communicate)
    atexit.register(screen.terminate)
    return f":{screen.stdout.readline().strip()}"


class Firefox:
    """One running browser, with a new profile, and the line to it."""

    def __init__(self, **prefs):
        self.folder = Path(tempfile.mkdtemp(prefix="firefox-"))
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir()
        every = {**PREFS, "browser.download.dir": str(self.downloads), **prefs}
        lines = [f"user_pref({json.dumps(key)}, {json.dumps(every[key])});\n" for key in every]
        (self.folder / "user.js").write_text("".join(lines), encoding="utf-8")
        self.process = subprocess.Popen(
            [programs()[0], "--no-remote", "--profile", str(self.folder),
             "--remote-debugging-port", "0"],
            env={**os.environ, "DISPLAY": display()},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.count, self.heard = itertools.count(1), []
        self.line = self._line()
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])

    def _line(self):
        from websockets.sync.client import connect

        told = self.folder / "WebDriverBiDiServer.json"
        wait_for(lambda: told.is_file() and told.read_text(encoding="utf-8").strip().endswith("}"))
        port = json.loads(told.read_text(encoding="utf-8"))["ws_port"]
        # Its pings draw from `random`, in a thread: hypothesis refuses that while it draws.
        return connect(
            f"ws://127.0.0.1:{port}/session", max_size=None, proxy=None, ping_interval=None
        )

    def ask(self, method, **params):
        """Send a command and return its result; what is heard meanwhile is kept."""
        number = next(self.count)
        self.line.send(json.dumps({"id": number, "method": method, "params": params}))
        while (told := json.loads(self.line.recv(timeout=WAIT_S))).get("id") != number:
            self.heard.append(told)
        assert told["type"] == "success", (method, told)
        return told["result"]

    def close(self):
        self.line.close()
        self.process.terminate()
        self.process.wait(WAIT_S)
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    """A page in a tab of its own; elements are JavaScript, what a person does is done for real."""

    def __init__(self, browser):
        self.browser = browser
        self.user = browser.ask("browser.createUserContext")["userContext"]
        made = browser.ask("browsingContext.create", type="tab", userContext=self.user)
        self.tab = made["context"]
        self.size(1400, 1000)

    def ask(self, method, **params):
        return self.browser.ask(method, context=self.tab, **params)

    def open(self, path):
        self.ask("browsingContext.navigate", url=path.resolve().as_uri(), wait="complete")

    def size(self, width, height):
        self.ask("browsingContext.setViewport", viewport={"width": width, "height": height})

    def _evaluated(self, script):
        told = self.browser.ask("script.evaluate", target={"context": self.tab},
                                awaitPromise=True, expression=script)  # fmt: skip
        assert told["type"] == "success", (script[:300], told.get("exceptionDetails"))
        return told["result"]

    def run(self, script):
        """Return the value of an expression."""
        told = self._evaluated(f"(async () => JSON.stringify(await ({script})) ?? 'null')()")
        return json.loads(told["value"])

    def until(self, script):
        wait_for(lambda: self.run(script))

    def middle(self, element):
        """Bring an element into view; return the middle of it, which nothing covers, in pixels."""
        x, y, seen = self.run(f"""(() => {{ const found = {element};
          found.scrollIntoView({{ block: "center", behavior: "instant" }});
          const box = found.getBoundingClientRect();
          const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
          return [x, y, found.contains(document.elementFromPoint(x, y))]; }})()""")
        assert seen, f"{element} is covered"
        return round(x), round(y)

    def click(self, element):
        self.drag(self.middle(element))

    def drag(self, *points):
        """Press the mouse at the first point, go through the others, release."""
        moves = [{"type": "pointerMove", "x": x, "y": y, "duration": 50} for x, y in points]
        down, up = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        self._act("pointer", [moves[0], down, *moves[1:], up])

    def press(self, *keys):
        """Press keys one after the other; `Control+a` holds the first."""
        for each in keys:
            held = [KEYS.get(part, part) for part in each.split("+")]
            self._act("key", [{"type": "keyDown", "value": key} for key in held]
                      + [{"type": "keyUp", "value": key} for key in reversed(held)])  # fmt: skip

    def _act(self, kind, actions):
        self.ask("input.performActions", actions=[{"type": kind, "id": kind, "actions": actions}])

    def give(self, element, file):
        """Choose a file in a field of files."""
        shared = {"sharedId": self._evaluated(element)["sharedId"]}
        self.ask("input.setFiles", element=shared, files=[str(file)])

    def picture(self):
        """Return what is seen, as PNG."""
        return base64.b64decode(self.ask("browsingContext.captureScreenshot")["data"])

    def printed(self):
        """Return what prints on A4, as PDF."""
        paper = {"width": 21.0, "height": 29.7}
        return base64.b64decode(self.ask("browsingContext.print", page=paper)["data"])

    @property
    def faults(self):
        """Errors of the console and of scripts, in words."""
        return [
            each["text"] for each in self._heard("log.entryAdded")
            if each["source"].get("context") == self.tab and each["level"] == "error"
        ]  # fmt: skip

    @property
    def asked(self):
        """Addresses asked for."""
        sent = self._heard("network.beforeRequestSent")
        return [each["request"]["url"] for each in sent if each["context"] == self.tab]

    def _heard(self, method):
        return [each["params"] for each in self.browser.heard if each["method"] == method]


def wait_for(condition):
    """Wait until something is so, and return it."""
    end = time.monotonic() + WAIT_S
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


@cache
def browser(**prefs):
    """Start one browser of its kind for the whole session."""
    found = Firefox(**prefs)
    atexit.register(found.close)
    return found


@contextmanager
def opened(path, **prefs):
    """Open a file in a new page, of a browser with further preferences; yield it."""
    page = Page(browser(**prefs))
    page.open(path)
    try:
        yield page
    finally:
        page.browser.ask("browser.removeUserContext", userContext=page.user)
