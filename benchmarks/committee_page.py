"""How soon the committee page shows, and follows a move: Chromium and Firefox, new profiles.

    python benchmarks/committee_page.py out/comite.html [RUNS]

First paint is that of the browser's own clock, from the opening of the file, in a profile never
used before. A move is a place that opens, one each 0.3 s from a second after the page is there:
what the page computes and writes, then until the frame that shows figures and places is handed
over, then that of the map in its new colours. The map is drawn by software: a machine with a
graphics card is faster.
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import opened
from firefox import Firefox, Page, wait_for

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
READY = "document.body.dataset.ready === '1'"
MOVES = 20
MOVE = f"""(async () => {{
  document.getElementById("pire").click();
  await new Promise((then) => setTimeout(then, 1000));
  const took = [];
  for (let at = 0; at < {MOVES}; at += 1) {{
    await new Promise((then) => setTimeout(then, 300));
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    document.getElementById("ouvrir").click();
    const computed = performance.now() - start;
    const handedOver = () => new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
    await handedOver();
    const shown = performance.now() - start;
    await handedOver();
    await handedOver();
    took.push([computed, shown, performance.now() - start]);
  }}
  return took;
}})()"""


Found = tuple[float, list[tuple[float, float, float]]]


def in_firefox(file: Path, _: int) -> Found:
    """Return first paint and moves, ms, in a browser just started."""
    browser = Firefox()
    try:
        page = Page(browser)
        page.open(file)
        page.until(READY)
        paint = wait_for(lambda: page.run(PAINT))
        return paint, page.run(MOVE)
    finally:
        browser.close()


def in_chromium(file: Path, number: int) -> Found:
    """Return the same of Chromium; a flag that it does not know makes it another browser."""
    with opened(file, f"--run-{number}") as page:
        page.wait_for_function(READY)
        page.wait_for_function(f"({PAINT}) > 0")
        return page.evaluate(PAINT), page.evaluate(MOVE)


def main(file: Path, runs: int) -> None:
    """Print the best (nearest to that of a calm machine), the median and the worst of each."""
    for name, run in (("Firefox", in_firefox), ("Chromium", in_chromium)):
        found = [run(file, number) for number in range(runs)]
        paints = [paint for paint, _ in found]
        computed, shown, drawn = zip(*(move for _, moves in found for move in moves), strict=True)
        for what, values in (("first paint", paints), ("a move, computed", computed),
                             ("a move, shown", shown), ("a move, the map", drawn)):  # fmt: skip
            middle, count = statistics.median(values), len(values)
            print(f"{name:9} {what:17} best {min(values):.0f}, median {middle:.0f}, "
                  f"worst {max(values):.0f} ms ({count})", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
