"""What is to be checked in the data and the results, told once for all it is about."""

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
_SERVICES: Final = 4  # named at most

Told = tuple[str, str]  # severity, sentence


def findings_of(results: Results) -> Iterator[Block]:
    """List what is to be checked, each finding once, with the services it concerns."""
    return findings_in([(each.label, each.way, each.published) for each in results.services])


def findings_in(folders: Sequence[tuple[str, str, Published]]) -> Iterator[Block]:
    """List the findings of folders: those alike in one sentence, which names all it is about.

    Parameters
    ----------
    folders : of each service its name, how one travels to it ("" to leave it out), its folder
    """
    said: dict[Told, list[str]] = {}
    for label, way, folder in folders:
        if folder.has(_FILE):
            for told, by_way in _alike(folder).items():
                named = labels.text("documents.sheet_way", service=label, way=way)
                said.setdefault(told, []).append(named if by_way and way else label)
    for severity in dict.fromkeys(level for level, _ in said):
        items = [_of_services(sentence, of, len(folders))
                 for (level, sentence), of in said.items() if level == severity]  # fmt: skip
        yield Paragraph(labels.text("documents.findings", severity=severity.capitalize()))
        yield Listing(tuple(items))


def _alike(folder: Published) -> Mapping[Told, bool]:
    """Join the findings of a folder that differ by a name alone; whether they hang on the way."""
    names: dict[tuple[str, str, str], list[str]] = {}
    for severity, key, _, _, name, message in read_sheet(folder.folder / _FILE).rows:
        sentence = message.replace(name, _NAME) if message.count(name) == 1 else message
        names.setdefault((severity, key, sentence), []).append(name)
    return {
        (severity, sentence.replace(_NAME, labels.text("documents.finding_names", names=those))):
        key in _BY_WAY
        for (severity, key, sentence), those in names.items()
    }  # fmt: skip


def _of_services(sentence: str, of: Sequence[str], every: int) -> str:
    """Say which services a finding concerns, where it is not all of them."""
    if len(of) == every > 1:
        return sentence
    key = "finding_of" if len(of) <= _SERVICES else "finding_of_many"
    return labels.text(f"documents.{key}", finding=sentence, service=" ; ".join(of),
                       count=len(of), every=every)  # fmt: skip
