"""What the tests of official places share: a source, and files in a provider's exact format."""

from ctg_geo.config.study_file import EquipementsSource


def source(kind, **settings):
    """Return a source of a provider's format."""
    said = {"path": "f", "provider": "p", "licence": "l", "vintage": "v", "format": kind}
    return EquipementsSource.model_validate({**said, **settings})


def accounted(read):
    """Tell whether each row of the file gave places or is counted aside."""
    return read.rows == read.row_of.nunique() + sum(read.aside.values())
