"""One configuration file -> the right rooms, in order, remembered. Wiring only."""

from pathlib import Path
from typing import TYPE_CHECKING

from ctg_geo.config import load_study
from ctg_geo.diagnosis import Diagnosis, HowSure
from ctg_geo.provenance import InputFile, Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.data import StudyData
from ctg_geo.study.diagnosed import diagnosed, thrown
from ctg_geo.study.files import in_clear_by_plan
from ctg_geo.study.vintages import looks, unverified

if TYPE_CHECKING:
    from ctg_geo.study.groupings import Groups

__all__ = ["Study", "open_study"]


def open_study(path: str | Path) -> "Study":
    """Open a study by its TOML file.

    Raises
    ------
    MissingFileError, ConfigError
        If the file is not there or cannot be used; the message names key, value and mend.
    """
    return Study(load_study(path))


class Study(StudyData):
    """A configured territory: reads, joins and times on first use, then remembers.

    Attributes
    ----------
    config : StudyConfig
    territory : Territory
    indicators : Indicators, of the tables that the study names
    quarters : Quarters, the QPV of the study, if it names them
    published : Published, coverage rates of others, as context
    topology : RoadNetwork of cars, untimed
    groups : DataFrame by code_insee, one column per grouping
    findings : what is known of the data so far
    """

    def diagnose(self, service: str) -> Diagnosis:
        """Diagnose a service of the configuration by its key; see `ctg_geo.diagnosis.diagnose`.

        Raises
        ------
        UnknownServiceError, DataError, ConfigError
        """
        return diagnosed(self, service)

    def uncertainty(
        self, service: str, *, draws: int | None = None, seed: int | None = None
    ) -> HowSure:
        """Tell how sure the diagnosis of a service is: dice of the section ``[uncertainty]``.

        `draws` and `seed` are those of the section where they are not given.

        Raises
        ------
        ConfigError
            If the study has no such section, or a value is out of bounds.
        UnknownServiceError, DataError, TravelError
            See `ctg_geo.diagnosis.diagnose` and `ctg_geo.diagnosis.how_sure`.
        """
        return self.how_sure(self.diagnose(service), draws=draws, seed=seed)

    def how_sure(
        self, diagnosis: Diagnosis, *, draws: int | None = None, seed: int | None = None
    ) -> HowSure:
        """Tell how sure a diagnosis of this study is; see `uncertainty`."""
        return thrown(self, diagnosis, draws=draws, seed=seed)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is known of the territory and, once they are read, of the roads."""
        around = () if self.quarters is None else self.quarters.findings
        grouped: dict[str, Groups] = self.__dict__.get("groupings", {})  # once they are made
        said = [one for each in grouped.values() for one in each.findings]
        rest = (*around, *self.published.findings, *said, *self.roads.findings,
                *self.transit.findings)  # fmt: skip
        services = {key: each.label for key, each in self.config.services.items()}
        return tuple(each.naming(services) for each in (*self.territory.findings, *rest))

    @property
    def findings_on_people(self) -> tuple[Finding, ...]:
        """What is known of the communes, the people and the indicators, and of no place."""
        of_places = set(self.territory.equipements["from_file"])
        around = () if self.quarters is None else self.quarters.findings
        every = (*self.territory.findings, *around, *self.indicators.findings)
        return tuple(each for each in every if each.table not in of_places)

    def findings_of(self, service: str) -> tuple[Finding, ...]:
        """Return the findings, without those on files whose places are all of other services.

        `check` lists them all, and so does a run over all themes.
        """
        declared = self.config.service(service)
        own = self.territory.equipements["service"].isin(set(declared.care) or {service})
        files = self.territory.equipements["from_file"]
        others = set(files) - set(files[own])
        return tuple(each for each in self.findings if each.table not in others)

    @property
    def checks(self) -> list[Finding]:
        """What is told of the files alone: the year of their communes, addresses to verify."""
        read = self._read.ingredients
        return [*looks(read, self.config.file.sources, self.territory),
                *unverified(self.config.datasets)]  # fmt: skip

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """The files read so far, with their hashes, but for those that hold what is hidden."""
        if "_read" not in self.__dict__:
            return self.files.inputs(())  # no people were read
        return self.files.inputs(in_clear_by_plan(self.config, self.secrecy))

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Rows of each table: read, used, set aside."""
        joined, events = self.territory.ledgers, self._read.moves.events.ledger
        known = [events] if events.table else []
        around = [] if self.quarters is None else [self.quarters.ledger]
        rest = (*around, *self.published.ledgers, *self.roads.ledgers, *self.transit.ledgers)
        return (*joined, *known, *rest)
