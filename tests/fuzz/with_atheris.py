"""Guided fuzzing of readers (extra `fuzz`): python tests/fuzz/with_atheris.py NAME [options].

    python tests/fuzz/with_atheris.py plan.toml -max_total_time=60
    python tests/fuzz/with_atheris.py all -max_total_time=60

NAME is a file of `readers.READERS`, or `all`: one after the other, each in a process of its own, so
that the house is instrumented once. Options are those of libFuzzer. What is no house error is a
finding: its input is kept in the folder that this is called from, as `found-NAME`.
"""

import contextlib
import io
import os
import sys
import tempfile
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main():
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: pip install 'ctg-geo[fuzz]'")
    with atheris.instrument_imports(include=["ctg_geo"]):
        from ctg_geo.errors import CtgGeoError
        from fuzz.readers import READERS, seeds

    def fuzz(name):
        """Read what is drawn until time is up or something is found; the process ends here."""
        folder = Path(tempfile.mkdtemp(prefix="ctg-fuzz-"))
        path, whole = seeds(name, folder / "made")
        (folder / "corpus").mkdir()
        (folder / "corpus" / "whole").write_bytes(whole)

        def one(content):
            path.write_bytes(content)
            try:
                with contextlib.suppress(CtgGeoError), contextlib.redirect_stderr(io.StringIO()):
                    READERS[name][1](path)
            except Exception:
                Path(f"found-{name}").write_bytes(content)
                raise

        fixed = ["-max_len=20000", *options]
        atheris.Setup([sys.argv[0], str(folder / "corpus"), *fixed], one)
        atheris.Fuzz()

    warnings.simplefilter("ignore")
    name, *options = sys.argv[1:]
    if name != "all":
        fuzz(name)
    wrong = [each for each in READERS if _apart(fuzz, each)]
    sys.stderr.write(f"{len(READERS)} readers, findings in: {', '.join(wrong) or 'none'}\n")
    sys.exit(bool(wrong))


def _apart(work, name):
    """Do it in a process of its own, and return what that process ended with: 0 for no finding."""
    sys.stderr.write(f"== {name}\n")
    child = os.fork()
    if not child:
        try:
            work(name)
        finally:
            os._exit(70)  # libFuzzer ends its process itself: not reached but by a fault of ours
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    main()
