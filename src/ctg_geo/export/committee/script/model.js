// What the committee has changed, and the linear model: access is linear in places, so that a
// change is felt at once, exactly.
const empty = () => ({ capacity: {}, moved: {}, opened: [], paid: {}, others: [], head: null });
const copy = (state) => JSON.parse(JSON.stringify(state));
let state = empty();
let past = [];
let future = [];
let chosen = null;
let view = "after";

// Two writings of the same content are one text, whatever the order of their keys.
const canonical = (value) => JSON.stringify(value, (_, each) =>
  (each !== null && typeof each === "object" && !Array.isArray(each)
    ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each));
const become = (next) => {
  if (canonical(next) === canonical(state)) return;
  past.push(state);
  future = [];
  state = next;
  refresh();
};
// A change made otherwise no longer costs what was declared of it.
const change = (edit) => {
  const next = copy(state);
  edit(next);
  const told = (of) => new Map(changesMade(of).map((each) => [each.key, canonical(each.value)]));
  const [before, after] = [told(state), told(next)];
  for (const key of Object.keys(next.paid)) {
    if (before.get(key) !== after.get(key)) delete next.paid[key];
  }
  become(next);
};
// What is changed, change by change: `value` is the new place, the new site or the new capacity.
const changesMade = (of = state) => [
  ...Object.entries(of.moved).map(([id, value]) => ({ kind: "move", id, value })),
  ...Object.entries(of.capacity).map(([id, value]) => ({ kind: "resize", id, value })),
  ...of.opened.map((value) => ({ kind: "open", id: value.id, value })),
].map((each) => ({ key: `${each.kind}:${each.id}`, ...each }));

const capacityOf = (id, of = state) => of.capacity[id] ?? places.get(id).capacity;
const siteOf = (id, of = state) => (of.moved[id] ? sites.get(of.moved[id]) : places.get(id));
const codeOf = (id) => siteOf(id).code;

// ---- the model ---------------------------------------------------------------------------
const add = (access, slope, amount) => {
  for (const [index, each] of slope) access[index] += each * amount;
};
const measure = (of) => {
  const access = new Float64Array(size);
  let offered = 0;
  let count = 0;
  for (const place of data.places) {
    const where = of.moved[place.id] ? sites.get(of.moved[place.id]) : place;
    const capacity = of.capacity[place.id] ?? place.capacity;
    add(access, where.slope, capacity);
    if (where.inside) {
      offered += capacity;
      count += capacity > 0 ? 1 : 0;
    }
  }
  for (const each of of.opened) {
    const where = sites.get(each.code);
    add(access, where.slope, each.capacity);
    if (where.inside) {
      offered += each.capacity;
      count += each.capacity > 0 ? 1 : 0;
    }
  }
  return summed(access, offered, count);
};
const summed = (access, offered, count) => {
  const per100 = Array.from(access, (value) => 100 * value);
  const lack = communes.map((each, index) =>
    each.people === null || data.spread ? null
      : Math.max(0, norm - per100[index]) / 100 * each.people);
  const below = per100.map((value) => value < norm - 1e-9);
  const groups = new Map();
  let people = 0, weighted = 0, concerned = 0, missing = 0, floor = -1;
  communes.forEach((each, index) => {
    if (each.people !== 0 && (floor < 0 || per100[index] < per100[floor])) floor = index;
    if (each.people === null) return;
    people += each.people;
    weighted += each.people * per100[index];
    missing += lack[index] ?? 0;
    if (below[index]) concerned += each.people;
    if (each.group !== null) {
      const sum = groups.get(each.group) ?? { people: 0, weighted: 0 };
      sum.people += each.people;
      sum.weighted += each.people * per100[index];
      groups.set(each.group, sum);
    }
  });
  return { per100, lack, below, groups, concerned, missing, floor, offered, sites: count,
    mean: weighted / people, count: below.filter(Boolean).length };
};
const today = measure(empty());
let now = today;

const effect = () => {
  let up = 0, down = 0, upPeople = 0, downPeople = 0, within = 0;
  communes.forEach((each, index) => {
    const moved = now.per100[index] - today.per100[index];
    if (moved > 0.05) { up += 1; upPeople += each.people ?? 0; }
    if (moved < -0.05) { down += 1; downPeople += each.people ?? 0; }
    if (each.people !== null) {
      within += ((today.below[index] ? 1 : 0) - (now.below[index] ? 1 : 0)) * each.people;
    }
  });
  return { up, down, upPeople, downPeople, within };
};

// ---- what it costs: known where each change that can cost says its own, as in `compare` ----
const COSTS = ["cost", "cost_per_year"];
const PAID = [...COSTS, "note"];
const added = ({ kind, id, value }) => (kind === "open" ? value.capacity
  : kind === "resize" ? Math.max(0, value - places.get(id).capacity) : 0);
const canCost = (each, which) => (which === "cost" ? each.kind !== "resize" || added(each) > 0
  : each.kind !== "move");
// What the amounts that the committee gives make of a change; undefined where it gives none.
const estimate = (each) => {
  const [perPlace, perSite] = ["cout-place", "cout-lieu"].map((id) => $(id).valueAsNumber);
  const parts = [added(each) > 0 ? added(each) * perPlace : NaN,
    each.kind === "resize" ? NaN : perSite].filter(Number.isFinite);
  return parts.length ? Math.round(100 * parts.reduce((sum, part) => sum + part)) / 100 : undefined;
};
const costsOf = (each) => ({ cost: state.paid[each.key]?.cost ?? estimate(each),
  cost_per_year: state.paid[each.key]?.cost_per_year });
const costOf = (which) => {
  const own = changesMade().map((each) =>
    ({ told: costsOf(each)[which], lacks: canCost(each, which) }));
  const rest = state.others.map((each) => ({ told: each[which], lacks: each.lacks.includes(which) }));
  const all = [...own, ...rest];
  const told = all.map((each) => each.told).filter((value) => value !== undefined);
  return { told: told.length > 0, sum: told.reduce((sum, value) => sum + value, 0),
    lacking: all.filter((each) => each.told === undefined && each.lacks).length };
};

// ---- plans proposed -----------------------------------------------------------------------
const stateOf = (plan) => ({ capacity: { ...plan.capacity }, moved: { ...plan.moved },
  opened: plan.opened.map((each) => ({ ...each })), paid: copy(plan.paid),
  others: copy(plan.others), head: null });
const plans = data.proposals.map((each) => ({ ...each, state: stateOf(each),
  found: measure(stateOf(each)) }));
const planNow = () => plans.find((each) =>
  canonical(each.state) === canonical({ ...state, head: null }));
const yearlySaid = (euros) => say("plan_yearly", { cost: euros ? signed(euros) : number(0) });
const asks = (plan, which) => changesMade(plan.state).some((each) => canCost(each, which))
  || plan.state.others.some((each) => each.lacks.includes(which));
const costSaid = (plan) => {
  const said = { cost: plan.cost === null ? null : say("plan_cost", { cost: number(plan.cost) }),
    cost_per_year: plan.yearly === null ? null : yearlySaid(plan.yearly) };
  if (COSTS.every((which) => said[which] === null)) return "";
  return COSTS.map((which) => said[which] ?? (asks(plan, which) ? say(`plan_lacks_${which}`) : null))
    .filter(Boolean).join(", ");
};
