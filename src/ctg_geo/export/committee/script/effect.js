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
const row = (title, before, after, apart, better) => {
  const told = apart === null ? "" : signed(...apart);
  const good = apart === null || told === "=" || better === 0 ? ""
    : Math.sign(apart[0]) === better ? " better" : " worse";
  return element("tr", {}, element("th", { scope: "row" }, title),
    element("td", { class: "number" }, before), element("td", { class: "number" }, after),
    element("td", { class: `number${good}` }, told));
};

const drawFigures = () => {
  const rows = [
    row(say("offered", { unit: data.service.unit }), number(today.offered), number(now.offered),
      [now.offered - today.offered, 0], 0),
    row(say("below"), number(today.count), number(now.count), [now.count - today.count, 0], -1),
    row(capital(say("concerned", { people: data.service.people })), number(today.concerned),
      number(now.concerned), [now.concerned - today.concerned, 0], -1),
  ];
  if (!data.spread) {
    rows.push(row(say("missing", { unit: data.service.unit }), number(today.missing),
      number(now.missing), [now.missing - today.missing, 0], -1));
  }
  if (today.floor >= 0) {
    rows.push(row(say("floor"), `${communes[today.floor].name} : ${number(today.per100[today.floor], 1)}`,
      `${communes[now.floor].name} : ${number(now.per100[now.floor], 1)}`,
      [now.per100[now.floor] - today.per100[today.floor], 1], 1));
  }
  for (const [name, sum] of [...today.groups].sort((a, b) => a[0].localeCompare(b[0], "fr"))) {
    const after = now.groups.get(name);
    const [a, b] = [sum.weighted / sum.people, after.weighted / after.people];
    rows.push(row(say("group", { group: name }), number(a, 1), number(b, 1), [b - a, 1], 1));
  }
  rows.push(row(say("whole"), number(today.mean, 1), number(now.mean, 1),
    [now.mean - today.mean, 1], 1));
  const plan = planNow();
  if (plan && costSaid(plan)) rows.push(row(say("plan_declared"), "", costSaid(plan), null, 0));
  const paid = cost();
  if (paid !== null) rows.push(row(say("cost"), "", `${number(paid)} €`, null, 0));
  $("chiffres").tBodies[0].replaceChildren(...rows);
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
  if (!Number.isFinite(value) || value < 0) return;
  if (value === places.get(id).capacity) delete next.capacity[id];
  else next.capacity[id] = value;
});
const move = (id, code) => change((next) => {
  if (code === "" || (code === places.get(id).code && !next.moved[id])) delete next.moved[id];
  else next.moved[id] = code;
});
const setOpened = (id, value) => change((next) => {
  if (!Number.isFinite(value) || value <= 0) return;
  next.opened.find((each) => each.id === id).capacity = value;
});
const open = (code, capacity) => change((next) => {
  if (!Number.isFinite(capacity) || capacity <= 0) return;
  const used = new Set([...data.taken, ...next.opened.map((each) => each.id)]);
  let index = 1;
  while (used.has(`comite-${index}`)) index += 1;
  next.opened.push({ id: `comite-${index}`, code, capacity });
});

const sizeInput = (label, value, set) => element("label", {}, `${say("capacity")} `,
  element("input", { type: "number", min: 0, max: 9999, step: "any", value,
    "aria-label": `${say("capacity")} : ${label}`,
    onchange: (event) => set(event.target.valueAsNumber) }));
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
const placeTools = (id) => [sizeInput(places.get(id).name, trimmed(capacityOf(id)),
  (value) => setCapacity(id, value)), " ", closeButton(id), " ", moveTools(id)];

const drawChoice = () => {
  if (chosen === null) return;
  const index = at.get(chosen);
  const commune = communes[index];
  const here = data.places.filter((each) => codeOf(each.id) === chosen);
  const opened = state.opened.filter((each) => sites.get(each.code).code === chosen);
  const amount = element("input", { type: "number", id: "nouvelles", min: 1, max: 9999, value: 20 });
  const lines = [
    element("p", {}, element("strong", {}, commune.name), commune.group ? `, ${commune.group}` : "",
      ` : ${say("here", { before: number(today.per100[index], 1), after: number(now.per100[index], 1),
        unit: data.service.unit })}`),
    element("p", { class: "note" }, commune.people === null ? say("hidden", { status: commune.status })
      : say("people", { people: number(commune.people), label: data.service.people,
        status: commune.status })),
    element("p", {}, element("label", {}, `${say("open_here")} `, amount), ` ${data.service.unit} `,
      element("button", { type: "button", class: "main", id: "ouvrir",
        onclick: () => open(chosen, amount.valueAsNumber) }, say("open"))),
  ];
  const items = [
    ...here.map((each) => element("li", {}, `${each.name} : `, ...placeTools(each.id))),
    ...opened.map((each) => element("li", {}, `${say("new_place", { place: nameOf(each) })} : `,
      sizeInput(nameOf(each), each.capacity, (value) => setOpened(each.id, value)))),
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
