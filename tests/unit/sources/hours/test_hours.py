"""Opening hours: examples worked by hand, and schedules written in several ways."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.parameters import AssumedHours
from ctg_geo.sources.hours import (
    french_hours,
    hours_of_days,
    osm_hours,
    weekly_duration,
    weekly_hours,
)
from ctg_geo.sources.hours.osm import MOST_SIGNS

FRENCH = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SHORT = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
OSM = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

STATED = {
    "du lundi au vendredi 9h-17h": 40,
    "lundi au vendredi : 9h30-12h / 14h-17h": 27.5,
    "Lun-Ven 8h30-12h et 13h30-17h30 ; Sam 9h-12h": 40.5,
    "LUNDI, MARDI, JEUDI ET VENDREDI : 8H30/12H00 - 13H30/17H00": 28,
    "9h-12h du lundi au jeudi, 14h-17h le vendredi": 15,
    "lundi de 9 h 30 à 12 h et de 14 h à 17 h 15": 5.75,
    "Lundi : 9 h – 12 h 14 h – 17 h": 6,
    "mardi 9-12h": 3,
    "mardi : 8 heures - 12 heures, jeudi de 8 heures 30 à 12 heures": 7.5,
    "lundi-mercredi-vendredi 9h-12h": 9,
    "lundi-mercredi 9h-12h": 9,
    "Lundi 14h-17h (semaine impaire), mercredi 9h-12h": 4.5,
    "9h-12h et 14h-17h du lundi au vendredi sauf le mercredi": 24,
    "Mo-Fr 09:00-12:00, 14:00-17:00; Sa,Su,PH off": 30,
    "mardi entre 14h et midi et demi": None,
    "lundi fermé, mardi 9h-12h": 3,
    "du lundi au vendredi de 9h à 17h sauf le mercredi": 32,
    "du lundi au vendredi sauf mercredi 9h-17h, mercredi 9h-12h": 35,
    "en semaine 8h-18h, week-end 9h-12h": 56,
    "24h/24 7j/7": 168,
    "vendredi 20h-2h": 6,
    "dimanche 22h-minuit": 2,
    "lundi 9h-12h, lundi 9h-12h": None,
    "tous les jours sauf jours fériés, 10h-11h": 7,
    "fermé": 0,
    "un mardi sur deux 14h-17h": 1.5,
    "mardi 14h-17h, semaines paires": 1.5,
    "semaines paires : mardi 9h-12h ; semaines impaires : jeudi 14h-17h": 3,
    "Mo-Fr 09:00-12:00,14:00-17:00; PH off": 30,
    "Mo-Fr 09:00-12:00; We off": 12,
    "Mo 09:00-12:00; Mo 14:00-17:00": 3,
    "Mo 09:00-12:00, Mo 14:00-17:00;": 6,
    "24/7": 168,
    "Lu-Ve 08:30-12:00,13:30-17:00": 35,
}

ASSUMED = {
    "mardi et jeudi matin": (6, "assumed_times"),
    "lundi toute la journée": (6, "assumed_times"),
    "lundi au vendredi 9h-12h30 / 13h30-17h, fermé le mercredi après-midi": (31.5, "assumed_times"),
    "mardi 9h-12h sur rendez-vous": (3, "appointment"),
    "du lundi au vendredi 9h-12h ; du mardi au jeudi 11h-14h": (21, "overlap"),
    "lundi 9h-12h, mardi 9h-12h semaines paires": (4.5, "which_weeks"),
    "mercredi 14h-18h hors vacances scolaires": (4, "term_only"),
    'Mo-Fr 09:00-12:00 || "sur rdv"': (15, "appointment"),
    'Mo-Fr 09:00-12:00; "fermé en août"': (15, "remark"),
    "Mo-Fr 09:00-12:00; SH off": (15, "term_only"),
}

UNKNOWN = {
    "": "empty",
    "sur rendez-vous": "appointment_only",
    "sur RDV uniquement": "appointment_only",
    "9h-12h": "days_unsaid",
    "09:00-12:00": "days_unsaid",
    "lundi et mardi": "no_times",
    "Mo-Fr": "no_times",
    "Mo 09:00+": "no_end",
    "Mo-Fr sunrise-sunset": "no_end",
    "2024 Mo 10:00-12:00": "dated",
    "Mar 09:00-12:00": "two_ways",
    "lundi 9h-12h, 14h-17h le mardi": "no_times",
    "vendredi 9h-12h et le samedi sur rendez-vous": "no_times",
    "lundi 9h-12h (10h le vendredi)": "unread",
    "lundi 9h-5h": "odd_times",
    "lundi 9h-9h": "odd_times",
    "lundi 25h-26h": "unread",
    "lundi 9h-12h-14h-17h": "unread",
    "lundi midi": "unread",
    "à partir de 9h le lundi": "unread",
    "voir le site": "unread",
    "=1+1": "unread",
    "une fois par mois 9h-12h du lundi au mardi": "which_day",
    "mercredi 9h-12h, fermé lundi 14h-17h": "closed_times",
    "lundi 9h-12h " * 200: "too_long",
    "Mo-Fr 09:00-12:00; 24/7": "unread",
}


@pytest.mark.parametrize(("text", "hours"), STATED.items())
def test_hours_that_are_stated(text, hours):
    read = weekly_hours(text)
    if hours is None:
        assert read.status != "observed"
    else:
        assert (read.hours_per_week, read.status) == (hours, "observed")


@pytest.mark.parametrize(("text", "expected"), ASSUMED.items())
def test_hours_that_hold_an_assumption_say_which(text, expected):
    read = weekly_hours(text)
    assert (read.hours_per_week, read.said) == expected
    assert read.status == "estimated"
    assert read.explain("fr")
    assert read.explain("en")


@pytest.mark.parametrize(("text", "said"), UNKNOWN.items())
def test_what_gives_no_hours_is_unknown_and_says_why(text, said):
    read = weekly_hours(text)
    assert (read.hours_per_week, read.status, read.said) == (None, "not_available", said)
    assert read.explain("fr")
    assert read.explain("en")


def test_what_a_half_day_stands_for_can_be_set():
    longer = AssumedHours(morning=(8, 12.5))
    assert french_hours("mardi matin", assumed=longer).hours_per_week == 4.5


def test_a_half_day_beside_its_times_only_names_them():
    read = french_hours("mardi matin de 9h30 à 12h30 et après-midi")
    assert (read.hours_per_week, read.said) == (6, "assumed_times")
    assert french_hours("mardi matin de 9h30 à 12h30").status == "observed"


def mean_per_week(hours, counts):
    """Count by hand over 56 years the days that `counts` keeps."""
    first = date(2001, 1, 1)
    days = [first + timedelta(n) for n in range(2922 * 7)]
    return hours * sum(map(counts, days)) / 2922


def nth(day):
    return (day.day - 1) // 7 + 1


MEAN = {
    "1er et 3e mercredi du mois 14h-16h": (2, lambda d: d.weekday() == 2 and nth(d) in (1, 3)),
    "permanence le 2ème jeudi de chaque mois de 14h00 à 16h30": (
        2.5, lambda d: d.weekday() == 3 and nth(d) == 2),
    "le dernier samedi du mois de 10h à 12h": (
        2, lambda d: d.weekday() == 5 and (d + timedelta(7)).month != d.month),
    "tous les jours de 10h à 18h en juillet et août": (8, lambda d: d.month in (7, 8)),
    "lundi 9h-12h de septembre à juin": (3, lambda d: d.weekday() == 0 and d.month not in (7, 8)),
    "lundi 9h-12h, fermé en août": (3, lambda d: d.weekday() == 0 and d.month != 8),
    "fermé le 1er lundi du mois ; lundi 9h-12h": (3, lambda d: d.weekday() == 0 and nth(d) != 1),
    "We[1,3] 14:00-16:00": (2, lambda d: d.weekday() == 2 and nth(d) in (1, 3)),
    "Sa[-1] 10:00-12:00": (2, lambda d: d.weekday() == 5 and (d + timedelta(7)).month != d.month),
    "Jul-Aug Mo 10:00-12:00": (2, lambda d: d.weekday() == 0 and d.month in (7, 8)),
    "week 1-53/2 Tu 09:00-12:00": (3, lambda d: d.weekday() == 1 and d.isocalendar().week % 2),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MEAN.items())
def test_weeks_that_differ_give_their_mean(text, expected):
    assert weekly_hours(text).hours_per_week == pytest.approx(mean_per_week(*expected), rel=1e-9)


spans = st.builds(
    lambda start, length: (start * 5, min(start * 5 + length * 5, 1440)),
    st.integers(0, 286), st.integers(1, 144),
)  # fmt: skip
schedules = st.dictionaries(
    st.integers(0, 6), st.lists(spans, min_size=1, max_size=3), min_size=1, max_size=7
)


def brute_force(schedule):
    """Count, minute by minute."""
    return sum(len({m for start, end in day for m in range(start, end)})
               for day in schedule.values()) / 60  # fmt: skip


def clock(minute, sign):
    hour, rest = divmod(minute, 60)
    return f"{hour:02}:{rest:02}" if sign == ":" else f"{hour}h{rest:02}" if rest else f"{hour}h"


def times(day, *, sign, link, between):
    return between.join(f"{clock(start, sign)}{link}{clock(end, sign)}" for start, end in day)


@given(schedules, st.sampled_from([FRENCH, SHORT]), st.sampled_from(["h", ":"]),
       st.sampled_from(["-", " à ", " – "]), st.sampled_from([" / ", ", ", " et "]))  # fmt: skip
def test_french_notations_agree_with_a_count_of_minutes(schedule, names, sign, link, between):
    said = {day: times(spans, sign=sign, link=link, between=between)
            for day, spans in sorted(schedule.items())}  # fmt: skip
    days_first = " ; ".join(f"{names[day]} {cell}" for day, cell in said.items())
    times_first = " ; ".join(f"{cell} {names[day]}" for day, cell in said.items())
    expected = pytest.approx(brute_force(schedule), abs=1e-9)
    assert french_hours(days_first).hours_per_week == expected
    assert french_hours(times_first).hours_per_week == expected
    assert hours_of_days({day: said.get(day, "") for day in range(7)}).hours_per_week == expected


@given(schedules)
def test_osm_notation_agrees_with_a_count_of_minutes(schedule):
    text = "; ".join(f"{OSM[day]} {times(spans, sign=':', link='-', between=',')}"
                     for day, spans in sorted(schedule.items()))  # fmt: skip
    expected = pytest.approx(brute_force(schedule), abs=1e-9)
    assert osm_hours(text).hours_per_week == expected
    assert weekly_hours(text).hours_per_week == expected


@given(st.sets(st.integers(0, 6), min_size=1), st.lists(spans, min_size=1, max_size=3))
def test_days_that_share_times(days, day):
    names = ", ".join(FRENCH[number] for number in sorted(days))
    read = french_hours(f"{names} : {times(day, sign='h', link='-', between=' / ')}")
    expected = brute_force(dict.fromkeys(days, day))
    assert read.hours_per_week == pytest.approx(expected, abs=1e-9)


@given(st.text(max_size=80))
def test_any_text_is_answered(text):
    read = weekly_hours(text)
    assert (read.hours_per_week is None) == (read.status == "not_available")
    assert read.hours_per_week is None or 0 <= read.hours_per_week <= 168


@given(st.text(alphabet='lundimarcejv 0123456789h:-/,;()1er etMoTuFrSa"[]+', max_size=60))
def test_any_text_made_of_the_same_signs_is_answered(text):
    read = weekly_hours(text)
    assert (read.hours_per_week is None) == (read.status == "not_available")
    assert read.hours_per_week is None or 0 <= read.hours_per_week <= 168


def test_day_columns():
    assert hours_of_days({0: "00:00 - 00:00 / 09:00 - 12:00", 1: ""}).hours_per_week == 3
    assert hours_of_days(dict.fromkeys(range(7), "")).said == "empty"
    assert hours_of_days({0: "sur rdv", 1: ""}).said == "appointment_only"
    assert hours_of_days({0: "mardi 9h-12h"}).said == "not_one_day"
    assert hours_of_days({0: "fermé", 1: "matin"}).status == "estimated"
    assert "mardi" in hours_of_days({0: "9h-12h", 1: "voir site"}).piece
    assert hours_of_days({0: "9h-12h", 1: "sur rdv"}).said == "appointment"
    assert hours_of_days({0: "fermé", 1: "fermé"}).hours_per_week == 0


def test_no_text_and_one_beyond_measure_give_no_hours():
    assert osm_hours("  ").said == "empty"
    long = "Mo 09:00-10:00" + " " * (MOST_SIGNS - 14) + "x"
    assert osm_hours(long).said == "too_long"
    assert osm_hours("Mo 09:00-10:00").hours_per_week == 1


@pytest.mark.parametrize(
    ("text", "hours", "said"),
    [
        ("168h par semaine", 168, ""),
        ("168h01 par semaine", None, "too_many"),
        ("35h30 par semaine", 35.5, ""),
        ("9h", None, "duration_unsaid"),
    ],
)
def test_a_length_is_one_of_a_week_where_it_says_so_and_a_week_holds_it(text, hours, said):
    found = weekly_duration(text)
    assert (found.hours_per_week, found.said) == (hours, said)


def test_a_text_that_is_no_length_is_none_of_a_week():
    assert weekly_duration("lundi matin") is None
