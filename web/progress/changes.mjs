// What changes the learner's progress: the same rules as course/check/progress.py, which explains them. Each function
// takes the document, an address and the time, and returns a new document that holds all that the old one did.
// tests/check/progress_vectors.json and test_progress_changes.py hold both to the same results.

import { ADDRESS } from "./form.mjs";
import { full, get, inForce, isTime, said, seen, TIMES, written } from "./merge.mjs";

const later = (a, b) => (a > b ? a : b);

/** Record an attempt that did not pass. */
export function attempted(document, address, at) {
  const now = look(document, address, at);
  return changed(document, address, at, { attempts: now.attempts + 1, missed: after(at, now.missed), recovered: 0 });
}

/** Record an attempt that passed; `hash` (hexadecimal) identifies the exercise as it is now. */
export function passed(document, address, at, hash = "") {
  const now = look(document, address, at);
  const recovered = now.missed ? { missed: now.missed, recovered: now.recovered + 1 } : {};
  return pass(document, address, at, hash, { attempts: now.attempts + 1, ...recovered });
}

/** Record the answer to a question; `answer` is kept as its text, to be shown again. */
export function answered(document, address, at, right, answer = "") {
  const made = right ? passed(document, address, at) : attempted(document, address, at);
  return answer ? edited(made, address, at, answer) : made;
}

/** Record that a page was read to its end. */
export const read = (document, address, at) => pass(document, address, at, "", {});

/** Record that hint `number` (1, 2, 3) was shown; one that is shown again counts once. */
export function hintTaken(document, address, at, number) {
  return changed(document, address, at, { hints: Math.max(look(document, address, at).hints, number) });
}

/** Keep the learner's text. The same text again changes nothing: the document itself is returned. */
export function edited(document, address, at, words) {
  const now = look(document, address, at);
  if (now.text_at && words === now.text) return document;
  const revisions = Object.values(get(document.items, address)).map((epoch) => epoch.revision ?? 0);
  const revision = 1 + Math.max(0, ...revisions);
  return changed(document, address, at, { text: words, text_at: later(at, now.text_at), revision });
}

/** Begin anew: hide all that is there. Nothing is deleted, so that it can be undone. */
export function reset(document, address, at) {
  const epochs = epochsOf(document, address, at);
  const times = Object.entries(epochs).flatMap(([name, epoch]) => [name, ...TIMES.map((field) => epoch[field] ?? "")]);
  return put(document, address, { ...epochs, [after(at, times.reduce(later, ""))]: {} });
}

/** Take back the reset in force, if there is one: what it hid is seen again, the hidden text as the newest. */
export function undoReset(document, address, at) {
  const epochs = epochsOf(document, address, at);
  const since = inForce(epochs);
  if (!since) return document;
  const older = Object.fromEntries(Object.entries(epochs).filter(([name]) => name < since));
  const before = seen(put(document, address, older), address);
  const undone = put(document, address, { ...epochs, [since]: said({ ...full(epochs[since]), undone: true }) });
  return before.text_at ? edited(undone, address, at, before.text) : undone;
}

/** Return `at`, or the second after `earlier` when `at` is not later: clocks may stand behind one another. */
function after(at, earlier) {
  return at > earlier ? at : written(Date.parse(earlier) + 1000);
}

function pass(document, address, at, hash, others) {
  const now = look(document, address, at);
  // Of two passes in one second that saw different exercises, the later must win.
  const last = hash === now.hash ? later(at, now.last_passed) : after(at, now.last_passed);
  return changed(document, address, at, { first_passed: now.first_passed || at, last_passed: last, hash, ...others });
}

/** Write fields into the epoch in force. No time may lie before its reset, or the reset would hide it. */
function changed(document, address, at, fields) {
  const epochs = get(document.items, address);
  const since = inForce(epochs);
  const epoch = full(get(epochs, since));
  const made = { ...epoch, ...fields, started: epoch.started || at };
  for (const name of TIMES) if (name in fields || name === "started") made[name] = later(made[name], since);
  return put(document, address, { ...epochs, [since]: said(made) });
}

function look(document, address, at) {
  demandForm(address, at);
  return seen(document, address);
}

function epochsOf(document, address, at) {
  demandForm(address, at);
  return get(document.items, address);
}

function demandForm(address, at) {
  if (!ADDRESS.test(address)) throw new RangeError(`${address} is no address; give one like asyncio_coroutines/map_limited`);
  if (!isTime(at)) throw new RangeError(`${at} is no time; give UTC with seconds like 2026-03-01T12:00:00Z`);
}

const put = (document, address, epochs) => ({ ...document, items: { ...document.items, [address]: epochs } });
