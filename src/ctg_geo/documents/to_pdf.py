"""A document as a PDF that a screen reader can read, set by typst with its own fonts."""

import json
import tempfile
from importlib.resources import files
from pathlib import Path

from ctg_geo.documents.parts import Document

__all__ = ["pdf_pages"]


def pdf_pages(document: Document) -> bytes:
    """Return the pages: the same bytes for the same document, on any machine.

    Fonts are those of matplotlib, which every installation has; those of the machine are not
    looked at.
    """
    import matplotlib as mpl  # noqa: PLC0415  (heavy)
    import typst  # noqa: PLC0415  (heavy)

    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    source = files(__package__).joinpath("templates/page.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="ctg-") as made:
        folder = Path(made)
        (folder / "page.typ").write_text(source, encoding="utf-8")
        (folder / "document.json").write_text(json.dumps(document.content()), encoding="utf-8")
        (folder / "pictures").mkdir()
        for name, content in document.pictures.items():
            (folder / "pictures" / name).write_bytes(content)
        pages = typst.compile(
            str(folder / "page.typ"), root=str(folder), font_paths=[str(fonts)],
            ignore_system_fonts=True, pdf_standards=["ua-1"],
        )  # fmt: skip
    assert isinstance(pages, bytes), "one document, one file"
    return pages
