"""Every page of the documentation is on the site."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_every_page_is_in_a_table_of_contents():
    listed = set()
    for index in (DOCS / "index.md", DOCS / "api" / "index.md"):
        text = index.read_text(encoding="utf-8")
        for block in re.findall(r"```\{toctree\}(.*?)```", text, re.DOTALL):
            names = [line for line in block.split() if not line.startswith(":")]
            listed |= {(index.parent / f"{name}.md").resolve() for name in names}
    pages = {each.resolve() for each in DOCS.rglob("*.md")} - {(DOCS / "index.md").resolve()}
    assert pages <= listed, sorted(str(each) for each in pages - listed)
