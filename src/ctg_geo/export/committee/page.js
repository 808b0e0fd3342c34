"use strict";
// The committee's page. Access is linear in places: a change is felt at once, exactly.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const data = read("donnees");
  const words = read("mots");
  const $ = (id) => document.getElementById(id);
  const norm = data.service.norm;
  const communes = data.communes;
  const size = communes.length;
  const at = new Map(communes.map((each, index) => [each.code, index]));
  const places = new Map(data.places.map((each) => [each.id, each]));
  // Where a place may stand: the chef-lieu of a commune, or a position that a plan gives.
  const slopes = new Map(data.sites.map((each) => [each.key, each.slope]));
  const sites = new Map([
    ...communes.map((each) => [each.code, { code: each.code, commune: each.name, inside: true,
      lon: each.lon, lat: each.lat, degrees: null, slope: slopes.get(each.code) }]),
    ...data.spots.map((each) => [each.key, { ...each, slope: slopes.get(each.key) }]),
  ]);

  // ---- words and numbers -------------------------------------------------------------------
  const formats = [0, 1].map((decimals) => new Intl.NumberFormat("fr-FR",
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  const number = (value, decimals = 0) =>
    value === null || !Number.isFinite(value) ? "–"
      : formats[decimals].format(Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value);
  const compared = new Intl.Collator("fr").compare;
  const signed = (value, decimals = 0) => {
    if (!Number.isFinite(value) || Math.abs(value) < 0.5 * 10 ** -decimals) return "=";
    return (value > 0 ? "+" : "−") + number(Math.abs(value), decimals);
  };
  const say = (key, facts = {}) =>
    words[key].replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const sentence = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`);
  const many = (count, one, more) => `${number(count)} ${words[Math.abs(count) < 2 ? one : more]}`;

  // ---- state: what the committee has changed -------------------------------------------------
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

  // ---- drawing: words first, the map after -----------------------------------------------------
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
        capacity: number(each.capacity), unit: data.service.unit }),
      (next) => { next.opened = next.opened.filter((one) => one.id !== each.id); }]);
    }
    for (const [id, code] of Object.entries(state.moved)) {
      said.push([say("moved", { place: places.get(id).name, commune: siteName(code) }),
        (next) => { delete next.moved[id]; }]);
    }
    for (const [id, capacity] of Object.entries(state.capacity)) {
      const key = capacity === 0 ? "closed" : "resized";
      said.push([say(key, { place: places.get(id).name, unit: data.service.unit,
        before: number(places.get(id).capacity, 1), after: number(capacity, 1) }),
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

  // ---- tables ------------------------------------------------------------------------------
  const grain = data.places.every((each) => Number.isInteger(each.capacity)) ? 0 : 1;
  const sorting = { communes: ["after", 1], lieux: ["name", 1] };
  const columns = {
    communes: [
      ["name", (i) => communes[i].name], ["group", (i) => communes[i].group ?? ""],
      ["people", (i) => communes[i].people, 0], ["before", (i) => today.per100[i], 1],
      ["after", (i) => now.per100[i], 1], ["change", (i) => now.per100[i] - today.per100[i], 1],
      ["lack", (i) => now.lack[i], 0],
    ],
    lieux: [
      ["name", (id) => places.get(id).name], ["commune", (id) => name(codeOf(id))],
      ["before", (id) => places.get(id).capacity, grain], ["after", (id) => capacityOf(id), grain],
      ["change", (id) => capacityOf(id) - places.get(id).capacity, grain],
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
      const size = sizeInput(place.name, trimmed(capacityOf(id)), (value) => setCapacity(id, value));
      const input = size.querySelector("input");
      const close = closeButton(id);
      const more = element("button", { type: "button", "aria-label": `${say("move")} : ${place.name}`,
        onclick: () => choose(codeOf(id), true) }, say("move_more"));
      const update = () => {
        const value = String(trimmed(capacityOf(id)));
        if (input.value !== value) input.value = value;
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
          : column === "change" ? signed(raw, decimals) : number(raw, decimals);
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

  // ---- the map -----------------------------------------------------------------------------
  const STEPS = [-3, -1, -0.05, 0.05, 1, 3];
  const classOf = (value) => data.classes.find((each) =>
    (each.low === null || value >= each.low - 1e-9) && (each.high === null || value < each.high - 1e-9))
    ?? data.classes[data.classes.length - 1];
  const colour = (index, what) => {
    if (what === "change") {
      const moved = now.per100[index] - today.per100[index];
      return data.changes[STEPS.filter((bound) => moved >= bound).length];
    }
    return classOf((what === "before" ? today : now).per100[index]).colour;
  };
  const features = () => ({ type: "FeatureCollection",
    features: data.outlines.map((geometry, index) => ({ type: "Feature", id: index, geometry,
      properties: { index } })) });
  const plain = (shapes) => ({ type: "FeatureCollection",
    features: shapes.map((geometry) => ({ type: "Feature", geometry, properties: {} })) });
  const style = () => ({ version: 8, sources: {
    around: { type: "geojson", data: plain(data.around) },
    communes: { type: "geojson", data: features() },
    roads: { type: "geojson", data: plain(data.roads) } },
  layers: [
    { id: "ground", type: "background", paint: { "background-color": "#f8f7f5" } },
    { id: "around", type: "fill", source: "around",
      paint: { "fill-color": "#eceae6", "fill-outline-color": "#d3d0c9" } },
    { id: "communes", type: "fill", source: "communes",
      paint: { "fill-color": ["coalesce", ["feature-state", "colour"], data.noData] } },
    { id: "roads", type: "line", source: "roads",
      paint: { "line-color": "#6b6f75", "line-width": 0.8, "line-opacity": 0.45,
        ...(data.schematic ? { "line-dasharray": [3, 2] } : {}) } },
    { id: "borders", type: "line", source: "communes",
      paint: { "line-color": "#ffffff", "line-width": 1 } },
    { id: "chosen", type: "line", source: "communes",
      paint: { "line-color": "#7a1f5c",
        "line-width": ["case", ["boolean", ["feature-state", "chosen"], false], 4, 0] } },
  ] });
  const bounds = () => {
    const points = data.outlines.flatMap((each) => each.coordinates.flat(each.type === "Polygon" ? 1 : 2));
    const [lon, lat] = [points.map((each) => each[0]), points.map((each) => each[1])];
    return [[Math.min(...lon), Math.min(...lat)], [Math.max(...lon), Math.max(...lat)]];
  };
  let maps = [];
  const make = (container) => new maplibregl.Map({ container, style: style(), bounds: bounds(),
    fitBoundsOptions: { padding: 12 }, attributionControl: false, dragRotate: false,
    pitchWithRotate: false, touchPitch: false, fadeDuration: 0, renderWorldCopies: false,
    canvasContextAttributes: { preserveDrawingBuffer: true } });
  const towns = (map) => {
    const offered = (code) => data.places.reduce((sum, each) =>
      sum + (each.code === code ? each.capacity : 0), 0);
    const labels = [...communes].sort((a, b) => (b.population ?? 0) - (a.population ?? 0)).map((each) => {
      const label = element("div", { class: "town", "aria-hidden": "true" }, each.name);
      new maplibregl.Marker({ element: label, anchor: "top", offset: [0, diameter(offered(each.code)) / 2] })
        .setLngLat([each.lon, each.lat]).addTo(map);
      return label;
    });
    const part = () => {
      const kept = [];
      for (const label of labels) {
        const box = label.getBoundingClientRect();
        const clear = kept.every((other) => box.right < other.left || box.left > other.right
          || box.bottom < other.top || box.top > other.bottom);
        label.style.visibility = clear ? "" : "hidden";
        if (clear) kept.push(box);
      }
    };
    map.on("moveend", part);
    map.on("resize", part);
    part();
  };
  const diameter = (capacity) => Math.round(9 + 1.5 * Math.sqrt(Math.max(0, capacity)));
  const near = (point) => {
    const flat = Math.cos(point.lat * Math.PI / 180);
    let best = null, least = Infinity;
    for (const each of communes) {
      const apart = ((each.lon - point.lng) * flat) ** 2 + (each.lat - point.lat) ** 2;
      if (apart < least) { least = apart; best = each.code; }
    }
    return best;
  };
  const spots = () => {
    const found = new Map();
    const put = (where, each) => {
      const key = `${where.lon},${where.lat}`;
      if (!found.has(key)) found.set(key, { lon: where.lon, lat: where.lat, code: where.code, here: [] });
      found.get(key).here.push(each);
    };
    for (const each of data.places) {
      const moved = state.moved[each.id];
      const where = siteOf(each.id);
      if (!where.inside && !each.inside && !(each.id in state.capacity) && !moved) continue;
      put(where, { id: each.id, label: each.name, capacity: capacityOf(each.id),
        touched: Boolean(moved) || each.id in state.capacity, fixed: each.reserved });
    }
    for (const each of state.opened) {
      put(sites.get(each.code), { id: each.id, label: say("new_place", { place: nameOf(each) }),
        capacity: each.capacity, touched: true, fresh: true });
    }
    return found;
  };
  const dragged = (one, code) => {
    if (one.fresh) change((next) => { next.opened.find((each) => each.id === one.id).code = code; });
    else move(one.id, code);
    choose(code);
    drawMarkers();
  };
  const markers = new Map();
  const marked = (spot) => {
    const button = element("button", { type: "button",
      onclick: (event) => { event.stopPropagation(); choose(spot.code, true); } });
    const marker = new maplibregl.Marker({ element: button }).setLngLat([spot.lon, spot.lat])
      .addTo(maps[0]);
    const made = { marker, button, spot, drawn: null };
    marker.on("dragend", () => {
      const [one, code] = [made.spot.here[0], near(marker.getLngLat())];
      marker.setLngLat([spot.lon, spot.lat]);
      dragged(one, code);
    });
    return made;
  };
  const drawMarkers = () => {
    if (!maps.length) return;
    const wanted = spots();
    for (const [key, each] of markers) {
      if (!wanted.has(key)) { each.marker.remove(); markers.delete(key); }
    }
    for (const [key, spot] of wanted) {
      if (!markers.has(key)) markers.set(key, marked(spot));
      const made = markers.get(key);
      made.spot = spot;
      const whole = spot.here.reduce((sum, each) => sum + each.capacity, 0);
      const alone = spot.here.length === 1 && !spot.here[0].fixed;
      const kind = whole === 0 ? " closed" : spot.here.some((each) => each.touched) ? " new" : "";
      const told = say(spot.here.length === 1 ? "spot" : "spots", { place: spot.here[0].label,
        commune: name(spot.code), count: spot.here.length, capacity: number(whole),
        unit: data.service.unit });
      const drawn = `${told}|${kind}|${alone}|${diameter(whole)}`;
      if (made.drawn === drawn) continue;
      made.drawn = drawn;
      made.button.title = told;
      made.button.setAttribute("aria-label", told);
      for (const each of ["closed", "new"]) made.button.classList.toggle(each, kind === ` ${each}`);
      made.button.classList.toggle("alone", alone);
      made.button.classList.add("place");
      made.button.style.width = made.button.style.height = `${diameter(whole)}px`;
      made.marker.setDraggable(alone);
    }
  };
  const paint = () => {
    maps.forEach((map, which) => {
      if (!map.ready) return;
      const what = view === "both" ? (which ? "after" : "before") : view;
      communes.forEach((each, index) => {
        const look = [colour(index, what), each.code === chosen];
        if (map.look[index] === String(look)) return;
        map.look[index] = String(look);
        map.setFeatureState({ source: "communes", id: index }, { colour: look[0], chosen: look[1] });
      });
    });
  };
  const drawLegend = () => {
    const entry = (tint, text) => {
      const box = element("i", { "aria-hidden": "true" });
      box.style.background = tint;
      return element("span", {}, box, text);
    };
    const shown = view === "change"
      ? data.changes.map((tint, index) => entry(tint, words[`step_${index}`]))
      : data.classes.map((each) => entry(each.colour, each.label));
    const title = say(view === "change" ? "legend_change" : "legend", { unit: data.service.unit,
      people: data.service.people, norm: number(norm, 1) });
    $("legende").replaceChildren(element("b", {}, capital(title)), ...shown);
  };
  const show = (what) => {
    view = what;
    $("seconde").hidden = what !== "both";
    $("nom-1").textContent = say(`view_${what}`);
    if (what === "both" && maps.length === 1) start("map2");
    for (const map of maps) map.resize();
    drawLegend();
    paint();
  };
  const start = (container) => {
    const map = make(container);
    map.ready = false;
    map.look = [];
    maps.push(map);
    map.on("load", () => { map.ready = true; towns(map); paint(); document.body.dataset.ready = maps.length; });
    map.on("click", "communes", (event) => choose(communes[event.features[0].id].code));
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-right");
    map.getCanvas().setAttribute("aria-label", say("canvas"));
    let following = false;
    map.on("move", () => {
      if (following) return;
      for (const other of maps) {
        if (other === map) continue;
        following = true;
        other.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
        following = false;
      }
    });
  };

  // ---- files -------------------------------------------------------------------------------
  const plainText = (text) => text.replaceAll("\u007f", "\\u007f");  // TOML refuses it bare
  const quoted = (text) => plainText(JSON.stringify(String(text)));
  const scenario = () => {
    const lines = [`name = ${quoted(say("file_name"))}`, `motive = ${quoted(say("file_motive"))}`,
      `source = ${quoted(say("file_source"))}`];
    const put = (entries) => lines.push("", "[[changes]]",
      ...entries.map(([key, value]) => `${key} = ${value}`));
    const real = (value) => (Number.isInteger(value) ? `${value}.0` : String(value));
    const position = (key) => {
      const { code, degrees } = sites.get(key);
      return degrees ? [["lon", real(degrees[0])], ["lat", real(degrees[1])]] : [["commune", quoted(code)]];
    };
    for (const [id, code] of Object.entries(state.moved)) {
      put([["kind", '"move"'], ["place", quoted(id)], ...position(code)]);
    }
    for (const [id, capacity] of Object.entries(state.capacity)) {
      if (capacity === 0) put([["kind", '"close"'], ["place", quoted(id)]]);
      else put([["kind", '"resize"'], ["place", quoted(id)], ["capacity", real(capacity)]]);
    }
    for (const each of state.opened) {
      put([["kind", '"open"'], ["place", quoted(each.id)], ["service", quoted(data.service.key)],
        ["name", quoted(each.name ?? `${data.service.place} (${siteName(each.code)})`)],
        ...position(each.code), ["capacity", real(each.capacity)]]);
    }
    return `${lines.join("\n")}\n\n# ctg-geo ${data.service.key} ${plainText(JSON.stringify(state))}\n`;
  };
  const save = () => {
    const url = URL.createObjectURL(new Blob([scenario()], { type: "application/toml" }));
    const link = element("a", { href: url, download: "scenario_comite.toml" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  const load = async (file) => {
    const text = await file.text();
    const found = text.match(/^# ctg-geo (\S+) (\{.*\})$/m);
    const told = (key) => { $("phrase").textContent = say(key, { file: file.name }); };
    if (!found || found[1] !== data.service.key) { told("not_ours"); return; }
    try {
      const given = JSON.parse(found[2]);
      const known = [...Object.keys(given.capacity), ...Object.keys(given.moved)].every((id) => places.has(id))
        && [...Object.values(given.moved), ...given.opened.map((each) => each.code)].every((code) => sites.has(code))
        && [...Object.values(given.capacity), ...given.opened.map((each) => each.capacity)]
          .every((value) => Number.isFinite(value) && value >= 0);
      if (!known) { told("not_ours"); return; }
      change((next) => Object.assign(next, { capacity: given.capacity, moved: given.moved,
        opened: given.opened.map(({ id, name: called, code, capacity }) => ({ id: String(id),
          ...(called === undefined ? {} : { name: String(called) }), code, capacity })) }));
    } catch { told("not_ours"); }
  };

  // ---- plans side by side ------------------------------------------------------------------
  const drawPlans = () => {
    if (!plans.length) return;
    const current = planNow();
    $("plan").value = current ? String(plans.indexOf(current)) : "";
    $("motif").textContent = !current ? "" : [sentence(current.motive), say("plan_source", { source: current.source }),
      costSaid(current) && say("plan_costs", { costs: costSaid(current) }),
      current.elsewhere && say("plan_elsewhere", { count: number(current.elsewhere) })]
      .filter(Boolean).join(" ");
    const line = (title, found, paid, plan) => element("tr", { class: plan && plan === current ? "chosen" : "" },
      element("th", { scope: "row" }, title),
      ...[number(found.count), number(found.concerned),
        ...(data.spread ? [] : [number(found.missing)]),
        found.floor < 0 ? "–" : `${communes[found.floor].name} : ${number(found.per100[found.floor], 1)}`,
        ...groupNames.map((each) => number(found.groups.get(each).weighted / found.groups.get(each).people, 1)),
        number(found.mean, 1), paid].map((text) => element("td", { class: "number" }, text)),
      element("td", { class: "act" }, plan === undefined ? "" : element("button", { type: "button",
        "aria-label": `${say("plan_show")} : ${title}`, onclick: () => take(plan) }, say("plan_show"))));
    const own = !current && changesSaid().length ? [line(say("plan_own"), now, "", undefined)] : [];
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

  // ---- all together ------------------------------------------------------------------------
  const refresh = () => {
    const started = performance.now();
    now = measure(state);
    drawPhrase();
    drawFigures();
    drawChanges();
    drawChoice();
    drawTable("communes");
    drawTable("lieux");
    drawPlans();
    drawMarkers();
    paint();
    document.body.dataset.took = (performance.now() - started).toFixed(1);
  };
  const step = (from, to) => {
    if (!from.length) return;
    to.push(state);
    state = from.pop();
    refresh();
  };
  $("defaire").addEventListener("click", () => step(past, future));
  $("refaire").addEventListener("click", () => step(future, past));
  $("effacer").addEventListener("click", () => change((next) => Object.assign(next, empty())));
  $("pire").addEventListener("click", () => choose(communes[now.floor].code, true));
  $("imprimer").addEventListener("click", () => window.print());
  // The map prints whole: as large as on screen, then made smaller.
  const PAPER = { width: 700, height: 480 };
  window.addEventListener("beforeprint", () => {
    const [box, { offsetWidth: width, offsetHeight: height }] = [$("cartes").style, $("cartes")];
    for (const map of maps) {
      const drawn = map.getContainer();
      drawn.style.height = `${drawn.offsetHeight}px`;
    }
    const scale = Math.min(1, PAPER.width / width, PAPER.height / height);
    Object.assign(box, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})`,
      transformOrigin: "0 0", marginBottom: `${(scale - 1) * height}px` });
  });
  window.addEventListener("afterprint", () => {
    $("cartes").removeAttribute("style");
    for (const map of maps) map.getContainer().style.height = "";
  });
  $("enregistrer").addEventListener("click", save);
  $("fichier").addEventListener("change", (event) => {
    if (event.target.files[0]) load(event.target.files[0]);
    event.target.value = "";
  });
  for (const id of ["cout-place", "cout-lieu"]) $(id).addEventListener("input", drawFigures);
  for (const each of document.getElementsByName("vue")) {
    each.addEventListener("change", () => show(each.value));
  }
  const take = (plan) => change((next) => Object.assign(next, plan ? stateOf(plan) : empty()));
  $("plan")?.addEventListener("change", (event) => take(plans[event.target.value]));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    if (event.target.matches("input")) return;
    event.preventDefault();
    if (event.shiftKey) step(future, past); else step(past, future);
  });
  const told = (found) => ({ missing: found.missing, concerned: found.concerned, below: found.count,
    floor: communes[found.floor]?.code, lowest: found.per100[found.floor], offered: found.offered,
    mean: found.mean, groups: Object.fromEntries([...found.groups].map(([key, each]) =>
      [key, each.weighted / each.people])) });
  window.ctg = { access: () => [...now.per100], lack: () => now.lack, codes: communes.map((each) => each.code),
    scenario, figures: () => ({ ...told(now), ...effect() }) };
  head("communes");
  head("lieux");
  headPlans();
  refresh();
  try { start("map"); drawMarkers(); } catch (error) {
    maps = [];
    $("cartes").hidden = true;
    $("sans-carte").hidden = false;
    document.body.dataset.ready = 0;
  }
  show("after");
})();
