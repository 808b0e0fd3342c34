"""What all maps of themes share: the territory, its groups, and who the data come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ctg_geo import contracts
from ctg_geo.territory import Territory

__all__ = ["Context", "Setting"]


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The indicators of a study, for its themes of context.

    `figures` by code_insee of the territory, as told (shares in percent), each with its
    `_status`; `titles` in order; `whole` those told without decimals; `drawn` those that a
    map may show in classes (rates and medians: a count is not coloured by area); `origins`
    who publishes each, and of when.
    """

    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    titles: Mapping[str, str] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    drawn: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    def decimals(self, name: str) -> int:
        """How many decimals a figure is told with: none for counts and medians."""
        if name in self.whole:
            return 0
        most = self.figures[name].abs().max()
        return 2 if most < 10 else 1  # noqa: PLR2004  (figures like people per household)

    def guessed(self, name: str) -> bool:
        """Tell whether some values of a figure are estimates."""
        return bool((self.figures[f"{name}_status"] == contracts.ESTIMATED).any())

    def shown(self, name: str) -> pd.Series:
        """Return the figure where its status says that it may be shown."""
        known = self.figures[f"{name}_status"].isin([contracts.OBSERVED, contracts.ESTIMATED])
        return self.figures[name].where(known)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What all maps of the themes of a study share.

    `groups` is the name of the group of each commune of the territory, `grouping` what to call
    a group: None and "" where communes are not grouped.
    """

    study: str
    territory: Territory
    sources: tuple[str, ...]
    groups: pd.Series | None = None
    grouping: str = ""
