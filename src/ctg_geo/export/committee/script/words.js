// The data of the page, its words and its numbers.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("donnees");
const words = read("mots");
const $ = (id) => document.getElementById(id);
const norm = data.service.norm;
const communes = data.communes;
const size = communes.length;
const fragile = communes.flatMap((each, index) => (each.certainty === data.fragile ? [index] : []));
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
// Rounded as `compare` rounds: a half goes to the even digit.
const formats = [0, 1, 2].map((decimals) => new Intl.NumberFormat("fr-FR",
  { minimumFractionDigits: decimals, maximumFractionDigits: decimals, roundingMode: "halfEven" }));
const number = (value, decimals = 0) =>
  value === null || !Number.isFinite(value) ? "–"
    : formats[decimals].format(Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value);
const quantity = (value) => number(value, Number.isInteger(value) ? 0 : 1);
const compared = new Intl.Collator("fr", { numeric: true }).compare;
const signed = (value, decimals = 0) => {
  if (!Number.isFinite(value) || Math.abs(value) < 0.5 * 10 ** -decimals) return "=";
  return (value > 0 ? "+" : "−") + number(Math.abs(value), decimals);
};
// What a number is once printed, and the gap between two of them: a reader can check it.
const plainFormats = formats.map((_, digits) => new Intl.NumberFormat("en-US",
  { maximumFractionDigits: digits, useGrouping: false, roundingMode: "halfEven" }));
const printed = (value, decimals) => Number(plainFormats[decimals].format(value));
const gapOf = (before, after, decimals) => printed(after, decimals) - printed(before, decimals);
// A count takes its noun with it, as in the labels of the program: {x:~lieu|lieux}, {x:~unit} where
// the noun is a fact, {x:?est|sont} the word alone. In French, less than 2 is singular.
const single = (said) => Math.abs(parseFloat(said.replace(/\s/g, "").replace("−", "-")
  .replace(",", "."))) < 2;
const nouns = (said, facts) => {
  if (said.includes("|")) return said.split("|");
  return [data.service.one[facts[said]] ?? facts[said], facts[said]];
};
const say = (key, facts = {}) =>
  words[key].replace(/\{(\w+)(?::\d*([~?])([^}]*))?\}/g, (_, name, sign, noun) => {
    const said = String(facts[name]);
    if (!sign) return said;
    const agreed = nouns(noun, facts)[single(said) ? 0 : 1];
    return sign === "?" ? agreed : `${said} ${agreed}`;
  });
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
// What a planner wrote, in French print; names and what is saved stay as they are.
const typeset = (text) => text.replace(/ ([;!?%])/g, "\u202f$1").replaceAll(" :", "\u00a0:")
  .replaceAll("« ", "«\u00a0").replaceAll(" »", "\u00a0»").replaceAll("'", "’");
const sentence = (text) => (/[.!?…]$/.test(text) ? typeset(text) : `${typeset(text)}.`);
const many = (count, one, more) => `${number(count)} ${words[Math.abs(count) < 2 ? one : more]}`;
