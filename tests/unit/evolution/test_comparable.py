"""What producers say of comparing their sources."""

import pytest

from ctg_geo.config.comparability import comparability
from ctg_geo.errors import ComparisonError
from ctg_geo.evolution import Described, doubts, refuse

TABLE = comparability()


def pair(role, first, second):
    early, late = (Described(role, *each) for each in (first, second))
    return doubts([early], [late], TABLE)


@pytest.mark.parametrize(
    ("kind", "dataset", "provider", "family"),
    [
        ("bpe", None, "Insee", "bpe"),
        (None, "filosofi_200m_2021", "Insee", "filosofi"),
        (None, None, "Insee, BPE", "bpe"),
        ("plain", None, "Caf de la Drôme", "caf"),
        (None, None, "Insee, Recensement", "census"),
        (None, None, "Ville de Romans", "ville de romans"),
    ],
)
def test_the_family_of_a_source(kind, dataset, provider, family):
    assert TABLE.family(kind, dataset, provider) == family


@pytest.mark.parametrize("family", ["bpe", "filosofi", "qpv"])
def test_two_vintages_that_producers_advise_against_are_refused_with_the_reason(family):
    found = pair("equipements", (family, "2015"), (family, "2024"))
    assert [each.refused for each in found] == [True]
    with pytest.raises(ComparisonError) as caught:
        refuse(found)
    said = caught.value.explain()
    assert found[0].reason in said
    assert "--force" in said
    assert TABLE.label(family) in said


def test_two_bases_of_people_are_refused_in_any_order():
    for families in (("caf", "census"), ("census", "caf")):
        found = pair("population", *((each, "2021") for each in families))
        assert [each.refused for each in found] == [True]


def test_the_same_vintage_or_the_same_file_is_no_doubt():
    assert pair("equipements", ("bpe", "2023"), ("bpe", "2023")) == []
    assert pair("equipements", ("bpe", "2023", "ab"), ("bpe", "2024", "ab")) == []


def test_another_source_is_told_and_two_vintages_of_a_list_of_ones_own_are_not():
    found = pair("equipements", ("bpe", "2023"), ("ville", "2025"))
    assert [(each.refused, each.finding().key) for each in found] == [(False, "evolution_source")]
    assert pair("equipements", ("ville", "2023"), ("ville", "2025")) == []
    found = pair("population", ("census", "2020"), ("census", "2021"))
    assert [each.finding().key for each in found] == ["evolution_caution"]


def test_every_rule_names_its_source():
    for rule in TABLE.rules:
        assert rule.source
        assert TABLE.rule(*rule.families[:1], rule.families[-1]) == rule
