"""Type codes of the BPE: those of the file, and those of another year through a table."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from ctg_geo.config.study_file import PassageSource
from ctg_geo.errors import ConfigError, UnreadableFileError
from ctg_geo.sources.files import read_table
from ctg_geo.sources.official.headings import by_heading

__all__ = ["Passage", "candidates", "read_passage", "translated"]

Passage = frozenset[tuple[str, str]]  # (old code, code)


def read_passage(path: Path, source: PassageSource) -> Passage:
    """Read which codes became which; rows without one of the two say nothing.

    Insee calls « table de passage » (BPE24_table_passage.csv) the one from the types of a single
    year to their labels and domains (TYPEQU, Libelle_TYPEQU, Libelle_SDOM, Libelle_DOM): it
    holds no code of another year, and is refused as such.

    Raises
    ------
    MissingColumnError, UnreadableFileError
    """
    raw = read_table(path, source)
    there = [str(each) for each in raw.frame.columns]
    if {"typequ", "libelle_typequ"} <= set(by_heading(there)) and set(
        source.columns.values()
    ) - set(there):
        raise UnreadableFileError("bpe_labels", file=path.name, found=there)
    raw.require(source.columns.values())
    old, new = (raw.text(source.columns[key]) for key in ("old_code", "code"))
    return frozenset((str(a), str(b)) for a, b in zip(old, new, strict=True) if a and b)


def candidates(asked: Iterable[str], passage: Passage) -> set[str]:
    """Return the codes that may be needed to serve those asked for."""
    wanted = set(asked)
    return wanted.union(*(_across(code, passage) for code in wanted))


def translated(
    services: Mapping[str, str], *, there: Collection[str], passage: Passage, file: str
) -> dict[str, str]:
    """Return the service of each code of the file.

    A code that the file lacks is looked for in the passage table, in either direction. It
    stands only if the codes it became hold nothing else: else other kinds of places would
    be counted with it.

    Parameters
    ----------
    services : service of each code asked for
    there : codes of the file
    passage : codes of two years, side by side
    file : its name, for errors

    Raises
    ------
    ConfigError
        Naming the codes that cannot be served, and why.

    Examples
    --------
    >>> translated({"D201": "medecin"}, there={"D265"}, passage=frozenset({("D201", "D265")}),
    ...            file="bpe24.csv")
    {'D265': 'medecin'}
    """
    found: dict[str, str] = {}
    absent, mixed = [], []
    for code, service in services.items():
        became = {code} if code in there else _across(code, passage)
        if not became & set(there):
            absent.append(code)
        elif code not in there and _strangers(code, became, services, passage):
            mixed.append(code)
        found |= {each: service for each in sorted(became) if each in there}
    if absent:
        raise ConfigError("bpe_absent", file=file, codes=absent, near=_near(absent, there))
    if mixed:
        raise ConfigError("bpe_mixed", file=file, codes=mixed)
    return found


def _across(code: str, passage: Passage) -> set[str]:
    """Return what a code became, else what it was."""
    after = {new for old, new in passage if old == code}
    return after or {old for old, new in passage if new == code}


def _strangers(
    code: str, became: set[str], services: Mapping[str, str], passage: Passage
) -> set[str]:
    """Return the codes of its own year that are one with it in the other, and not asked for."""
    forward = any(old == code for old, _ in passage)
    ways = passage if forward else {(new, old) for old, new in passage}
    with_it = {own for own, other in ways if other in became}
    return {each for each in with_it if services.get(each) != services[code]}


def _near(absent: Collection[str], there: Collection[str]) -> list[str]:
    """Return the codes of the file that begin as those it lacks."""
    return sorted(each for each in there if each[:2] in {code[:2] for code in absent})
