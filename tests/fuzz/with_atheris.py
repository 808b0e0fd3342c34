"""Guided fuzzing of one reader (extra `fuzz`): python tests/fuzz/with_atheris.py NAME [options].

    python tests/fuzz/with_atheris.py plan.toml -max_total_time=60

NAME is a file of `readers.READERS`; options are those of libFuzzer. What is no house error is a
finding, whose input libFuzzer keeps.
"""

import contextlib
import io
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

    name, *options = sys.argv[1:]
    folder = Path(tempfile.mkdtemp(prefix="ctg-fuzz-"))
    path, whole = seeds(name, folder / "made")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "whole").write_bytes(whole)
    read = READERS[name][1]

    def one(content):
        path.write_bytes(content)
        with contextlib.suppress(CtgGeoError), contextlib.redirect_stderr(io.StringIO()):
            read(path)

    warnings.simplefilter("ignore")
    atheris.Setup([sys.argv[0], str(folder / "corpus"), "-max_len=20000", *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
