// The learner's progress: merging two copies, and what a reader sees. The same rules as course/check/progress_merge.py,
// which explains them; tests/check/progress_vectors.json holds both to them. Documents are those that
// course/check/progress_text.py reads: {version, items: {address: {reset: {field: value}}}}, empty fields left out.

export const VERSION = 1;

/** The fields of an epoch in their order, each with the value that says nothing and is left out. */
export const EMPTY = {
  started: "", first_passed: "", last_passed: "", hash: "", attempts: 0, hints: 0, missed: "", recovered: 0,
  text: "", text_at: "", revision: 0, undone: false,
};

export const TIMES = ["started", "first_passed", "last_passed", "missed", "text_at"];

/** Return a time, in milliseconds, in the document's form: UTC with seconds. */
export const written = (milliseconds) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Say whether `value` is a time in the document's form, such as 2026-03-01T12:00:00Z, of the years 2000 to 2999. */
export function isTime(value) {
  const time = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : NaN;
  return !Number.isNaN(time) && written(time) === value;
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The one of two epochs that comes last by the named fields, the first name counting most. */
function last(a, b, ...names) {
  const difference = names.map((name) => compare(a[name], b[name])).find((sign) => sign !== 0);
  return difference < 0 ? b : a;
}

function earliest(a, b) {
  return a && b ? (a < b ? a : b) : a || b;
}

function mergeEpochs(a, b) {
  const pass = last(a, b, "last_passed", "hash");
  const miss = last(a, b, "missed", "recovered");
  const newest = last(a, b, "text_at", "revision", "text");
  return {
    started: earliest(a.started, b.started),
    first_passed: earliest(a.first_passed, b.first_passed),
    last_passed: pass.last_passed, hash: pass.hash,
    attempts: Math.max(a.attempts, b.attempts),
    hints: Math.max(a.hints, b.hints),
    missed: miss.missed, recovered: miss.recovered,
    text: newest.text, text_at: newest.text_at, revision: newest.revision,
    undone: a.undone || b.undone,
  };
}

// An own property only: "constructor" is an address like any other.
export const get = (object, key) => (Object.hasOwn(object, key) ? object[key] : {});
export const full = (epoch) => ({ ...EMPTY, ...epoch });
export const said = (epoch) => Object.fromEntries(Object.entries(epoch).filter(([name, value]) => value !== EMPTY[name]));

function union(a, b, join) {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(keys.map((key) => [key, join(get(a, key), get(b, key))]));
}

/** Return a new document with what either holds; neither is changed. Throws on another version. */
export function merge(a, b) {
  for (const { version } of [a, b]) {
    if (version !== VERSION) throw new RangeError(`progress of version ${version}, this page reads ${VERSION}`);
  }
  const items = union(a.items, b.items, (one, other) =>
    (one === other ? one : union(one, other, (epoch, twin) => said(mergeEpochs(full(epoch), full(twin))))));
  return { version: VERSION, items };
}

function younger(epoch, since) {
  const kept = { ...epoch };
  if (epoch.started < since) kept.started = "";
  if (epoch.last_passed < since) Object.assign(kept, { first_passed: "", last_passed: "", hash: "" });
  else if (epoch.first_passed < since) kept.first_passed = epoch.last_passed;
  if (epoch.missed < since) Object.assign(kept, { missed: "", recovered: 0 });
  if (epoch.text_at < since) Object.assign(kept, { text: "", text_at: "", revision: 0 });
  return kept;
}

/** Return the time of the latest reset that was not undone; empty when there is none. */
export function inForce(epochs) {
  return Object.keys(epochs).filter((reset) => !epochs[reset].undone).sort().at(-1) ?? "";
}

/** Return what to show of an address: {status, first_passed, ..., reset}; empty text means never, or nothing. */
export function seen(document, address) {
  const found = get(document.items, address);
  const since = inForce(found);
  const epochs = Object.entries(found).map(([reset, epoch]) => [reset, full(epoch)]);
  const counted = epochs.filter(([reset]) => reset >= since).map(([, epoch]) => epoch);
  const attempts = Math.max(0, ...counted.map((epoch) => epoch.attempts));
  const hints = Math.max(0, ...counted.map((epoch) => epoch.hints));
  const one = epochs.reduce((sum, [, epoch]) => mergeEpochs(sum, younger(epoch, since)), EMPTY);
  const begun = one.started || one.missed || one.text_at || attempts || hints;
  return {
    status: one.first_passed ? "passed" : begun ? "started" : "new",
    first_passed: one.first_passed, last_passed: one.last_passed, hash: one.hash, attempts, hints,
    missed: one.missed, recovered: one.recovered, text: one.text, text_at: one.text_at, reset: since,
  };
}
