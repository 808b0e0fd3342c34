"""Documents made of published results, and of nothing else: report, annex, sheets, tables."""

from ctg_geo.documents.former import FormerDocuments, FormerPage, former_documents, former_pages
from ctg_geo.documents.write import KINDS, Kind, Written, write_documents

__all__ = [
    "KINDS", "FormerDocuments", "FormerPage", "Kind", "Written", "former_documents", "former_pages",
    "write_documents",
]  # fmt: skip
