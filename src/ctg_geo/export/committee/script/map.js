// The map, its places and its legend.
const STEPS = [-3, -1, -0.05, 0.05, 1, 3];
const classOf = (value) => data.classes.find((each) =>
  (each.low === null || value >= each.low - 1e-9) && (each.high === null || value < each.high - 1e-9))
  ?? data.classes[data.classes.length - 1];
const gapClass = (index) => {
  const moved = now.per100[index] - today.per100[index];
  return STEPS.filter((bound) => moved >= bound).length;
};
const colour = (index, what) => {
  if (what === "change") return data.changes[gapClass(index)];
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
  ...(data.relief ? { relief: { type: "image", url: data.relief.image,
    coordinates: data.relief.corners } } : {}),
  roads: { type: "geojson", data: plain(data.roads) } },
layers: [
  { id: "ground", type: "background", paint: { "background-color": "#f8f7f5" } },
  { id: "around", type: "fill", source: "around",
    paint: { "fill-color": "#eceae6", "fill-outline-color": "#d3d0c9" } },
  { id: "communes", type: "fill", source: "communes",
    paint: { "fill-color": ["coalesce", ["feature-state", "colour"], data.noData] } },
  { id: "fragile", type: "fill", source: "communes", paint: { "fill-pattern": "hatch" },
    filter: ["in", ["get", "index"], ["literal", fragile]] },
  ...(data.relief ? [{ id: "relief", type: "raster", source: "relief",
    paint: { "raster-fade-duration": 0 } }] : []),
  { id: "roads", type: "line", source: "roads",
    paint: { "line-color": "#6b6f75", "line-width": 0.8, "line-opacity": 0.45,
      ...(data.schematic ? { "line-dasharray": [3, 2] } : {}) } },
  { id: "borders", type: "line", source: "communes",
    paint: { "line-color": "#ffffff", "line-width": 1 } },
  { id: "chosen", type: "line", source: "communes",
    paint: { "line-color": "#7a1f5c",
      "line-width": ["case", ["boolean", ["feature-state", "chosen"], false], 4, 0] } },
] });
// Slanted lines, light beside dark: they show on every class, and hide none.
const HATCH = 8; // pixels
const hatch = () => {
  const drawn = new Uint8ClampedArray(4 * HATCH * HATCH);
  for (let at = 0; at < HATCH * HATCH; at += 1) {
    const across = (at + Math.floor(at / HATCH)) % HATCH;
    if (across < 2) drawn.set(across ? [34, 38, 43, 90] : [255, 255, 255, 190], 4 * at);
  }
  return { width: HATCH, height: HATCH, data: drawn };
};
const hatchImage = () => {
  const canvas = element("canvas", { width: HATCH, height: HATCH });
  const pixels = canvas.getContext("2d");
  pixels.putImageData(new ImageData(hatch().data, HATCH), 0, 0);
  return canvas.toDataURL();
};
const bounds = () => {
  const points = data.outlines.flatMap((each) => each.coordinates.flat(each.type === "Polygon" ? 1 : 2));
  const [lon, lat] = [points.map((each) => each[0]), points.map((each) => each[1])];
  return [[Math.min(...lon), Math.min(...lat)], [Math.max(...lon), Math.max(...lat)]];
};
const WHOLE = bounds();
const PADDING = 12; // pixels
let maps = [];
let untouched = true; // nobody has moved a map: the whole territory is shown, however large it is
const make = (container) => new maplibregl.Map({ container, style: style(), bounds: WHOLE,
  fitBoundsOptions: { padding: PADDING }, attributionControl: false, dragRotate: false,
  pitchWithRotate: false, touchPitch: false, fadeDuration: 0, renderWorldCopies: false,
  locale: { "Map.Title": say("canvas"), "Marker.Title": say("marker"),
    "NavigationControl.ZoomIn": say("zoom_in"), "NavigationControl.ZoomOut": say("zoom_out"),
    "ScaleControl.Meters": "m", "ScaleControl.Kilometers": "km" },
  canvasContextAttributes: { preserveDrawingBuffer: true } });
// How large a map is, and what stands over it: its own name, buttons, scale. Asked only once the map
// has moved: the browser must lay the whole page out to answer.
const room = (map) => {
  const frame = map.getContainer().getBoundingClientRect();
  return { wide: map.getContainer().clientWidth, high: map.getContainer().clientHeight,
    over: [...map.getContainer().parentElement.querySelectorAll(".carte-nom, .maplibregl-ctrl")]
      .map((each) => each.getBoundingClientRect()).map((box) => ({ left: box.left - frame.left,
        right: box.right - frame.left, top: box.top - frame.top, bottom: box.bottom - frame.top })) };
};
// Names of communes, the most peopled first: each by its chef-lieu, where it covers neither a place
// nor another name nor a button, and no place of another commune is near enough to pass for its own; where there
// is no such room it is not written.
const APART = 3; // pixels
const ALIEN = 7; // pixels to a place of another commune
const towns = (map) => {
  const labels = [...communes].sort((a, b) => (b.population ?? 0) - (a.population ?? 0)).map((each) => {
    const label = element("div", { class: "town", "aria-hidden": "true" }, each.name);
    const marker = new maplibregl.Marker({ element: label }).setLngLat([each.lon, each.lat]).addTo(map);
    return { at: [each.lon, each.lat], key: `${each.lon},${each.lat}`, label, marker, drawn: "",
      width: label.offsetWidth, height: label.offsetHeight };
  });
  let { wide, high, over } = room(map);
  map.part = () => {
    const discs = new Map([...spots(placesOn(map))].map(([key, spot]) => [key, { point: map.project([spot.lon, spot.lat]),
      radius: diameter(spot.here.reduce((sum, each) => sum + each.capacity, 0)) / 2 }]));
    const taken = [...over,
      ...[...discs.values()].map(({ point, radius }) => around(point, radius * 2, radius * 2))];
    for (const each of labels) {
      const point = map.project(each.at);
      const radius = discs.get(each.key)?.radius ?? 0;
      const [aside, below] = [radius + each.width / 2 + APART, radius + each.height / 2 + APART];
      const offset = [...(radius ? [] : [[0, 0]]), [0, below], [0, -below], [aside, 0], [-aside, 0]]
        .find(([x, y]) => {
          const box = around({ x: point.x + x, y: point.y + y }, each.width, each.height);
          const alien = [...discs].some(([key, disc]) => key !== each.key && gap(box, disc) < ALIEN);
          return !alien && box.left >= 0 && box.top >= 0 && box.right <= wide && box.bottom <= high
            && taken.every((other) => apart(box, other));
        });
      if (offset) taken.push(around({ x: point.x + offset[0], y: point.y + offset[1] }, each.width, each.height));
      if (String(offset) === each.drawn) continue;
      each.drawn = String(offset);
      each.label.style.visibility = offset ? "" : "hidden";
      if (offset) each.marker.setOffset(offset);
    }
  };
  const again = () => {
    ({ wide, high, over } = room(map));
    map.part();
  };
  map.on("moveend", again);
  map.on("resize", again);
  map.part();
};
const around = (point, width, height) => ({ left: point.x - width / 2, right: point.x + width / 2,
  top: point.y - height / 2, bottom: point.y + height / 2 });
const apart = (one, other) => one.right + APART <= other.left || one.left >= other.right + APART
  || one.bottom <= other.top || one.top >= other.bottom;
// Pixels from a box to the edge of a disc.
const gap = (box, { point, radius }) => Math.hypot(
  Math.max(box.left - point.x, 0, point.x - box.right),
  Math.max(box.top - point.y, 0, point.y - box.bottom)) - radius;
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
// What a map shows: the first is that of today where both are side by side.
const shownOn = (which) => (view === "both" ? (which ? "after" : "before") : view);
const placesOn = (map) => (shownOn(maps.indexOf(map)) === "before" ? empty() : state);
const spots = (of) => {
  const found = new Map();
  const put = (where, each) => {
    const key = `${where.lon},${where.lat}`;
    if (!found.has(key)) found.set(key, { lon: where.lon, lat: where.lat, code: where.code, here: [] });
    found.get(key).here.push(each);
  };
  for (const each of data.places) {
    const moved = of.moved[each.id];
    const where = siteOf(each.id, of);
    if (!where.inside && !each.inside && !(each.id in of.capacity) && !moved) continue;
    put(where, { id: each.id, label: each.name, capacity: capacityOf(each.id, of),
      touched: Boolean(moved) || each.id in of.capacity, fixed: each.reserved });
  }
  for (const each of of.opened) {
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
const marked = (map, spot) => {
  // Out of the way of the keyboard: all that places do is in the tables.
  const button = element("button", { type: "button", tabindex: -1,
    onclick: (event) => { event.stopPropagation(); choose(spot.code, true); } });
  const marker = new maplibregl.Marker({ element: button }).setLngLat([spot.lon, spot.lat])
    .addTo(map);
  const made = { marker, button, spot, drawn: null };
  marker.on("dragend", () => {
    const [one, code] = [made.spot.here[0], near(marker.getLngLat())];
    marker.setLngLat([spot.lon, spot.lat]);
    dragged(one, code);
  });
  return made;
};
const drawMarkers = () => maps.forEach((map, which) => drawPlaces(map, shownOn(which)));
const drawPlaces = (map, what) => {
  const wanted = spots(placesOn(map));
  const { markers } = map;
  for (const [key, each] of markers) {
    if (!wanted.has(key)) { each.marker.remove(); markers.delete(key); }
  }
  for (const [key, spot] of wanted) {
    if (!markers.has(key)) markers.set(key, marked(map, spot));
    const made = markers.get(key);
    made.spot = spot;
    const whole = spot.here.reduce((sum, each) => sum + each.capacity, 0);
    const alone = what !== "before" && spot.here.length === 1 && !spot.here[0].fixed;
    const kind = whole === 0 ? " closed" : spot.here.some((each) => each.touched) ? " new" : "";
    const told = say(spot.here.length === 1 ? "spot" : "spots", { place: spot.here[0].label,
      commune: name(spot.code), count: spot.here.length, capacity: quantity(whole),
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
  map.part?.();
};
const paint = () => {
  maps.forEach((map, which) => {
    if (!map.ready) return;
    const what = shownOn(which);
    map.setLayoutProperty("fragile", "visibility", what === "change" ? "none" : "visible");
    communes.forEach((each, index) => {
      const look = [colour(index, what), each.code === chosen];
      if (map.look[index] === String(look)) return;
      map.look[index] = String(look);
      map.setFeatureState({ source: "communes", id: index }, { colour: look[0], chosen: look[1] });
    });
  });
};
const drawLegend = () => {
  const counted = (classify, count) => {
    const found = new Array(count).fill(0);
    communes.forEach((_, index) => { found[classify(index)] += 1; });
    return found;
  };
  const inClasses = (found) => counted((index) =>
    data.classes.indexOf(classOf(found.per100[index])), data.classes.length);
  const [before, after] = [inClasses(today), inClasses(now)];
  const gaps = counted(gapClass, data.changes.length);
  const told = (index) => (view === "change" ? number(gaps[index])
    : view === "before" ? number(before[index])
      : view === "both" ? `${number(before[index])} → ${number(after[index])}` : number(after[index]));
  const entry = (tint, text, index) => {
    const box = element("i", { "aria-hidden": "true" });
    box.style.background = tint;
    return element("span", {}, box, `${text} (${told(index)})`);
  };
  const shown = view === "change"
    ? data.changes.map((tint, index) => entry(tint, words[`step_${index}`], index))
    : data.classes.map((each, index) => entry(each.colour, each.label, index));
  const title = say(view === "change" ? "legend_change" : "legend", { unit: data.service.unit,
    people: data.service.people, norm: number(norm, 1) });
  $("legende").replaceChildren(
    element("b", {}, `${capital(title)}, ${say("legend_counts")}`), ...shown);
  drawSigns();
};
// What is drawn beside the classes: places, roads, neighbours, verdicts that may not hold.
const drawSigns = () => {
  const sign = (kind, key, facts = {}) => element("span", {},
    element("i", { class: kind, "aria-hidden": "true" }), say(key, { unit: data.service.unit, ...facts }));
  const touched = view !== "before" && changesMade().length > 0;
  const closed = view !== "before" && data.places.some((each) => capacityOf(each.id) === 0);
  const signs = [sign("place", "sign_place"),
    touched && sign("place new", "sign_new"), closed && sign("place closed", "sign_closed"),
    data.roads.length && (data.schematic ? sign("road schematic", "sign_links") : sign("road", "sign_roads")),
    data.around.length && sign("around", "sign_around"),
    fragile.length && view !== "change" && sign("fragile", "sign_fragile", { count: number(fragile.length) })];
  $("signes").replaceChildren(...signs.filter(Boolean));
  const drawn = $("signes").querySelector(".fragile");
  if (drawn) drawn.style.background = `url(${HATCHED}) #9c4f17`;
};
const HATCHED = hatchImage();
const show = (what) => {
  view = what;
  $("seconde").hidden = what !== "both";
  $("nom-1").textContent = say(`view_${what}`);
  if (what === "both" && maps.length === 1) start("map2");
  for (const map of maps) map.resize();
  drawLegend();
  drawMarkers();
  paint();
};
const start = (container) => {
  const map = make(container);
  map.ready = false;
  map.look = [];
  map.markers = new Map();
  maps.push(map);
  map.on("styleimagemissing", ({ id }) => { if (!map.hasImage(id)) map.addImage(id, hatch()); });
  map.on("load", () => { map.ready = true; towns(map); paint(); document.body.dataset.ready = maps.length; });
  map.on("click", "communes", (event) => choose(communes[event.features[0].id].code));
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", say(maps.length > 1 ? "canvas_second" : "canvas"));
  map.on("movestart", (event) => { if (event.originalEvent) untouched = false; });
  map.on("resize", () => { if (untouched) map.fitBounds(WHOLE, { padding: PADDING, animate: false }); });
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
