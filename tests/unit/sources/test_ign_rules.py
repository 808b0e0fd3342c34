"""Each value of BD TOPO and ROUTE 500 means for a road what docs/roads.md says."""

import pytest

from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.ign import bdtopo_rule, route500_rule
from ctg_geo.sources.ign.words import Column, chosen
from ctg_geo.words import plain

USUAL = {
    "nature": "Route à 1 chaussée", "importance": "4", "etat_de_l_objet": "En service",
    "sens_de_circulation": "Double sens", "acces_vehicule_leger": "Libre", "urbain": "False",
    "cpx_numero": "", "cpx_classement_administratif": "", "acces_pieton": "",
    "nature_de_la_restriction": "", "prive": "False", "fictif": "False",
    "position_par_rapport_au_sol": "0",
}  # fmt: skip


def road(**given):
    return bdtopo_rule(USUAL | given)


def users(rule):
    return rule.car, rule.bicycle, rule.foot


ALL, SLOW, FOOT = ("both", "both", "both"), ("no", "both", "both"), ("no", "no", "both")
CAR = ("both", "no", "no")


@pytest.mark.parametrize(
    ("nature", "by_importance"),
    [
        ("Type autoroutier", ["trunk"] * 6),
        ("Bretelle", ["motorway_link", "primary_link", "secondary_link", "tertiary_link",
                      "unclassified", "service"]),
        ("Route à 2 chaussées", ["trunk", "primary", "secondary", "tertiary", "unclassified",
                                 "service"]),
        ("Route à 1 chaussée", ["primary", "primary", "secondary", "tertiary", "unclassified",
                                "service"]),
        ("Rond-point", ["primary", "primary", "secondary", "tertiary", "unclassified",
                        "service"]),
        ("Route empierrée", ["track"] * 6),
        ("Chemin", ["track"] * 6),
        ("Sentier", ["path"] * 6),
        ("Escalier", ["steps"] * 6),
        ("Piste cyclable", ["cycleway"] * 6),
        ("Bac ou liaison maritime", ["ferry"] * 6),
    ],
)  # fmt: skip
def test_nature_and_importance_make_the_class(nature, by_importance):
    found = [road(nature=nature, importance=rank).road_class for rank in "123456"]
    assert found == by_importance


@pytest.mark.parametrize(
    ("nature", "importance", "expected"),
    [
        ("Type autoroutier", "1", CAR), ("Bretelle", "1", CAR), ("Bretelle", "3", ALL),
        ("Route à 2 chaussées", "1", ALL), ("Rond-point", "5", ALL),
        ("Route empierrée", "5", ALL), ("Chemin", "6", SLOW), ("Sentier", "6", SLOW),
        ("Escalier", "6", FOOT), ("Piste cyclable", "6", SLOW),
        ("Bac ou liaison maritime", "2", ALL),
    ],
)  # fmt: skip
def test_nature_tells_who_may_use_a_road(nature, importance, expected):
    assert users(road(nature=nature, importance=importance)) == expected


@pytest.mark.parametrize(
    ("number", "admin", "expected"),
    [("", "Autoroute", "motorway"), ("", "Autoroute/Route nommée", "motorway"),
     ("A7", "", "motorway"), ("N7/A49", "", "motorway"), ("N7", "Nationale", "trunk"),
     ("AVENUE", "", "trunk"), ("", "", "trunk")],
)  # fmt: skip
def test_an_autoroute_is_told_from_an_express_road(number, admin, expected):
    given = {"cpx_numero": number, "cpx_classement_administratif": admin}
    assert road(nature="Type autoroutier", importance="1", **given).road_class == expected


def test_without_number_and_class_a_type_autoroutier_is_a_motorway():
    known = {key: value for key, value in USUAL.items() if not key.startswith("cpx")}
    assert bdtopo_rule(known | {"nature": "Type autoroutier"}).road_class == "motorway"


@pytest.mark.parametrize("yes", ["True", "1", "Oui", "VRAI"])
def test_a_local_road_in_town_is_residential(yes):
    assert road(importance="5", urbain=yes).road_class == "residential"
    assert road(importance="4", urbain=yes).road_class == "tertiary"
    assert road(importance="5", urbain=yes).urban
    assert not road(importance="5", urbain="Non").urban


@pytest.mark.parametrize(
    ("said", "expected"),
    [("Double sens", "both"), ("Sens direct", "forward"), ("Sens inverse", "backward"),
     ("Sans objet", "both"), ("", "both")],
)  # fmt: skip
def test_the_sense_holds_for_cars_and_bicycles_not_for_walkers(said, expected):
    assert users(road(sens_de_circulation=said)) == (expected, expected, "both")


@pytest.mark.parametrize(
    ("said", "expected", "notes"),
    [("Libre", ALL, ()), ("A péage", ALL, ("toll",)), ("À péage", ALL, ("toll",)), ("", ALL, ()),
     ("Physiquement impossible", SLOW, ()), ("Restreint aux ayants droit", FOOT, ("restricted",))],
)  # fmt: skip
def test_access_of_cars(said, expected, notes):
    found = road(acces_vehicule_leger=said)
    assert (users(found), found.notes, found.odd) == (expected, notes, ())


@pytest.mark.parametrize(
    ("on_foot", "private", "expected"),
    [("", "False", "both"), ("Libre", "False", "both"), ("A péage", "False", "both"),
     ("Restreint aux ayants droit", "False", "no"), ("Physiquement impossible", "False", "no"),
     ("", "True", "no"), ("Libre", "True", "both")],
)  # fmt: skip
def test_access_of_walkers(on_foot, private, expected):
    assert road(acces_pieton=on_foot, prive=private).foot == expected


def test_a_private_road_is_closed_to_cars_and_bicycles_and_counted():
    found = road(prive="True", acces_pieton="Libre")
    assert users(found) == FOOT
    assert found.notes == ("private",)
    assert road(prive="True").aside == "closed_to_all"
    assert users(road(prive="")) == ALL


@pytest.mark.parametrize(
    ("said", "expected", "notes"),
    [("Plot amovible", SLOW, ("barred",)), ("Entrée avec gardien", SLOW, ("barred",)),
     ("Passage barré", SLOW, ("barred",)), ("Voie verte", SLOW, ()),
     ("Voie de tramway utilisable par les véhicules de secours", SLOW, ("barred",)),
     ("Aménagement mixte hors voie verte", SLOW, ()), ("Piste cyclable", SLOW, ()),
     ("Double sens cyclable non matérialisé", ALL, ()), ("Vélorue", ALL, ()),
     ("Chaussée à voie centrale banalisée", ALL, ())],
)  # fmt: skip
def test_restrictions_that_ign_gives_no_speed_close_to_cars(said, expected, notes):
    found = road(nature_de_la_restriction=said)
    assert (users(found), found.notes, found.odd) == (expected, notes, ())


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"sens_amenagement_cyclable_gauche": "Sens inverse"}, "both"),
     ({"sens_amenagement_cyclable_droit": "Sens direct"}, "forward"),
     ({"sens_amenagement_cyclable_droit": "Double sens"}, "both"),
     ({"bande_cyclable": "Sens inverse"}, "both"), ({"bande_cyclable": "Sans objet"}, "forward"),
     ({"nature_de_la_restriction": "Double sens cyclable non matérialisé"}, "both"),
     ({"acces_vehicule_leger": "Restreint aux ayants droit"}, "no"),
     ({"acces_vehicule_leger": "Restreint aux ayants droit",
       "sens_amenagement_cyclable_gauche": "Sens inverse"}, "backward"),
     ({"acces_vehicule_leger": "Restreint aux ayants droit",
       "nature_de_la_restriction": "Voie verte"}, "both")],
)  # fmt: skip
def test_bicycle_lanes_open_their_sense(given, expected):
    assert road(sens_de_circulation="Sens direct", **given).bicycle == expected


@pytest.mark.parametrize("state", ["En construction", "En projet", "Projet", "Non exploité"])
def test_a_road_not_in_service_is_left_out(state):
    found = road(etat_de_l_objet=state)
    assert (found.aside, found.odd) == ("not_in_service", ())


@pytest.mark.parametrize(
    ("column", "value", "aside"),
    [("nature", "Télésiège", "unknown_nature"), ("nature", "", "unknown_nature"),
     ("etat_de_l_objet", "Oublié", "not_in_service"), ("etat_de_l_objet", "", "not_in_service"),
     ("importance", "9", ""), ("importance", "", ""), ("sens_de_circulation", "Alterné", ""),
     ("acces_vehicule_leger", "Sur rendez-vous", ""), ("acces_pieton", "Difficile", ""),
     ("nature_de_la_restriction", "Marché", ""), ("prive", "peut-être", ""),
     ("urbain", "peut-être", ""), ("fictif", "peut-être", ""),
     ("position_par_rapport_au_sol", "dessous", "")],
)  # fmt: skip
def test_a_value_not_understood_is_told_and_counts_as_absent(column, value, aside):
    found = road(**{column: value})
    assert found.odd == ((column, value),)
    assert found.aside == aside
    if not aside:
        without = road(**{column: "" if column != "importance" else "5"})
        assert users(found) == users(without)
        assert found.road_class == without.road_class


@pytest.mark.parametrize(
    ("level", "structure"),
    [("-4", "tunnel"), ("-1", "tunnel"), ("0", ""), ("1", "bridge"), ("4", "bridge"),
     ("Gué ou radier", ""), ("", "")],
)  # fmt: skip
def test_what_is_off_the_ground_is_a_bridge_or_a_tunnel(level, structure):
    found = road(position_par_rapport_au_sol=level)
    assert (found.structure, found.odd) == (structure, ())


@pytest.mark.parametrize(
    ("given", "note"),
    [({"periode_de_fermeture": "du 1er novembre au 30 avril"}, ("seasonal",)),
     ({"fictif": "True"}, ("fictive",)), ({"restriction_de_hauteur": "1.9"}, ("low",)),
     ({"restriction_de_poids_total": "3"}, ("low",)), ({"restriction_de_hauteur": "0"}, ()),
     ({"restriction_de_hauteur": "3.5", "restriction_de_poids_total": "19"}, ())],
)  # fmt: skip
def test_what_does_not_close_a_road_is_counted(given, note):
    found = road(**given)
    assert (users(found), found.notes) == (ALL, note)


MAIN = {
    "vocation": "Liaison locale", "nb_chausse": "1 chaussée", "sens": "Double sens",
    "acces": "Libre", "class_adm": "Départementale", "etat": "Revêtu",
}  # fmt: skip


@pytest.mark.parametrize(
    ("vocation", "carriageways", "admin", "expected"),
    [
        ("Type autoroutier", "2 chaussées", "Autoroute", "motorway"),
        ("Type autoroutier", "2 chaussées", "Nationale", "trunk"),
        ("Liaison principale", "2 chaussées", "Nationale", "trunk"),
        ("Liaison principale", "1 chaussée", "Nationale", "primary"),
        ("Liaison régionale", "2 chaussées", "Départementale", "secondary"),
        ("Liaison régionale", "1 chaussée", "Départementale", "secondary"),
        ("Liaison locale", "1 chaussée", "Départementale", "tertiary"),
        ("Liaison locale", "1 chaussée", "Sans objet", "unclassified"),
        ("Bretelle", "1 chaussée", "Autoroute", "motorway_link"),
        ("Bretelle", "1 chaussée", "Nationale", "primary_link"),
        ("Bretelle", "1 chaussée", "Départementale", "secondary_link"),
        ("Bretelle", "1 chaussée", "Sans objet", "unclassified"),
    ],
)
def test_purpose_and_class_of_route_500_make_the_class(vocation, carriageways, admin, expected):
    given = {"vocation": vocation, "nb_chausse": carriageways, "class_adm": admin}
    found = route500_rule(MAIN | given)
    assert (found.road_class, found.odd) == (expected, ())
    motors_only = vocation == "Type autoroutier" or expected == "motorway_link"
    assert users(found) == (CAR if motors_only else ALL)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("Double sens", "both"), ("Sens unique", "forward"), ("Sens direct", "forward"),
     ("Sens inverse", "backward")],
)  # fmt: skip
def test_senses_of_route_500(said, expected):
    assert users(route500_rule(MAIN | {"sens": said})) == (expected, expected, "both")


@pytest.mark.parametrize(
    ("said", "notes"),
    [("Libre", ()), ("A péage", ("toll",)), ("Saisonnier", ("seasonal",)),
     ("Inconnu", ("unknown",))],
)  # fmt: skip
def test_accesses_of_route_500_are_open_and_counted(said, notes):
    found = route500_rule(MAIN | {"acces": said})
    assert (users(found), found.notes, found.odd) == (ALL, notes, ())


@pytest.mark.parametrize(
    ("column", "value", "aside"),
    [("vocation", "Liaison spatiale", "unknown_nature"), ("acces", "Secret", ""),
     ("sens", "Alterné", ""), ("class_adm", "Royale", ""), ("nb_chausse", "3 chaussées", ""),
     ("etat", "Pavé", "")],
)  # fmt: skip
def test_a_value_of_route_500_not_understood_is_told(column, value, aside):
    found = route500_rule(MAIN | {column: value})
    assert (found.aside, found.odd) == (aside, ((column, value),))


def test_roads_of_route_500_under_construction_are_left_out():
    assert route500_rule(MAIN | {"etat": "En construction"}).aside == "not_in_service"
    assert route500_rule(MAIN | {"etat": "Non revêtu"}).aside == ""
    assert route500_rule(MAIN | {"acces": "Interdit au public"}).aside == "closed_to_all"


@pytest.mark.parametrize(
    "found",
    [("nature", "acces_vehicule_leger"), ("NATURE", "ACCES_VL"), ("Nature", "acces_vl"),
     ("nature", "acces_vehi")],
)  # fmt: skip
def test_a_column_is_found_under_each_of_its_names(found):
    columns = (Column("nature", "NATURE", needed=True),
               Column("acces_vehicule_leger", "ACCES_VL", needed=True),
               Column("acces_pieton", "ACCES_PED"))  # fmt: skip
    named = chosen(found, columns, file="a.gpkg", product="BD TOPO")
    assert named == {"nature": found[0], "acces_vehicule_leger": found[1]}


def test_a_name_cut_short_that_means_two_columns_serves_neither():
    columns = (Column("restriction_de_hauteur", "RESTR_H"),
               Column("restriction_de_poids_total", "RESTR_P"))  # fmt: skip
    assert chosen(("restrictio",), columns, file="a", product="BD TOPO") == {}


def test_missing_columns_are_all_named():
    columns = (Column("nature", "NATURE", needed=True),
               Column("sens_de_circulation", "SENS", needed=True))  # fmt: skip
    with pytest.raises(MissingColumnError, match=r"BD TOPO: NATURE, sens_de_circulation \(SENS\)"):
        chosen(("fid",), columns, file="a.gpkg", product="BD TOPO")


def test_words_are_compared_without_accents_and_capitals():
    assert plain("Route à 1 chaussée") == plain("ROUTE A 1  CHAUSSEE")
    assert plain("N’appartient pas") == plain("N'appartient pas")
