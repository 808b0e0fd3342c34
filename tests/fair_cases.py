"""Small cases of siting, and plans found by trying everything: shares no code with the engine."""

from itertools import combinations, product

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access.decay import steps
from ctg_geo.siting import SiteRules

BOUNDS, WEIGHTS = (5.0, 10.0, 15.0), (1.0, 0.68, 0.22)
DECAY = steps(BOUNDS, WEIGHTS)


class Case:
    """Times, people and rules, and all plans of them."""

    def __init__(self, minutes, people, rules):
        self.minutes = minutes  # origins × candidates, inf where there is no route
        self.people = people
        self.rules = rules
        self.origins = [f"o{i}" for i in range(len(people))]
        self.names = [f"c{j}" for j in range(minutes.shape[1])]

    @property
    def times(self):
        pairs = [
            (self.origins[i], self.names[j], self.minutes[i, j])
            for i, j in np.argwhere(np.isfinite(self.minutes))
        ]
        frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
        return TravelTimes.from_frame(
            frame.astype({"minutes": float}), limit_min=30,
            origins=self.origins, destinations=self.names,
        )  # fmt: skip

    @property
    def demand(self):
        return pd.Series(self.people, index=self.origins)

    def weights(self):
        found = np.zeros_like(self.minutes)
        for bound, weight in zip(BOUNDS[::-1], WEIGHTS[::-1], strict=True):
            found[self.minutes <= bound] = weight
        return found

    def access(self, size):
        weight = self.weights()
        reached = self.people @ weight
        ratio = np.where(reached > 0, size / np.where(reached > 0, reached, 1), 0)
        return weight @ ratio

    def reached(self):
        return self.people @ self.weights()

    def plans(self):
        """Yield (sizes, new sites, cost) of every plan in whole places that keeps the rules."""
        for size, new in self._sizes():
            cost = self.cost(size, new)
            if self._kept(size, new, cost):
                yield np.array(size), new, cost

    def cost(self, size, new):
        rules = self.rules
        total = 0.0
        for at, name in enumerate(self.names):
            today = float(rules.existing.get(name, 0.0))
            if rules.cost_open is not None and at in new:
                total += rules.cost_open[name]
            if rules.cost_place is not None:
                total += rules.cost_place[name] * max(size[at] - today, 0.0)
        return total

    def _sizes(self):
        rules = self.rules
        choices = []
        for name in self.names:
            if name in rules.existing.index:
                today = float(rules.existing[name])
                sizes = [today]
                if name in rules.resizable:
                    low, high = min(rules.smallest, today), max(rules.largest, today)
                    sizes = [today + k for k in range(-20, 21) if low <= today + k <= high]
                if name in rules.closable:
                    sizes = [None, *sizes]
            else:
                sizes = [None, *range(max(1, int(np.ceil(rules.smallest))), int(rules.largest) + 1)]
            choices.append(sizes)
        for found in product(*choices):
            new = {at for at, size in enumerate(found)
                   if size is not None and self.names[at] not in rules.existing.index}  # fmt: skip
            self._open = {self.names[at] for at, size in enumerate(found) if size is not None}
            yield [0.0 if size is None else float(size) for size in found], new

    def _kept(self, size, new, cost):
        rules = self.rules
        opened = {self.names[at] for at in new}
        reached = self.reached()
        return (
            all(reached[at] > 0 for at in new)
            and (rules.new is None or len(new) <= rules.new)
            and (not rules.exactly or len(new) == rules.new)
            and (rules.total is None or sum(size) - rules.existing.sum() <= rules.total + 1e-9)
            and (rules.budget is None or cost <= rules.budget + 1e-9)
            and not rules.forced - self._open
            and not rules.forbidden & self._open
            and all(
                sum(rules.group[name] == group for name in opened) >= least
                for group, least in rules.floors.items()
            )
        )


def gini_of(access, people):
    """Work out Gini by all pairs."""
    held = people @ access
    if held <= 0:
        return np.inf
    apart = sum(people[i] * people[k] * abs(access[i] - access[k])
                for i, k in combinations(range(len(people)), 2))  # fmt: skip
    return apart / (people.sum() * held)


def figure(name, access, people, norm):
    """Work out a figure of a plan from its definition."""
    there = people > 0
    match name:
        case "floor":
            return access[there].min()
        case "shortfall":
            return sum(p * max(0.0, norm - a) for a, p in zip(access, people, strict=True))
        case "severity":
            lack = [p * max(0.0, 1 - a / norm) ** 2 for a, p in zip(access, people, strict=True)]
            return sum(lack) / people.sum()
        case "cover":
            return people[access >= norm * (1 - 1e-7)].sum()
        case "gini":
            return gini_of(access, people)


@st.composite
def cases(draw, costs="maybe"):
    """Draw up to five origins, four candidates, and rules of every kind."""
    origins, sites = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    far = st.sampled_from([0.0, 4.0, 5.0, 8.0, 12.0, 15.0, 16.0, np.inf])
    minutes = np.array([[draw(far) for _ in range(sites)] for _ in range(origins)])
    people = np.array([float(draw(st.sampled_from([0, 1, 3, 10, 25]))) for _ in range(origins)])
    people[0] = max(people[0], 2.0)
    names = [f"c{j}" for j in range(sites)]
    standing = [name for name in names[:2] if draw(st.booleans())]
    existing = pd.Series({name: float(draw(st.integers(1, 4))) for name in standing}, dtype=float)
    smallest = float(draw(st.integers(0, 2)))
    amount = st.sampled_from([0.0, 1.0, 2.0, 5.0])
    some = st.integers(1, 14).map(float)
    budgets = some if costs == "always" else st.none() | some
    priced = costs == "always" or (costs == "maybe" and draw(st.booleans()))
    group = pd.Series({name: draw(st.sampled_from(["north", "south"])) for name in names})
    grouped = draw(st.booleans())
    rules = SiteRules(
        new=draw(st.none() | st.integers(0, 3)),
        smallest=smallest,
        largest=smallest + draw(st.integers(1, 3)),
        total=draw(st.none() | st.integers(1, 7).map(float)),
        existing=existing,
        closable=frozenset(name for name in standing if draw(st.booleans())),
        resizable=frozenset(name for name in standing if draw(st.booleans())),
        forced=frozenset(name for name in names[2:] if draw(st.integers(0, 5)) == 0),
        forbidden=frozenset(name for name in names[2:3] if draw(st.integers(0, 5)) == 0),
        cost_open=pd.Series({name: draw(amount) for name in names}) if priced else None,
        cost_place=pd.Series({name: draw(amount) for name in names}) if priced else None,
        budget=draw(budgets) if priced else None,
        group=group if grouped else None,
        floors={"north": 1} if grouped and draw(st.booleans()) and (group == "north").any() else {},
    )  # fmt: skip
    return Case(minutes, people, rules)
