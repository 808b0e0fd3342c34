"""What the twin's property tests share: how many studies are drawn, and the test itself.

A case is one service of a drawn study, read from files by the engine and by the twin (see
`twin_against`). Studies are drawn by hypothesis in the same order at each run; all that is in
one comes from its `Draw`, so that a failure names the study to write again; nothing is shrunk, for
a seed has no smaller one.
"""

import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from twin import files, verdict
from twin.writing import SERVICES, Draw, write_study
from twin_against import held

__all__ = ["CASES", "STUDIES", "at_the_norm", "cases"]

STUDIES = 64  # by file of tests; there are four
CASES = 4 * STUDIES * SERVICES

SEEDS = st.integers(min_value=0, max_value=999_999_999)


def cases(
    *, communes: tuple[int, int], spread: bool, masked: bool,
    changed: Callable[[Path], None] | None = None,
) -> Callable[[], None]:  # fmt: skip
    """Return a test that holds the engine against the twin on drawn studies.

    `communes` bounds their number, `spread` puts people along streets, `masked` hides some of
    them; `changed` rewrites the files of a study before they are read.
    """
    draws = st.builds(Draw, seed=SEEDS, communes=st.integers(*communes), spread=st.just(spread),
                      masked=st.just(masked))  # fmt: skip
    seen: list[int] = []

    @settings(max_examples=STUDIES, derandomize=True, database=None, deadline=None,
              phases=(Phase.generate,), suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(draw=draws)
    def hold(draw: Draw) -> None:
        with tempfile.TemporaryDirectory() as folder:
            config = write_study(Path(folder), draw)
            if changed is not None:
                changed(config)
            found = held(config)
        assert not found.differences, "\n".join([repr(draw), *found.differences[:20]])
        assert found.diagnosed + found.refused == SERVICES
        seen.append(found.diagnosed)

    def test() -> None:
        hold()
        assert len(seen) >= STUDIES
        assert sum(seen) > len(seen) * SERVICES / 2, "most services are diagnosed, not refused"

    return test


def at_the_norm(config: Path) -> None:
    """Set norms to what some commune has, to the last digit, where decimals can say it."""
    territory, path = files.read_territory(config), config.parent / "services.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for key in territory.services:
        value = _access_of_one(territory, key)
        if value is not None:
            start = f"services.{key}.norm.per_100 ="
            lines = [f"{start} {value!r}" if line.startswith(start) else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _access_of_one(territory: files.Territory, key: str) -> float | None:
    try:
        made = verdict.diagnose(territory, key)
    except verdict.Refused:
        return None
    for row in made.rows.values():
        each = row.get("access", 0.0)
        if isinstance(each, Fraction) and 0 < each <= 10 and 10**8 % each.denominator == 0:
            return float(100 * each)
    return None
