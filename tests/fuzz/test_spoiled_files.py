"""No reader lets a traceback through: a spoiled file is read, or refused in words that name it."""

import resource
import time
import zipfile

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ctg_geo.errors import CtgGeoError
from fuzz.readers import READERS, repacked, seeds
from fuzz.spoiling import spoil, spoilings

MOST_S = 20.0
MOST_MORE_KB = 1_500_000
SLOW = {"manifest.json", "ctg.gpkg", "resultats.csv", "creches.csv", "segments.csv"}
NAMES_ANOTHER = {"manifest.json", "ctg.gpkg", "resultats.csv"}  # the folder is what people gave


@pytest.mark.parametrize("name", READERS)
def test_a_spoiled_file_is_read_or_refused_in_words(name, tmp_path):
    path, whole = seeds(name, tmp_path / "made")
    read = READERS[name][1]

    @settings(
        max_examples=15 if name in SLOW else 60, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(spoilings, st.integers(0, 99), st.booleans())
    def no_traceback(changes, member, inside):
        content = spoil(whole, changes)
        if inside and zipfile.is_zipfile(path.with_name("whole.zip")):
            content = repacked(whole, (member, lambda each: spoil(each, changes)))
        path.write_bytes(content)
        start = time.monotonic()
        try:
            read(path)
        except CtgGeoError as error:
            event("refused")
            said = error.explain()
            assert said
            assert name in NAMES_ANOTHER or path.parent.name in said or name in said, said
        else:
            event("read")
        assert time.monotonic() - start < MOST_S

    path.with_name("whole.zip").write_bytes(whole)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    no_traceback()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < MOST_MORE_KB, "memory is not bounded"
