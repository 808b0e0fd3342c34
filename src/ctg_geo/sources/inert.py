"""Text that a spreadsheet shows as it is, and never takes for a formula."""

import re
from typing import Final

__all__ = ["inert", "original"]

# What opens a formula in Excel or LibreOffice, blanks before it and full-width signs included,
# or moves the cell; and what is marked already, so that the mark can be taken off again.
_ACTIVE: Final = re.compile(r"'*[\s\x00-\x1f]*[=+\-@＝＋－＠]|'*[\t\r\n]")  # noqa: RUF001
_NEGATIVE: Final = re.compile(r"-[0-9]+([.,][0-9]+)?")


def inert(text: str) -> str:
    """Put an apostrophe before text that could start a formula; a negative number is none.

    Examples
    --------
    >>> inert("=1+1"), inert("-3,5"), inert("- 12 ans")
    ("'=1+1", '-3,5', "'- 12 ans")
    """
    active = _ACTIVE.match(text) is not None and _NEGATIVE.fullmatch(text) is None
    return "'" + text if active else text


def original(text: str) -> str:
    """Take off the apostrophe that `inert` put: ``original(inert(text)) == text`` for any text."""
    return text[1:] if text.startswith("'") and inert(text[1:]) == text else text
