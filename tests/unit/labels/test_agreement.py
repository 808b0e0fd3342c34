"""In French, what follows a count agrees with it, as it is printed: less than 2 is singular."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo import labels

CONFIG = Path(__file__).parents[3] / "config" / "services.toml"

# What reads as a plural after a number, and agrees with nothing, or never with one.
APART = re.compile(
    "après|aujourd’hui|dans|depuis|des|deux|dont|fois|hors|mais|plus|pas|près|puis|sans|sous|très|vers"
)
NEVER_ONE = {
    "{ages} ans": "a range of ages",
    "{most} modes": "from two",
    "{most} communes": "a length of our own tables",
    "{most} premières": "a length of our own tables",
    "{most} plus": "a length of our own tables",
    "{worst} plus": "a length of our own tables",
    "{shown} communes": "a length of our own tables",
    "{given} temps": "the same in the singular",
}
NOT_COUNTS = re.compile(
    "address|area|file|grouping|indicator|label|measure|name|nom|people|product|service|study|title|"
    "unit"
)
BARE = re.compile(r"\{([a-z_0-9]+)(?::\d*)?\} ([a-zéèêàâçîôûœ’']+[sx])\b")
FACT = re.compile(r"\{([a-z_0-9]+)(?::\d*)?\} \{(unit|people|label)\}")


def sentences(node, path=""):
    if isinstance(node, str):
        yield path, node
        return
    for key, each in node.items():
        yield from sentences(each, f"{path}.{key}" if path else key)


FRENCH = dict(
    sentences(tomllib.loads(files("ctg_geo.labels").joinpath("fr.toml").read_text("utf-8")))
)


def test_no_sentence_writes_a_plural_after_a_count_that_may_be_one():
    found = [
        (key, each[0])
        for key, said in FRENCH.items()
        for each in (*BARE.finditer(said), *FACT.finditer(said))
        if not NOT_COUNTS.fullmatch(each[1])
        and not APART.fullmatch(each[2])
        and re.sub(r":\d*", "", each[0]) not in NEVER_ONE
    ]
    assert found == []


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (0, "Il manque environ 0 place"), (0.4, "Il manque environ 0 place"),
        (1, "Il manque environ 1 place"), (1.4, "Il manque environ 1 place"),
        (1.6, "Il manque environ 2 places"), (2, "Il manque environ 2 places"),
        (1200, "Il manque environ 1\u202f200 places"),
    ],
)  # fmt: skip
def test_what_is_printed_decides(missing, said):
    assert labels.text("map.missing_estimated", missing=missing, unit="places") == said


def test_one_and_a_half_is_singular():
    facts = {"area": "Ici", "year": 2024, "source": "x"}
    one, two = (labels.text("published.rate", rate=rate, **facts) for rate in (1.5, 2.0))
    assert "1,5 place théorique pour" in one
    assert "2,0 places théoriques pour" in two


@given(st.floats(0, 1e6))
def test_a_noun_is_singular_where_the_printed_number_is_under_two(value):
    whole = labels.text("map.lack", missing=value, unit="places")
    rate = labels.text("words.norm_supply", per_100=value, unit="places", people="", within=1)
    assert whole.endswith("place") == (round(value) < 2)
    assert ("place pour" in rate) == (round(value, 1) < 2)


def test_a_number_that_a_caller_wrote_decides_too():
    facts = {"name": "Les Lutins", "unit": "places"}
    one, more, unknown = (
        labels.text("scenarios.change.resize", to=to, **facts) for to in ("1", "1\u202f000", "–")
    )
    assert one.endswith("1 place")
    assert more.endswith("1\u202f000 places")
    assert unknown.endswith("– places")


def test_verbs_agree():
    said = [labels.text("map.concerned", concerned=n, people="enfants de moins de 3 ans")
            for n in (1, 2)]  # fmt: skip
    assert said == ["1 enfant de moins de 3 ans y vit", "2 enfants de moins de 3 ans y vivent"]


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("places", "place"), ("lieux", "lieu"), ("habitants", "habitant"),
        ("enfants de 6 à 11 ans", "enfant de 6 à 11 ans"),
        ("jeunes de 12 à 25 ans", "jeune de 12 à 25 ans"),
        ("personnes âgées de 75 ans ou plus", "personne âgée de 75 ans ou plus"),
        ("heures d’ouverture", "heure d’ouverture"), ("heures d'accueil", "heure d'accueil"),
        ("familles monoparentales", "famille monoparentale"), ("repas", "repas"),
        ("places (agréées)", "place (agréées)"), ("h", "h"), ("bureaux", "bureau"),
        ("hôpitaux", "hôpital"), ("relais", "relais"),
    ],
)  # fmt: skip
def test_the_singular_of_what_planners_write(many, one):
    assert labels.one_of(many) == one


def test_the_singular_of_every_embedded_service_is_no_plural():
    services = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["services"].values()
    for noun in {each[key] for each in services for key in ("unit", "people_label")}:
        head, one = noun.split()[0], labels.one_of(noun).split()[0]
        assert head.endswith(("s", "x")) <= (len(one) < len(head)), json.dumps(noun)


@pytest.mark.parametrize(("least", "noun"), [(0, "0 items"), (1, "1 item"), (2, "2 items")])
def test_english_is_singular_for_one_alone(least, noun):
    key = "expected.too_short"
    assert labels.text(key, "en", min_length=least).endswith(noun)
