"""The order in which nodes are put aside: nested dissection of the topology alone."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

__all__ = ["adjacency", "dissected"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


def adjacency(nodes: int, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    """Return the neighbours of each node, both ways, once each, without itself.

    Returns
    -------
    start : by node + 1; neighbour : node numbers, increasing for each node
    """
    apart = tail != head
    ends = np.concatenate((tail[apart], head[apart])), np.concatenate((head[apart], tail[apart]))
    there = np.ones(len(ends[0]), dtype=np.int8)
    links = csr_array((there, ends), shape=(nodes, nodes))
    links.sum_duplicates()
    return links.indptr.astype(np.int32), links.indices.astype(np.int32)


def dissected(start: Ints, neighbour: Ints) -> Ints:
    """Return the rank of each node: low ranks are put aside first.

    METIS's nested dissection: small separators get the highest ranks, part within part.
    """
    if not len(neighbour):
        return np.arange(len(start) - 1, dtype=np.int32)
    import pymetis  # noqa: PLC0415  (heavy)

    _, rank = pymetis.nested_dissection(pymetis.CSRAdjacency(start, neighbour))
    return np.asarray(rank, dtype=np.int32)
