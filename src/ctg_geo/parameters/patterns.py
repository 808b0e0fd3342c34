"""How areas, clusters and kinds of communes are looked for."""

from pydantic import Field

from ctg_geo.parameters.parameter import Parameter

__all__ = ["Patterns"]


class Patterns(Parameter):
    """What is set of the search for areas, clusters and kinds of communes.

    Parameters
    ----------
    link_m : metres; where people are placed inside communes, two places below the norm farther
        apart are two areas. Communes whose people are at one point are linked where they touch
    prominence : how much deeper than the pass to its neighbour a hollow of access must be to be
        an area of its own, as a share of the norm; 1 leaves every area of one piece whole
    least_share : of all people below the norm (0-1), that a hollow must have to be an area of its
        own, unless nothing below the norm touches it
    permutations : draws of the local Moran index, for each commune
    false_discoveries : share of false discoveries accepted among the clusters told (0-1)
    seed : of all draws
    most_classes : the most kinds of communes that are tried
    contiguous : whether a kind of communes must be of one piece
    source : of these settings, in words
    """

    link_m: float = Field(default=2_000, gt=0, le=100_000)
    prominence: float = Field(default=0.05, ge=0, le=1)
    least_share: float = Field(default=0.02, ge=0, le=1)
    permutations: int = Field(default=999, ge=99, le=99_999)
    false_discoveries: float = Field(default=0.05, gt=0, lt=1)
    seed: int = Field(default=1, ge=0)
    most_classes: int = Field(default=6, ge=2, le=7)
    contiguous: bool = False
    source: str = ""
