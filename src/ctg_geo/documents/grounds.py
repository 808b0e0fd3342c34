"""What the figures rest on: method, limits, sources with their vintage, words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.documents.parts import Block, Listing, Paragraph, Table, texts_of
from ctg_geo.documents.published import Published
from ctg_geo.documents.results import Results

__all__ = ["changed_since", "estimates", "glossary", "limits", "method", "origins", "sources"]

_LIMITS: Final = ("chef_lieu", "free_place", "supply", "relative", "choice")


def estimates(results: Results) -> str:
    """Say which inputs are estimates, of all services together; "" where none is."""
    found: dict[str, None] = {}
    for service in results.services:
        table = service.communes.table
        if "estimated" in table.columns:
            for each in table["estimated"].dropna().unique():
                found |= dict.fromkeys(
                    part.strip() for part in str(each).split(";") if part.strip()
                )
    return labels.text("documents.estimates", each=list(found)) if found else ""


def method(results: Results, more: Sequence[Published] = ()) -> Iterator[Block]:
    """Say how it was worked out, what it does not say, and whether files were changed since.

    Parameters
    ----------
    more : further folders that the document tells of
    """
    norms = [
        labels.text("documents.norm_of", service=each.label, source=each.declared["norm"]["source"])
        for each in results.services if each.judged
    ]  # fmt: skip
    yield Paragraph(labels.text("documents.method_times"))
    yield Paragraph(labels.text("documents.method_catchment"))
    others = [
        labels.text("documents.measure_of", service=each.label,
                    measure=labels.text(f"measure.{each.declared['measure']}"))
        for each in results.services
        if each.on_supply and each.declared.get("measure", "e2sfca") != "e2sfca"
    ]  # fmt: skip
    others += [
        labels.text("documents.cares_of", service=each.label,
                    modes=[care["label"] for care in each.declared["care"].values()])
        for each in results.services if each.declared.get("care")
    ]  # fmt: skip
    if others:
        yield Listing(tuple(others))
    if norms:
        yield Paragraph(labels.text("documents.norms"))
        yield Listing(tuple(norms))
    yield from limits((*results.folders, *more))


def limits(folders: Sequence[Published]) -> Iterator[Block]:
    """Say what figures do not say, and which files were changed since they were made."""
    yield Paragraph(labels.text("documents.limits"))
    yield Listing(tuple(labels.text(f"documents.limit_{each}") for each in _LIMITS))
    yield from changed_since(folders)


def changed_since(folders: Sequence[Published]) -> Iterator[Block]:
    """Say which files were changed since they were made, if some were."""
    changed = [f"{each.folder.name}/{name}" for each in folders for name in each.changed]
    if changed:
        yield Paragraph(labels.text("documents.changed", files=changed), "caution")


def sources(folders: Sequence[Published]) -> Table:
    """Return every file that a run has read, with provider, vintage and licence."""
    rows: dict[tuple[str, ...], None] = {}
    for folder in folders:
        for each in folder.manifest["inputs"]:
            if each["role"] != "config":
                scenario = each["role"] == "scenario"
                provider = labels.text("documents.source_plan") if scenario else each["provider"]
                row = (provider, each["vintage"], each["path"].rsplit("/", 1)[-1],
                       each["licence"], each["note"])  # fmt: skip
                rows[tuple(str(cell) for cell in row)] = None
    titles = [labels.text(f"documents.source_{each}")
              for each in ("provider", "vintage", "file", "licence", "note")]  # fmt: skip
    return Table(labels.text("documents.sources_caption"), titles, tuple(rows), (False,) * 5)


def origins(folders: Sequence[Published]) -> str:
    """Name who publishes the files that a run has read, with their vintages, each once."""
    said: dict[str, None] = {}
    for folder in folders:
        for each in folder.manifest["inputs"]:
            if each["role"] not in ("config", "scenario") and each["provider"]:
                said[", ".join(filter(None, (str(each["provider"]), str(each["vintage"]))))] = None
    return f"{labels.NBSP}; ".join(said)


def glossary(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the words of the field that blocks use, explained; no other."""
    said = "\n".join(each for block in blocks for each in texts_of(block))
    return tuple(
        labels.text(f"documents.word_{key}")
        for key, forms in labels.section("words_used").items()
        if re.search(rf"(?<!\w)(?:{forms})(?!\w)", labels.typeset(said),
                     0 if forms.isupper() else re.IGNORECASE)
    )  # fmt: skip
