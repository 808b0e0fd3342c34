"""Areas where supply lacks or is hard to reach, as a part that can be lifted out.

CASF art. D. 214-10-1, 3°: the plan of the territory names the geographic areas whose offer is
insufficient, or hard to reach.
"""

from collections.abc import Iterator
from typing import Final

from ctg_geo import labels
from ctg_geo.documents.cells import table_of
from ctg_geo.documents.grounds import estimates, method, sources
from ctg_geo.documents.parts import Block, Document, Heading, Listing, Paragraph
from ctg_geo.documents.published import Layer, read_layer
from ctg_geo.documents.report import map_of
from ctg_geo.documents.results import Results, ServiceResults
from ctg_geo.export.zone_words import around

__all__ = ["annex"]

_COMMUNES: Final = ("code_insee", "nom", "bassin", "access_per_100", "nearest_min", "missing",
                    "concerned", "certainty_label")  # fmt: skip
_ZONES: Final = (
    "zone",
    "name",
    "people",
    "missing",
    "access_per_100",
    "time_mean",
    "area_km2",
    "reason",
)


def annex(results: Results) -> Document:
    """Bind what 3° of the article asks for: areas and communes, with norm, sources and limits."""
    pictures: dict[str, bytes] = {}
    return Document(
        labels.text("documents.annex_title"),
        labels.text("documents.annex_subtitle", study=results.study),
        tuple(_blocks(results, pictures)), pictures,
    )  # fmt: skip


def _blocks(results: Results, pictures: dict[str, bytes]) -> Iterator[Block]:
    yield Paragraph(labels.text("documents.annex_intro"))
    said = estimates(results)
    if said:
        yield Paragraph(said, "caution")
    judged = [each for each in results.services if each.judged]
    for service in judged:
        yield from _service(service, pictures)
    others = [each.label for each in results.services if not each.judged]
    if others:
        yield Paragraph(labels.text("documents.annex_unjudged", services=others), "note")
    yield Heading(1, labels.text("documents.method"))
    yield from method(results)
    yield Heading(1, labels.text("documents.sources"))
    yield sources(results.folders)


def _service(service: ServiceResults, pictures: dict[str, bytes]) -> Iterator[Block]:
    yield Heading(1, service.label)
    norm, table = service.published.lines("synthese.txt")[0], service.communes.table
    yield Paragraph(norm)
    below = table[table["below"] == labels.text("words.yes")]
    if below.empty:
        yield Paragraph(labels.text("documents.annex_none", service=service.label))
        return
    zones = read_layer(service.published.folder / "ctg.gpkg", "zones")
    if zones is not None and len(zones.table):
        caption = labels.text("documents.annex_zones", service=service.label)
        yield table_of(_told(zones), _ZONES, caption)
        yield Listing(tuple(
            labels.text("documents.annex_zone", zone=row["zone"], around=around(row["name"]),
                        communes=row["communes"])
            for row in zones.table.to_dict("records")
        ))  # fmt: skip
    caption = labels.text("documents.annex_communes", service=service.label)
    columns = [each for each in _COMMUNES if each != "missing" or service.on_supply]
    yield table_of(Layer(below, service.communes.titles, ""), columns, caption)
    yield from map_of(service.published, "carte.png", service.label, pictures, key=service.key)


def _told(zones: Layer) -> Layer:
    """Leave out columns without a figure."""
    table = zones.table.replace("", None).dropna(axis="columns", how="all")
    return Layer(table, zones.titles, zones.description)
