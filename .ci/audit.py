"""Ask the open database of vulnerabilities (osv.dev) about the versions pinned for CI.

    python .ci/audit.py

Exit code 0: asked, nothing known; 1: something known; 2: the database could not be reached, and
nothing was checked.
"""

import json
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

DATABASE = "https://api.osv.dev/v1/querybatch"
PINS = Path(__file__).with_name("constraints.txt")


def main() -> int:
    """Ask once, about all pins together."""
    pins = [line.split("==") for line in PINS.read_text().split() if "==" in line]
    asked = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
             for name, version in pins]  # fmt: skip
    body = json.dumps({"queries": asked}).encode()
    request = Request(DATABASE, body, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=30) as answer:
            results = json.load(answer)["results"]
    except (URLError, OSError, ValueError, KeyError) as error:
        print(f"NOT AUDITED: no database of advisories could be reached ({DATABASE}: {error}).")
        return 2
    known = [(*pin, each["id"]) for pin, found in zip(pins, results, strict=True)
             for each in found.get("vulns", [])]  # fmt: skip
    for name, version, identifier in known:
        print(f"{name} {version}: https://osv.dev/vulnerability/{identifier}")
    print(f"{len(pins)} pinned versions audited, {len(known)} advisories.")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
