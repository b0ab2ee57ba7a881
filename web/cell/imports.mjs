// Which packages the cells of a page will ask for: fetched while its reader reads on.

const LINE = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(.+)|import[ \t]+(.+))$/gm;

/** Return the full names that a source imports; `from a import b` may mean the module a.b. */
export function imports(source) {
  const names = (list) => list.replace(/#.*|[()\\]/g, "").split(",").map((one) => one.trim().split(/\s/)[0]).filter(Boolean);
  return [...source.matchAll(LINE)].flatMap(([, from, what, modules]) => (
    from ? [from, ...names(what).map((name) => `${from}.${name}`)] : names(modules)));
}

/** Return the archives of a runtime.json ({modules: {name: archive}}) that hold what these sources import. */
export function packages(manifest, sources) {
  const modules = manifest.modules ?? {};
  const home = (name) => (!name || name in modules ? modules[name] : home(name.slice(0, Math.max(0, name.lastIndexOf(".")))));
  return [...new Set(sources.flatMap(imports).map(home).filter(Boolean))];
}
