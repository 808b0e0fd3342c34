"""A diagnosis by hand: who reaches what, what is shared, who is below the norm."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import hypot, inf
from typing import Any

from twin.access import Mode, Number, access_of
from twin.files import Commune, Place, Territory
from twin.roads import Network, Point, network_of, profile_of, snap, times

__all__ = ["Diagnosis", "Home", "Refused", "diagnose", "groups_of", "homes_of", "mean", "quantile"]

BY_DEFAULT = ("fixed", "branch", "multi_site")


class Refused(Exception):  # noqa: N818  (an answer, not a failure)
    """A service that cannot be diagnosed, with all reasons that apply."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


@dataclass(frozen=True)
class Home:
    """A point where a share of the people of a commune live."""

    key: str
    commune: str
    point: Point
    share: Fraction


@dataclass
class Diagnosis:
    """All that the twin says of a service; by commune (`rows`) of the territory."""

    service: Mapping[str, Any]
    homes: list[Home]
    people: dict[str, Fraction]  # by home, estimates included
    modes: dict[str, Mode]
    places: dict[str, list[Place]]  # by mode
    access: dict[str, Number]  # by home; empty without a norm on supply
    minutes: dict[str, float]  # by home, to the nearest
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: dict[str, set[str]] = field(default_factory=dict)  # reason -> places
    nearest: dict[str, set[str]] = field(default_factory=dict)  # by commune whose homes are one

    @property
    def norm(self) -> Fraction | None:
        """The norm per person, if it is on supply."""
        per_100 = self.service.get("norm", {}).get("per_100")
        return None if per_100 is None else Fraction(str(per_100)) / 100


def homes_of(territory: Territory) -> list[Home]:
    """Return where people are: at the centre of their commune, or along its streets."""
    spread = territory.study["sources"]["population"].get("spread")
    homes = []
    for code, commune in territory.communes.items():
        own: dict[str, Fraction] = {}
        if spread is not None:
            streets = [row for row in territory.segments if row["class"] in spread["streets"]]
            own = _halves(streets, territory.junctions, commune) or _halves(
                territory.segments, territory.junctions, commune
            )
        total = sum(own.values(), Fraction(0))
        if not total:
            homes.append(Home(code, code, commune.centre, Fraction(1)))
        homes += [Home(f"{code}/{end}", code, territory.junctions[end], each / total)
                  for end, each in own.items()]  # fmt: skip
    return homes


def _halves(
    roads: Iterable[Mapping[str, str]], junctions: Mapping[str, Point], commune: Commune
) -> dict[str, Fraction]:
    """Half the length of each road, at the junctions of a commune that it ends at."""
    found: dict[str, Fraction] = {}
    for row in roads:
        for end in (row["from"], row["to"]):
            if commune.holds(*junctions[end]):
                found[end] = found.get(end, Fraction(0)) + _length(row, junctions) / 2
    return found


def _length(row: Mapping[str, str], junctions: Mapping[str, Point]) -> Fraction:
    (x0, y0), (x1, y1) = junctions[row["from"]], junctions[row["to"]]
    return Fraction(row["length"]) if row["length"] else Fraction(hypot(x1 - x0, y1 - y0))


def demand_of(territory: Territory, figure: str) -> tuple[dict[str, Fraction], dict[str, str]]:
    """Return people by commune: the unknown at the mean rate of the others, with their status."""
    given, everyone = territory.figures[figure], territory.figures["population"]
    known = {code: value for code, (value, _) in given.items() if value is not None}
    if len(known) == len(given) and not sum(known.values()):
        raise Refused("demand_zero")
    counted = [code for code in known if everyone[code][0] is not None]
    inhabitants = sum((everyone[code][0] or Fraction(0) for code in counted), Fraction(0))
    if len(known) < len(given) and not inhabitants:
        raise Refused("demand_unknown")  # nothing tells a rate
    rate = sum((known[code] for code in counted), Fraction(0)) / inhabitants if inhabitants else 0
    people = {}
    for code in given:
        if code in known:
            people[code] = known[code]
            continue
        whole = everyone[code][0]
        if figure == "population" or whole is None:
            raise Refused("demand_unknown")
        people[code] = Fraction(whole * rate)
    return people, {code: status for code, (_, status) in given.items()}


def supply_of(
    territory: Territory, key: str, service: Mapping[str, Any], left_out: dict[str, set[str]]
) -> list[Place]:
    """Return the places that count, with the capacity that counts."""
    own = [each for each in territory.places if each.service == key]
    used = [each for each in own if each.delivery in service.get("deliveries", BY_DEFAULT)]
    _note(left_out, "delivery_left_out", own, used)
    if not used:
        raise Refused("no_place")
    there = _present(used, service, left_out)
    if not there:
        raise Refused("none_counted")
    taking = _of_ages(there, territory.study["sources"]["population"]["values"][service["demand"]])
    admitting = [each for each in taking
                 if each.residents is None or each.residents & set(territory.communes)]  # fmt: skip
    _note(left_out, "place_for_others", taking, admitting)
    if not admitting:
        raise Refused("none_admits")
    on_supply = "per_100" in service.get("norm", {})
    if on_supply and any(each.capacity is None for each in admitting):
        raise Refused("no_capacity")
    return admitting


def _note(
    left_out: dict[str, set[str]], reason: str, before: Iterable[Place], after: Sequence[Place]
) -> None:
    kept = {each.key for each in after}
    left_out.setdefault(reason, set()).update(each.key for each in before if each.key not in kept)


def _present(
    places: list[Place], service: Mapping[str, Any], left_out: dict[str, set[str]]
) -> list[Place]:
    rule = service.get("presence")
    if rule is None:
        return places
    on_supply = "per_100" in service.get("norm", {})
    known = [each for each in places if each.hours is not None or each.delivery != "mobile"]
    _note(left_out, "stop_without_hours", places, known)
    kept = []
    for each in known:
        share = Fraction(1)
        if each.hours is not None:
            share = min(Fraction(1), each.hours / Fraction(str(rule["reference_hours"])))
        if on_supply or share >= Fraction(str(rule.get("least_share", 0.5))):
            scaled = None if each.capacity is None else each.capacity * share
            kept.append(replace(each, capacity=scaled))
    _note(left_out, "seldom_there", known, kept)
    return kept


def _of_ages(places: list[Place], figure: Mapping[str, Any]) -> list[Place]:
    """Scale capacities by the share of the place's ages that are those of the figure."""
    if "ages" not in figure:
        return places
    low, high = map(int, figure["ages"].split("-"))
    kept = []
    for each in places:
        share = Fraction(1)
        if each.ages is not None:
            first, last = each.ages
            share = Fraction(max(0, min(last, high) - max(first, low) + 1), last - first + 1)
        if share:
            scaled = None if each.capacity is None else each.capacity * share
            kept.append(replace(each, capacity=scaled))
    return kept


def diagnose(territory: Territory, key: str) -> Diagnosis:
    """Diagnose a service.

    Raises
    ------
    Refused
        If it cannot be: no place that counts, nobody, or a number that is unknown.
    """
    service = territory.services[key]
    left_out: dict[str, set[str]] = {}
    places = _every_place(territory, key, service, left_out)
    people, status = demand_of(territory, service["demand"])
    homes = homes_of(territory)
    network, every = _times(territory, service["profile"], homes, places)
    pairs = {mode: _within(each, service) for mode, each in every.items()}
    local = {each.key: people[each.commune] * each.share for each in homes}
    modes = _modes(service, places, pairs)
    access: dict[str, Number] = {}
    for mode in modes.values():
        found, _ = access_of(mode, local)
        access = {each: found[each] + access.get(each, 0) for each in found}
    minutes = _nearest(homes, [pair for each in pairs.values() for pair in each.items()])
    made = Diagnosis(service, homes, local, modes, places, access, minutes, left_out=left_out)
    for code in territory.inside:
        made.rows[code] = _row(made, code, people[code], status[code])
        spent = {place: ms for each in pairs.values()
                 for (home, place), ms in each.items() if home == code}  # fmt: skip
        made.nearest[code] = {key for key, ms in spent.items() if ms == min(spent.values())}
    _rank(made)
    _certainty(made, territory, network, every)
    for other in service.get("modes", ()):
        _, by_other = _times(territory, other, homes, places)
        near = [_within(each, service) for each in by_other.values()]
        spent = _nearest(homes, [pair for each in near for pair in each.items()])
        for code in territory.inside:
            made.rows[code][f"nearest_min_{other}"] = quantile(made, code, spent, Fraction(1, 2))
    return made


def _every_place(
    territory: Territory, key: str, service: Mapping[str, Any], left_out: dict[str, set[str]]
) -> dict[str, list[Place]]:
    care = service.get("care", {})
    if not care:
        return {"": supply_of(territory, key, service, left_out)}
    there = {each.service for each in territory.places}
    if not there.issuperset(care):
        raise Refused("no_place" if there.isdisjoint(care) else "care_missing")
    return {
        name: supply_of(territory, name, {
            "norm": service["norm"], "demand": service["demand"],
            "deliveries": each.get("deliveries", BY_DEFAULT),
            **({"presence": each["presence"]} if "presence" in each else {}),
        }, left_out)
        for name, each in care.items()
    }  # fmt: skip


def _times(
    territory: Territory, profile: str, homes: Sequence[Home],
    places: Mapping[str, Sequence[Place]],
) -> tuple[Network, dict[str, dict[tuple[str, str], int]]]:  # fmt: skip
    """Time homes to places, mode by mode, but pairs where the place does not admit the people."""
    rules = profile_of(territory.profiles, profile)
    network = network_of(territory.junctions, territory.segments, rules)
    origins = {each.key: each.point for each in homes}
    commune = {each.key: each.commune for each in homes}
    found = {}
    for mode, own in places.items():
        spent = times(network, origins, {each.key: each.point for each in own}, limit_min=1e9)
        admitted = {each.key: each.residents for each in own}
        found[mode] = {
            (home, place): ms for (home, place), ms in spent.items()
            if (only := admitted[place]) is None or commune[home] in only
        }  # fmt: skip
    return network, found


def _within(
    pairs: Mapping[tuple[str, str], int], service: Mapping[str, Any]
) -> dict[tuple[str, str], int]:
    """Keep the pairs within the limit of a service; its variants see further."""
    limit = 60_000 * service.get("max_min", 60)
    return {pair: spent for pair, spent in pairs.items() if spent <= limit}


def _modes(
    service: Mapping[str, Any], places: Mapping[str, Sequence[Place]],
    pairs: Mapping[str, Mapping[tuple[str, str], Number]],
) -> dict[str, Mode]:  # fmt: skip
    if "per_100" not in service.get("norm", {}):
        return {}
    measure = service.get("measure", "e2sfca")
    found = {}
    for name, own in places.items():
        rule = service["care"][name] if name else service
        supply = {each.key: each.capacity for each in own if each.capacity is not None}
        found[name] = Mode(supply, pairs[name], rule.get("measure", measure), rule["decay"])
    return found


def _nearest(
    homes: Sequence[Home], pairs: Iterable[tuple[tuple[str, str], Number]]
) -> dict[str, float]:
    found = dict.fromkeys((each.key for each in homes), inf)
    for (origin, _), spent in pairs:
        found[origin] = min(found[origin], float(spent) / 60_000)
    return found


def mean(made: Diagnosis, code: str, values: Mapping[str, Number]) -> Number:
    """Mean over the people of a commune."""
    own = [each for each in made.homes if each.commune == code]
    return sum((each.share * values[each.key] for each in own), Fraction(0))


def quantile(made: Diagnosis, code: str, values: Mapping[str, Number], share: Fraction) -> Number:
    """Least of the values of the people of a commune that a share of them do not exceed."""
    own = sorted((values[each.key], each.share) for each in made.homes if each.commune == code)
    reached = Fraction(0)
    for value, part in own:
        reached += part
        if reached >= share:
            return value
    raise AssertionError("shares of a commune add up to 1")


def _row(made: Diagnosis, code: str, people: Fraction, status: str) -> dict[str, Any]:
    """Tell of a commune what `docs/results.md` says."""
    service, norm = made.service, made.norm
    judged, within = "norm" in service, service.get("norm", {}).get("within_min", 0)
    own = [each for each in made.homes if each.commune == code]
    stand = [each for every in made.places.values() for each in every if each.commune == code]
    minutes = quantile(made, code, made.minutes, Fraction(1, 2))
    row: dict[str, Any] = {
        "demand": people, "demand_status": status, "nearest_min": minutes,
        "places_here": len(stand),
        "unreached_share": sum(each.share for each in own if made.minutes[each.key] == inf),
    }  # fmt: skip
    if norm is not None:
        access = mean(made, code, made.access)
        short = [each for each in own if made.access[each.key] < norm]
        row |= {
            "access": access, "below": access < norm, "score": 100 * max(0, 1 - access / norm),
            "supply_here": sum((each.capacity or 0) for each in stand),
            "missing": sum((norm - made.access[each.key]) * made.people[each.key]
                           for each in short),
        }  # fmt: skip
        bounds = [norm * Fraction(each) / 100 for each in (50, 80, 100, 125)]
        row["class"] = 1 + sum(access >= each for each in bounds) if access > 0 else 0
    else:
        short = [each for each in own if judged and not made.minutes[each.key] <= within]
        row["below"] = judged and not minutes <= within
        row["score"] = None
        if judged:
            row["score"] = 100.0 if minutes == inf else 100 * min(1, max(0, minutes / within - 1))
        limits = {*service.get("time_classes_min", (5, 10, 15, 20, 30)),
                  service.get("max_min", 60), *((within,) if judged else ())}  # fmt: skip
        row["class"] = sum(minutes <= each for each in limits)
    row["cause"] = _reason(row, norm, within, judged=judged)
    row["concerned"] = sum(made.people[each.key] for each in short) if judged else None
    row["beyond_share"] = sum(each.share for each in short) if judged else None
    if status != "observed":
        hidden = ("demand", "missing", "concerned", "beyond_share", "unreached_share")
        row |= dict.fromkeys((each for each in hidden if each in row), None)
    return row


def _reason(row: Mapping[str, Any], norm: Number | None, within: float, *, judged: bool) -> str:
    """Say in a word why a commune is below, or that it is not."""
    if not judged:
        return "no_route" if row["nearest_min"] == inf else "no_norm"
    if not row["below"]:
        return "met"
    if norm is None:
        return "no_route" if row["nearest_min"] == inf else "too_far"
    if not row["nearest_min"] <= within:
        return "nothing_near"
    return "too_shared" if row["access"] > 0 else "no_supply"


def _rank(made: Diagnosis) -> None:
    """Rank by what is missing (supply), people concerned (time) or time, then score, then code."""

    def key(code: str) -> tuple[float, float, str]:
        row = made.rows[code]
        of = "missing" if made.norm is not None else "concerned"
        if "norm" not in made.service:
            return -row["nearest_min"], 0.0, code
        return -float(-1 if row[of] is None else row[of]), -float(row["score"]), code

    for rank, code in enumerate(sorted(made.rows, key=key), start=1):
        made.rows[code]["rank"] = rank


def _certainty(
    made: Diagnosis, territory: Territory, network: Network,
    pairs: Mapping[str, Mapping[tuple[str, str], int]],
) -> None:  # fmt: skip
    """Share of the variants that give the same verdict; none where no road is near."""
    rules = territory.study.get("robustness", {})
    time_factors = [Fraction(str(each)) for each in rules.get("time_factors", (0.8, 1, 1.25))]
    supply_factors = [Fraction(str(each)) for each in rules.get("supply_factors", (0.85, 1, 1.15))]
    decays: list[Any] = [None]
    if made.norm is None:
        supply_factors = [Fraction(1)]
    elif "care" not in made.service:
        decays += rules.get("other_decays", ())
    agree, count = dict.fromkeys(made.rows, 0), 0
    for slower in time_factors:
        spent = {name: {pair: ms * slower for pair, ms in each.items()}
                 for name, each in pairs.items()}  # fmt: skip
        for more in supply_factors:
            for decay in decays:
                count += 1
                for code, below in _verdicts(made, spent, more, decay).items():
                    agree[code] += below == made.rows[code]["below"]
    limit = network.rules.get("limit_m", 1000)
    for code, row in made.rows.items():
        own = [each for each in made.homes if each.commune == code]
        far = sum(snap(network, each.point).away_m > limit for each in own)
        row["certainty"] = agree[code] / count if far <= len(own) / 2 else 0.0
        if "norm" not in made.service:
            row["certainty"] = None


def _verdicts(
    made: Diagnosis, spent: Mapping[str, Mapping[tuple[str, str], Number]], more: Fraction,
    decay: Mapping[str, Any] | None,
) -> dict[str, bool]:  # fmt: skip
    if made.norm is None:
        within = made.service.get("norm", {}).get("within_min", 0)
        minutes = _nearest(made.homes, [pair for each in spent.values() for pair in each.items()])
        return {code: not quantile(made, code, minutes, Fraction(1, 2)) <= within
                for code in made.rows}  # fmt: skip
    access: dict[str, Number] = {}
    for name, mode in made.modes.items():
        supply = {key: each * more for key, each in mode.supply.items()}
        varied = replace(mode, pairs=spent[name], decay=decay or mode.decay, supply=supply)
        found, _ = access_of(varied, made.people)
        access = {each: found[each] + access.get(each, 0) for each in found}
    return {code: mean(made, code, access) < made.norm for code in made.rows}


def groups_of(territory: Territory) -> dict[str, dict[str, str]]:
    """Return, by grouping, the group of each commune: that of the nearest pole by road."""
    found = {}
    for name, rule in territory.study.get("groups", {}).items():
        profile = profile_of(territory.profiles, rule.get("profile", "car"))
        network = network_of(territory.junctions, territory.segments, profile)
        origins = {code: each.centre for code, each in territory.communes.items()}
        spent = times(network, origins, {each: origins[each] for each in rule["poles"].values()},
                      limit_min=1e9)  # fmt: skip
        found[name] = {}
        for code in territory.communes:
            reached = {group: spent[code, pole] for group, pole in rule["poles"].items()
                       if (code, pole) in spent}  # fmt: skip
            nearest = min(reached, key=reached.__getitem__, default="")
            found[name][code] = rule.get("override", {}).get(code, nearest)
    return found
