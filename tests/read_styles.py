"""Styles of QGIS read back: what each value of the communes is called, however it is drawn."""

import re
from xml.etree import ElementTree as ET

IS = re.compile(r"\"drawn\" = '(.+)'")


def words_of_classes(style: str) -> dict[str, str]:
    """Return the words of each stored class, "" for those that have none, by category or rule."""
    root = ET.fromstring(style)  # noqa: S314  (written by this package)
    found = {each.get("value"): each.get("label") for each in root.iter("category")}
    for each in root.iter("rule"):
        told = IS.fullmatch(each.get("filter", ""))
        if told or "NOT IN" in each.get("filter", ""):
            found[told[1] if told else ""] = each.get("label")
    return found
