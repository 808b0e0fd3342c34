"""The engine as another program: found by its command, heard line by line, stopped on demand."""

import os
import queue
import shutil
import subprocess
import sys
import threading

from qgis.core import QgsProcessingException

from .words import said

SETTING = "CTG_GEO_COMMAND"
_WAIT_S = 0.2
_TOLD = 12  # last lines that an error repeats


def command():
    """Return the command of the engine: that of the settings, else the one on the path."""
    from processing.core.ProcessingConfig import ProcessingConfig  # once QGIS has it

    given = str(ProcessingConfig.getSetting(SETTING) or "").strip()
    found = shutil.which(given or "ctg-geo")
    if found is None:
        raise QgsProcessingException(said("no_command", command=given or "ctg-geo"))
    return found


def run(arguments, feedback):
    """Run the engine, telling what it says; return its exit code and its last lines."""
    heard, last = queue.Queue(), []
    process = subprocess.Popen(
        [command(), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, text=True, encoding="utf-8", errors="replace", env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip
    reader = threading.Thread(target=_listen, args=(process.stdout, heard), daemon=True)
    reader.start()
    while True:
        if feedback.isCanceled():
            process.terminate()
        try:
            line = heard.get(timeout=_WAIT_S)
        except queue.Empty:
            continue
        if line is None:
            return process.wait(), last
        feedback.pushInfo(line)
        last = [*last, line][-_TOLD:]


def _listen(stream, heard):
    for line in stream:
        heard.put(line.rstrip())
    heard.put(None)


def _environment():
    """Return the environment without what QGIS sets for its own Python."""
    ours = {name: value for name, value in os.environ.items()
            if name not in ("PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE")}  # fmt: skip
    ours["PYTHONIOENCODING"] = "utf-8"
    if sys.platform == "win32":
        ours["PYTHONUTF8"] = "1"
    return ours
