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
  const siteSlope = new Map(data.sites.map((each) => [each.code, each.slope]));

  // ---- words and numbers -------------------------------------------------------------------
  const number = (value, decimals = 0) =>
    value === null || !Number.isFinite(value) ? "–"
      : (Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value).toLocaleString("fr-FR",
        { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const signed = (value, decimals = 0) => {
    if (!Number.isFinite(value) || Math.abs(value) < 0.5 * 10 ** -decimals) return "=";
    return (value > 0 ? "+" : "−") + number(Math.abs(value), decimals);
  };
  const say = (key, facts = {}) =>
    words[key].replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
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
  const slopeOf = (id) => (state.moved[id] ? siteSlope.get(state.moved[id]) : places.get(id).slope);
  const codeOf = (id) => state.moved[id] ?? places.get(id).code;

  // ---- the model ---------------------------------------------------------------------------
  const add = (access, slope, amount) => {
    for (const [index, each] of slope) access[index] += each * amount;
  };
  const measure = (of) => {
    const access = new Float64Array(size);
    let offered = 0;
    let sites = 0;
    for (const place of data.places) {
      const moved = of.moved[place.id];
      const capacity = of.capacity[place.id] ?? place.capacity;
      add(access, moved ? siteSlope.get(moved) : place.slope, capacity);
      if (moved || place.inside) {
        offered += capacity;
        sites += capacity > 0 ? 1 : 0;
      }
    }
    for (const each of of.opened) {
      add(access, siteSlope.get(each.code), each.capacity);
      offered += each.capacity;
      sites += each.capacity > 0 ? 1 : 0;
    }
    return summed(access, offered, sites);
  };
  const summed = (access, offered, sites) => {
    const per100 = Array.from(access, (value) => 100 * value);
    const lack = communes.map((each, index) =>
      each.people === null || data.spread ? null
        : Math.max(0, norm - per100[index]) / 100 * each.people);
    const below = per100.map((value) => value < norm - 1e-9);
    const groups = new Map();
    let people = 0, weighted = 0, concerned = 0, missing = 0, floor = -1;
    communes.forEach((each, index) => {
      if (each.people === null) return;
      people += each.people;
      weighted += each.people * per100[index];
      missing += lack[index] ?? 0;
      if (below[index]) concerned += each.people;
      if (each.people > 0 && (floor < 0 || per100[index] < per100[floor])) floor = index;
      if (each.group !== null) {
        const sum = groups.get(each.group) ?? { people: 0, weighted: 0 };
        sum.people += each.people;
        sum.weighted += each.people * per100[index];
        groups.set(each.group, sum);
      }
    });
    return { per100, lack, below, groups, concerned, missing, floor, offered, sites,
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
    const sites = state.opened.length + Object.keys(state.moved).length;
    return added * perPlace + sites * perSite;
  };

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
  const changesSaid = () => {
    const said = [];
    for (const each of state.opened) {
      said.push([say("opened", { place: data.service.place, commune: name(each.code),
        capacity: number(each.capacity), unit: data.service.unit }),
      (next) => { next.opened = next.opened.filter((one) => one.id !== each.id); }]);
    }
    for (const [id, code] of Object.entries(state.moved)) {
      said.push([say("moved", { place: places.get(id).name, commune: name(code) }),
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
    const used = new Set(next.opened.map((each) => each.id));
    let index = 1;
    while (used.has(`comite-${index}`)) index += 1;
    next.opened.push({ id: `comite-${index}`, code, capacity });
  });

  const sizeInput = (label, value, set) => element("label", {}, `${say("capacity")} `,
    element("input", { type: "number", min: 0, max: 9999, step: "any", value,
      "aria-label": `${say("capacity")} : ${label}`,
      onchange: (event) => set(event.target.valueAsNumber) }));
  const moveSelect = (id) => {
    const options = [element("option", { value: "" }, say("stay"))];
    for (const each of [...communes].sort((a, b) => a.name.localeCompare(b.name, "fr"))) {
      options.push(element("option", { value: each.code, selected: state.moved[id] === each.code },
        each.name));
    }
    return element("label", {}, `${say("move")} `, element("select", {
      "aria-label": `${say("move")} : ${places.get(id).name}`,
      onchange: (event) => move(id, event.target.value) }, ...options));
  };
  const closeButton = (id) => {
    const closed = capacityOf(id) === 0;
    return element("button", { type: "button",
      "aria-label": `${say(closed ? "reopen" : "close")} : ${places.get(id).name}`,
      onclick: () => setCapacity(id, closed ? places.get(id).capacity : 0) },
    say(closed ? "reopen" : "close"));
  };
  const trimmed = (value) => Math.round(value * 10) / 10;
  const rowTools = (id) => [sizeInput(places.get(id).name, trimmed(capacityOf(id)),
    (value) => setCapacity(id, value)), " ", closeButton(id), " ", element("button", { type: "button",
    "aria-label": `${say("move")} : ${places.get(id).name}`,
    onclick: () => choose(codeOf(id), true) }, say("move_more"))];
  const placeTools = (id) => [sizeInput(places.get(id).name, trimmed(capacityOf(id)),
    (value) => setCapacity(id, value)), " ", closeButton(id), " ", moveSelect(id)];

  const drawChoice = () => {
    if (chosen === null) return;
    const index = at.get(chosen);
    const commune = communes[index];
    const here = data.places.filter((each) => codeOf(each.id) === chosen);
    const opened = state.opened.filter((each) => each.code === chosen);
    const amount = element("input", { type: "number", id: "nouvelles", min: 1, max: 9999, value: 20 });
    const lines = [
      element("p", {}, element("strong", {}, commune.name), commune.group ? ` (${commune.group})` : "",
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
      ...opened.map((each) => element("li", {}, `${say("new_place", { place: data.service.place })} : `,
        sizeInput(each.id, each.capacity, (value) => setOpened(each.id, value)))),
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
      ["before", (id) => places.get(id).capacity, 0], ["after", (id) => capacityOf(id), 0],
      ["change", (id) => capacityOf(id) - places.get(id).capacity, 0],
    ],
  };
  const head = (table) => {
    const kept = columns[table].filter(([key]) => !(key === "lack" && data.spread));
    const cells = kept.map(([key, , decimals]) => {
      const [by, way] = sorting[table];
      const sorted = by === key ? (way > 0 ? "ascending" : "descending") : "none";
      return element("th", { scope: "col", "aria-sort": sorted,
        class: decimals === undefined ? "" : "number" },
      element("button", { type: "button", onclick: () => {
        sorting[table] = [key, by === key ? -way : 1];
        drawTable(table);
        $(table).tHead.querySelectorAll("button")[kept.findIndex(([one]) => one === key)].focus();
      } }, say(`${table}_${key}`, { unit: data.service.unit, people: data.service.people }),
      by === key ? (way > 0 ? " ▲" : " ▼") : ""));
    });
    $(table).tHead.replaceChildren(element("tr", {}, ...cells,
      element("th", { scope: "col", class: "act" }, say("act"))));
    return kept;
  };
  const drawTable = (table) => {
    const kept = head(table);
    const keys = table === "communes" ? communes.map((_, index) => index)
      : data.places.filter((each) => each.inside || state.moved[each.id]).map((each) => each.id);
    const [by, way] = sorting[table];
    const value = columns[table].find(([key]) => key === by)[1];
    keys.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      return way * (typeof x === "string" ? x.localeCompare(y, "fr") : x - y);
    });
    $(table).tBodies[0].replaceChildren(...keys.map((key) => {
      const cells = kept.map(([column, get, decimals], place) => {
        const raw = get(key);
        const text = decimals === undefined ? raw
          : column === "change" ? signed(raw, decimals) : number(raw, decimals);
        return element(place ? "td" : "th", { scope: place ? null : "row",
          class: decimals === undefined ? "" : "number" }, text);
      });
      const tools = table === "lieux" ? rowTools(key) : [element("button", { type: "button",
        "aria-label": `${say("choose")} : ${communes[key].name}`,
        onclick: () => choose(communes[key].code, true) }, say("choose"))];
      const id = table === "communes" ? communes[key].code : codeOf(key);
      return element("tr", { "data-code": id }, ...cells, element("td", { class: "act" }, ...tools));
    }));
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
  let markers = [];
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
    const put = (lon, lat, code, each) => {
      const key = `${lon},${lat}`;
      if (!found.has(key)) found.set(key, { lon, lat, code, here: [] });
      found.get(key).here.push(each);
    };
    for (const each of data.places) {
      const moved = state.moved[each.id];
      if (!moved && !each.inside) continue;
      const where = moved ? communes[at.get(moved)] : each;
      put(where.lon, where.lat, codeOf(each.id), { id: each.id, label: each.name,
        capacity: capacityOf(each.id), touched: Boolean(moved) || each.id in state.capacity });
    }
    for (const each of state.opened) {
      const where = communes[at.get(each.code)];
      put(where.lon, where.lat, each.code, { id: each.id, label: say("new_place",
        { place: data.service.place }), capacity: each.capacity, touched: true, fresh: true });
    }
    return [...found.values()];
  };
  const dragged = (one, code) => {
    if (one.fresh) change((next) => { next.opened.find((each) => each.id === one.id).code = code; });
    else move(one.id, code);
    choose(code);
    drawMarkers();
  };
  const drawMarkers = () => {
    for (const each of markers) each.remove();
    markers = [];
    if (!maps.length) return;
    for (const spot of spots()) {
      const whole = spot.here.reduce((sum, each) => sum + each.capacity, 0);
      const alone = spot.here.length === 1;
      const kind = whole === 0 ? " closed" : spot.here.some((each) => each.touched) ? " new" : "";
      const said = say(alone ? "spot" : "spots", { place: spot.here[0].label, commune: name(spot.code),
        count: spot.here.length, capacity: number(whole), unit: data.service.unit });
      const button = element("button", { type: "button", class: `place${kind}${alone ? " alone" : ""}`,
        title: said, "aria-label": said,
        onclick: (event) => { event.stopPropagation(); choose(spot.code, true); } });
      button.style.width = button.style.height = `${diameter(whole)}px`;
      const marker = new maplibregl.Marker({ element: button, draggable: alone })
        .setLngLat([spot.lon, spot.lat]).addTo(maps[0]);
      if (alone) marker.on("dragend", () => dragged(spot.here[0], near(marker.getLngLat())));
      markers.push(marker);
    }
  };
  const paint = () => {
    maps.forEach((map, which) => {
      if (!map.ready) return;
      const what = view === "both" ? (which ? "after" : "before") : view;
      communes.forEach((each, index) => map.setFeatureState({ source: "communes", id: index },
        { colour: colour(index, what), chosen: each.code === chosen }));
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
    $("legende").replaceChildren(element("b", {}, title), ...shown);
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
  const quoted = (text) => JSON.stringify(String(text));
  const scenario = () => {
    const lines = [`name = ${quoted(say("file_name"))}`, `motive = ${quoted(say("file_motive"))}`,
      `source = ${quoted(say("file_source"))}`];
    const put = (entries) => lines.push("", "[[changes]]",
      ...entries.map(([key, value]) => `${key} = ${value}`));
    const real = (value) => (Number.isInteger(value) ? `${value}.0` : String(value));
    for (const [id, code] of Object.entries(state.moved)) {
      put([["kind", '"move"'], ["place", quoted(id)], ["commune", quoted(code)]]);
    }
    for (const [id, capacity] of Object.entries(state.capacity)) {
      if (capacity === 0) put([["kind", '"close"'], ["place", quoted(id)]]);
      else put([["kind", '"resize"'], ["place", quoted(id)], ["capacity", real(capacity)]]);
    }
    for (const each of state.opened) {
      put([["kind", '"open"'], ["place", quoted(each.id)], ["service", quoted(data.service.key)],
        ["name", quoted(`${data.service.place} (${name(each.code)})`)],
        ["commune", quoted(each.code)], ["capacity", real(each.capacity)]]);
    }
    return `${lines.join("\n")}\n\n# ctg-geo ${data.service.key} ${JSON.stringify(state)}\n`;
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
        && [...Object.values(given.moved), ...given.opened.map((each) => each.code)].every((code) => at.has(code))
        && [...Object.values(given.capacity), ...given.opened.map((each) => each.capacity)]
          .every((value) => Number.isFinite(value) && value >= 0);
      if (!known) { told("not_ours"); return; }
      change((next) => Object.assign(next, { capacity: given.capacity, moved: given.moved,
        opened: given.opened.map(({ id, code, capacity }) => ({ id: String(id), code, capacity })) }));
    } catch { told("not_ours"); }
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
  $("enregistrer").addEventListener("click", save);
  $("fichier").addEventListener("change", (event) => {
    if (event.target.files[0]) load(event.target.files[0]);
    event.target.value = "";
  });
  for (const id of ["cout-place", "cout-lieu"]) $(id).addEventListener("input", drawFigures);
  for (const each of document.getElementsByName("vue")) {
    each.addEventListener("change", () => show(each.value));
  }
  $("plan")?.addEventListener("change", (event) => {
    const plan = data.proposals[event.target.value];
    $("motif").textContent = plan ? plan.motive : "";
    change((next) => Object.assign(next, empty(), plan ? {
      capacity: { ...plan.capacity },
      opened: Object.entries(plan.opened).map(([code, capacity], index) =>
        ({ id: `comite-${index + 1}`, code, capacity })) } : {}));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    if (event.target.matches("input")) return;
    event.preventDefault();
    if (event.shiftKey) step(future, past); else step(past, future);
  });
  window.ctg = { access: () => [...now.per100], codes: communes.map((each) => each.code), scenario,
    figures: () => ({ missing: now.missing, concerned: now.concerned, below: now.count,
      floor: communes[now.floor]?.code, offered: now.offered, ...effect() }) };
  refresh();
  try { start("map"); drawMarkers(); } catch (error) {
    maps = [];
    $("cartes").hidden = true;
    $("sans-carte").hidden = false;
    document.body.dataset.ready = 0;
  }
  show("after");
})();
