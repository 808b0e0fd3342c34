"""What is to be checked in the data and the results, told once for all it is about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.documents.parts import Block, Listing, Paragraph
from ctg_geo.documents.published import Published, read_sheet
from ctg_geo.documents.results import Results

__all__ = ["findings_in", "findings_of"]

_FILE: Final = "constats.csv"
_BY_WAY: Final = frozenset(("none_in_reach", "some_out_of_reach", "reach_secret"))
_NAME: Final = "\0"  # stands for the name of what a sentence is about
_QUOTED: Final = labels.typeset(f"« {_NAME} »")
_SELF: Final = "\1"  # stands for the service whose results these are
_SERVICES: Final = 4  # named at most

Told = tuple[str, str]  # severity, sentence


def findings_of(results: Results) -> Iterator[Block]:
    """List what is to be checked, each finding once, with the services it concerns."""
    return findings_in([(each.label, each.way, each.published) for each in results.services])


def findings_in(folders: Sequence[tuple[str, str, Published]]) -> Iterator[Block]:
    """List the findings of folders: those alike in one sentence, which names all it is about.

    A sentence that opens with the name of its service is told once for all the services that
    have it.

    Parameters
    ----------
    folders : of each service its name ("" where it is the only one), how one travels to it (""
        to leave it out), its folder
    """
    said: dict[Told, list[str]] = {}
    for label, way, folder in folders:
        if folder.has(_FILE):
            for told, own in _alike(folder, labels.typeset(label)).items():
                named = labels.text("documents.sheet_way", service=label, way=way)
                said.setdefault(told, []).append(own or (named if own is None and way else label))
    for severity in dict.fromkeys(level for level, _ in said):
        items = [_capital(_of_services(sentence, of, len(folders)))
                 for (level, sentence), of in said.items() if level == severity]  # fmt: skip
        yield Paragraph(labels.text("documents.findings", severity=severity.capitalize()))
        yield Listing(tuple(items))


def _alike(folder: Published, label: str) -> Mapping[Told, str | None]:
    """Join the findings of a folder that differ by a name alone.

    Returns
    -------
    by severity and sentence: how it names the service itself, "" if it does not; None where it
    hangs on the way one travels
    """
    itself = re.compile(rf"{re.escape(label)}(?: \(\d+\))?(?=\s*:)")  # with its count of places
    names: dict[tuple[str, str, str], list[str]] = {}
    own: dict[str, str] = {}
    for row in read_sheet(folder.folder / _FILE).rows:
        severity, key, _, _, name, message, *_ = map(labels.typeset, row)
        found = itself.match(message)
        sentence = message.replace(name, _NAME) if message.count(name) == 1 else message
        if found is not None:
            sentence = _SELF + message[found.end() :]
            own[sentence] = found[0]
        names.setdefault((severity, key, sentence), []).append(name)
    return {
        (severity, _of_names(key, sentence, those)):
        None if key in _BY_WAY else own.get(sentence, "")
        for (severity, key, sentence), those in names.items()
    }  # fmt: skip


def _of_names(key: str, sentence: str, names: Sequence[str]) -> str:
    """Say a finding of all that it is about, its words agreed, each name in its own guillemets."""
    told = labels.retold(f"findings.{key}", sentence, named=2) if len(names) > 1 else sentence
    for each in (_QUOTED, _NAME):
        listed = labels.text(
            "documents.finding_names", names=[each.replace(_NAME, name) for name in names]
        )
        told = told.replace(each, listed)
    return told


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _of_services(sentence: str, of: Sequence[str], every: int) -> str:
    """Say which services a finding concerns, where it is not all of them."""
    if sentence.startswith(_SELF):
        return ", ".join(of) + sentence.removeprefix(_SELF)
    named = len(of) == 1 and labels.typeset(of[0]) in sentence
    if len(of) == every > 1 or named or not any(of):
        return sentence
    key = "finding_of" if len(of) <= _SERVICES else "finding_of_many"
    return labels.text(f"documents.{key}", finding=sentence, service=" ; ".join(of),
                       count=len(of), every=every)  # fmt: skip
