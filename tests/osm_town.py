"""Small files of OpenStreetMap, written by hand: nodes on a grid near Valence, ways, relations."""

from xml.sax.saxutils import quoteattr

from pyproj import Transformer

__all__ = ["CRS", "ROAD", "STEP", "TO_METRES", "marks", "place", "relation", "road", "xml"]

CRS = "EPSG:2154"
STEP = 0.001  # degrees between two neighbours of the grid below: 78.5 m east, 111 m north
TO_METRES = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)


def place(number):
    """Return longitude and latitude of node 10·x + y, on a grid near Valence."""
    return 4.9 + STEP * (number // 10), 44.9 + STEP * (number % 10)


def xml(ways, *, nodes=None, tags=None, relations=""):
    """Write a file: ways are (id, node numbers, tags); `nodes` are those that it holds."""
    numbers = sorted({node for _, way, _ in ways for node in way}) if nodes is None else nodes
    lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
    for number in numbers:
        lon, lat = place(number)
        inner = marks((tags or {}).get(number, {}))
        lines.append(f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}">{inner}</node>')
    for name, way, marked in ways:
        inner = "".join(f'<nd ref="{node}"/>' for node in way) + marks(marked)
        lines.append(f'<way id="{name}">{inner}</way>')
    return "\n".join([*lines, relations, "</osm>"])


def marks(given):
    return "".join(
        f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in given.items()
    )


ROAD = {"highway": "residential"}


def road(number, *nodes, **tags):
    """Return a way; `__` in the name of a tag stands for a colon."""
    return number, nodes, ROAD | {key.replace("__", ":"): value for key, value in tags.items()}


def relation(number, members, **tags):
    """Write a turn restriction; members are (n or w, id, role), `__` in a tag is a colon."""
    kinds = {"n": "node", "w": "way"}
    inner = "".join(
        f'<member type="{kinds[kind]}" ref="{ref}" role="{role}"/>' for kind, ref, role in members
    )
    given = {"type": "restriction"} | {key.replace("__", ":"): said for key, said in tags.items()}
    return f'<relation id="{number}">{inner}{marks(given)}</relation>'
