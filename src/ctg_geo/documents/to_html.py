"""A document as one HTML page: pictures inside, no network, printed as it is read."""

import base64
import re
from importlib.resources import files

from ctg_geo.documents.parts import Document, Heading
from ctg_geo.words import fold

__all__ = ["html_page"]


def html_page(document: Document) -> bytes:
    """Return the page; every text is escaped, no script runs."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  (heavy)

    source = files(__package__).joinpath("templates/page.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pictures = {
        name: f"data:image/png;base64,{base64.b64encode(content).decode()}"
        for name, content in document.pictures.items()
    }
    chapters = [
        each.text for each in document.blocks if isinstance(each, Heading) and each.level == 1
    ]
    page = environment.from_string(source).render(
        **document.content(), pictures=pictures, chapters=chapters, anchor=_anchor
    )
    return page.encode("utf-8")


def _anchor(text: str) -> str:
    return re.sub(r"\W+", "-", fold(text)).strip("-")
