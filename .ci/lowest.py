"""Print the oldest version of each dependency that pyproject.toml promises, as constraints.

python .ci/lowest.py > lowest.txt && pip install --constraint lowest.txt .
"""

import re
import sys
import tomllib
from pathlib import Path

LOWEST = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*>=\s*([0-9][0-9.]*)")


def lowest(requirements: list[str]) -> list[str]:
    """Return `name==version` of each requirement, with its condition."""
    found = []
    for each in requirements:
        said, _, condition = each.partition(";")
        match = LOWEST.match(said.strip())
        if match is None:
            sys.exit(f"no lower bound: {each}")
        found.append(f"{match[1]}=={match[2]}" + (f" ;{condition}" if condition else ""))
    return found


if __name__ == "__main__":
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    print("\n".join(lowest(project["dependencies"])))
