"""The committee file: one page, off line, on which places are moved and their effect is exact."""

from ctg_geo.export.committee.model import CommitteeModel, committee_model
from ctg_geo.export.committee.page import PageOrigin, committee_page
from ctg_geo.export.committee.plans import (
    Opened,
    Other,
    Paid,
    Plans,
    Proposal,
    Site,
    Unshown,
)
from ctg_geo.export.committee.relief import LONGEST, PageRelief, page_relief, relief_bounds

__all__ = [
    "LONGEST",
    "CommitteeModel",
    "Opened",
    "Other",
    "PageOrigin",
    "PageRelief",
    "Paid",
    "Plans",
    "Proposal",
    "Site",
    "Unshown",
    "committee_model",
    "committee_page",
    "page_relief",
    "relief_bounds",
]
