"""The report of a run: what to decide on one page, then themes, analyses, method and sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ctg_geo import labels
from ctg_geo.documents.cells import cut_at, table_of, table_of_sheet
from ctg_geo.documents.comparisons import ComparisonResults
from ctg_geo.documents.decisions import decisions
from ctg_geo.documents.findings import findings_of
from ctg_geo.documents.grounds import estimates, glossary, method, sources
from ctg_geo.documents.parts import (
    Block,
    Document,
    Figure,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Table,
)
from ctg_geo.documents.pictures import picture
from ctg_geo.documents.prose import blocks_of, is_item, section
from ctg_geo.documents.published import Layer, Published, read_sheet
from ctg_geo.documents.results import Results, ServiceResults
from ctg_geo.documents.scenarios import choice, scenario_chapter
from ctg_geo.documents.services import glance, known_in_part, missing_items, services_table
from ctg_geo.documents.tours import TourResults, tour_chapter

__all__ = ["Beside", "map_of", "report", "service_blocks"]

_DECISIONS: Final = 3  # one page
_WORST: Final = 12
_SENTENCES: Final = 2  # with each map
_COLUMNS: Final = ("rank", "nom", "bassin", "missing", "concerned", "access_per_100", "nearest_min",
                   "certainty_label")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """What other commands published of the same study: comparisons of scenarios, tours."""

    comparisons: Sequence[ComparisonResults] = ()
    tours: Sequence[TourResults] = ()

    @property
    def folders(self) -> tuple[Published, ...]:
        """Every folder read."""
        made = [each.published for each in self.comparisons]
        return (*made, *(each.published for each in self.tours))


def report(results: Results, beside: Beside = Beside()) -> Document:
    """Bind the results of a run, and what stands beside them, into one document."""
    pictures: dict[str, bytes] = {}
    blocks: tuple[Block, ...] = (
        *_first_page(results, beside.comparisons),
        *_themes(results, pictures),
        *_analyses(results, pictures),
        *tour_chapter(beside.tours, pictures),
        *scenario_chapter(beside.comparisons, pictures),
        *_grounds(results, beside.folders),
    )
    blocks = (*blocks, Heading(1, labels.text("documents.glossary")), Listing(glossary(blocks)))
    return Document(
        labels.text("documents.title", study=results.study),
        labels.text("documents.subtitle"), blocks, pictures,
    )  # fmt: skip


def _first_page(results: Results, comparisons: Sequence[ComparisonResults]) -> Iterator[Block]:
    found = (*map(choice, comparisons), *decisions(results))
    yield Heading(1, labels.text("documents.to_decide"))
    for number, each in enumerate(found[:_DECISIONS], start=1):
        yield Heading(2, f"{number}. {each.question}")
        yield Paragraph(each.answer, "lead")
        if each.caution:
            yield Paragraph(each.caution, "note")
    more = found[_DECISIONS:]
    if more:
        questions = " ".join(each.question for each in more)
        yield Paragraph(labels.text("documents.also", questions=questions))
    if results.whole is not None:
        yield glance(results.whole)
    said = estimates(results)
    if said:
        yield Paragraph(said, "caution")


def _themes(results: Results, pictures: dict[str, bytes]) -> Iterator[Block]:
    """Give a chapter to each theme; the services judged in full, the others in a sentence."""
    told = set[str]()
    whole = results.whole
    themes = {} if whole is None else whole.themes
    yield PageBreak()
    for key, theme in themes.items():
        assert whole is not None, "themes are of a run over all of them"
        yield Heading(1, str(theme["label"]))
        yield from _theme(results, whole, key, theme, pictures)
        for service in results.services:
            if service.key in theme["services"] and service.judged and service.key not in told:
                told.add(service.key)
                yield from service_blocks(service, pictures)
    for service in results.services:
        if whole is None and service.key not in told:
            yield from service_blocks(service, pictures)


def _theme(
    results: Results, whole: Published, key: str, theme: Mapping[str, Any],
    pictures: dict[str, bytes],
) -> Iterator[Block]:  # fmt: skip
    """Tell whom a theme is for, what is known of its services, and which files would tell more."""
    label = str(theme["label"])
    title = labels.text("themes.title", theme=label, study=results.study)
    lines = section(whole.lines("synthese.txt"), title)
    first, more = _opening([line for line in lines if not is_item(line)])
    yield from blocks_of(first)
    yield from map_of(whole, f"carte_{key}.png", label, pictures)
    yield from blocks_of(more)
    own = [each for each in results.services if each.key in theme["services"]]
    known = services_table(whole, label, {each.label: each.reach for each in own})
    if known.rows:
        yield known
        partial = [each.label for each in own if known_in_part(each.published)]
        if partial:
            yield Paragraph(labels.text("documents.known_in_part", services=partial), "note")
    missing = missing_items(whole, label)
    if missing:
        yield Paragraph(labels.text("documents.missing"))
        yield Listing(missing)


def service_blocks(service: ServiceResults, pictures: dict[str, bytes]) -> Iterator[Block]:
    """Tell one service: two sentences with its map, where most lacks, what else was found."""
    yield Heading(2, service.label)
    first, more = _opening(service.published.lines("synthese.txt"))
    yield from blocks_of(first, 3)
    yield from map_of(service.published, "carte.png", service.label, pictures, key=service.key)
    columns = [each for each in _COLUMNS if each != "missing" or service.on_supply]
    if service.judged:
        yield from _worst(service, columns)
    yield Heading(3, labels.text("documents.found"))
    yield from blocks_of(more, 3)


def _opening(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the sentences that a text opens with, two at most, from the rest: a map goes with them.

    A sentence that announces a list stays with its list.
    """
    at, first = 0, list[str]()
    while at < len(lines) and len(first) < _SENTENCES:
        line = lines[at].strip()
        if line and (is_item(line) or not line.endswith((".", ")"))):
            break
        first += [line] if line else []
        at += 1
    return first, list(lines[at:])


def _worst(service: ServiceResults, columns: Sequence[str]) -> Iterator[Block]:
    """List the communes where most lacks: those that have a rank, if there are any."""
    ranked = service.communes.table["rank"].notna()
    lacking = service.communes.table[ranked]
    if lacking.empty:
        return
    count = int(ranked.sum())
    most = cut_at(count, _WORST)
    caption = labels.text("documents.worst_all" if count == most else "documents.worst",
                          service=service.label, most=most, count=count)  # fmt: skip
    yield table_of(Layer(lacking, service.communes.titles, ""), columns, caption, most=most)


def map_of(
    published: Published, name: str, label: str, pictures: dict[str, bytes], *, key: str = ""
) -> Iterator[Block]:
    """Bind a map, if the run drew it; its words are those of `label`."""
    if not published.has(name):
        return
    file = f"{key}_{name}" if key else name
    pictures[file] = picture(published.folder / name)
    yield Figure(file, labels.text("documents.alt_map", label=label),
                 labels.text("documents.map", label=label))  # fmt: skip


def _analyses(results: Results, pictures: dict[str, bytes]) -> Iterator[Block]:
    for key, declared in results.analyses.items():
        assert results.whole is not None, "an analysis is of a run over all themes"
        name = f"chapitre_{key}"
        title, *lines = results.whole.lines(f"{name}.txt")
        yield Heading(1, title)
        first, more = _opening(lines)
        yield from blocks_of(first)
        yield from map_of(results.whole, f"carte_{name}.png", str(declared["label"]), pictures)
        if results.whole.has(f"{name}.csv"):
            yield _first_rows(results.whole, name, title)
        yield from blocks_of(more)


def _first_rows(whole: Published, name: str, title: str) -> Table:
    table = table_of_sheet(read_sheet(whole.folder / f"{name}.csv"), title)
    most = cut_at(len(table.rows), _WORST)
    if len(table.rows) == most:
        return table
    caption = labels.text("documents.first_rows", title=title, most=most, count=len(table.rows),
                          file=f"{name}.csv")  # fmt: skip
    return Table(caption, table.titles, table.rows[:most], table.numeric)


def _grounds(results: Results, more: Sequence[Published]) -> Iterator[Block]:
    yield Heading(1, labels.text("documents.method"))
    yield from method(results, more)
    yield Heading(1, labels.text("documents.sources"))
    yield sources((*results.folders, *more))
    yield Heading(1, labels.text("documents.quality"))
    yield from findings_of(results)
