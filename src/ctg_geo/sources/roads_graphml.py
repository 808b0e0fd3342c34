"""Roads of a GraphML file, as osmnx saves them: one mode's graph -> nodes and edges."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

import numpy as np

from ctg_geo import labels
from ctg_geo.errors import UnreadableFileError
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.files import check_present
from ctg_geo.sources.osm.access import CLASSES, MODES
from ctg_geo.sources.road_graph import GraphRead, read_graph

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["GraphmlRead", "read_graphml"]

_BLOCK: Final = 1 << 16
_NOTHING: Final = frozenset({"", "None", "nan", "[]"})  # how osmnx writes what is not there
_CHECKED: Final = frozenset({"length", "travel_time", "time_ms"})  # where nothing is a mistake


@dataclass(frozen=True, slots=True, eq=False)
class GraphmlRead:
    """Roads read: nodes and edges as `network.from_edges` takes them, and their account."""

    nodes: "pd.DataFrame"  # x, y (metres), kind
    edges: "gpd.GeoDataFrame"  # see `network.from_edges`
    findings: list[Finding]
    ledger: Ledger


class _Begun(Exception):  # noqa: N818  (no failure: the root element was reached)
    """The prologue of the file is over."""


def read_graphml(path: Path, *, crs: str, mode: Literal["car", "bicycle", "foot"]) -> GraphmlRead:
    """Read the graph that `osmnx.save_graphml` wrote.

    Parameters
    ----------
    path : .graphml; its nodes have x and y, in the `crs` of the graph
    crs : metric CRS of the result
    mode : whom the graph is for: the other modes may not use its edges

    Returns
    -------
    GraphmlRead
        `ledger` counts arcs. The two arcs of a street are one edge (`network.from_networkx`
        says how); travel times of the file are not read: a profile times the roads.

    Raises
    ------
    MissingFileError, UnreadableFileError
        If the file is not there, is cut, is no GraphML, has a DOCTYPE, or holds no road.
    DataError, MissingCrsError
        If nodes have no place, the CRS cannot be, or a length, speed or shape is wrong.
    """
    check_present(path)
    _refuse_doctype(path)
    graph = _parsed(path)
    if not graph.number_of_edges():
        raise UnreadableFileError("graphml_no_road", file=path.name)
    read = read_graph(graph, crs=crs, file=path.name)
    if read.nodes is None or read.edges is None:
        raise UnreadableFileError("graphml_no_place", file=path.name)
    edges = read.edges
    for each in MODES:
        edges[each] = edges["direction"] if each == mode else "no"
    arcs = graph.number_of_edges()
    return GraphmlRead(
        read.nodes, edges, _findings(path.name, read, edges, mode),
        Ledger(path.name, arcs, arcs, {}),
    )  # fmt: skip


def _refuse_doctype(path: Path) -> None:
    """Refuse a file that declares a document type: it could name entities and other files."""
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise UnreadableFileError("graphml_doctype", file=path.name)

    def begun(*_: object) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                parser.Parse(block, False)  # noqa: FBT003  (expat's signature)
        parser.Parse(b"", True)  # noqa: FBT003
    except _Begun:
        return
    except UnreadableFileError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two of an encoding
        raise UnreadableFileError("graphml_cut", file=path.name, detail=str(error)) from error


def _parsed(path: Path) -> Any:  # noqa: ANN401  (networkx has no types)
    """Return the graph, less the attributes that say nothing."""
    import networkx as nx  # noqa: PLC0415  (heavy)

    try:
        graph = nx.read_graphml(path, node_type=str, force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, TypeError, ValueError) as error:
        raise UnreadableFileError("graphml_cut", file=path.name, detail=str(error)) from error
    for _, data in graph.nodes(data=True):
        _drop_nothing(data)
    for _, _, data in graph.edges(data=True):
        _drop_nothing(data)
        for column in ("travel_time", "time_ms"):
            data.pop(column, None)
    return graph


def _drop_nothing(data: dict[str, Any]) -> None:
    void = [key for key, value in data.items() if key not in _CHECKED and str(value) in _NOTHING]
    for key in void:
        del data[key]


def _findings(file: str, read: GraphRead, edges: "gpd.GeoDataFrame", mode: str) -> list[Finding]:
    """Say what was read, and what does not look like the roads of the mode."""
    length_m = edges["length_m"].to_numpy(np.float64)
    stated = float(length_m[edges["speed_kmh"].notna().to_numpy()].sum())
    facts: dict[str, object] = {
        "arcs": len(read.tail), "edges": len(edges), "km": length_m.sum() / 1000,
        "mode": labels.text(f"mode.{mode}"),
        "stated": stated / length_m.sum() if length_m.sum() else 0.0,
    }  # fmt: skip
    said = [Finding("info", "graphml_used", file, facts=facts)]
    odd = Counter(
        each for each in edges["road_class"] if mode not in CLASSES.get(each, frozenset(MODES))
    )
    if odd:
        facts = {"count": odd.total(), "classes": _shown(odd), "mode": labels.text(f"mode.{mode}")}
        said.append(Finding("warning", "graphml_classes", file, facts=facts))
    if read.unread:
        tags = _shown({f"maxspeed={value}": count for value, count in read.unread.items()})
        facts = {"count": sum(read.unread.values()), "tags": tags}
        said.append(Finding("info", "osm_odd_tags", file, facts=facts))
    return said


def _shown(tally: Mapping[str, int]) -> list[str]:
    ordered = sorted(tally.items(), key=lambda each: (-each[1], each[0]))
    return [f"{name} ({count})" for name, count in ordered]
