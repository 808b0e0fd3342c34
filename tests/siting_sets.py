"""Small questions in the form that searches are given, and every set of sites allowed."""

from itertools import combinations

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.sending import Sending
from ctg_geo.siting.classical.sites import Choice
from ctg_geo.siting.classical.sizes import Sizes

INF = float("inf")
_UNSEEN = 3e-7  # what a solver lets pass, and a rule does not


@st.composite
def choices(draw, count, *, unseen=False):
    """Draw rules on a number of sites that some set keeps; `unseen`: prices a little apart."""
    group = np.array([draw(st.integers(-1, 1)) for _ in range(count)])
    most = draw(st.integers(1, count))
    least = np.array([draw(st.integers(0, min(2, int((group == at).sum())))) for at in range(2)])
    if least.sum() > most:
        least[:] = 0
    price = np.array([float(draw(st.integers(0, 4))) for _ in range(count)])
    if unseen:
        shift = [draw(st.sampled_from([0.0, 0.0, _UNSEEN, -_UNSEEN])) for _ in range(count)]
        price = np.maximum(price + shift, 0.0)
    exactly, budget = draw(st.booleans()), draw(st.sampled_from([INF, 2.0, 4.0, 6.0, 8.0]))
    free = Choice(most, exactly, group, least, price, INF)
    cheapest = min(float(price[one].sum()) for one in sets(free))
    return Choice(most, exactly, group, least, price, max(budget, float(np.ceil(cheapest))))


def sets(choice):
    """List the sets of sites that keep the rules, each rule read anew."""
    found = []
    for count in range(choice.most if choice.exactly else 0, choice.most + 1):
        for chosen in combinations(range(len(choice.price)), count):
            one = np.array(chosen, dtype=np.int64)
            held = [int((choice.group[one] == at).sum()) for at in range(len(choice.least))]
            paid = sum(choice.price[at] for at in chosen)
            if (held >= choice.least).all() and paid <= choice.budget * (1 + 1e-9):
                found.append(one)
    return found


@st.composite
def problems(draw, *, unseen=False):
    """Draw costs, whole or not, people and what stands already, under rules."""
    homes, sites = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    cost = np.array([[draw(st.integers(0, 9)) for _ in range(sites)] for _ in range(homes)])
    base = np.array([float(draw(st.integers(1, 12))) for _ in range(homes)])
    weight = np.array([float(draw(st.integers(1, 5))) for _ in range(homes)])
    choice = draw(choices(sites, unseen=unseen))
    if draw(st.booleans()):
        return Problem.of(cost.astype(np.int32), weight, base, choice)
    return Problem.of(cost / 4, weight / 2, base, choice)


def value(problem, chosen):
    """Work out what a set of sites costs."""
    nearest = np.c_[problem.cost[:, chosen].astype(float), problem.base].min(axis=1)
    return float((problem.weight * nearest).sum())


@st.composite
def sendings(draw, *, priced=True):
    """Draw people to send to sites with room, some of which stand."""
    homes, fixed, free = draw(st.integers(1, 5)), draw(st.integers(0, 2)), draw(st.integers(1, 5))
    one = st.integers(0, 9).map(float)
    cell = st.one_of(one, one, one, st.just(INF))
    cost = np.array([[draw(cell) for _ in range(fixed + free)] for _ in range(homes)])
    weight = np.array([float(draw(st.integers(1, 5))) for _ in range(homes)])
    room = np.array([float(draw(st.integers(1, 9))) for _ in range(fixed + free)])
    beyond = draw(st.sampled_from([INF, 5.0, 12.0]))
    choice = draw(choices(free))
    if not priced:
        choice = Choice(choice.most, choice.exactly, choice.group, choice.least,
                        np.zeros(free), INF)  # fmt: skip
    sizes = Sizes(
        np.arange(fixed + free), fixed, np.r_[room[:fixed], np.zeros(free)], room, 0.0, INF,
        np.zeros(fixed + free), np.r_[np.zeros(fixed), choice.price], choice.budget,
    )  # fmt: skip
    return Sending(np.where(cost < beyond, cost, INF), weight, sizes, choice, beyond)


def sent_to(ask, chosen):
    """Send people to what stands and a set of free sites by scipy's programme."""
    at = np.r_[np.arange(ask.fixed), ask.fixed + chosen].astype(int)
    return least_sent(ask.cost[:, at], ask.weight, ask.sizes.most[at], ask.beyond)


def least_sent(cost, weight, room, beyond):
    """Return the least cost of sending everyone, or leaving them out at `beyond`."""
    homes, everyone = len(weight), float(np.sum(weight))
    if beyond < INF:
        cost, room = np.c_[cost, np.full(homes, beyond)], np.r_[room, everyone]
    if not cost.shape[1]:
        return INF
    finite = np.isfinite(cost).ravel()
    found = linprog(
        np.where(finite, cost.ravel(), 0.0),
        A_eq=np.kron(np.eye(homes), np.ones(cost.shape[1])), b_eq=weight,
        A_ub=np.kron(np.ones(homes), np.eye(cost.shape[1])), b_ub=room,
        bounds=[(0, None if there else 0) for there in finite],
    )  # fmt: skip
    return float(found.fun) if found.status == 0 else INF
