"""Put small errors into the rooms that decide, and count those that the tests find.

python benchmarks/mutation.py [--rooms access gap] [--sample 120]
    [--minutes 10] [--seed 1] [--acceptance] [--out FILE]

A sample of each room's mutants, drawn by the seed alone, as far as the minutes of a room allow;
docs/quality.md tells the result. A mutant on a line that no test of the room runs has survived. One
core, nothing written but the account.
"""

import argparse
import json
import math
import os
import time
from dataclasses import asdict
from pathlib import Path

from mutation_operators import Mutant, mutants_of, mutated, sampled
from mutation_trials import Baseline, baseline, has_loops, killed, warmed

ROOMS = {
    "access": ["unit/access", "laws/test_access_laws.py", "laws/test_measure_laws.py",
               "oracles/test_access.py", "oracles/test_access_parts.py"],
    "gap": ["unit/gap", "laws/test_gap_laws.py", "laws/test_inequality_laws.py"],
    "siting": ["unit/siting", "laws/test_siting_laws.py", "laws/test_fair_siting_laws.py",
               "oracles/test_siting.py", "oracles/test_fair_siting.py"],
    "secrecy": ["unit/secrecy", "laws/test_secrecy_laws.py", "oracles/test_suppression.py"],
}  # fmt: skip
ACCEPTANCE = {
    "access": ["test_measures.py", "test_admission.py", "test_care.py"],
    "gap": ["test_gaps.py"],
    "siting": ["test_site.py"],
    "secrecy": ["test_secrecy.py", "test_secrecy_attacks.py", "test_secrecy_sums.py"],
}
SURE = 1.96  # standard deviations: 95 %
QUICK_S = 3.0  # unit tests that are tried on loops left uncompiled


def main() -> None:
    """Try the sample of each room, and print the account."""
    asked = _asked()
    os.nice(10)
    os.environ["CTG_GEO_CACHE"] = "off"
    warmed(asked.rooms)
    told = {room: _room(room, asked) for room in asked.rooms}
    if asked.out:
        asked.out.write_text(json.dumps(told, indent=1, default=str), encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", nargs="+", choices=list(ROOMS), default=list(ROOMS))
    parser.add_argument("--sample", type=int, default=120, help="mutants of each room")
    parser.add_argument("--minutes", type=float, default=10, help="for the mutants of each room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--acceptance", action="store_true", help="try acceptance tests as well")
    parser.add_argument("--out", type=Path, help="all outcomes, as JSON")
    return parser.parse_args()


def _room(room: str, asked: argparse.Namespace) -> list[dict[str, object]]:
    modules = sorted(Path("src/ctg_geo", room).rglob("*.py"))
    everyone = [each for path in modules for each in mutants_of(path)]
    tests = [f"src/ctg_geo/{room}", *(f"tests/{each}" for each in ROOMS[room])]
    if asked.acceptance:
        tests += [f"tests/acceptance/{each}" for each in ACCEPTANCE[room]]
    bases = {False: baseline(tests, room, plain=False)}
    if any(has_loops(path) for path in modules):
        quick = [each for each, seconds in bases[False].seconds.items()
                 if "/unit/" in each and seconds <= QUICK_S]  # fmt: skip
        bases[True] = baseline(quick, room, plain=True)
    until, found = time.monotonic() + 60 * asked.minutes, list[tuple[Mutant, str]]()
    for each in sampled(everyone, asked.sample, asked.seed):
        if time.monotonic() > until:
            break
        found.append((each, _outcome(each, bases[has_loops(each.path)], room)))
    dead = sum(how in {"failed", "hung"} for _, how in found)
    low, high = wilson(dead, len(found))
    print(f"{room}: {dead} of {len(found)} killed, {dead / len(found):.0%} ({low:.0%} to "
          f"{high:.0%}); {len(everyone)} mutants in all", flush=True)  # fmt: skip
    return [{**asdict(each), "outcome": how} for each, how in found]


def _outcome(mutant: Mutant, base: Baseline, room: str) -> str:
    """Return "failed", "hung", "survived", or "unseen" (no test runs its line)."""
    tests = base.tests_of(str(mutant.path), *mutant.lines)
    how = "unseen"
    if tests:
        seconds = sum(base.seconds[each] for each in tests)
        plain_room = room if base.plain else ""
        how = killed(mutant.path, mutated(mutant), tests, seconds, plain_room) or "survived"
    if how in {"survived", "unseen"}:
        print(f"{how}: {mutant.path}:{mutant.line} in {mutant.inside}, {mutant.kind}: "
              f"{mutant.before}  ->  {mutant.after}", flush=True)  # fmt: skip
    return how


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Return the interval of a share at 95 %.

    References
    ----------
    Wilson (1927), JASA 22(158), doi:10.1080/01621459.1927.10502953.
    """
    share, spread = hits / tries, SURE**2 / tries
    middle = share + spread / 2
    reach = SURE * math.sqrt(share * (1 - share) / tries + spread / (4 * tries))
    return (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)


if __name__ == "__main__":
    main()
