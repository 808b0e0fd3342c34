"""All readers agree on what a cell without a number says."""

import pytest

from ctg_geo import contracts
from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.config.table_source import TableSource
from ctg_geo.importing.mapping import ValueRules
from ctg_geo.importing.values import status_of_mask

FACTS = {"path": "a.csv", "provider": "a", "licence": "a", "vintage": "2024"}
SIGNS = [
    *((sign, "secret") for sign in ("s", "ns", "c", "<5", "< 5", "<11", "< 11", "secret")),
    *((sign, "not_available") for sign in ("nd", "n.d.", "na", "n/a", "non disponible")),
    *((sign, "not_applicable") for sign in ("//", "///", "sans objet")),
]


def people(**more):
    return PopulationSource(**FACTS, values={"a": {"column": "a", **more.pop("value", {})}}, **more)


@pytest.mark.parametrize(("sign", "status"), SIGNS)
def test_a_sign_means_the_same_in_every_table(sign, status):
    sources = (TableSource(**FACTS), IndicatorSource(**FACTS, format="income"), people())
    assert [each.signs[sign] for each in sources] == [status] * 3
    assert status_of_mask(sign.upper(), ValueRules()) == status


def test_each_sign_is_in_one_list_only():
    every = (*contracts.SECRET_SIGNS, *contracts.MISSING_SIGNS, *contracts.NO_OBJECT_SIGNS)
    assert len(set(every)) == len(every)
    assert [each.casefold() for each in every] == list(every)


@pytest.mark.parametrize("more", [{"secrecy": "caf"}, {"value": {"secrecy": "caf"}}])
def test_under_a_rule_what_is_said_to_be_missing_is_secret(more):
    assert people(**more).signs["nd"] == "secret"
    assert people(**more).signs["//"] == "not_applicable"
    assert people(secrecy="none").signs["nd"] == "not_available"


def test_a_study_that_declares_a_sign_secret_is_obeyed():
    assert TableSource(**FACTS, masked=("nd",)).signs["nd"] == "secret"
