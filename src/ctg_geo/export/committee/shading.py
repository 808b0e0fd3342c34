"""Relief drawn as light and shade: what a slope gets of a light from the north-west."""

import io
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["LIGHT_DEGREES", "shade", "shade_png"]

Floats = npt.NDArray[np.float64]

LIGHT_DEGREES: Final = (315.0, 45.0)  # azimuth from the north, height over the horizon
_LEVELS: Final = 16  # of shade: fewer are seen as steps, more make the picture heavier
_OPAQUE: Final = 255


def shade(height_m: Floats, cell_m: Floats) -> Floats:
    """Return how much light each cell gets, from 0 (none) to 1 (it faces the light).

    Parameters
    ----------
    height_m : rows × columns, north up; NaN where not known
    cell_m : by row, metres of the ground along a side of its cells

    Returns
    -------
    Two rows and two columns less: a slope is that of the eight cells around, and is not known
    where one of the nine is not.

    References
    ----------
    Horn (1981), Hill shading and the reflectance map, Proceedings of the IEEE 69(1),
    doi:10.1109/PROC.1981.11918.
    """
    rows = (height_m[:-2], height_m[1:-1], height_m[2:])
    north, level, south = ((each[:, :-2], each[:, 1:-1], each[:, 2:]) for each in rows)
    run = 8 * cell_m[1:-1, None]
    east = (north[2] + 2 * level[2] + south[2] - north[0] - 2 * level[0] - south[0]) / run
    up = (north[0] + 2 * north[1] + north[2] - south[0] - 2 * south[1] - south[2]) / run
    azimuth, height = np.radians(LIGHT_DEGREES)
    light = (np.cos(height) * np.sin(azimuth), np.cos(height) * np.cos(azimuth), np.sin(height))
    facing = (light[2] - east * light[0] - up * light[1]) / np.sqrt(1 + east**2 + up**2)
    unknown = np.isnan(level[1])
    return np.where(unknown, np.nan, np.clip(facing, 0, 1))


def shade_png(lit: Floats, strength: Floats) -> bytes:
    """Return shades as a picture to lay over a map: what is level or not known lets all through.

    Parameters
    ----------
    lit : rows × columns, see `shade`
    strength : of each cell, in [0, 1]: how opaque full shade is; two or three values in all

    Notes
    -----
    Shade is black, light is white; each as opaque as its cell is far from level ground. The same
    values give the same bytes.
    """
    from PIL import Image  # noqa: PLC0415  (heavy)

    level = np.sin(np.radians(LIGHT_DEGREES[1]))
    apart = np.nan_to_num(np.where(lit < level, (lit - level) / level, (lit - level) / (1 - level)))
    steps = np.rint(np.abs(apart) * _LEVELS) / _LEVELS
    alpha = np.rint(steps * strength * _OPAQUE).astype(np.int64)
    white = (apart > 0) & (alpha > 0)
    shades, which = np.unique(white * (_OPAQUE + 1) + alpha, return_inverse=True)
    assert len(shades) <= _OPAQUE + 1, "a picture has 256 colours at most"
    picture = Image.fromarray(which.reshape(lit.shape).astype(np.uint8), mode="P")
    tones = np.where(shades > _OPAQUE, _OPAQUE, 0)
    picture.putpalette(np.repeat(tones, 3).astype(np.uint8).tobytes())
    made, opacity = io.BytesIO(), (shades % (_OPAQUE + 1)).astype(np.uint8).tobytes()
    picture.save(made, "PNG", transparency=opacity, compress_level=9)
    return made.getvalue()
