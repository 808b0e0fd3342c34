// What a scenario does, in figures and sentences; the commune chosen and the tools to act.
const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
};
const row = (title, before, after, gap = "", good = "") => element("tr", {},
  element("th", { scope: "row" }, title), element("td", { class: "number" }, before),
  element("td", { class: "number" }, after), element("td", { class: `number${good}` }, gap));
// A figure before and after; `better` is the sign of a gap for the better, 0 where there is none.
const figure = (title, before, after, decimals, better, called = ["", ""]) => {
  const gap = gapOf(before, after, decimals);
  const good = better === 0 || signed(gap, decimals) === "=" ? ""
    : Math.sign(gap) === better ? " better" : " worse";
  return row(title, called[0] + number(before, decimals), called[1] + number(after, decimals),
    signed(gap, decimals), good);
};

// Each figure has the decimals that `compare` tells it with: the two say the same.
const drawFigures = () => {
  const { unit, people } = data.service;
  const halves = [today.offered, now.offered].every(Number.isInteger) ? 0 : 1;
  const rows = [
    figure(say("offered", { unit }), today.offered, now.offered, halves, 0),
    figure(say("below"), today.count, now.count, 0, -1),
    figure(capital(say("concerned", { people })), today.concerned, now.concerned, 0, -1),
  ];
  if (!data.spread) {
    rows.push(figure(say("missing", { unit }), today.missing, now.missing, 1, -1));
  }
  if (today.floor >= 0) {
    rows.push(figure(say("floor"), today.per100[today.floor], now.per100[now.floor], 2, 1,
      [today, now].map((each) => communes[each.floor].name + words.colon)));
  }
  for (const [name, sum] of [...today.groups].sort((a, b) => compared(a[0], b[0]))) {
    const after = now.groups.get(name);
    rows.push(figure(say("group", { group: name }), sum.weighted / sum.people,
      after.weighted / after.people, 1, 1));
  }
  rows.push(figure(say("whole"), today.mean, now.mean, 1, 1));
  const costs = COSTS.map((which) => [which, costOf(which)]);
  for (const [which, found] of costs) {
    const untold = found.lacking && costs.some(([, each]) => each.told);
    if (found.told || untold) rows.push(row(say(which), "", spent(which, found)));
  }
  $("chiffres").tBodies[0].replaceChildren(...rows);
};
const spent = (which, { sum, lacking, told }) => {
  if (!told) return say("plan_free");
  if (lacking) return say("cost_lacking", { changes: many(lacking, "change_one", "change_more") });
  return which === "cost" ? say("plan_cost", { cost: number(sum) }) : yearlySaid(sum);
};

const drawPhrase = () => {
  if (!changesSaid().length) { $("phrase").textContent = say("nothing"); return; }
  const found = effect();
  if (found.up + found.down === 0) { $("phrase").textContent = say("no_effect"); return; }
  const crossed = Math.round(found.within);
  const facts = { within: number(Math.abs(crossed)), people: data.service.people,
    up: many(found.up, "commune", "communes"), upPeople: number(found.upPeople),
    down: many(found.down, "commune", "communes"), downPeople: number(found.downPeople) };
  const keys = [found.up ? "up" : null, found.down ? "down" : found.up ? "none_down" : null,
    crossed > 0 ? "cross" : crossed < 0 ? "fall" : "no_cross"];
  $("phrase").textContent = keys.filter(Boolean).map((key) => say(key, facts)).join(" ");
};

const name = (code) => (at.has(code) ? communes[at.get(code)].name : code);
const siteName = (key) => sites.get(key).commune;
const nameOf = (opened) => opened.name ?? data.service.place;
const changesSaid = () => {
  const said = [];
  for (const each of state.opened) {
    said.push([say("opened", { place: nameOf(each), commune: siteName(each.code),
      capacity: quantity(each.capacity), unit: data.service.unit }),
    (next) => { next.opened = next.opened.filter((one) => one.id !== each.id); }]);
  }
  for (const [id, code] of Object.entries(state.moved)) {
    said.push([say("moved", { place: places.get(id).name, commune: siteName(code) }),
      (next) => { delete next.moved[id]; }]);
  }
  for (const [id, capacity] of Object.entries(state.capacity)) {
    const key = capacity === 0 ? "closed" : "resized";
    said.push([say(key, { place: places.get(id).name, unit: data.service.unit,
      before: quantity(places.get(id).capacity), after: quantity(capacity) }),
    (next) => { delete next.capacity[id]; }]);
  }
  if (state.others.length) {
    said.push([say("others", { count: number(state.others.length) }), (next) => { next.others = []; }]);
  }
  return said;
};
const drawChanges = () => {
  const said = changesSaid();
  $("changements").replaceChildren(...said.map(([text, undo]) => element("li", {}, `${text} `,
    element("button", { type: "button", "aria-label": `${say("remove")} : ${text}`,
      onclick: () => change(undo) }, say("remove")))));
  $("defaire").disabled = !past.length;
  $("refaire").disabled = !future.length;
  $("effacer").disabled = !said.length;
};

const setCapacity = (id, value) => change((next) => {
  if (value === places.get(id).capacity) delete next.capacity[id];
  else next.capacity[id] = value;
});
const move = (id, code) => change((next) => {
  if (code === "" || (code === places.get(id).code && !next.moved[id])) delete next.moved[id];
  else next.moved[id] = code;
});
const setOpened = (id, value) => change((next) => {
  next.opened.find((each) => each.id === id).capacity = value;
});
const open = (code, capacity) => change((next) => {
  const used = new Set([...data.taken, ...next.opened.map((each) => each.id)]);
  let index = 1;
  while (used.has(`comite-${index}`)) index += 1;
  next.opened.push({ id: `comite-${index}`, code, capacity });
});

// A size that cannot be is refused in words, beside the field, which shows again what applies.
const LARGEST = 9999;
const allowed = { any: (value) => value >= 0 && value <= LARGEST,
  opened: (value) => value > 0 && value <= LARGEST };
const refusal = () => element("span", { class: "refused", role: "alert" });
const accept = (input, note) => {
  input.removeAttribute("aria-invalid");
  note.textContent = "";
};
const asked = (input, note, kind, kept, set) => {
  const value = input.valueAsNumber;
  if (allowed[kind](value)) {
    accept(input, note);
    set(value);
    return;
  }
  const given = Number.isFinite(value) ? say("given", { value: quantity(value) }) : say("given_none");
  input.setAttribute("aria-invalid", "true");
  note.textContent = ` ${given} ${say(`refused_${kind}`, { most: number(LARGEST), kept: quantity(kept) })}`;
  input.value = trimmed(kept);
};
const sizeInput = (label, current, set, kind = "any") => {
  const note = refusal();
  const input = element("input", { type: "number", min: 0, max: LARGEST, step: "any",
    value: trimmed(current()), "aria-label": `${say("capacity")} : ${label}`,
    onchange: () => asked(input, note, kind, current(), set) });
  return element("span", {}, element("label", {}, `${say("capacity")} `, input), note);
};
const choices = document.createDocumentFragment();
for (const each of [...communes].sort((a, b) => a.name.localeCompare(b.name, "fr"))) {
  choices.append(element("option", { value: each.code }, each.name));
}
const moveSelect = (id) => {
  const select = element("select", { "aria-label": `${say("move")} : ${places.get(id).name}`,
    onchange: (event) => move(id, event.target.value) },
  element("option", { value: "" }, say("stay")), choices.cloneNode(true));
  const moved = state.moved[id];
  if (moved && !at.has(moved)) {
    select.append(element("option", { value: moved }, say("planned", { commune: siteName(moved) })));
  }
  select.value = moved ?? "";
  return element("label", {}, `${say("move")} `, select);
};
const closeButton = (id) => {
  const closed = capacityOf(id) === 0;
  return element("button", { type: "button",
    "aria-label": `${say(closed ? "reopen" : "close")} : ${places.get(id).name}`,
    onclick: () => setCapacity(id, closed ? places.get(id).capacity : 0) },
  say(closed ? "reopen" : "close"));
};
const moveTools = (id) => (places.get(id).reserved
  ? element("span", { class: "note" }, say("reserved")) : moveSelect(id));
const trimmed = (value) => Math.round(value * 10) / 10;
const placeTools = (id) => [sizeInput(places.get(id).name, () => capacityOf(id),
  (value) => setCapacity(id, value)), " ", closeButton(id), " ", moveTools(id)];

const drawChoice = () => {
  if (chosen === null) return;
  const index = at.get(chosen);
  const commune = communes[index];
  const here = data.places.filter((each) => codeOf(each.id) === chosen);
  const opened = state.opened.filter((each) => sites.get(each.code).code === chosen);
  const amount = element("input", { type: "number", id: "nouvelles", min: 1, max: LARGEST, step: "any", value: 20 });
  const note = refusal();
  const lines = [
    element("p", {}, element("strong", {}, commune.name), commune.group ? `, ${commune.group}` : "",
      ` : ${say("here", { before: number(today.per100[index], 1), after: number(now.per100[index], 1),
        unit: data.service.unit })}`),
    element("p", { class: "note" }, commune.people === null ? say("hidden", { status: commune.status })
      : say("people", { people: number(commune.people), label: data.service.people,
        status: commune.status })),
    ...(commune.certainty === data.unjudged ? []
      : [element("p", { class: "note" }, say("verdict", { certainty: commune.certainty }))]),
    element("p", {}, element("label", {}, `${say("open_here")} `, amount), ` ${data.service.unit} `,
      element("button", { type: "button", class: "main", id: "ouvrir",
        onclick: () => asked(amount, note, "opened", 20, (value) => open(chosen, value)) }, say("open")),
      note),
  ];
  const items = [
    ...here.map((each) => element("li", {}, `${each.name} : `, ...placeTools(each.id))),
    ...opened.map((each) => element("li", {}, `${say("new_place", { place: nameOf(each) })} : `,
      sizeInput(nameOf(each), () => each.capacity, (value) => setOpened(each.id, value), "opened"))),
  ];
  if (items.length) lines.push(element("ul", {}, ...items));
  $("choix-contenu").replaceChildren(...lines);
};
const choose = (code, focus = false) => {
  if (!at.has(code)) return;
  chosen = code;
  drawChoice();
  markRows();
  paint();
  if (focus) $("choix").focus();
};
