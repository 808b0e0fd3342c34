"""Scenarios side by side: what each changes, how they rank, who gains and who loses."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from ctg_geo import labels
from ctg_geo.documents.cells import cut_at, spaced, table_of_sheet
from ctg_geo.documents.comparisons import ComparisonResults, ScenarioResults
from ctg_geo.documents.decisions import Decision
from ctg_geo.documents.findings import findings_in
from ctg_geo.documents.grounds import limits, sources
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
from ctg_geo.documents.prose import blocks_of, is_item
from ctg_geo.documents.published import Sheet

__all__ = ["choice", "comparison_report", "scenario_chapter"]

Level = Literal[1, 2]

_MOST: Final = 12  # communes that gain, and as many that lose
_TOLD: Final = 2  # sentences of a scenario on the first page: who gains, what remains


def comparison_report(comparisons: Sequence[ComparisonResults]) -> Document:
    """Bind comparisons of scenarios of one study into one document."""
    pictures: dict[str, bytes] = {}
    folders = [each.published for each in comparisons]
    blocks: list[Block] = []
    for each in comparisons:
        if blocks:
            blocks.append(PageBreak())
        blocks += _first(each, 1)
        blocks += _scenarios(each, 1, pictures)
    blocks += [
        Heading(1, labels.text("documents.method")),
        *(Paragraph(said) for said in dict.fromkeys(
            line for each in comparisons for line in each.grounds)),
        *limits(folders),
        Heading(1, labels.text("documents.sources")),
        sources(folders),
        Heading(1, labels.text("documents.quality")),
        *findings_in([(each.label, "", each.published) for each in comparisons]),
    ]  # fmt: skip
    services = list(dict.fromkeys(each.label for each in comparisons))
    return Document(
        labels.text("documents.compared_title", study=comparisons[0].study),
        labels.text("documents.compared_subtitle", services=services), tuple(blocks), pictures,
    )  # fmt: skip


def scenario_chapter(
    comparisons: Sequence[ComparisonResults], pictures: dict[str, bytes]
) -> Iterator[Block]:
    """Tell comparisons as chapters of the report of a diagnosis, one a service."""
    for each in comparisons:
        yield from _first(each, 1)
        yield from _scenarios(each, 2, pictures)
        yield from map(Paragraph, each.grounds)


def _first(made: ComparisonResults, level: Level) -> Iterator[Block]:
    """Say on one page what each scenario changes, and how they rank."""
    yield Heading(level, labels.text("documents.compared", service=made.label))
    yield Paragraph(made.norm)
    if made.estimates:
        yield Paragraph(made.estimates, "caution")
    yield Listing(tuple(map(_item, made.scenarios)), numbered=True)
    yield Paragraph(labels.text("scenarios.ranking.title"), "note")
    yield _criteria_table(made)
    yield from map(Paragraph, (line for line in made.ranking if not is_item(line)))


def _item(scenario: ScenarioResults) -> str:
    """Say in one item what a scenario changes and for whom."""
    said = f"{labels.NNBSP}; ".join(_said(scenario))
    change = "changes" if said else "no_changes"
    told = " ".join(_told(scenario)[:_TOLD])
    return labels.text(f"documents.compared_{change}", name=scenario.name, changes=said, told=told)


def choice(made: ComparisonResults) -> Decision:
    """Return the question that compared scenarios put to those who decide."""
    names = [f"{each.number}. {each.name}" for each in made.scenarios]
    said = " ".join(line for line in made.ranking if not is_item(line))
    return Decision(
        labels.text("documents.question_scenarios", service=made.label),
        labels.text("documents.answer_scenarios", count=len(names), names=" ; ".join(names),
                    ranking=said),
    )  # fmt: skip


def _criteria_table(made: ComparisonResults) -> Table:
    """Return each criterion on a row, each scenario in a column: value and rank, who beats it."""
    titles, rows = made.criteria.titles, made.criteria.rows
    first, last = 2, titles.index(labels.text("scenarios.columns.dominated"))
    table = [
        (_capital(titles[at]), *(_ranked(row[at], row[at + 1]) for row in rows))
        for at in range(first, last, 2)
    ]
    beaten = (titles[last], *(row[last] for row in rows))
    numbered = [labels.text("documents.scenario", number=each.number) for each in made.scenarios]
    shown = (*table, beaten) if any(beaten[1:]) else tuple(table)
    heads = (labels.text("documents.criterion"), labels.text("scenarios.as_is"), *numbered)
    caption = labels.text("documents.criteria", service=made.label)
    return Table(caption, heads, shown, (False, *(True for _ in rows)))


def _ranked(value: str, rank: str) -> str:
    if not value:
        return labels.text("documents.undeclared")
    said = spaced(value) if value[-1].isdigit() else value
    return labels.text("documents.ranked", value=said, rank=rank) if rank else said


def _scenarios(
    made: ComparisonResults, level: Level, pictures: dict[str, bytes]
) -> Iterator[Block]:
    """Tell each scenario: its map, its text, who gains and who loses, group by group."""
    for each in made.scenarios:
        yield Heading(level, f"{each.number}. {each.name}")
        map_file = f"carte_{each.key}.png"
        if made.published.has(map_file):
            file = f"scenario_{made.key}_{each.number}.png"
            pictures[file] = picture(made.published.folder / map_file)
            label = labels.text("documents.change_map", name=each.name, service=made.label)
            yield Figure(file, labels.text("documents.alt_map", label=label),
                         labels.text("documents.map", label=label))  # fmt: skip
        yield from blocks_of(each.lines, 3)
        yield from _moved(made, each)
        caption = labels.text("documents.groups_change", measure=made.measured)
        yield table_of_sheet(_measured(each.groups, made.measured), caption)


def _moved(made: ComparisonResults, scenario: ScenarioResults) -> Iterator[Block]:
    """Return the communes that gain most, then those that lose most."""
    sheet = _measured(scenario.communes, made.measured)
    moved, change = (sheet.titles.index(labels.text(f"scenarios.columns.{each}"))
                     for each in ("moved", "change"))  # fmt: skip
    for kind in ("gain", "loss"):
        word = labels.text(f"scenarios.moved.{kind}")
        rows = [row for row in sheet.rows if row[moved] == word]
        rows.sort(key=lambda row: -abs(_value(row[change])))
        most = cut_at(len(rows), _MOST)
        if rows:
            which = "every" if len(rows) == most else "most"
            caption = labels.text(
                f"documents.{which}_{kind}", measure=made.measured, count=len(rows),
                shown=most,
            )  # fmt: skip
            kept = [at for at in range(len(sheet.titles)) if at != moved]
            shown = tuple(tuple(row[at] for at in kept) for row in rows[:most])
            titles = tuple(sheet.titles[at] for at in kept)
            yield table_of_sheet(Sheet(titles, shown), caption)


def _measured(sheet: Sheet, measure: str) -> Sheet:
    """Keep one measure, without what all its rows repeat."""
    at = sheet.titles.index(labels.text("scenarios.columns.measure"))
    left = {labels.text(f"scenarios.columns.{each}") for each in ("scenario", "measure")}
    left.add(labels.text("columns.estimated"))
    kept = [place for place, title in enumerate(sheet.titles) if title not in left]
    rows = tuple(tuple(row[each] for each in kept) for row in sheet.rows if row[at] == measure)
    return Sheet(tuple(sheet.titles[each] for each in kept), rows)


def _said(scenario: ScenarioResults) -> tuple[str, ...]:
    said = scenario.changes.titles.index(labels.text("scenarios.columns.said"))
    return tuple(_capital(row[said]) for row in scenario.changes.rows)


def _told(scenario: ScenarioResults) -> list[str]:
    """Return the sentences that follow the list of changes: who gains, what remains."""
    first = next(at for at, line in enumerate(scenario.lines) if is_item(line))
    after = first + max(1, len(scenario.changes.rows))
    return [each for each in scenario.lines[after:] if not is_item(each)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _value(cell: str) -> float:
    return float(cell.replace(",", ".")) if cell else 0.0
