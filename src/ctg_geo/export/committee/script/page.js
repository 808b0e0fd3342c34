// All together: what is drawn after each change, and what buttons do. Figures first; the map in the
// frame after, that they do not wait for it where no graphics card draws it.
const inNextFrame = (draw) => requestAnimationFrame(() => setTimeout(draw));
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
  drawLegend();
  inNextFrame(paint);
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
$("effacer").addEventListener("click", () => become(empty()));
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
for (const id of ["cout-place", "cout-lieu"]) {
  $(id).addEventListener("input", () => { drawFigures(); drawPlans(); });
}
for (const each of document.getElementsByName("vue")) {
  each.addEventListener("change", () => show(each.value));
}
const take = (plan) => become(plan ? stateOf(plan) : empty());
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
  scenario, parse: parseToml, figures: () => ({ ...told(now), ...effect() }),
  costs: () => COSTS.map((which) => { const each = costOf(which);
    return each.told && !each.lacking ? each.sum : null; }) };
head("communes");
head("lieux");
headPlans();
refresh();
try { start("map"); drawMarkers(); } catch (error) {
  maps = [];
  $("cartes").hidden = $("vue").hidden = true;
  $("sans-carte").hidden = false;
  document.body.dataset.ready = 0;
}
show("after");
