"""Fetch what a study names and does not have."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ctg_geo import sources
from ctg_geo.cache import folder
from ctg_geo.config import NamedFiles, StudyConfig
from ctg_geo.config.datasets import NamedDataset
from ctg_geo.config.road_source import OsmRoads
from ctg_geo.errors import DatasetsError, FetchError, MissingDataset
from ctg_geo.provenance import sha256
from ctg_geo.study.road_reading import study_communes
from ctg_geo.study.roads import around
from ctg_geo.study.timing import timed

__all__ = ["DatasetFetch", "Fetching", "fetch_datasets", "fetch_roads"]


@dataclass(frozen=True, slots=True)
class Fetching:
    """What a study had already, and what was fetched, by the name of its section."""

    kept: dict[str, str]  # names of files
    fetched: dict[str, sources.Fetched]


@dataclass(frozen=True, slots=True)
class DatasetFetch:
    """Files of datasets by key: there already, fetched, there but not as the catalogue says."""

    kept: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, str] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)  # archive of those fetched out of one
    differ: dict[str, str] = field(default_factory=dict)
    to_verify: dict[str, str] = field(default_factory=dict)  # page of those so marked


def fetch_datasets(config: StudyConfig | NamedFiles, *, out: Path | None = None) -> DatasetFetch:
    """Fetch the datasets that a study names and does not have.

    A file that is there is never touched; an archive put by hand is opened, and left. One that
    cannot be the file wanted (empty, a web page, cut) is told with those that are missing.

    Parameters
    ----------
    config : the study, or the datasets that one not yet whole names
    out : folder for what is fetched; None for that of the study (`data_dir`) or the cache

    Raises
    ------
    DatasetsError
        If some cannot be fetched: which, why, where to find each and where to put it. All
        others are fetched all the same.
    """
    done = DatasetFetch()
    missing: list[MissingDataset] = []
    silent: dict[str, str] = {}  # servers that do not answer are not asked again, and why
    for each in {each.key: each for each in config.datasets}.values():
        if each.dataset.status == "to_verify":
            done.to_verify[each.key] = each.dataset.page
        target = _target(config, each, out)
        try:
            if target.exists():
                _check_there(target, each.dataset.size_mb if each.dataset.member is None else None)
                done.kept[each.key] = str(target)
                if _differs(each, target):
                    done.differ[each.key] = target.name
                continue
            archive = _fetch(each, target, [target.parent, *config.folders], silent)
        except FetchError as error:
            missing.append(_missing(each, target, error))
        else:
            done.fetched[each.key] = str(target)
            if archive:
                done.opened[each.key] = archive
    if missing:
        raise DatasetsError(missing, [*done.kept.values(), *done.fetched.values()])
    return done


def _target(config: StudyConfig | NamedFiles, named: NamedDataset, out: Path | None) -> Path:
    own = config.resolve(str(named.path))
    elsewhere = out is not None and not own.exists() and own.parent in config.folders
    return out.resolve() / own.name if out is not None and elsewhere else own


def _check_there(target: Path, size_mb: float | None = None) -> None:
    """Refuse a file that cannot be the one wanted.

    Raises
    ------
    FetchError
        Saying what it is, and to remove it.
    """
    flaw = sources.flaw_of(target, size_mb=size_mb)
    if flaw:
        size = target.stat().st_size
        facts = {"file": str(target), "size": size, "wanted": (size_mb or 0) * 1e6}
        raise FetchError(f"there_{flaw}", **facts)


def _differs(named: NamedDataset, target: Path) -> bool:
    """Tell whether a file is not the one that the catalogue knows by its hash."""
    known = named.dataset.sha256
    return known is not None and named.dataset.member is None and sha256(target) != known


def _fetch(
    named: NamedDataset, target: Path, folders: Sequence[Path], silent: dict[str, str]
) -> str:
    """Fetch one file, out of an archive that is there if one is; return the name of that one."""
    dataset = named.dataset
    member = dataset.member
    if member is not None:
        by_hand = [place / dataset.file for place in folders if (place / dataset.file).is_file()]
        if by_hand:
            sources.extract(by_hand[0], member, target)
            return by_hand[0].name
    if dataset.url is None:
        raise FetchError("by_hand")
    host = urlsplit(dataset.url).netloc
    if host in silent:
        raise FetchError("no_answer", host=host, detail=silent[host])
    file = target if member is None else target.with_name(f".{dataset.file}")
    try:
        timed(f"fetch {named.key}", sources.download, dataset.url, file, sha256=dataset.sha256)
        if member is not None:
            sources.extract(file, member, target)
    except FetchError as error:
        if error.reason == "no_answer":
            silent[host] = str(error.facts["detail"])
        raise
    finally:
        if member is not None:
            file.unlink(missing_ok=True)
    return ""


def _missing(named: NamedDataset, target: Path, error: FetchError) -> MissingDataset:
    dataset = named.dataset
    name = target.name if dataset.member is None else dataset.file
    page, place = dataset.page, str(target.parent)
    return MissingDataset(named.key, dataset.title, page, name, place, error)


def fetch_roads(config: StudyConfig) -> Fetching:
    """Fetch the OpenStreetMap roads that a study names and does not have.

    Each section of roads of kind osm whose file does not exist is fetched for the study's
    area and the section's margin. A file that exists is never touched; one that cannot be an
    extract (empty, a web page) is refused.

    Raises
    ------
    FetchError
        If a download does not come to its end; the message says where to put a file that
        was downloaded by hand.
    """
    named = {
        name: roads for name, roads in config.file.roads.items() if isinstance(roads, OsmRoads)
    }
    paths = {name: config.resolve(roads.path) for name, roads in named.items()}
    kept = {name: path.name for name, path in paths.items() if path.exists()}
    for name in kept:
        _check_there(paths[name])
    missing = [name for name in named if name not in kept]
    if not missing:
        return Fetching(kept, {})
    communes = study_communes(config)
    fetched = {
        name: timed(
            "fetch", sources.fetch_osm, around(communes, named[name].margin_km), paths[name],
            cache=folder(),
        )
        for name in missing
    }  # fmt: skip
    return Fetching(kept, fetched)
