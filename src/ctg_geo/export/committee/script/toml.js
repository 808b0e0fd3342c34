// TOML as scenarios are written: all of its values but dates, which no scenario has.
class Unread extends Error {
  constructor(key, facts = {}) {
    super(key);
    this.facts = facts;
  }
}
const SIGNS = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };
const NUMBER = /[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?(?=[\s,\]}#]|$)/y;
const WORD = /(?:true|false)(?=[\s,\]}#]|$)/y;
const BARE = /[A-Za-z0-9_-]+/y;
const table = () => Object.create(null);
const parseToml = (written) => {
  const text = written.replaceAll("\r\n", "\n");
  let at = 0;
  const fail = () => {
    const line = text.slice(0, at).split("\n").length;
    throw new Unread("toml", { line, said: text.slice(at).split("\n")[0].slice(0, 40) });
  };
  const taken = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const take = (sign) => {
    const there = text.startsWith(sign, at);
    if (there) at += sign.length;
    return there;
  };
  const need = (sign) => { if (!take(sign)) fail(); };
  const blank = () => taken(/[ \t]*/y);
  const lines = () => taken(/(?:[ \t\n]|#[^\n]*)*/y);
  const escaped = () => {
    const code = taken(/u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (code) {
      const point = parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : fail();
    }
    const sign = SIGNS[text[at]] ?? fail();
    at += 1;
    return sign;
  };
  const string = (mark) => {
    const [long, literal] = [mark.length > 1, mark[0] === "'"];
    let said = "";
    if (long) take("\n");
    for (;;) {
      if (at >= text.length || (!long && text[at] === "\n")) fail();
      if (take(mark)) {
        while (long && take(mark[0])) said += mark[0];  // one or two more before the last three
        return said;
      }
      if (!literal && take("\\")) said += long && taken(/[ \t]*\n[ \t\n]*/y) ? "" : escaped();
      else { said += text[at]; at += 1; }
    }
  };
  const quoted = () => {
    const mark = ['"""', "'''", '"', "'"].find(take);
    return mark === undefined ? undefined : string(mark);
  };
  const keys = () => {
    const path = [];
    do {
      blank();
      const key = taken(BARE) ?? (text.startsWith('"""', at) || text.startsWith("'''", at)
        ? fail() : quoted()) ?? fail();
      path.push(key);
      blank();
    } while (take("."));
    return path;
  };
  const inside = (owner, path) => path.reduce((each, key) => {
    each[key] ??= table();
    const found = Array.isArray(each[key]) ? each[key].at(-1) : each[key];
    return typeof found === "object" ? found : fail();
  }, owner);
  const pair = (owner) => {
    const path = keys();
    need("=");
    blank();
    const target = inside(owner, path.slice(0, -1));
    if (path.at(-1) in target) fail();
    target[path.at(-1)] = value();
    blank();
  };
  const listed = (end, each) => {
    for (lines(); !take(end); lines()) {
      each();
      lines();
      if (!take(",") && !text.startsWith(end, at)) fail();
    }
  };
  const value = () => {
    const said = quoted();
    if (said !== undefined) return said;
    if (take("[")) { const list = []; listed("]", () => list.push(value())); return list; }
    if (take("{")) { const made = table(); listed("}", () => pair(made)); return made; }
    const word = taken(WORD);
    if (word !== undefined) return word === "true";
    return Number((taken(NUMBER) ?? fail()).replaceAll("_", ""));
  };
  const header = (owner) => {
    const [many, path] = [take("["), keys()];
    need(many ? "]]" : "]");
    const [above, key] = [inside(owner, path.slice(0, -1)), path.at(-1)];
    if (!many) { if (key in above) fail(); return (above[key] = table()); }
    above[key] ??= [];
    if (!Array.isArray(above[key])) fail();
    above[key].push(table());
    return above[key].at(-1);
  };
  const whole = table();
  let current = whole;
  for (lines(); at < text.length; lines()) {
    if (take("[")) current = header(whole); else pair(current);
    blank();
    if (at < text.length && !/[\n#]/.test(text[at])) fail();
  }
  return whole;
};
