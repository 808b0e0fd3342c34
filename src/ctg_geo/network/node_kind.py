"""What slows people down at a node of the roads."""

from enum import IntEnum

__all__ = ["NodeKind"]


class NodeKind(IntEnum):
    """What slows people down at a node."""

    NONE = 0
    SIGNALS = 1
    STOP = 2  # stop or give way
    CROSSING = 3  # of pedestrians
    MINI_ROUNDABOUT = 4
    BARRIER = 5  # that one may open
