"""Processes killed before each of their file operations in turn; what they leave is looked at.

Run apart (`python -m killed FOLDER`), for it forks.
"""

import itertools
import os
import signal
import sys
from pathlib import Path

import numpy as np

from ctg_geo.errors import OutputError
from ctg_geo.staging import mended, staged
from ctg_geo.travel.hierarchy import store

NAMES = ("a.csv", "b.gpkg", "manifest.json")
GONE = ("more.csv",)
WATCHED = {
    "open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.scandir",
    "os.listdir", "os.truncate", "shutil.rmtree", "fcntl.flock",
}  # fmt: skip


def killed_before(step, work):
    """Do some work in a child, killed before one of its operations; tell whether it was."""
    child = os.fork()
    if child == 0:
        seen = itertools.count(1)

        def hook(event, _):
            if event in WATCHED and next(seen) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        try:
            work()
        except BaseException:  # noqa: BLE001  (a child ends here whatever happens)
            os._exit(2)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WIFSIGNALED(status)


def publish(home, said, *, refused=None):
    """Publish files that all say the same; one may be refused its place."""
    if refused is not None:
        replace = Path.replace

        def held(self, target):
            if target == home / refused and self.parent.name.startswith(".ctg-"):
                raise PermissionError(13, "held", str(self), None, str(target))
            return replace(self, target)

        Path.replace = held
    try:
        with staged(home) as stage:
            for name in NAMES:
                (stage.path / name).write_text(said)
            stage.publish(NAMES, GONE)
    except OutputError:
        if refused is None:
            raise


def former(home):
    """Make a folder as it was before, with a file that is to leave."""
    home.mkdir(parents=True)
    for name in (*NAMES, *GONE, "notes.txt"):
        (home / name).write_text("former")


def texts(home):
    """Return what each file says, in the order in which they are published."""
    return [(home / name).read_text() if (home / name).exists() else None
            for name in (*NAMES, *GONE)]  # fmt: skip


FORMER, NEW = ["former"] * 4, ["new"] * 3 + [None]


def every_step(root, refused=None):
    """Kill before each step; each file is whole, all are of one run once the next has looked."""
    seen = set()
    for step in itertools.count(1):
        home = root / f"{refused}{step}" / "out"
        former(home)
        dead = killed_before(step, lambda home=home: publish(home, "new", refused=refused))
        found = texts(home)
        assert set(found) <= {"former", "new", None}, found
        if found not in (FORMER, NEW):
            assert list(home.glob(".ctg-*/.decided")) or list(home.glob(".ctg-*/.undone")), found
            seen.add("between")
        mended(home)
        found = texts(home)
        assert found in (FORMER, NEW), (step, found)
        seen.add("former" if found == FORMER else "new")
        publish(home, "next")
        assert texts(home) == ["next"] * 3 + [None]
        left = sorted(each.name for each in home.iterdir())
        assert left == sorted((*NAMES, "notes.txt")), left
        if not dead:
            return step, seen
    raise AssertionError


def every_step_of_a_cache(root):
    """Kill while a cache is written; it is read as it was meant, or not at all."""
    os.environ["CTG_GEO_CACHE"] = str(root / "cache")
    arrays = {"one": np.arange(1000, dtype=np.int32), "two": np.arange(7, dtype=np.int32)}
    for step in itertools.count(1):
        name = f"n{step}"
        dead = killed_before(step, lambda name=name: store.save(name, arrays))
        found = store.load(name, ("one", "two"))
        if found is not None:
            assert all(np.array_equal(found[key], arrays[key]) for key in arrays)
        assert store.save(name, arrays)
        assert store.load(name, ("one", "two")) is not None
        if not dead:
            assert found is not None
            return step
    raise AssertionError


def main():
    root = Path(sys.argv[1])
    steps, seen = every_step(root)
    assert steps > 20, "few operations were seen"
    assert seen == {"former", "between", "new"}, seen
    steps, seen = every_step(root, refused="manifest.json")
    assert seen == {"former", "between", "new"}, seen  # killed once decided, it is finished
    assert every_step_of_a_cache(root) > 3
    sys.stdout.write("whole\n")


if __name__ == "__main__":
    main()
