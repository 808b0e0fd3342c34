// A scenario as a file that `ctg-geo compare` reads, and back.
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
