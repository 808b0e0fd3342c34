"""What gaps are made of, what would close them, and how unequal access is."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import factorial, inf, log
from typing import Any

from twin.access import Mode, Number, access_of
from twin.files import Territory
from twin.roads import network_of, profile_of, times
from twin.verdict import Diagnosis, mean, quantile

__all__ = ["causes", "gini", "indices", "inside", "poverty", "summary", "theil", "theil_split",
           "to_add", "to_save", "told"]  # fmt: skip


def told(made: Diagnosis) -> list[str]:
    """Communes whose people are known, and so counted."""
    return [code for code, row in made.rows.items() if row["demand"] is not None]


# How unequal. Each index is a number, or the reason why there is none.


def poverty(values: list[tuple[float, float]], norm: float, power: int) -> float | str:
    """FGT: `values` are pairs of access and people."""
    total = sum(people for _, people in values)
    if not total:
        return "nobody"
    return sum(people * ((norm - each) / norm) ** power
               for each, people in values if each < norm) / total  # fmt: skip


def gini(values: list[tuple[float, float]]) -> float | str:
    """Half the mean difference of all pairs of people, over the mean."""
    total = sum(people for _, people in values)
    if not total:
        return "nobody"
    mean_of = sum(each * people for each, people in values) / total
    if not mean_of:
        return "all_zero"
    apart = sum(p * q * abs(a - b) for a, p in values for b, q in values)
    return apart / (2 * total * total * mean_of)


def theil(values: list[tuple[float, float]]) -> float | str:
    """Theil T; a term of no access is 0."""
    total = sum(people for _, people in values)
    if not total:
        return "nobody"
    mean_of = sum(each * people for each, people in values) / total
    if not mean_of:
        return "all_zero"
    return sum(people / total * each / mean_of * log(each / mean_of)
               for each, people in values if each > 0)  # fmt: skip


def theil_split(groups: Mapping[str, list[tuple[float, float]]]) -> tuple[float, float] | str:
    """Theil within and between groups."""
    every = [pair for each in groups.values() for pair in each]
    whole = theil(every)
    if isinstance(whole, str):
        return whole
    if len(groups) < 2:
        return "one_group"
    total = sum(people for _, people in every)
    mean_of = sum(each * people for each, people in every) / total
    within = between = 0.0
    for own in groups.values():
        people = sum(each for _, each in own)
        held = sum(each * count for each, count in own)
        if not held:
            continue
        part = held / (total * mean_of)
        inner = theil(own)
        assert not isinstance(inner, str)
        within += part * inner
        between += part * log(held / people / mean_of)
    return within, between


def _local(made: Diagnosis, codes: Iterable[str]) -> list[tuple[float, float]]:
    wanted = set(codes)
    return [(float(made.access[each.key]), float(made.people[each.key]))
            for each in made.homes if each.commune in wanted]  # fmt: skip


def indices(
    made: Diagnosis, groups: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str, str], float | str]:
    """Return each index by grouping, group and name, as `indices.csv` tells them."""
    known, norm = told(made), made.norm
    found: dict[tuple[str, str, str], float | str] = {}
    sets = {("", ""): known}
    for grouping, of in groups.items():
        for group in {of[code] for code in made.rows}:
            sets[grouping, group] = [code for code in known if of[code] == group]
    for where, codes in sets.items():
        if norm is None:
            reason = "time_norm" if "norm" in made.service else "not_judged"
            found |= {(*where, name): reason for name in ("gini", "theil", "fgt_1", "fgt_2")}
            found[(*where, "fgt_0")] = _beyond(made, codes) if reason == "time_norm" else reason
            continue
        values = _local(made, codes)
        found |= {(*where, "gini"): gini(values), (*where, "theil"): theil(values)}
        found |= {(*where, f"fgt_{power}"): poverty(values, float(norm), power)
                  for power in (0, 1, 2)}  # fmt: skip
    for grouping, of in groups.items() if norm is not None else ():
        split = theil_split({group: _local(made, [code for code in known if of[code] == group])
                             for group in {of[code] for code in known}})  # fmt: skip
        within, between = (split, split) if isinstance(split, str) else split
        found |= {(grouping, "", "theil_within"): within, (grouping, "", "theil_between"): between}
    return found


def _beyond(made: Diagnosis, codes: Iterable[str]) -> float | str:
    wanted, within = set(codes), made.service["norm"]["within_min"]
    own = [each for each in made.homes if each.commune in wanted]
    total = sum(made.people[each.key] for each in own)
    if not total:
        return "nobody"
    far = sum(made.people[each.key] for each in own if not made.minutes[each.key] <= within)
    return float(far / total)


# Why: Shapley's average over all orders of what removing each cause adds.


def causes(made: Diagnosis) -> dict[str, dict[str, float]] | None:
    """Return, by home, the part of each cause in `z - access`; None where it does not exist."""
    assert made.norm is not None
    norm, people = float(made.norm), {key: float(each) for key, each in made.people.items()}
    total = sum(people.values())
    modes = {name: replace(each, supply={key: float(s) for key, s in each.supply.items()})
             for name, each in made.modes.items()}  # fmt: skip
    means = {name: sum(each.supply.values()) / total if total else 0.0
             for name, each in modes.items()}  # fmt: skip
    if not total:
        return None
    switches = [(cause, name) for name in modes for cause in ("distance", "saturation")]
    switches.append(("lack", ""))
    if not sum(means.values()):  # nothing offered anywhere: all of it is lack
        nothing = {"_".join(filter(None, each)): 0.0 for each in switches}
        return {key: nothing | {"lack": norm} for key in people}  # whose access is 0
    every = [frozenset(each) for count in range(len(switches) + 1)
             for each in combinations(switches, count)]  # fmt: skip
    reached = {each: _without(modes, means, people, norm, each) for each in every}
    parts: dict[str, dict[str, float]] = {key: {} for key in people}
    orders = factorial(len(switches))
    for switch in switches:
        cause = "_".join(filter(None, switch))
        for key in people:
            parts[key][cause] = 0.0 if made.access[key] >= made.norm else sum(
                factorial(len(each)) * factorial(len(switches) - len(each) - 1) / orders
                * (reached[each | {switch}][key] - reached[each][key])
                for each in every if switch not in each
            )  # fmt: skip
    return parts


def _without(
    modes: Mapping[str, Mode], means: Mapping[str, float], people: Mapping[str, float],
    norm: float, removed: frozenset[tuple[str, str]],
) -> dict[str, float]:  # fmt: skip
    """Return access with some causes removed; above the norm does not count.

    On the spot all places within reach weigh 1.
    """
    more = max(1.0, norm / sum(means.values())) if ("lack", "") in removed else 1.0
    total = dict.fromkeys(people, 0.0)
    for name, mode in modes.items():
        near, level = ("distance", name) in removed, more * means[name]
        weights = mode.in_reach
        varied = replace(
            mode, supply={key: each * more for key, each in mode.supply.items()},
            pairs={pair: 0 if near else mode.pairs[pair] for pair in weights},
            decay={"kind": "flat", "reach_min": 1} if near else mode.decay,
        )  # fmt: skip
        found, _ = access_of(varied, people)
        floor = _floor(varied, people) if ("saturation", name) in removed else {}
        reaching = {origin for origin, place in weights if mode.supply[place]}
        for key in people:
            own = max(float(found[key]), level * floor.get(key, 0.0))
            total[key] += level if near and key not in reaching else own
    return {key: min(norm, each) for key, each in total.items()}


def _floor(mode: Mode, people: Mapping[str, float]) -> dict[str, float]:
    """Weight of the nearest place that offers anything; its square in M2SFCA; in 3SFCA sum of G w.

    In 3SFCA empty places draw people too. Those who reach nothing offered have no floor.
    """
    _, use = mode.come_and_use()
    found = dict.fromkeys(people, 0.0)
    served = {origin for origin, place in use if mode.supply[place]}
    for (origin, place), each in use.items():
        if mode.measure == "three_step":
            found[origin] += float(each)
        elif mode.supply[place]:
            found[origin] = max(found[origin], float(each))
    return {origin: each for origin, each in found.items() if origin in served}


# What would fix it.


def to_add(made: Diagnosis, territory: Territory) -> dict[str, dict[str, float | str]]:
    """Return, by mode of care and commune, places to add at its chef-lieu; or why not."""
    assert made.norm is not None
    network = network_of(territory.junctions, territory.segments,
                         profile_of(territory.profiles, made.service["profile"]))  # fmt: skip
    sites = {code: territory.communes[code].centre for code in territory.inside}
    spent = times(network, {each.key: each.point for each in made.homes}, sites,
                  limit_min=made.service.get("max_min", 60))  # fmt: skip
    hidden = set(made.rows) - set(told(made))
    return {
        name: {
            code: "hidden" if code in hidden else _added(made, mode, code, {
                (origin, "+"): ms for (origin, site), ms in spent.items() if site == code})
            for code in made.rows
        }
        for name, mode in made.modes.items()
    }  # fmt: skip


def _added(
    made: Diagnosis, mode: Mode, code: str, pairs: Mapping[tuple[str, str], int]
) -> float | str:
    """Open a place at the site with nothing in it, then with one place: access is linear in it."""
    norm = made.norm
    assert norm is not None
    level = made.rows[code]["access"]
    if level >= norm:
        return 0.0
    if not sum(made.people[each.key] for each in made.homes if each.commune == code):
        return "nobody"
    found: list[Number] = []
    for places in (0, 1):
        opened = replace(mode, supply={**mode.supply, "+": places}, pairs={**mode.pairs, **pairs})
        access, ratio = access_of(opened, made.people)
        if ratio["+"] is None:
            return "out_of_reach" if mode.measure == "three_step" else "nobody_reaches"
        found.append(mean(made, code, access))
    before, _ = access_of(mode, made.people)
    lacking = norm - (level - mean(made, code, before)) - found[0]
    slope = found[1] - found[0]
    return float(max(0, lacking) / slope) if slope > 0 else "out_of_reach"


def inside(made: Diagnosis, code: str) -> dict[str, float]:
    """How access varies among the people of a commune, and how far it is from the norm."""
    assert made.norm is not None
    found = {f"access_p{part}": 100 * float(quantile(made, code, made.access, Fraction(part, 100)))
             for part in (10, 50, 90)}  # fmt: skip
    return found | {"distance_to_norm": 100 * float(made.rows[code]["access"] - made.norm)}


def to_save(made: Diagnosis, code: str) -> float | str:
    """Minutes over a norm on time, of the median person; or why there are none."""
    minutes = made.rows[code]["nearest_min"]
    return "no_route" if minutes == inf else max(0.0, minutes - made.service["norm"]["within_min"])


def summary(made: Diagnosis, codes: Iterable[str]) -> dict[str, Any]:
    """Sum up some communes as `comparaison.csv` does; hidden ones out of both sides."""
    codes = list(codes)
    shown = [code for code in codes if made.rows[code]["demand"] is not None]
    own = [each for each in made.homes if each.commune in shown]
    people = {each.key: made.people[each.key] for each in own}
    total = sum(people.values())
    arriving = [each.key for each in own if made.minutes[each.key] < inf]
    reach = sum(people[each] for each in arriving)
    row: dict[str, Any] = {
        "communes": len(codes), "hidden": len(codes) - len(shown), "demand": total,
        "reached_share": reach / total if total else None,
        "mean_min": sum(float(people[each]) * made.minutes[each] for each in arriving)
        / float(reach) if reach else None,
    }  # fmt: skip
    if "norm" not in made.service:
        return row
    within = made.service["norm"]["within_min"]
    near = sum(people[each] for each in people if made.minutes[each] <= within)
    row |= {
        "below": sum(made.rows[code]["below"] for code in codes),
        "concerned": sum(made.rows[code]["concerned"] for code in shown),
        "within_share": near / total if total else None,
    }
    if made.norm is not None:
        row["missing"] = sum(made.rows[code]["missing"] for code in shown) if shown else None
        held = sum(made.rows[code]["access"] * made.rows[code]["demand"] for code in shown)
        row["access_per_100"] = 100 * held / total if total else None
    return row
