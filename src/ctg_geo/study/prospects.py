"""What a study declares of the years ahead, read and brought to its communes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels, secrecy, sources, territory
from ctg_geo.config.projection_section import AgesSource, OpeningsSource, ProjectionSection
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.config.table_source import FileSource, TableSource
from ctg_geo.contracts import Band
from ctg_geo.errors import ComparisonError, DataError, Defect, UnknownServiceError
from ctg_geo.evolution import OLDEST, Prospects
from ctg_geo.evolution.moment import for_whom
from ctg_geo.parameters import SecrecyRule, Service
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.planned import located, refuse_closures, refuse_openings
from ctg_geo.territory import Moves, Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["ProspectsReader"]

_MANY: Final = 1e6


@dataclass(slots=True, eq=False)
class ProspectsReader:
    """Reads the tables of `[projection]`, and keeps account of their rows."""

    section: ProjectionSection
    given: Territory
    moves: Moves
    path_of: Callable[[str, FileSource], Path]
    rules: Mapping[str, SecrecyRule] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)  # communes of which a birth or an age is secret
    aged: frozenset[str] = frozenset()  # figures of the population that have ages
    ledgers: list[Ledger] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self, key: str, service: Service) -> Prospects:
        """Return what is known of the years ahead of a service.

        Raises
        ------
        MissingFileError, MissingColumnError, UnreadableFileError, DataError
            If a table cannot be used, with every wrong cell.
        ComparisonError
            If births are not known for as many years as a variant asks, or the first of them
            comes after the year that follows the ages.
        """
        births = self._births()
        self._check_births(births)
        base, ages = self._ages(births)
        self._hide_communes(births, ages)
        places = self._places(key, service)
        homes = self.section.dwellings
        return Prospects(
            base, ages, births, self.section.survival.value, self._migration(),
            self._dwellings(), {} if homes is None else _bands(homes.persons), places,
            self._closures(places), frozenset(self.hidden),
        )  # fmt: skip

    def _table(
        self,
        name: str,
        source: TableSource,
        columns: Mapping[str, str],
        bounds: Mapping[str, tuple[float, float]],
        *,
        key: str = "code_insee",
        once: bool = True,
        known: pd.Index | None = None,
    ) -> pd.DataFrame:
        read = sources.read_ahead(
            self.path_of(f"projection {name}", source), source, columns, key=key,
            known=self.given.communes.index if known is None else known,
            became=self.moves.became(), bounds=bounds, once=once,
        )  # fmt: skip
        self.ledgers.append(read.ledger)
        self.findings += read.findings
        return read.table

    def _hide_communes(self, births: pd.DataFrame, ages: pd.DataFrame) -> None:
        """Make unknown, in place, all births and ages of communes of which any is secret.

        So it is where people of known ages are secret today: their births would tell them. A
        year ahead less another, or today's people less those of two years, tells one cohort.
        """
        people = self.given.population
        aged = [name for name in people if name in self.section.figures or name in self.aged]
        for name in aged:
            secret = people.index[people[f"{name}_status"] == contracts.SECRET]
            self.hidden |= set(map(str, secret))
        births.loc[births.index.isin(self.hidden)] = np.nan
        ages.loc[ages.index.isin(self.hidden)] = np.nan

    def _births(self) -> pd.DataFrame:
        """Return births by commune and year; a sum with an unknown or absent part is unknown."""
        source = self.section.births
        columns = {str(name): heading for name, heading in source.columns.items()}
        rows = self._table("births", source, columns, {"births": (0, _MANY)})
        if source.year is not None:
            rows["year"] = source.year
        if rows.empty:
            raise ComparisonError("no_births", file=Path(source.path).name)
        self._hide_births(rows)
        wanted = rows.groupby("code_insee")["given"].nunique()
        groups = rows.groupby(["code_insee", "year"])["births"]
        total = groups.agg(lambda each: each.sum(skipna=False))
        whole = groups.size().to_numpy() == wanted[total.index.get_level_values(0)].to_numpy()
        table = total.where(whole).unstack("year")  # noqa: PD010  (one value a pair)
        first, last = int(table.columns.min()), int(table.columns.max())
        return table.reindex(columns=range(first, last + 1)).astype(np.float64)

    def _hide_births(self, rows: pd.DataFrame) -> None:
        """Make unknown, in place, the births of a commune and year that the rule hides."""
        masked = rows["births_status"] == contracts.SECRET
        self.hidden |= set(map(str, rows.loc[masked, "code_insee"]))
        rule = _ruled(self.section.births.secrecy, self.rules)
        if rule is None:
            return
        few = secrecy.too_few(rows["births"], rule)
        self._note_hidden("births", rule, rows.loc[few, "code_insee"], int(few.sum()))
        rows.loc[few, "births"] = np.nan

    def _note_hidden(
        self, name: str, rule: SecrecyRule, codes: Iterable[object], count: int
    ) -> None:
        """Note what a rule hid of a table of the years ahead."""
        if not count:
            return
        self.hidden |= set(map(str, codes))
        facts: dict[str, object] = {"column": labels.text(f"projection.table.{name}"),
                                    "count": count, "rule": rule.label}  # fmt: skip
        self.findings.append(Finding("warning", "secret_by_rule", "population", name, facts))

    def _check_births(self, births: pd.DataFrame) -> None:
        longest = max(each.births.years for each in self.section.variants.values())
        if longest > births.shape[1]:
            raise ComparisonError(
                "births_years", asked=longest, first=str(births.columns[0]),
                last=str(births.columns[-1]),
            )  # fmt: skip

    def _ages(self, births: pd.DataFrame) -> tuple[int, pd.DataFrame]:
        """Return the year at the end of which ages are known, and people by age then."""
        codes, source = self.given.communes.index, self.section.ages
        if source is None:
            first = int(births.columns[0])
            table = pd.DataFrame(np.nan, index=codes, columns=range(OLDEST + 1))
            table[0] = births[first].reindex(codes)
            return first, table
        base = source.on_1_january - 1
        if int(births.columns[0]) > base + 1:
            raise ComparisonError("births_late", first=str(births.columns[0]), needed=str(base + 1))
        return base, self._single_years(source).reindex(codes)

    def _single_years(self, source: AgesSource) -> pd.DataFrame:
        names = {age: f"{age}-{age}" for age in range(OLDEST)} | {OLDEST: f"{OLDEST}+"}
        plain = PopulationSource(
            **source.model_dump(exclude={"on_1_january", "wider_area"}), wider_area=True,
            format="commune_ages",
            values={f"age_{age}": {"column": column} for age, column in names.items()},
        )  # fmt: skip
        codes = self.given.communes.index
        path = self.path_of("projection ages", source)
        read = sources.read_people(path, plain, within={*codes, *self.moves.before(set(codes))})
        used = 0 if read.row_codes is None else len(read.row_codes)
        self.ledgers.append(Ledger(read.name, read.rows, used, {"elsewhere": read.rows - used}))
        self.findings += read.findings
        now = self.moves.became()
        rule = _ruled(source.secrecy, self.rules)
        last = max(band.high for band in _bands(dict.fromkeys(self.section.figures.values(), 0.0)))
        young = [f"age_{age}" for age in names if age <= last]  # those who are told of, or will be
        if rule is not None:
            read, few = secrecy.hide_by_rule(read, plain, self.rules)
            own = few.index[few[young].any(axis=1)]
            codes_now = [now.get(str(code), str(code)) for code in own]
            self._note_hidden("ages", rule, codes_now, int(few.to_numpy().sum()))
        masked = (read.table[[f"{name}_status" for name in young]] == contracts.SECRET).any(axis=1)
        self.hidden |= {now.get(str(code), str(code)) for code in masked.index[masked]}
        people = read.table[[f"age_{age}" for age in names]].set_axis(list(names), axis=1)
        current = [now.get(str(code), str(code)) for code in people.index]
        unknown = people.isna().groupby(current).any()
        return people.groupby(current).sum().mask(unknown)

    def _migration(self) -> pd.Series | None:
        source = self.section.migration
        if source is None:
            return None
        columns = {str(name): heading for name, heading in source.columns.items()}
        rows = self._table("migration", source, columns, {"rate": (-1, 1)})
        twice = rows[rows["code_insee"].duplicated()]
        if len(twice):
            raise DataError([
                Defect(Path(source.path).name, "ahead_merged", int(row["row"]),
                       columns["code_insee"], str(row["given"]), {"code": row["code_insee"]})
                for _, row in twice.iterrows()
            ])  # fmt: skip
        return rows.set_index("code_insee")["rate"]

    def _dwellings(self) -> pd.DataFrame | None:
        source = self.section.dwellings
        if source is None:
            return None
        columns = {str(name): heading for name, heading in source.columns.items()}
        return self._table("dwellings", source, columns, {"dwellings": (0, _MANY)}, once=False)

    def _places(self, key: str, service: Service) -> "gpd.GeoDataFrame":
        """Return the places of today and those planned, each once."""
        try:
            now, said = territory.supply(self.given, key, service)
            self.findings += said
        except UnknownServiceError as error:
            if error.reason == "care_missing":
                raise
            now = self.given.equipements.iloc[:0]
            now = now.assign(care="") if service.care else now
        places = for_whom(now).join(now[["nom", "code_insee"]])
        places["year"] = np.nan
        source = self.section.openings
        planned = None if source is None else self._planned(source, key, service)
        if planned is None or planned.empty:
            if places.empty:
                raise UnknownServiceError("no_place", service=key, known=[])
            return places
        return pd.concat([places, planned]) if len(places) else planned

    def _planned(self, source: OpeningsSource, key: str, service: Service) -> "gpd.GeoDataFrame":
        columns = {str(name): heading for name, heading in source.columns.items()}
        bounds = {"capacity": (0.0, _MANY), "lon": (-180.0, 180.0), "lat": (-90.0, 90.0)}
        rows = self._table("openings", source, columns, bounds, once=False)
        if "service" not in rows:
            rows["service"] = source.service
        own = pd.DataFrame(rows[rows["service"].isin(set(service.care) or {key})])
        refuse_openings(own, columns, service, file=Path(source.path).name,
                        taken=set(self.given.equipements.index))  # fmt: skip
        self._other_services(len(rows) - len(own))
        planned = located(own, self.given).assign(residents="")
        return planned.assign(care=own["service"].to_numpy()) if service.care else planned

    def _other_services(self, count: int) -> None:
        """Note that some rows of the last table are about other services."""
        last = self.ledgers[-1]
        aside = {**last.set_aside, "other_service": count}
        self.ledgers[-1] = Ledger(last.table, last.read, last.used - count, aside)

    def _closures(self, places: pd.DataFrame) -> pd.DataFrame | None:
        source = self.section.closures
        if source is None:
            return None
        columns = {str(name): heading for name, heading in source.columns.items()}
        every = self.given.equipements.index.union(places.index)
        rows = self._table(
            "closures", source, columns, {"share": (0, 1)}, key="equipement_id", known=every
        )
        refuse_closures(rows, columns["share"], file=Path(source.path).name)
        own = rows[rows["equipement_id"].isin(places.index)]
        self._other_services(len(rows) - len(own))
        return own


def _ruled(name: str | None, rules: Mapping[str, SecrecyRule]) -> SecrecyRule | None:
    """Return the rule of a table by its name; None where it is under none."""
    return None if name in (None, "none") else rules[str(name)]


def _bands(persons: Mapping[str, float]) -> dict[Band, float]:
    found = {contracts.band(text): count for text, count in persons.items()}
    return {band: count for band, count in found.items() if band is not None}
