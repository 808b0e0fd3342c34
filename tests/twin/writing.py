"""Random studies of a few communes, as files: all that is drawn comes from one seed."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

__all__ = ["SERVICES", "Draw", "write_study"]

SERVICES = 8  # declared in each study, two of them of several modes of care
KEYS = tuple(f"s{number}" for number in range(SERVICES))
SPEEDS = (18, 30, 36, 45, 60, 90, "")
CODES = ("01001", "01002", "26003", "26004", "2A005", "2B006", "97107", "26008", "26009")


@dataclass(frozen=True)
class Draw:
    """What a study is drawn from: its size, where its people are, and all the rest by a seed."""

    seed: int
    communes: int
    spread: bool
    masked: bool


def write_study(folder: Path, draw: Draw) -> Path:
    """Write the files of a study into a folder, and return its TOML."""
    dice = Random(repr(draw))  # noqa: S311  (no secret is drawn)
    folder.mkdir(parents=True, exist_ok=True)
    boxes = _boxes(dice, draw.communes)
    codes = sorted(dice.sample(CODES, draw.communes))
    inside = dice.sample(codes, dice.randint(1, len(codes)))
    _write_communes(folder, boxes, codes, inside)
    _write_population(folder, dice, codes, masked=draw.masked, spread=draw.spread)
    _write_roads(folder, dice, boxes)
    each_has = dice.random() < 0.7
    ground = _Ground(boxes, codes, [codes.index(code) for code in inside])
    _write_places(folder, dice, ground, blanks=each_has or dice.random() < 0.1)
    _write_toml(folder / "services.toml", {"services": _services(dice)})
    _write_toml(folder / "profiles.toml", {"profiles": _profiles(dice)})
    study = _study(dice, draw, inside, each_has=each_has)
    _write_toml(folder / "study.toml", study)
    return folder / "study.toml"


# Ground and people.


def _boxes(dice: Random, count: int) -> list[tuple[int, int, int, int]]:
    """Rectangles of a grid; borders are even numbers of metres, and junctions odd ones."""
    wide = dice.choice([1, 2, 3]) if count > 1 else 1
    xs, ys = [800_000], [6_400_000]
    for _ in range(wide):
        xs.append(xs[-1] + 2 * dice.randint(800, 3000))
    for _ in range(-(-count // wide)):
        ys.append(ys[-1] + 2 * dice.randint(800, 3000))
    every = [(xs[i], ys[k], xs[i + 1], ys[k + 1]) for k in range(len(ys) - 1) for i in range(wide)]
    return every[:count]


def _write_communes(
    folder: Path, boxes: list[tuple[int, int, int, int]], codes: list[str], inside: list[str]
) -> None:
    features = [
        {"type": "Feature",
         "properties": {"code": code, "nom": f"Nom {code}",
                        "epci": "111111111" if code in inside else "222222222"},
         "geometry": {"type": "Polygon", "coordinates": [
             [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]]}}
        for code, (x0, y0, x1, y1) in zip(codes, boxes, strict=True)
    ]  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    layer = {"type": "FeatureCollection", "crs": crs, "features": features}
    (folder / "communes.geojson").write_text(json.dumps(layer), encoding="utf-8")


def _write_population(
    folder: Path, dice: Random, codes: list[str], *, masked: bool, spread: bool
) -> None:
    """Write counts of which none makes another: even, odd, and their sum never."""
    signs = ["", "nd", "//"] if spread else ["", "nd", "//", "s", "<5", "c"]
    nobody = dice.random() < 0.06
    rows = []
    for code in codes:
        kids = 0 if nobody or dice.random() < 0.15 else 2 * dice.randint(1, 60)
        teens = 0 if dice.random() < 0.15 else 2 * dice.randint(0, 60) + 1
        everyone = kids + teens + 2 * dice.randint(1, 400) + (teens % 2)
        cells = [str(everyone), str(kids), str(teens)]
        if masked:
            cells = [dice.choice(signs) if dice.random() < chance else cell
                     for cell, chance in zip(cells, (0.01, 0.25, 0.15), strict=True)]  # fmt: skip
        if not rows or not (masked and dice.random() < 0.03):
            rows.append([code, *cells])
    dice.shuffle(rows)
    _write_csv(folder / "population.csv", ["code_insee", "habitants", "moins_3", "ados"], rows)


def _write_roads(folder: Path, dice: Random, boxes: list[tuple[int, int, int, int]]) -> None:
    """Write roads along some lines of a grid, with a few across; some stretches are missing."""
    x0, y0 = min(each[0] for each in boxes), min(each[1] for each in boxes)
    x1, y1 = max(each[2] for each in boxes), max(each[3] for each in boxes)
    xs = sorted({x0 + 2 * dice.randint(50, (x1 - x0) // 2 - 50) + 1 for _ in range(4)})
    ys = sorted({y0 + 2 * dice.randint(50, (y1 - y0) // 2 - 50) + 1 for _ in range(4)})
    names = {(i, k): f"j{i}{k}" for i in range(len(xs)) for k in range(len(ys))}
    junctions = [[name, xs[i], ys[k]] for (i, k), name in names.items()]
    links = [((i, k), (i + di, k + dk)) for i, k in names
             for di, dk, chance in ((1, 0, 0.8), (0, 1, 0.8), (1, 1, 0.1))
             if (i + di, k + dk) in names and dice.random() < chance]  # fmt: skip
    links += [link for link in links if dice.random() < 0.05]
    dice.shuffle(links)
    rows = []
    for (i, k), (m, n) in links or [((0, 0), (min(1, len(xs) - 1), 0 if len(xs) > 1 else 1))]:
        road_class = (
            "local"
            if not rows
            else dice.choice(
                ["local", "local", "residential", "residential", "primary", "service", "motorway"]
            )
        )
        straight = abs(xs[m] - xs[i]) + abs(ys[n] - ys[k])
        length = (
            ""
            if (m != i and n != k) or dice.random() < 0.3
            else (f"{straight * dice.choice([10, 10, 12, 15]) / 10:.1f}")
        )
        oneway = "no" if not rows else dice.choice(["no"] * 6 + ["", "yes", "-1"])
        rows.append([names[i, k], names[m, n], road_class, length, dice.choice(SPEEDS), oneway])
    _write_csv(folder / "junctions.csv", ["junction", "x", "y"], junctions)
    _write_csv(folder / "segments.csv", ["from", "to", "class", "length", "speed", "oneway"], rows)


# Places.


@dataclass(frozen=True)
class _Ground:
    boxes: list[tuple[int, int, int, int]]
    codes: list[str]
    inside: list[int]  # numbers of the communes of the territory


def _write_places(folder: Path, dice: Random, ground: _Ground, *, blanks: bool) -> None:
    rows: list[list[Any]] = []
    for service in KEYS[: SERVICES - 2]:
        for _ in range(dice.choice([0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 6])):
            rows.append(_place(dice, len(rows), service, ground, blanks=blanks))
    if not rows:
        rows.append(_place(dice, 0, KEYS[0], ground, blanks=blanks))
    header = ["id", "service", "nom", "insee", "x", "y", "places", "format", "hours", "age_from",
              "age_to", "residents"]  # fmt: skip
    dice.shuffle(rows)
    _write_csv(folder / "lieux.csv", header, rows)


def _place(dice: Random, number: int, service: str, ground: _Ground, *, blanks: bool) -> list[Any]:
    at = dice.choice(ground.inside if dice.random() < 0.6 else range(len(ground.codes)))
    x0, y0, x1, y1 = ground.boxes[at]
    point: list[Any] = ["", ""]
    if dice.random() < 0.6:
        point = [x0 + 2 * dice.randint(1, (x1 - x0) // 2 - 1) + 1,
                 y0 + 2 * dice.randint(1, (y1 - y0) // 2 - 1) - 1]  # fmt: skip
    places = "" if blanks and dice.random() < 0.2 else dice.choice([0, 4, 10, 12.5, 20, 35, 60])
    ages = dice.choice([["", ""]] * 8 + [[0, 3], [3, 17], [11, 17], [0, 2]])
    residents = "" if dice.random() < 0.85 else dice.choice([" ", "|"]).join(
        dice.sample([*ground.codes, "111111111"], dice.randint(1, 2)))  # fmt: skip
    return [f"p{number:02d}", f"mot_{service}", f"Lieu {number}", ground.codes[at], *point, places,
            dice.choice(["Fixe"] * 8 + ["Antenne", "Bus"]), dice.choice(["", "", 3, 10, 20, 40]),
            *ages, residents]  # fmt: skip


# Settings.


def _decay(dice: Random, reach: float) -> dict[str, Any]:
    kind = dice.choice(["flat", "flat", "steps", "steps", "steps", "gaussian", "exponential",
                        "power", "logistic"])  # fmt: skip
    if kind == "steps":
        weights = dice.choice([[1, 0.68, 0.22], [1, 0.42, 0.09], [0.8, 0.5, 0.5]])
        return {"kind": kind, "bounds_min": [reach / 3, 2 * reach / 3, reach], "weights": weights}
    rule: dict[str, Any] = {"kind": kind, "reach_min": reach}
    more: dict[str, dict[str, Any]] = {
        "flat": {}, "gaussian": dice.choice([{}, {"at_reach": 0.1}]),
        "exponential": {"per_min": dice.choice([0.05, 0.3])},
        "power": {"exponent": dice.choice([0.5, 1, 2]), "from_min": dice.choice([1.0, 2.0])},
        "logistic": {"half_min": reach / 2, "spread_min": dice.choice([1.0, 3.0])},
    }  # fmt: skip
    return rule | more[kind]


def _services(dice: Random) -> dict[str, Any]:
    found = {key: _service(dice, key) for key in KEYS[: SERVICES - 2]}
    for count, key in zip((2, 3), KEYS[SERVICES - 2 :], strict=True):
        within = dice.choice([6, 9, 15])
        each = {"label": key, "place_label": "Lieu", "demand": dice.choice(["kids", "teens"]),
                "people_label": "personnes", "unit": "places", "profile": "car",
                "norm": _norm(dice, within), "max_min": within + dice.choice([0, 15])}  # fmt: skip
        if dice.random() < 0.5:
            each["measure"] = dice.choice(["e2sfca", "two_step", "m2sfca", "three_step"])
        each["care"] = {
            name: {"label": name, "decay": _decay(dice, dice.choice([within, 2 * within / 3])),
                   **({"measure": dice.choice(["e2sfca", "m2sfca", "three_step"])}
                      if dice.random() < 0.3 else {}), **_presence(dice)}
            for name in dice.sample(KEYS[: SERVICES - 2], count)
        }  # fmt: skip
        found[key] = each
    return found


def _norm(dice: Random, within: float) -> dict[str, Any]:
    per_100 = dice.choice([5, 10, 20, 50, 17.3, 8.37, 31.41, 77.7])
    return {"within_min": within, "per_100": per_100, "source": "test"}


def _presence(dice: Random) -> dict[str, Any]:
    if dice.random() < 0.7:
        return {}
    rule = {"reference_hours": dice.choice([15, 20, 35]), "source": "test"}
    return {"presence": rule | ({"least_share": 0.25} if dice.random() < 0.5 else {})}


def _service(dice: Random, key: str) -> dict[str, Any]:
    profile = dice.choice(["car", "car", "car", "car.peak", "foot"])
    within = dice.choice([6, 9, 12, 15]) * (4 if profile == "foot" else 1)
    each: dict[str, Any] = {
        "label": key, "place_label": "Lieu", "demand": dice.choice(["kids", "kids", "teens",
                                                                   "population"]),
        "people_label": "personnes", "unit": "places", "profile": profile,
        "max_min": within + dice.choice([0, 3, 15, 45]), **_presence(dice),
    }  # fmt: skip
    if dice.random() < 0.3:
        each["deliveries"] = ["fixed", "branch", "multi_site", "mobile"]
    if dice.random() < 0.2:
        each["modes"] = dice.sample(["car", "foot"], 1)
        each["modes"] = [mode for mode in each["modes"] if mode != profile]
    kind = dice.random()
    if kind < 0.7:
        each["norm"] = _norm(dice, within)
        each["decay"] = _decay(dice, dice.choice([within, within / 2]))
        if dice.random() < 0.6:
            each["measure"] = dice.choice(["e2sfca", "two_step", "m2sfca", "three_step"])
    elif kind < 0.88:
        each["norm"] = {"within_min": within, "source": "test"}
    else:
        each["no_norm"] = "aucune norme"
    return each


def _profiles(dice: Random) -> dict[str, Any]:
    access = dice.choice([18, 30, 36])
    snapping: dict[str, Any] = {"access_kmh": access, "limit_m": dice.choice([400, 5000, 5000])}
    if dice.random() < 0.3:
        snapping |= {"start_min": 0.5, "end_min": dice.choice([0, 1.5])}
    peak: dict[str, Any] = {"time_factor": {"rural": 1.2}}
    peak["rural"] = {"junction": dice.choice([{"default": 6}, {"local": 4, "default": 9.5}])}
    car = {
        "label": "Voiture", "default_kmh": 36, "speed_kmh": {"local": 45, "primary": 72},
        "snapping": snapping, "periods": {"off_peak": {}, "peak": peak}, "period": "off_peak",
        "use_stated": dice.random() < 0.8, "source": "test",
    }  # fmt: skip
    if dice.random() < 0.2:
        car["closed_classes"] = dice.choice([["service"], ["primary"]])
    foot = {"label": "À pied", "mode": "foot", "default_kmh": 5, "use_stated": False,
            "closed_classes": ["motorway"],
            "snapping": {"access_kmh": 5, "limit_m": 5000}, "source": "test"}  # fmt: skip
    return {"car": car, "foot": foot}


def _study(dice: Random, draw: Draw, inside: list[str], *, each_has: bool) -> dict[str, Any]:
    said = {"provider": "test", "licence": "test", "vintage": "2026"}
    wanted = {"epci": "111111111"} if dice.random() < 0.6 else {"communes": inside}
    ages = {"ages": "0-2"} if dice.random() < 0.5 else {}
    population: dict[str, Any] = {**said, "path": "population.csv", "code_insee": "code_insee"}
    population["values"] = {
        "population": {"column": "habitants"}, "kids": {"column": "moins_3", **ages},
        "teens": {"column": "ados", **({"ages": "12-17"} if ages else {})},
    }  # fmt: skip
    if draw.spread:
        population["spread"] = {"over": "streets", "streets": ["residential", "service"]}
    columns = {"equipement_id": "id", "service": "service", "nom": "nom", "code_insee": "insee",
               "x": "x", "y": "y", "capacity": "places", "delivery": "format",
               "hours_per_week": "hours", "age_from": "age_from", "age_to": "age_to",
               "residents": "residents"}  # fmt: skip
    places: dict[str, Any] = {
        "path": "lieux.csv", **said, "crs": "EPSG:2154", "columns": columns,
        "services": {f"mot_{key}": key for key in KEYS},
        "delivery": {"Fixe": "fixed", "Antenne": "branch", "Bus": "mobile"},
    }  # fmt: skip
    if each_has:
        places["capacity_each"] = {"value": 15, "source": "test"}
    study: dict[str, Any] = {
        "study": {"name": "Jumeau", "inside": wanted, "roads": "plan",
                  "buffer_km": dice.choice([0, 1, 3, 50])},
        "sources": {
            "communes": {"path": "communes.geojson", **said,
                         "columns": {"code_insee": "code", "nom": "nom", "epci": "epci"}},
            "population": population, "equipements": [places],
        },
        "roads": {"plan": {
            "kind": "tables",
            "junction_columns": {"junction_id": "junction", "x": "x", "y": "y"},
            "segment_columns": {"from_junction": "from", "to_junction": "to",
                                "road_class": "class", "length_m": "length",
                                "speed_kmh": "speed", "oneway": "oneway"},
            "junctions": {"path": "junctions.csv", "crs": "EPSG:2154", **said},
            "segments": {"path": "segments.csv", **said},
        }},
        "robustness": {"time_factors": dice.choice([[1.0], [0.8, 1.0, 1.25], [1.0, 1.5]]),
                       "supply_factors": dice.choice([[1.0], [0.85, 1.0, 1.15]])},
    }  # fmt: skip
    if dice.random() < 0.4:
        other = {"kind": "flat", "reach_min": 6}
        study["robustness"]["other_decays"] = [other]
    if len(inside) > 1 and dice.random() < 0.7:
        poles = dice.sample(inside, 2)
        rule: dict[str, Any] = {"label": "bassin", "poles": dict(zip("ab", poles, strict=True))}
        if dice.random() < 0.3:
            rule["override"] = {dice.choice(inside): "b"}
        study["groups"] = {"bassin": rule}
    return study


# Formats.


def _write_csv(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


def _write_toml(path: Path, content: dict[str, Any]) -> None:
    lines = [f"{key} = {_toml(value)}" for key, value in _flat(content)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _flat(content: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """Return dotted keys and their values: a TOML file without tables."""
    found: list[tuple[str, Any]] = []
    for key, value in content.items():
        if isinstance(value, dict) and value:
            found += _flat(value, f"{above}{_key(key)}.")
        else:
            found.append((above + _key(key), value))
    return found


def _key(name: str) -> str:
    return name if name.replace("_", "a").isalnum() and name.isascii() else json.dumps(name)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
