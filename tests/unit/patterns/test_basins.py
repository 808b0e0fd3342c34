"""Hollows against persistence worked out level by level, and whatever the order of places."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ctg_geo.patterns import basins


@st.composite
def surfaces(draw, most=9):
    size = draw(st.integers(1, most))
    depth = np.array(draw(st.lists(st.integers(0, 20), min_size=size, max_size=size))) / 20
    pairs = [(i, j) for i in range(size) for j in range(i) if draw(st.integers(0, 2)) == 0]
    touching = np.zeros((size, size))
    for i, j in pairs:
        touching[i, j] = touching[j, i] = 1
    return depth, csr_array(touching)


def at_least(depth, touching, level):
    """Name the connected part of each place at least so deep; -1 for the others."""
    inside = np.flatnonzero(depth >= level)
    label = np.full(len(depth), -1)
    if len(inside):
        label[inside] = connected_components(touching[inside][:, inside], directed=False)[1]
    return label


def lengths(depth, touching):
    """Persistence by definition: how deep each bottom is below the level where it meets a deeper.

    Levels are gone through from the deepest; of two parts that meet the less deep ends (on a tie
    the one whose bottom has the later name).
    """
    order = sorted(range(len(depth)), key=lambda at: (-depth[at], at))
    ended = {}
    for bottom in order:
        before = order[: order.index(bottom)]
        level = -1.0
        for each in sorted(set(depth), reverse=True):
            if each > depth[bottom]:
                continue
            label = at_least(depth, touching, each)
            if any(label[bottom] == label[other] for other in before):
                level = each
                break
        ended[bottom] = depth[bottom] - level if level >= 0 else np.inf
    return ended


@settings(deadline=None, max_examples=200, derandomize=True)
@given(surfaces(), st.integers(1, 20).map(lambda each: each / 20))
def test_hollows_are_the_long_intervals_of_persistence(surface, prominence):
    depth, touching = surface
    found = basins(depth, touching, prominence=prominence)
    long_ = {at for at, length in lengths(depth, touching).items() if length >= prominence - 1e-9}
    assert set(found.bottom.tolist()) == long_
    for bottom, length in lengths(depth, touching).items():
        if bottom in long_:
            joined = depth[bottom] if np.isinf(length) else length
            assert found.prominence[bottom] == pytest.approx(joined)
            assert (found.joins[bottom] == -1) == np.isinf(length)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(surfaces(), st.integers(0, 20).map(lambda each: each / 20))
def test_hollows_are_of_one_piece_and_cover_all(surface, prominence):
    depth, touching = surface
    found = basins(depth, touching, prominence=prominence)
    for bottom in set(found.bottom.tolist()):
        own = np.flatnonzero(found.bottom == bottom)
        assert depth[bottom] == depth[own].max()
        assert connected_components(touching[own][:, own], directed=False)[0] == 1
    pieces = connected_components(touching, directed=False)[1]
    assert all(len(set(pieces[found.bottom == each])) == 1 for each in set(found.bottom))


@settings(deadline=None, max_examples=100, derandomize=True)
@given(surfaces())
def test_beyond_every_depth_a_piece_is_one_hollow_and_more_prominence_never_makes_more(surface):
    depth, touching = surface
    pieces = connected_components(touching, directed=False)[0]
    counts = [len(set(basins(depth, touching, prominence=each).bottom.tolist()))
              for each in (0.05, 0.1, 0.3, 0.6, 2.0)]  # fmt: skip
    assert counts[-1] == pieces
    assert counts == sorted(counts, reverse=True)


def test_a_plateau_is_one_hollow():
    ring = np.eye(6, k=1) + np.eye(6, k=-1)
    ring[0, 5] = ring[5, 0] = 1
    assert set(basins(np.full(6, 0.4), csr_array(ring), prominence=0.05).bottom.tolist()) == {0}


@settings(deadline=None, max_examples=150, derandomize=True)
@given(surfaces(), st.floats(0, 0.6), st.data())
def test_a_hollow_of_few_people_joins_one_it_touches(surface, share, data):
    depth, touching = surface
    people = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(depth),
                                         max_size=len(depth))), dtype=float)  # fmt: skip
    least = share * people.sum()
    plain = basins(depth, touching, prominence=0.05)
    found = basins(depth, touching, prominence=0.05, weight=people, least=least)
    pieces = connected_components(touching, directed=False)[1]
    for bottom in set(found.bottom.tolist()):
        own = np.flatnonzero(found.bottom == bottom)
        assert connected_components(touching[own][:, own], directed=False)[0] == 1
        assert depth[bottom] == depth[own].max()
        whole = (pieces == pieces[bottom]).sum() == len(own)
        assert people[own].sum() >= least or whole
    for bottom in set(plain.bottom.tolist()):  # hollows are joined, never cut
        assert len(set(found.bottom[plain.bottom == bottom].tolist())) == 1


def test_the_smallest_hollow_joins_over_its_deepest_pass_first():
    # bottoms 0, 2, 4 with one person in the middle one; the pass at 3 is deeper than that at 1
    row = csr_array(np.eye(5, k=1) + np.eye(5, k=-1))
    depth, people = np.array([0.9, 0.1, 0.6, 0.3, 0.8]), np.array([5.0, 1, 1, 1, 5])
    found = basins(depth, row, prominence=0.1, weight=people, least=4.0)
    assert found.bottom.tolist() == [0, 0, 4, 4, 4]
    assert found.joins == {0: -1, 4: 0}
