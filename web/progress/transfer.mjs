// Taking progress along: to a file, from a file, and beginning anew, each so that it can be taken back. Pure.

import { reset, undoReset } from "./changes.mjs";
import { full, get, inForce, merge, said, seen } from "./merge.mjs";
import { newer } from "./store.mjs";

export const LARGEST = 4 << 20; // bytes of a file, as for the local server

/** Return the document as the text of a file, which course/check/progress_text.py reads too. */
export const exported = (document) => `${JSON.stringify(document, null, 1)}\n`;

/**
 * Return what merging `other` into `document` changes: {merged, addresses, passed, hidden, texts}, each a list of
 * addresses: passed afterwards and not before, passed before and reset afterwards, and with another text than before.
 */
export function difference(document, other) {
  const merged = merge(document, other);
  const addresses = Object.keys(newer(document, merged).items);
  const both = addresses.map((address) => ({ address, old: seen(document, address), now: seen(merged, address) }));
  const where = (holds) => both.filter(holds).map(({ address }) => address);
  return { merged, addresses,
    passed: where(({ old, now }) => now.status === "passed" && old.status !== "passed"),
    hidden: where(({ old, now }) => old.status !== "new" && now.status === "new"),
    texts: where(({ old, now }) => old.text_at && old.text !== now.text) };
}

/** Show each address again as it was seen before (`was` maps it to `seen`): in an epoch of its own, so nothing is lost. */
export function restored(document, was, at) {
  return Object.entries(was).reduce((made, [address, old]) => {
    const hidden = reset(made, address, at);
    if (old.status === "new") return hidden;
    const epochs = get(hidden.items, address);
    const since = inForce(epochs);
    const lifted = (time) => (time && time < since ? since : time);
    const epoch = said({ ...full({}), started: since, first_passed: lifted(old.first_passed), last_passed: lifted(old.last_passed),
      hash: old.hash, attempts: old.attempts, hints: old.hints, missed: lifted(old.missed), recovered: old.recovered,
      text: old.text, text_at: lifted(old.text_at), revision: old.text_at ? 1 : 0 });
    return { ...hidden, items: { ...hidden.items, [address]: { ...epochs, [since]: epoch } } };
  }, document);
}

/** Return the addresses at which there is something to see. */
export function begun(document) {
  return Object.keys(document.items).filter((address) => seen(document, address).status !== "new");
}

/** Hide everything, in a way that `broughtBack` undoes. */
export const allReset = (document, at) => begun(document).reduce((made, address) => reset(made, address, at), document);

/** Return {at, addresses} of what was reset last and not begun since: [] when there is nothing. */
export function lastReset(document) {
  const hidden = Object.keys(document.items).map((address) => ({ address, ...seen(document, address) }))
    .filter((one) => one.status === "new" && one.reset && hasBefore(document, one.address, one.reset));
  const at = hidden.map((one) => one.reset).sort().at(-1) ?? "";
  return { at, addresses: hidden.filter((one) => one.reset === at).map(({ address }) => address) };
}

/**
 * Return {days, addresses} of what `other` shows and `document` holds, but hides by a reset of its own: `days` are the times
 * of these resets, the latest last.
 */
export function resetHere(document, other) {
  const merged = merge(document, other);
  const hidden = begun(other).map((address) => ({ address, ...seen(merged, address) }))
    .filter(({ address, status, reset }) => status === "new" && reset && hasBefore(merged, address, reset));
  return { days: hidden.map((one) => one.reset).sort(), addresses: hidden.map(({ address }) => address) };
}

function hasBefore(document, address, reset) {
  return seen(uncovered(document, address, reset), address).status !== "new";
}

/** Take back resets of an address, the latest first, until there is something to see. */
function uncovered(document, address, at) {
  const { status, reset } = seen(document, address);
  return status === "new" && reset ? uncovered(undoReset(document, address, at), address, at) : document;
}

/** Take back the reset of these addresses. */
export const broughtBack = (document, addresses, at) =>
  addresses.reduce((made, address) => uncovered(made, address, at), document);
