"""Plans of sites on Petit Pays, against every plan tried one by one on formulas by hand.

A site is reached from its own commune and its two neighbours (flat decay of 15 minutes, one
chef-lieu every 10), so that S places in Alpe or Brive add S / 150 for a child of Alpe and Brive,
in Combe S / 80 for Brive and Dune, in Dune S / 50 for Dune: see `petit_pays`.
"""

import hashlib
import itertools
import json
import re
from dataclasses import replace

import geopandas as gpd
import networkx as nx
import pytest

import pays_secret as ps
import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.config.scenario_file import load_scenario
from ctg_geo.errors import NoPlanError, SitingError
from ctg_geo.export.site_words import site_summary
from ctg_geo.study import SitesAsked, compare, plan_sites, write_sites
from ctg_geo.study import site_answer as answers

NORM = 0.2
SERVICES = pp.SERVICES.replace("per_100 = 10", "per_100 = 20")
CODES = pp.CODES[:4]
CHILDREN = {"01001": 100, "01002": 50, "2A004": 30}
PEOPLE = {"01001": 1000, "01002": 500, "01003": 40, "2A004": 300}
AROUND = {"01001": 150, "01002": 150, "01003": 80, "2A004": 50}  # children within reach of a site
POSITION = {code: number for number, code in enumerate(pp.CODES)}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return open_study(pp.write(tmp_path_factory.mktemp("pays"), services=SERVICES))


def asked(objective="shortfall", **more):
    return SitesAsked("creche", objective, **({"new": 1, "smallest": 2, "largest": 10} | more))


def access(plan):
    """Places per child of each inhabited commune, by hand; plan is places by commune."""
    return {
        code: pp.ACCESS[code] + sum(
            size / AROUND[site] for site, size in plan.items()
            if abs(POSITION[site] - POSITION[code]) <= 1
        ) for code in CHILDREN
    }  # fmt: skip


def gini(found):
    total = sum(CHILDREN.values())
    mean = sum(CHILDREN[code] * each for code, each in found.items()) / total
    pairs = sum(CHILDREN[a] * CHILDREN[b] * abs(found[a] - found[b])
                for a, b in itertools.combinations(found, 2))  # fmt: skip
    return pairs / (total**2 * mean)


FIGURES = {
    "floor": (max, lambda found: min(found.values())),
    "shortfall": (min, lambda found: sum(CHILDREN[code] * max(0, NORM - each)
                                         for code, each in found.items())),
    "severity": (min, lambda found: sum(CHILDREN[code] * max(0, 1 - each / NORM) ** 2
                                        for code, each in found.items()) / 180),
    "cover": (max, lambda found: sum(CHILDREN[code] for code, each in found.items()
                                     if each >= NORM - 1e-9)),
    "gini": (min, gini),
}  # fmt: skip


def plans(count, sizes=range(2, 11)):
    for number in range(count + 1):
        for sites in itertools.combinations(CODES, number):
            for chosen in itertools.product(sizes, repeat=number):
                yield dict(zip(sites, chosen, strict=True))


@pytest.mark.parametrize("objective", FIGURES)
@pytest.mark.parametrize("new", [1, 2])
def test_no_plan_tried_by_hand_is_better(study, objective, new):
    better, figure = FIGURES[objective]
    made = plan_sites(study, asked(objective, new=new))
    stage = made.told.stages[0]
    assert stage.after == pytest.approx(better(figure(access(plan)) for plan in plans(new)))
    assert stage.before == pytest.approx(figure(access({})))
    assert stage.quality.startswith("Optimum prouvé")
    opened = {each.key.removeprefix("chef_lieu_"): each.size for each in made.told.sites}
    assert stage.after == pytest.approx(figure(access(opened)))


def test_the_number_of_places_to_add_is_kept(study):
    made = plan_sites(study, asked("floor", new=2, total=10))
    some = [plan for plan in plans(2) if sum(plan.values()) <= 10]
    assert made.told.stages[0].after == pytest.approx(max(min(access(p).values()) for p in some))
    assert sum(each.size for each in made.told.sites) <= 10


def minutes(sites):
    at = [0, *(POSITION[code] for code in sites)]  # a fixed desk in Alpe; the bus does not count
    return {code: 10 * min(abs(POSITION[code] - each) for each in at) for code in PEOPLE}


TRIPS = {
    "median": (min, lambda away: sum(PEOPLE[c] * min(45, m) for c, m in away.items()) / 1840),
    "center": (min, lambda away: max(away.values())),
    "cover": (max, lambda away: sum(PEOPLE[c] for c, m in away.items() if m <= 10)),
}


@pytest.mark.parametrize("objective", TRIPS)
def test_a_service_judged_on_time_is_planned_on_trips(study, objective):
    wanted = SitesAsked("france_services", objective, new=1, within_min=10)
    stage = plan_sites(study, wanted).told.stages[0]
    better, figure = TRIPS[objective]
    assert stage.after == pytest.approx(better(figure(minutes([each])) for each in CODES))
    assert stage.before == pytest.approx(figure(minutes([])))


def test_backup_has_most_people_near_two_places_once_enough_are_near_one(study):
    wanted = SitesAsked("france_services", "backup", new=2, within_min=10, share=0.9)
    made = plan_sites(study, wanted)

    def near(sites, least):
        at = [0, *(POSITION[code] for code in sites)]
        return sum(count for code, count in PEOPLE.items()
                   if sum(abs(POSITION[code] - each) <= 1 for each in at) >= least)  # fmt: skip

    sets = [each for number in range(3) for each in itertools.combinations(CODES, number)]
    stage = made.told.stages[0]
    assert stage.after == max(near(each, 2) for each in sets if near(each, 1) >= 0.9 * 1840)
    assert stage.before == near([], 2)
    assert "deux lieux" in "\n".join(site_summary(made.told))


def flow(study, plan, *, within, beyond):
    """Send the children of each commune to places that fill up, by a flow of least cost."""
    graph = nx.DiGraph()
    held = study.diagnose("creche").equipements
    sites = [*zip(held["code_insee"], held["capacity"], strict=True), *plan.items()]
    for code, count in CHILDREN.items():
        graph.add_edge("all", code, capacity=count, weight=0)
        graph.add_edge(code, "end", capacity=count, weight=beyond)
        for number, (site, size) in enumerate(sites):
            away = 10 * abs(POSITION[code] - POSITION[site])
            if away <= within:
                graph.add_edge(code, number, capacity=count, weight=away)
                graph.add_edge(number, "end", capacity=int(size), weight=0)
    sent = nx.max_flow_min_cost(graph, "all", "end")
    served = sum(sum(sent[code].values()) - sent[code]["end"] for code in CHILDREN)
    return nx.cost_of_flow(graph, sent), served


@pytest.mark.parametrize("objective", ["median_places", "cover_places"])
def test_places_that_fill_up_are_planned_on_trips(study, objective):
    made = plan_sites(study, asked(objective, new=2, within_min=10))
    sets = [dict.fromkeys(each, 10) for number in range(3)
            for each in itertools.combinations(CODES, number)]  # fmt: skip
    stage = made.told.stages[0]
    if objective == "median_places":
        best = min(flow(study, plan, within=59, beyond=60)[0] for plan in sets) / 180
    else:
        best = max(flow(study, plan, within=10, beyond=1000)[1] for plan in sets)
    assert stage.after == pytest.approx(best)
    assert all(2 <= each.size <= 10 for each in made.told.sites)
    assert "places par site" in "\n".join(site_summary(made.told))


def test_a_site_chosen_on_trips_says_the_minutes_it_saves(study):
    site = plan_sites(study, SitesAsked("france_services", "center", new=1)).told.sites[0]
    before, after = minutes([]), minutes([site.key.removeprefix("chef_lieu_")])
    saved = {study.territory.names[code]: before[code] - after[code] for code in PEOPLE
             if before[code] > after[code]}  # fmt: skip
    assert {one.nom: one.gained for one in site.brought if one.gained > 0} == pytest.approx(saved)


def test_the_fewest_sites_that_cover_everybody(study):
    stage = plan_sites(study, SitesAsked("france_services", "cover", within_min=10)).told.stages[0]

    def reaches(count):
        sets = itertools.combinations(CODES, count)
        return any(max(minutes(each).values()) <= 10 for each in sets)

    fewest = next(count for count in range(5) if reaches(count))
    assert stage.objective == "fewest"
    assert stage.after == fewest


def test_why_here_counts_the_children_whom_one_site_brings_to_the_norm(study):
    made = plan_sites(study, asked(new=2))
    told = {each.key: {one.nom: one.people for one in each.brought if one.people > 0}
            for each in made.told.sites}  # fmt: skip
    assert sorted(told.values(), key=len) == [{"Alpe": 100.0}, {"Dune": 30.0}]
    alpe = next(each for each in made.told.sites if told[each.key] == {"Alpe": 100.0})
    other = "chef_lieu_01002" if alpe.key == "chef_lieu_01001" else "chef_lieu_01001"
    assert alpe.other.price == pytest.approx(0)  # Alpe or Brive: both reach the same children
    assert list(alpe.other.instead) == [study.territory.names[other[-5:]]]


def test_the_price_of_a_preferred_site_is_what_the_best_plan_with_it_lacks(study):
    made = plan_sites(study, asked(preferred=("2A004",)))
    wish = made.told.preferred[0]
    shortfall = FIGURES["shortfall"][1]
    forced = min(shortfall(access({"2A004": size})) for size in range(2, 11))
    assert wish.other.price == pytest.approx(forced - made.told.stages[0].after)
    assert not wish.there


def test_a_price_tells_the_objectives_after_the_first_too(study):
    """Floor, then shortfall: each is held against the best plan by hand, with the site forced."""
    made = plan_sites(study, asked("floor", preferred=tuple(CODES)))
    floor, lack = FIGURES["floor"][1], FIGURES["shortfall"][1]

    def best(sites):
        every = [access({site: size}) for site in sites for size in range(2, 11)]
        return max((round(floor(one), 9), -lack(one)) for one in every)

    whole = best(CODES)
    others = [each for each in made.told.preferred if not each.there]
    assert others
    for each in others:
        mine = best([each.key[-5:]])
        assert each.other.price == pytest.approx(whole[0] - mine[0], abs=1e-6)
        ((name, price, proven),) = each.other.then
        assert (name, proven) == ("shortfall", True)
        assert price == pytest.approx(whole[1] - mine[1], abs=1e-4)
    said = "\n".join(site_summary(made.told))
    assert any(price > 0 for each in others for _, price, _ in each.other.then)
    assert ", et un manque plus grand de" in said


@pytest.fixture(scope="module")
def written(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    return out, write_sites(study, asked(new=2, preferred=("2A004",), at_least={"est": 1}), out)


@pytest.mark.parametrize("objective", FIGURES)
@pytest.mark.parametrize("forbidden", [(), ("01001",)])
def test_a_best_site_that_another_equals_is_said_to_be_one_of_several(study, objective, forbidden):
    _, figure = FIGURES[objective]

    def figures(plan):
        own = [figure(access(plan))]
        return [*own, FIGURES["shortfall"][1](access(plan))] if objective == "floor" else own

    made = plan_sites(study, asked(objective, forbidden=forbidden))
    found = [stage.after for stage in made.told.stages]
    equal = {site for site in set(CODES) - set(forbidden) for size in range(2, 11)
             if figures({site: size}) == pytest.approx(found, rel=1e-6, abs=1e-9)}  # fmt: skip
    said = [each for each in made.told.remarks if "non le seul" in each]
    assert len(equal) >= len(made.told.sites)
    assert len(said) == (len(equal) > 1)


@pytest.mark.parametrize(("rules", "reason", "told"), [
    ({"preferred": ("01002",), "forbidden": ("01002",)}, "preferred_forbidden", "Brive"),
    ({"forced": ("zzzzzz",)}, "unknown_site_or_commune_far", "zzzzzz"),
    ({"forced": ("0100",)}, "unknown_site_or_commune", "01001"),
    ({"resizable": ("zzzzzz",)}, "unknown_place_far", "zzzzzz"),
])  # fmt: skip
def test_codes_that_cannot_be_meant_are_refused_by_name(study, rules, reason, told):
    with pytest.raises(SitingError) as caught:
        plan_sites(study, asked(**rules))
    assert caught.value.reason == reason
    assert told in caught.value.explain("fr")
    assert "–" not in caught.value.explain("fr")


def test_an_arbitrary_choice_on_trips_names_another_and_what_tells_them_apart(study):
    made = plan_sites(study, asked("cover_places", smallest=2, largest=2))
    (said,) = [each for each in made.told.remarks if "non le seul" in each]
    assert "à la place de" in said
    assert "--objective shortfall" in said


def test_compare_reads_the_plan_and_gives_the_same_figures(study, written):
    out, report = written
    again = compare(study, [load_scenario(out / "plan.toml")], "creche")
    compared = report.made.checked.comparison
    assert again.communes.equals(compared.communes)
    lack = again.by_commune("plan", "missing")["after"].sum()
    assert lack == pytest.approx(report.made.told.stages[0].after)
    assert again.outcomes[0].variant.cost is None


def test_the_folder_says_the_plan_in_words_tables_and_layers(written):
    out, report = written
    text = (out / "implantation.txt").read_text("utf-8")
    assert "Optimum prouvé" in text
    assert "Pourquoi ici" in text
    assert "au moins 1 site pour Est" in text
    assert set(report.files) == {each.name for each in out.iterdir()} - {"comparaison"}
    assert (out / "comparaison" / "carte_plan.png").is_file()
    layer = gpd.read_file(out / "implantation.gpkg", layer="candidats")
    assert len(layer) == 4
    assert (layer["state"] == "opened").sum() == len(report.made.told.sites)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["parameters"]["site"]["at_least"] == {"est": 1}


def hashes(folder):
    return {str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
            for each in sorted(folder.rglob("*")) if each.is_file()}  # fmt: skip


def test_the_same_question_gives_the_same_bytes(study, tmp_path):
    for name in ("a", "b"):
        write_sites(study, asked("gini"), tmp_path / name)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_a_service_without_any_place_today_is_planned_and_diagnosed(tmp_path):
    config = pp.write(tmp_path / "pays", services=SERVICES, creches="id,nom,insee,places\n"
                      "c3,Les Loutres,26005,4\n")  # fmt: skip
    text = config.read_text("utf-8")
    start, end = text.index("[[sources.equipements]]"), text.rindex("[[sources.equipements]]")
    config.write_text(text[:start] + text[end:], "utf-8")
    report = write_sites(open_study(config), asked("floor", new=2, then=("shortfall",)),
                         tmp_path / "out")  # fmt: skip
    assert report.made.checked.comparison is None
    assert (tmp_path / "out" / "diagnostic" / "ctg.gpkg").is_file()
    best = max(min(sum(size / AROUND[site] for site, size in plan.items()
                       if abs(POSITION[site] - POSITION[code]) <= 1) for code in CHILDREN)
               for plan in plans(2))  # fmt: skip
    assert report.made.told.stages[0].after == pytest.approx(best)


def test_a_place_may_close_or_change_size(study):
    made = plan_sites(study, asked(new=1, total=0, closable=("c1",), resizable=("c1",)))
    assert made.told.stages[0].after <= made.told.stages[0].before
    sizes = {**dict.fromkeys(made.answer.closed, 0.0), **made.answer.resized.to_dict()}
    opened = sum(each.size for each in made.told.sites)
    changed = [each.kind for each in made.file.changes]
    assert changed == ["open"] * len(made.told.sites) + ["close"] * len(made.answer.closed) + [
        "resize"] * len(made.answer.resized)  # fmt: skip
    assert opened + sizes.get("c1", 20.0) <= 20 + 1e-9


def run(study, tmp_path, capsys, *options):
    code = main(["site", str(study.config.path), "-s", "creche", "--out", str(tmp_path / "out"),
                 "--quiet", *options])  # fmt: skip
    assert code == 0 or not (tmp_path / "out").exists()
    return code, capsys.readouterr().err


def test_a_place_that_grows_costs_its_places_in_the_plan_and_in_the_comparison(study):
    wanted = asked(new=0, largest=40, resizable=("c1",), cost_place=100.0, budget=900.0)
    made = plan_sites(study, wanted)
    # 9 places more in Alpe: 9 / 150 a child more for 150 children, of whom 100 lack 10 / 150
    assert made.answer.resized.to_dict() == {"c1": 29.0}
    assert made.told.stages[0].after == pytest.approx(100 * (1 / 150) + 30 * (NORM - 0.155))
    assert made.checked.comparison.outcomes[0].variant.cost == made.told.cost == 900


def test_imposing_a_site_says_what_it_costs(study):
    made = plan_sites(study, asked(forced=("2A004",)))
    lines = site_summary(made.told)
    assert any("l’imposer coûte un manque plus grand de 5,3" in line for line in lines), lines


def test_no_plan_is_exit_code_3_with_what_would_make_one(study, tmp_path, capsys):
    code, said = run(study, tmp_path, capsys, "--objective", "shortfall", "--new", "2",
                     "--exactly", "--capacity", "5:10", "--total", "8")  # fmt: skip
    assert code == 3
    assert "porter le total à 10 places" in said


@pytest.mark.parametrize(("rules", "least"), [
    ({"new": 3, "exactly": True}, 15), ({"at_least": {"est": 2}, "new": 3}, 10),
    ({"forced": ("01001", "01002", "2A004"), "new": 3}, 15),
    ({"forced": ("01001",), "at_least": {"est": 1}, "new": 3}, 10),
])  # fmt: skip
@pytest.mark.parametrize("objective", ["shortfall", "cover_places"])
@pytest.mark.parametrize("total", [4, 8])
def test_the_total_that_is_told_to_be_enough_is(study, objective, total, rules, least):
    """Each site takes 5 places at least; those of Alpe are of Ouest, not of Est."""
    with pytest.raises(SitingError) as caught:
        plan_sites(study, asked(objective, smallest=5, total=total, **rules))
    said = caught.value.explain().replace("\xa0", " ")
    assert re.search(rf"\b{least} places|demandent {least}\b", said), said
    enough = plan_sites(study, asked(objective, smallest=5, total=least, **rules))
    assert sum(each.size for each in enough.told.sites) == least


SERVED = ("-s", "france_services", "--objective", "cover", "--within", "5", "--forbid", "2A004")


def test_a_reach_that_is_too_short_is_exit_code_3_with_the_reach_needed(study, tmp_path, capsys):
    code, said = run(study, tmp_path, capsys, *SERVED)
    assert code == 3
    assert "10,0" in said


BAD = {
    "sites": (("--new", "5", "--capacity", "2:10"), "5 sites à ouvrir demandés, pour 4 sites"),
    "sizes": (("--new", "1", "--capacity", "60:12"), "Taille minimale"),
    "both": (("--new", "1", "--capacity", "2:9", "--force", "01001", "--forbid", "01001"),
             "à la fois imposés"),
    "group": (("--new", "1", "--capacity", "2:9", "--at-least", "nord=1"), "est, ouest"),
    "commune": (("--new", "1", "--capacity", "2:9", "--force", "01009"), "01009"),
    "place": (("--new", "1", "--capacity", "2:9", "--close", "c9"), "c9"),
    "no_cost": (("--new", "1", "--budget", "1000"), "sans coûts"),
    "kind": (("--new", "1", "--capacity", "2:9", "--candidates", "carte"), "grid:"),
    "then": (("--new", "1", "--capacity", "2:9", "--then", "median"), "median"),
    "no_limit": (("--new", "1"), "taille maximale"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_is_named_with_its_mend(study, tmp_path, capsys, kind):
    options, words = BAD[kind]
    code, said = run(study, tmp_path, capsys, "--objective", "shortfall", *options)
    assert code == 2
    assert words in said


def test_a_budget_too_small_says_the_least_that_opens_a_site(study, tmp_path, capsys):
    costs = ("--cost-open", "1000", "--cost-place", "100", "--budget", "900")
    code, said = run(study, tmp_path, capsys, "--objective", "shortfall", "--new", "1",
                     "--capacity", "2:9", *costs)  # fmt: skip
    assert code == 3
    assert "1\u202f200\u202f€" in said or "1\u202f200 €" in said


MONEY = {
    "no_site": (("--cost-place", "100", "--budget", "100"), "200"),
    "forced": (("--cost-place", "100", "--budget", "300", "--force", "01001", "--force", "2A004",
                "--new", "2"), "porter le budget à 400"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MONEY)
def test_money_that_is_short_is_exit_code_3_with_the_amount_needed(study, tmp_path, capsys, kind):
    options, words = MONEY[kind]
    code, said = run(study, tmp_path, capsys, "--objective", "shortfall", "--new", "1",
                     "--capacity", "2:9", *options)  # fmt: skip
    assert code == 3
    assert words in said


def test_an_objective_that_cannot_choose_is_refused_with_another_one(tmp_path, capsys):
    services = SERVICES.replace("per_100 = 20", "per_100 = 90")
    made = open_study(pp.write(tmp_path / "pays", services=services))
    # a site in Dune would serve the buffer as well: elsewhere each place fills as much
    code, said = run(made, tmp_path, capsys, "--objective", "shortfall", "--new", "1",
                     "--capacity", "2:10", "--forbid", "2A004")  # fmt: skip
    assert code == 2
    assert "Tous les plans se valent" in said
    assert "floor" in said


LIST = "candidate_id,nom,x,y,cost_open,decision\n"


def test_a_list_of_candidates_with_costs_and_decisions(study, tmp_path):
    path = tmp_path / "sites.csv"
    rows = "ecole,École,810000,6400000,1000,\ngare,Gare,830000,6400000,500,imposé\n"
    path.write_text(LIST + rows, "utf-8")
    made = plan_sites(study, asked(new=2, candidates=(str(path),), cost_place=100.0))
    opened = {each.key: each for each in made.told.sites}
    assert opened["gare"].forced
    assert opened["gare"].cost == pytest.approx(500 + 100 * opened["gare"].size)
    assert made.told.cost == pytest.approx(sum(each.cost for each in opened.values()))
    assert made.checked.comparison.outcomes[0].variant.cost == pytest.approx(made.told.cost)


@pytest.mark.parametrize(("x", "north", "reason"), [
    (500_000, 4_990, "candidate_outside"), (805_000, 4_990, "candidate_far"),
    (805_000, 1_001, "candidate_far"), (805_000, 999, "off_network"),
])  # fmt: skip
def test_a_candidate_off_the_territory_or_the_network_is_named(tmp_path, x, north, reason):
    near = SERVICES.replace("reach_min = 15", "reach_min = 5")
    study, path = open_study(pp.write(tmp_path / "pays", services=near)), tmp_path / "sites.csv"
    path.write_text(LIST + f"loin,Loin,{x},{pp.Y0 + north},1000,\n", "utf-8")
    with pytest.raises(SitingError, match="loin") as caught:
        plan_sites(study, asked(candidates=(str(path),)))
    assert caught.value.reason == reason
    assert (f"{north} m" in caught.value.explain()) == (reason == "candidate_far")


def test_the_frontier_lists_plans_that_no_other_betters(study, tmp_path):
    wanted = asked(new=2, cost_open=1000.0, cost_place=100.0, budget=4000.0, frontier=True,
                   step=100.0)  # fmt: skip
    report = write_sites(study, wanted, tmp_path / "out")
    points = report.made.told.frontier
    shortfall = FIGURES["shortfall"][1]
    every = [(1000 * len(p) + 100 * sum(p.values()), shortfall(access(p))) for p in plans(2)]
    for cost, value in zip(points["cost"], points["value"], strict=True):
        assert value == pytest.approx(min(v for c, v in every if c <= cost + 1e-6))
    assert points["cost"].is_monotonic_increasing
    assert points["value"].is_monotonic_decreasing
    assert (tmp_path / "out" / "frontiere.png").is_file()


def test_a_plan_whose_diagnosis_differs_from_the_solver_is_an_error(study, monkeypatch):
    true = answers._on_access

    def wrong(bench):
        made = true(bench)
        return replace(made, size=made.size - 1)

    monkeypatch.setattr(answers, "_on_access", wrong)
    with pytest.raises(SitingError) as caught:
        plan_sites(study, asked())
    assert caught.value.reason == "mismatch"


def test_a_plan_that_is_not_proven_says_how_far_the_optimum_may_be(study, monkeypatch):
    true = answers._on_access

    def unproven(bench):
        made = true(bench)
        first = made.stages[0]
        stage = replace(first, bound=first.value / 1.00771, status="best_found")
        return replace(made, stages=(stage,))

    monkeypatch.setattr(answers, "_on_access", unproven)
    lines = site_summary(plan_sites(study, asked()).told)
    said = "Meilleur plan trouvé, à 0,8\u202f% au plus de l’optimum"
    assert any(said in line for line in lines)


@pytest.mark.parametrize("where", ["ALL", "INSIDE"])
def test_nothing_of_a_plan_depends_on_a_hidden_count(tmp_path, where):
    made = {}
    for count in (3, 4):
        config = ps.written(tmp_path / f"pays{count}", count, study=getattr(ps, where))
        out = tmp_path / f"out{count}"
        report = write_sites(open_study(config), asked(new=2, preferred=("2A004",)), out)
        made[count] = hashes(out)
    same = {name for name in made[3] if made[3][name] == made[4].get(name)}
    assert set(made[3]) - same <= {"manifest.json", "comparaison/manifest.json"}
    text = (tmp_path / "out3" / "implantation.txt").read_text("utf-8")
    assert "secret" in text
    assert report.made.told.counts == (where == "ALL")
    dune = [one for each in report.made.told.sites for one in each.brought if one.nom == "Dune"]
    assert all(one.people != one.people for one in dune)  # NaN


def test_a_measure_that_is_not_linear_is_refused_by_name(tmp_path):
    services = SERVICES.replace('unit = "places"\n', 'unit = "places"\nmeasure = "three_step"\n')
    study = open_study(pp.write(tmp_path, services=services))
    with pytest.raises(SitingError, match="three_step"):
        plan_sites(study, asked())


def test_no_plan_says_the_relaxations_in_both_languages():
    error = NoPlanError("no_plan", eased=(("new", 3.0, True), ("budget", 5e5, False)))
    assert "3 sites" in error.explain()
    assert "500,000 euros" in str(error)
    assert NoPlanError("no_plan", eased=()).explain()
