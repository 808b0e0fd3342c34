"""Maps made light enough to be bound: fewer points, a palette."""

import io
from pathlib import Path
from typing import Final

__all__ = ["picture"]

_WIDTH: Final = 1300  # points: 190 dots per inch over the width of a page
_COLOURS: Final = 96


def picture(path: Path) -> bytes:
    """Return a PNG at the width of a page, the same bytes for the same file.

    Its blank margins are left out: a page has its own, and words are printed larger.
    """
    from PIL import Image, ImageChops  # noqa: PLC0415  (heavy)

    with Image.open(path) as opened:
        image = opened.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    image = paper.convert("RGB")
    blank = Image.new("RGB", image.size, image.getpixel((0, 0)))
    image = image.crop(ImageChops.difference(image, blank).getbbox() or (0, 0, *image.size))
    if image.width > _WIDTH:
        height = round(image.height * _WIDTH / image.width)
        image = image.resize((_WIDTH, height), Image.Resampling.BOX)
    light = image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = io.BytesIO()
    light.save(written, format="PNG", compress_level=6)
    return written.getvalue()
