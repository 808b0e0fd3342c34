"""The log for the data protection officer, row by row."""

import numpy as np
import pandas as pd

from ctg_geo.quality import Finding
from ctg_geo.secrecy import JOURNAL, Cell, Plan, Published, Verdict, assembled, journal, suppress
from ctg_geo.secrecy.additive import Additive
from ctg_geo.secrecy.same_tables import Alike
from secrecy_cases import figure

NAMES = {"a": "Alpe", "b": "Brive"}
CAF = "caf : Caf : moins de 5 (Cnaf, données ouvertes : effectifs de moins de 5 non diffusés)"
NOTHING = suppress(assembled([], []))
ADDED = Additive("all", {"kids": 1.0, "old": 1.0}, False, 4, ("b",), True)


def mask(**columns):
    return pd.DataFrame({name: [code in codes for code in "abc"] for name, codes in
                         columns.items()}, index=list("abc"))  # fmt: skip


def plan_of(*figures, primary=None, secondary=None, **more):
    by_name = {each.name: each for each in figures}
    none = mask(**dict.fromkeys(by_name, ""))
    first = none if primary is None else mask(**{**dict.fromkeys(by_name, ""), **primary})
    then = none if secondary is None else mask(**{**dict.fromkeys(by_name, ""), **secondary})
    return Plan(by_name, first, then, **{"found": NOTHING, "past": (), **more})


def rows(plan, verdict=None, findings=()):
    """Return the log as tuples, no-break spaces told as spaces."""
    table = journal(plan, verdict, NAMES, findings)
    assert tuple(table.columns) == JOURNAL
    return [tuple(cell.replace("\u00a0", " ").replace("\u202f", " ") for cell in row)
            for row in table.itertuples(index=False)]  # fmt: skip


def alone(step, detail):
    return (step, "", "", "", "", "", "", "", detail)


METHOD = alone("méthode", "aucun effectif secret : rien à protéger")


def test_where_nothing_was_decided_nothing_is_told():
    assert rows(None) == []


def test_each_table_read_is_told_with_its_rule_and_what_its_source_hid():
    made = plan_of(figure("kids", masked="ab", read=9), figure("old", rule=None, read=1))
    assert rows(made) == [
        ("lecture", "caf.csv", "KIDS", "2026", "", "", "", CAF,
         "9 cellules lues, dont 2 masquées par la source"),
        ("lecture", "caf.csv", "OLD", "2026", "", "", "", "aucune règle déclarée",
         "1 cellule lue, dont 0 masquée par la source"),
        METHOD,
    ]  # fmt: skip


def test_each_hidden_cell_is_told_with_the_reason():
    made = plan_of(figure("kids", masked="a"), primary={"kids": "ab"}, secondary={"kids": "c"})
    own = ("masquage", "caf.csv", "KIDS", "2026")
    assert rows(made)[1:-1] == [
        (*own, "a", "Alpe", "primaire", CAF, "masqué par la source"),
        (*own, "b", "Brive", "primaire", CAF,
         "masqué par la règle à la lecture : aucun calcul ne l’emploie"),
        (*own, "c", "", "secondaire", "protection d’un autre effectif secret",
         "masqué pour qu’un effectif secret ne puisse être déduit : aucun calcul ne l’emploie"),
    ]  # fmt: skip


def test_of_a_total_it_is_not_told_why_it_is_hidden_but_by_its_source():
    made = plan_of(figure("all", masked="ac"), primary={"all": "ab"}, secondary={"all": "c"},
                   totals=frozenset({"all"}))  # fmt: skip
    level = "total masqué (par sa règle ou pour en protéger un autre : le dire renseignerait)"
    told = [(row[4], row[6], row[7], row[8]) for row in rows(made)[1:-1]]
    assert told == [
        ("a", level, CAF, "masqué par la source"),
        ("b", level, CAF, "masqué : aucun calcul ne l’emploie"),
        ("c", level, CAF, "masqué : aucun calcul ne l’emploie"),
    ]


def test_what_was_published_before_is_told_and_what_it_was_held_against():
    past = (Published("avant", {"x": (1.0, 1.0), "y": (2.0, 2.0)},
                      {"z": Cell("z", np.nan)}, ()),)  # fmt: skip
    same = (Alike("kids@2026", "kids@Caf", 7, ()),)
    made = plan_of(figure("kids"), past=past, alike=same, merging=2)
    assert rows(made)[1:-1] == [
        alone("publication antérieure",
              "avant : 2 effectifs montrés, 1 masqué, pris en compte ensemble"),
        alone("publication antérieure",
              "kids@2026 et kids@Caf : prises pour la même table (7 effectifs égaux) ; "
              "ce que l’une montre n’est pas caché dans l’autre"),
        alone("publication antérieure",
              "communes d’une publication d’une autre année : 2 effectifs après fusion ou "
              "partage, somme de ce qui a été publié avant (ou l’inverse), pris en compte "
              "ensemble"),
    ]  # fmt: skip


def test_each_sum_that_nobody_declared_is_told_by_how_it_was_found():
    by_ages = Additive("all", {"kids": 1.0}, True, 4, (), True)
    doubt = Additive("all", {"old": 1.0}, False, 4, ("b", "c"), False)
    aged_doubt = Additive("all", {"old": 1.0}, True, 4, ("b",), False)
    made = plan_of(figure("kids"), figure("old"), figure("all"),
                   additive=(ADDED, by_ages, doubt, aged_doubt))  # fmt: skip
    own = ("somme reconnue", "caf.csv", "ALL", "2026", "", "", "", "")
    parts = "KIDS, OLD (4 communes ; 1 diffère)"
    kept = "; tenue pour connue de tous"
    assert rows(made)[3:-1] == [
        (*own, f"somme vue dans les chiffres, non déclarée : {parts} {kept}"),
        (*own, f"somme d’après les âges déclarés : KIDS {kept}"),
        (*own, "ressemble à une somme : OLD (4 communes ; 2 diffèrent) ; non retenue"),
        (*own, "ressemble à une somme : OLD (4 communes ; 1 diffère) ; non retenue"),
    ]  # fmt: skip


def test_the_method_is_told():
    cells = [Cell("a", 3.0, 1.0, 4.0, secret=True)]
    exact, quick = (suppress(assembled(cells, []), exact_up_to=most) for most in (250, -1))
    ((*_, first),) = rows(plan_of(found=exact))
    ((step, *_, other),) = rows(plan_of(found=quick))
    assert first.startswith("nombre de cellules masquées minimal, prouvé")
    assert (step, other.split(" (")[0]) == ("méthode", "méthode approchée")


def test_what_a_rule_hid_as_it_was_read_is_told_and_other_findings_are_not():
    facts = {"column": "Taux", "count": 3, "rule": "Caf : moins de 5"}
    said = [
        Finding("warning", "secret_by_rule", "indicators", "revenus.csv", facts),
        Finding("warning", "secret_by_rule", "population", "kids", facts),  # told cell by cell
        Finding("warning", "other", "indicators", "other.csv", facts),
        Finding("warning", "secret_capacities", "equipements", "creches.csv",
                {"file": "creches.csv", "count": 1, "of": 9, "rule": "Entreprises"}),
        Finding("warning", "secret_retold", "population", "caf.csv",
                {"column": "Part", "count": 2, "parts": ["A", "B"]}),
    ]  # fmt: skip
    why = "par la règle à la lecture : aucun calcul ne les emploie"
    assert rows(None, findings=said) == [
        ("masquage", "revenus.csv", "Taux", "", "", "", "primaire", "Caf : moins de 5",
         f"3 cellules masquées {why}"),
        ("masquage", "creches.csv", "", "", "", "", "primaire", "Entreprises",
         f"1 cellule masquée {why}"),
        ("masquage", "caf.csv", "Part", "", "", "", "secondaire",
         "protection d’un autre effectif secret",
         "2 cellules masquées : redirait un secret d’un autre tableau (A, B)"),
    ]  # fmt: skip


def test_that_no_register_is_named_is_told():
    none = Finding("warning", "secret_no_register", "population")
    detail = ("aucun registre nommé ([secrecy] publications) : les publications antérieures ne "
              "sont pas prises en compte")  # fmt: skip
    other = Finding("info", "control", "population")
    assert rows(None, findings=[other, none]) == [alone("publication antérieure", detail)]
    assert rows(None, findings=[other]) == []


def test_the_verdict_comes_last():
    none = Finding("warning", "secret_no_register", "population")
    made = plan_of(figure("kids"))
    *_, last = rows(made, Verdict(2, ()), [none])
    assert last[0] == "vérification"
    assert last[8].startswith("2 effectifs secrets attaqués par programmation linéaire")
    assert set(last[1:8]) == {""}
    assert rows(made, Verdict(0, ()))[-1] == alone("vérification",
                                                   "aucun effectif secret à vérifier")  # fmt: skip
    assert rows(made)[-1] == METHOD
