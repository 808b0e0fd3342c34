"""The words of the plugin, packed from the labels of the engine."""

import json
from pathlib import Path

_WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


def said(key, **facts):
    """Return a sentence by its key, filled with facts."""
    return _WORDS[key].format(**facts)
