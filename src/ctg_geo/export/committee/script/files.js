// A scenario as a file that `ctg-geo compare` reads, and back: the file itself is what is read.
const plainText = (text) => text.replaceAll("\u007f", "\\u007f");  // TOML refuses it bare
const inQuotes = (text) => plainText(JSON.stringify(String(text)));
const real = (value) => (Number.isInteger(value) ? `${value}.0` : String(value));
const position = (key) => {
  const { code, degrees } = sites.get(key);
  return degrees ? [["lon", real(degrees[0])], ["lat", real(degrees[1])]] : [["commune", inQuotes(code)]];
};
const paidLines = (each) => {
  const found = { ...state.paid[each.key], ...costsOf(each) };
  return PAID.filter((key) => found[key] !== undefined)
    .map((key) => [key, key === "note" ? inQuotes(found[key]) : real(found[key])]);
};
const changeLines = (each) => {
  const { kind, id, value } = each;
  const place = ["place", inQuotes(id)];
  if (kind === "move") return [["kind", '"move"'], place, ...position(value)];
  if (kind === "resize" && value === 0) return [["kind", '"close"'], place];
  if (kind === "resize") {
    return [["kind", '"resize"'], place, ["capacity", real(value / places.get(id).scale)]];
  }
  return [["kind", '"open"'], place, ["service", inQuotes(data.service.key)],
    ["name", inQuotes(value.name ?? `${data.service.place} (${siteName(value.code)})`)],
    ...position(value.code), ["capacity", real(value.capacity)]];
};
const named = () => state.head ?? planNow()
  ?? { name: say("file_name"), motive: say("file_motive"), source: say("file_source") };
const scenario = () => {
  const head = named();
  const block = (entries) => entries.map(([key, value]) => `${key} = ${value}\n`).join("");
  return [block(["name", "motive", "source"].map((key) => [key, inQuotes(head[key])])),
    ...changesMade().map((each) =>
      `[[changes]]\n${block([...changeLines(each), ...paidLines(each)])}`),
    ...state.others.map((each) => each.toml)].join("\n");
};
const save = () => {
  const url = URL.createObjectURL(new Blob([scenario()], { type: "application/toml" }));
  const link = element("a", { href: url, download: "scenario_comite.toml" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};

// ---- reading: all of it is understood, or nothing is taken ---------------------------------
const MAY_HAVE = {
  open: ["service", "name", "commune", "lon", "lat", "capacity"],
  move: ["commune", "lon", "lat"], close: [], resize: ["capacity", "by"],
};
const others = new Map(plans.flatMap((each) => each.others)
  .map((each) => [canonical(parseToml(each.toml).changes[0]), each]));
const amount = (change, key, least = 0) => {
  if (!(key in change)) return undefined;
  const value = change[key];
  if (typeof value !== "number" || !(value >= least)) throw new Unread("value", { key, value });
  return value;
};
const paidBy = (change) => {
  if ("note" in change && typeof change.note !== "string") {
    throw new Unread("value", { key: "note", value: change.note });
  }
  const found = { cost: amount(change, "cost"),
    cost_per_year: amount(change, "cost_per_year", -Infinity), note: change.note };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};
const siteRead = (change) => {
  const [lon, lat] = [amount(change, "lon", -180), amount(change, "lat", -180)];
  if (lon === undefined && lat === undefined) {
    if (sites.get(change.commune)?.degrees === null) return change.commune;
    throw new Unread("site", { said: change.commune ?? "–" });
  }
  const found = data.spots.find(({ degrees, code }) => degrees?.[0] === lon && degrees?.[1] === lat
    && (change.commune ?? code) === code);
  if (!found) throw new Unread("site", { said: `${lon}, ${lat}` });
  return found.key;
};
const placeRead = (next, change, kind) => {
  const id = change.place;
  if (next.opened.some((each) => each.id === id) || `${kind}:${id}` in next.paid) {
    throw new Unread("twice", { place: id });
  }
  if (!places.has(id)) throw new Unread("place", { place: id });
  return places.get(id);
};
const READERS = {
  open: (next, change) => {
    if (change.service !== data.service.key) throw new Unread("service", { service: change.service });
    const id = change.place;
    if (typeof id !== "string" || typeof change.name !== "string") {
      throw new Unread("value", { key: "place, name", value: id });
    }
    if (places.has(id) || data.taken.includes(id) || `open:${id}` in next.paid) {
      throw new Unread("taken", { place: id });
    }
    const capacity = amount(change, "capacity");
    if (capacity === undefined) throw new Unread("capacity", { place: id });
    next.opened.push({ id, name: change.name, code: siteRead(change), capacity });
    return `open:${id}`;
  },
  move: (next, change) => {
    const place = placeRead(next, change, "move");
    if (place.reserved) throw new Unread("reserved", { place: place.name });
    next.moved[place.id] = siteRead(change);
    return `move:${place.id}`;
  },
  close: (next, change) => {
    const { id } = placeRead(next, change, "resize");
    next.capacity[id] = 0;
    return `resize:${id}`;
  },
  resize: (next, change) => {
    const { id, capacity, scale } = placeRead(next, change, "resize");
    const [to, by] = [amount(change, "capacity"), amount(change, "by", -Infinity)];
    if ((to === undefined) === (by === undefined)) throw new Unread("one_size", { place: id });
    const made = to === undefined ? capacity + by * scale : to * scale;
    if (made < 0) throw new Unread("value", { key: "by", value: by });
    if (made !== capacity) next.capacity[id] = made;
    return `resize:${id}`;
  },
};
const changeRead = (next, change) => {
  const other = others.get(canonical(change));
  if (other) { next.others.push(other); return; }
  const { kind } = change;
  if (!Object.hasOwn(READERS, kind)) throw new Unread("kind", { kind: kind ?? "–" });
  const known = ["kind", "place", ...MAY_HAVE[kind], ...PAID];
  const strange = Object.keys(change).find((key) => !known.includes(key));
  if (strange !== undefined) throw new Unread("key", { key: strange });
  next.paid[READERS[kind](next, change)] = paidBy(change);
};
const scenarioRead = (file) => {
  const lost = ["name", "motive", "source"].find((key) => typeof file[key] !== "string" || !file[key]);
  if (lost) throw new Unread("not_ours", { key: lost });
  if (file.based_on?.length) throw new Unread("based_on", { files: [file.based_on].flat().join(", ") });
  const strange = Object.keys(file).find((key) =>
    !["name", "motive", "source", "based_on", "changes"].includes(key));
  if (strange !== undefined) throw new Unread("key", { key: strange });
  const next = { ...empty(), head: { name: file.name, motive: file.motive, source: file.source } };
  (file.changes ?? []).forEach((each, index) => {
    try { changeRead(next, each); } catch (error) {
      if (error instanceof Unread) error.facts.change = index + 1;
      throw error;
    }
  });
  for (const [key, paid] of Object.entries(next.paid)) {
    if (!Object.keys(paid).length) delete next.paid[key];
  }
  return next;
};
const load = async (file) => {
  try {
    become(scenarioRead(parseToml(await file.text())));
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    const where = error.facts.change === undefined ? file.name
      : say("load_where", { file: file.name, change: error.facts.change });
    $("phrase").textContent = `${where}${words.colon}${say(`load_${error.message}`, error.facts)} ${words.load_nothing}`;
  }
};
