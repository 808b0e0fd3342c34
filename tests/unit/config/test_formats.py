"""Sources in a provider's format: what they need, and what they refuse."""

import pytest
from pydantic import ValidationError

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.parameters import AssumedHours

BASE = {"path": "f", "provider": "p", "licence": "l", "vintage": "v"}
BPE = {"format": "bpe", "services": {"D502": "creche"}}
PASSAGE = {**BASE, "columns": {"old_code": "a", "code": "b"}}


def test_a_format_needs_no_columns_and_covers_more_than_the_study():
    assert EquipementsSource.model_validate({**BASE, **BPE}).wider_area
    narrow = EquipementsSource.model_validate({**BASE, **BPE, "wider_area": False})
    assert not narrow.wider_area
    own = EquipementsSource.model_validate({**BASE, "service": "a", "columns": {"nom": "n"}})
    assert not own.wider_area


@pytest.mark.parametrize(
    ("said", "key"),
    [({"service": "a"}, "columns_or_format"),
     ({**BPE, "columns": {"nom": "n"}}, "format_columns"),
     ({"format": "bpe", "service": "creche"}, "bpe_services"),
     ({"format": "france_services"}, "format_service"),
     ({"format": "france_services", "service": "a", "services": {"b": "c"}}, "format_service"),
     ({"format": "france_services", "service": "a", "passage": PASSAGE}, "passage_bpe"),
     ({"service": "a", "columns": {"nom": "n"}, "passage": PASSAGE}, "passage_bpe"),
     ({**BPE, "passage": {**PASSAGE, "columns": {"code": "b"}}}, "columns_needed")],
)  # fmt: skip
def test_what_cannot_be_is_refused(said, key):
    with pytest.raises(ValidationError) as refused:
        EquipementsSource.model_validate({**BASE, **said})
    assert [each["type"] for each in refused.value.errors()] == [key]


@pytest.mark.parametrize("span", [(12, 9), (9, 9), (-1, 9), (9, 25)])
def test_a_half_day_runs_forward_within_a_day(span):
    with pytest.raises(ValidationError, match=r"from 0 to 24"):
        AssumedHours(morning=span)
