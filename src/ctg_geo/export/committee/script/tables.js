// The tables: communes, places, plans. Rows are made once, then their cells are changed.
const grain = data.places.every((each) => Number.isInteger(each.capacity)) ? 0 : 1;
const sorting = { communes: ["after", 1], lieux: ["name", 1] };
const columns = {
  communes: [
    ["name", (i) => communes[i].name], ["group", (i) => communes[i].group ?? ""],
    ["people", (i) => communes[i].people, 0], ["before", (i) => today.per100[i], 1],
    ["after", (i) => now.per100[i], 1],
    ["change", (i) => gapOf(today.per100[i], now.per100[i], 1), 1],
    ["lack", (i) => now.lack[i], 1], ["certainty", (i) => communes[i].certainty],
  ],
  lieux: [
    ["name", (id) => places.get(id).name], ["commune", (id) => name(codeOf(id))],
    ["before", (id) => places.get(id).capacity, grain], ["after", (id) => capacityOf(id), grain],
    ["change", (id) => gapOf(places.get(id).capacity, capacityOf(id), grain), grain],
  ],
};
const kept = Object.fromEntries(Object.entries(columns).map(([table, each]) =>
  [table, each.filter(([key]) => !(key === "lack" && data.spread))]));
const said = (table, key) =>
  say(`${table}_${key}`, { unit: data.service.unit, people: data.service.people });
const head = (table) => {
  const [by, way] = sorting[table];
  const cells = kept[table].map(([key, , decimals]) => element("th", { scope: "col",
    "data-title": capital(said(table, key)), "aria-sort": by === key ? (way > 0 ? "ascending" : "descending") : "none",
    class: decimals === undefined ? "" : "number" },
  element("button", { type: "button", onclick: () => {
    sorting[table] = [key, sorting[table][0] === key ? -sorting[table][1] : 1];
    head(table);
    drawTable(table);
    $(table).tHead.querySelectorAll("button")[kept[table].findIndex(([one]) => one === key)].focus();
  } }, capital(said(table, key)), by === key ? (way > 0 ? " ▲" : " ▼") : "")));
  $(table).tHead.replaceChildren(element("tr", {}, ...cells,
    element("th", { scope: "col", class: "act" }, say("act"))));
};
const rowTools = {
  communes: (index) => {
    const button = element("button", { type: "button",
      "aria-label": `${say("choose")} : ${communes[index].name}`,
      onclick: () => choose(communes[index].code, true) }, say("choose"));
    return [[button], () => {}];
  },
  lieux: (id) => {
    const place = places.get(id);
    const size = sizeInput(place.name, () => capacityOf(id), (value) => setCapacity(id, value));
    const [input, note] = [size.querySelector("input"), size.querySelector(".refused")];
    const close = closeButton(id);
    const more = element("button", { type: "button", "aria-label": `${say("move")} : ${place.name}`,
      onclick: () => choose(codeOf(id), true) }, say("move_more"));
    const update = () => {
      const value = String(trimmed(capacityOf(id)));
      if (input.value !== value) input.value = value;
      accept(input, note);
      const closed = say(capacityOf(id) === 0 ? "reopen" : "close");
      if (close.textContent !== closed) {
        close.textContent = closed;
        close.setAttribute("aria-label", `${closed} : ${place.name}`);
      }
    };
    return [place.reserved ? [size, " ", close] : [size, " ", close, " ", more], update];
  },
};
const built = { communes: new Map(), lieux: new Map() };
const rowOf = (table, key) => {
  const known = built[table].get(key);
  if (known) return known;
  const cells = kept[table].map(([, , decimals], place) => element(place ? "td" : "th",
    { scope: place ? null : "row", class: decimals === undefined ? "" : "number" }));
  const [tools, update] = rowTools[table](key);
  const line = element("tr", {}, ...cells, element("td", { class: "act" }, ...tools));
  built[table].set(key, { line, cells, update });
  return built[table].get(key);
};
const drawTable = (table) => {
  const keys = table === "communes" ? communes.map((_, index) => index)
    : data.places.filter((each) => siteOf(each.id).inside || each.inside || each.id in state.capacity)
      .map((each) => each.id);
  const [by, way] = sorting[table];
  const value = columns[table].find(([key]) => key === by)[1];
  const sorted = keys.map((key) => [key, value(key)]).sort(([, x], [, y]) => {
    if (x === null || y === null) return (x === null) - (y === null);
    return way * (typeof x === "string" ? compared(x, y) : x - y);
  });
  const lines = sorted.map(([key]) => {
    const { line, cells, update } = rowOf(table, key);
    kept[table].forEach(([column, get, decimals], place) => {
      const raw = get(key);
      const text = decimals === undefined ? raw
        : column === "change" ? signed(raw, decimals)
          : column === "lack" && raw > 0 && raw < 0.05 ? say("too_few") : number(raw, decimals);
      if (cells[place].textContent !== text) cells[place].textContent = text;
    });
    update();
    line.dataset.code = table === "communes" ? communes[key].code : codeOf(key);
    return line;
  });
  const body = $(table).tBodies[0];
  if (body.rows.length !== lines.length || lines.some((line, index) => body.rows[index] !== line)) {
    body.replaceChildren(...lines);
  }
  markRows();
};
const markRows = () => {
  for (const each of document.querySelectorAll("#communes tbody tr")) {
    each.classList.toggle("chosen", each.dataset.code === chosen);
  }
};

// ---- plans side by side ------------------------------------------------------------------
const drawPlans = () => {
  if (!plans.length) return;
  const current = planNow();
  $("plan").value = current ? String(plans.indexOf(current)) : "";
  $("motif").textContent = !current ? "" : [sentence(current.motive), say("plan_source", { source: typeset(current.source) }),
    costSaid(current) && say("plan_costs", { costs: costSaid(current) }),
    current.others.length && say("plan_elsewhere", { count: number(current.others.length) })]
    .filter(Boolean).join(" ");
  const line = (title, found, paid, plan) => element("tr", { class: plan && plan === current ? "chosen" : "" },
    element("th", { scope: "row" }, title),
    ...[number(found.count), number(found.concerned),
      ...(data.spread ? [] : [number(found.missing, 1)]),
      found.floor < 0 ? "–" : `${communes[found.floor].name} : ${number(found.per100[found.floor], 2)}`,
      ...groupNames.map((each) => number(found.groups.get(each).weighted / found.groups.get(each).people, 1)),
      number(found.mean, 1), paid].map((text) => element("td", { class: "number" }, text)),
    element("td", { class: "act" }, plan === undefined ? "" : element("button", { type: "button",
      "aria-label": `${say("plan_show")} : ${title}`, onclick: () => take(plan) }, say("plan_show"))));
  const costs = COSTS.map((which) => [which, costOf(which)]).filter(([, each]) => each.told)
    .map(([which, each]) => spent(which, each)).join(", ");
  const own = !current && changesSaid().length
    ? [line(say("plan_own"), now, costs || say("plan_free"), undefined)] : [];
  $("plans").tBodies[0].replaceChildren(line(say("plan_today"), today, "", null),
    ...plans.map((each) => line(each.name, each.found, costSaid(each) || say("plan_free"), each)), ...own);
};
const groupNames = [...today.groups.keys()].sort(compared);
const headPlans = () => {
  if (!plans.length) return;
  const titles = [say("below"), capital(say("concerned", { people: data.service.people })),
    ...(data.spread ? [] : [say("missing", { unit: data.service.unit })]), say("floor"),
    ...groupNames.map((each) => say("plan_group", { group: each })),
    say("plan_whole"), say("plan_declared")];
  $("plans").tHead.replaceChildren(element("tr", {}, element("th", { scope: "col" }, say("plan")),
    ...titles.map((each) => element("th", { scope: "col", class: "number" }, each)),
    element("th", { scope: "col", class: "act" }, say("act"))));
};
