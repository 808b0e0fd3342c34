"""What a study tells beside its figures: indicators, quarters, rates that others publish."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from ctg_geo import secrecy, sources, territory
from ctg_geo.config import StudyConfig
from ctg_geo.study.files import StudyFiles
from ctg_geo.study.indicators import Indicators, read_indicators, without_retold
from ctg_geo.study.published import Published, read_published
from ctg_geo.study.reading import Reading
from ctg_geo.study.timing import timed
from ctg_geo.territory import Quarters, Territory

__all__ = ["Context"]


@dataclass(frozen=True, eq=False)
class Context:
    """Reads each on first use, then remembers.

    Attributes
    ----------
    plan : what may be published
    joined : the territory, without what is hidden
    """

    config: StudyConfig
    files: StudyFiles
    read: Reading
    plan: Callable[[], secrecy.Plan]
    joined: Callable[[], Territory]

    @cached_property
    def indicators(self) -> Indicators:
        """Income, single parents, unemployment and the like, by commune.

        What its rules hide is not in it, nor what tells again a secret of another table.
        """
        found = without_retold(
            self.by_rule, secrecy.withheld(self.read.territory, self.plan()).population,
            self.plan(), self.config.file.sources.indicators,
        )  # fmt: skip
        self.files.in_clear |= {f"indicators {one.identifier}" for one in found.findings
                                if one.key == "secret_retold"}  # fmt: skip
        return found

    @cached_property
    def by_rule(self) -> Indicators:
        """The indicators, each table by itself put under its rule."""
        moves, codes = self.read.moves, self.read.territory.communes.index
        area = frozenset(map(str, codes)) | moves.before(frozenset(map(str, codes)))
        read = read_indicators(self.config, self.files.path, codes, area, moves)
        given = self.config.file.sources.indicators
        table, said = secrecy.hide_indicators(
            read.table, given, self.config.file.secrecy.every_rule,
            lambda: secrecy.withheld(self.read.territory, self.plan()).population,
            self.read.territory.inside, self.read.territory.communes.get("epci"),
        )  # fmt: skip
        self.files.in_clear |= {f"indicators {one.identifier}" for one in said}
        return replace(read, table=table, findings=(*read.findings, *said))

    @cached_property
    def quarters(self) -> Quarters | None:
        """The priority neighbourhoods (QPV), and who and what is in one."""
        source = self.config.file.sources.qpv
        if source is None:
            return None
        path = self.files.path("qpv", source)
        read = timed("qpv", sources.read_qpv, path, source, crs=self.config.file.study.crs)
        return territory.quarters_of(self.joined(), read, name=path.name)

    @cached_property
    def published(self) -> Published:
        """Coverage rates of others, as context."""
        return read_published(self.config.file.sources, self.files.path, self.read.territory)
