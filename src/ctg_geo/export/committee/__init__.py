"""The committee file: one page, off line, on which places are moved and their effect is exact."""

from ctg_geo.export.committee.model import CommitteeModel, Proposal, committee_model
from ctg_geo.export.committee.page import committee_page

__all__ = ["CommitteeModel", "Proposal", "committee_model", "committee_page"]
