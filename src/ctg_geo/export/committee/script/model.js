// What the committee has changed, and the linear model: access is linear in places, so that a
// change is felt at once, exactly.
const empty = () => ({ capacity: {}, moved: {}, opened: [] });
const copy = (state) => JSON.parse(JSON.stringify(state));
let state = empty();
let past = [];
let future = [];
let chosen = null;
let view = "after";

const change = (edit) => {
  const next = copy(state);
  edit(next);
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  past.push(state);
  future = [];
  state = next;
  refresh();
};

const capacityOf = (id) => state.capacity[id] ?? places.get(id).capacity;
const siteOf = (id) => (state.moved[id] ? sites.get(state.moved[id]) : places.get(id));
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

const cost = () => {
  const perPlace = Number($("cout-place").value);
  const perSite = Number($("cout-lieu").value);
  if (!perPlace && !perSite) return null;
  let added = 0;
  for (const [id, capacity] of Object.entries(state.capacity)) {
    added += Math.max(0, capacity - places.get(id).capacity);
  }
  for (const each of state.opened) added += each.capacity;
  const touched = state.opened.length + Object.keys(state.moved).length;
  return added * perPlace + touched * perSite;
};

// ---- plans proposed -----------------------------------------------------------------------
const stateOf = (plan) => ({ capacity: { ...plan.capacity }, moved: { ...plan.moved },
  opened: plan.opened.map((each) => ({ ...each })) });
const plans = data.proposals.map((each) => ({ ...each, state: stateOf(each),
  found: measure(stateOf(each)) }));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const planNow = () => plans.find((each) => same(each.state, state));
const costSaid = (plan) => [plan.cost === null ? null : say("plan_cost", { cost: number(plan.cost) }),
  plan.yearly === null ? null : say("plan_yearly", { cost: signed(plan.yearly) })]
  .filter(Boolean).join(", ");
