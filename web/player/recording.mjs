// A recording (course/trace.py) as the player tells it. What it says is text from outside: it is never read as HTML.

const VERSION = 1;
const ENDS = { enter: "begins", exit: "ends", error: "(error)" };
const text = (value) => (value === undefined || value === null ? "" : String(value));

function event({ lane, name, kind, detail, state, to }) {
  const values = state && typeof state === "object" && !Array.isArray(state) ? Object.entries(state) : [];
  return { lane: text(lane), name: text(name), kind: text(kind), detail: text(detail), to: text(to),
    state: values.map(([key, value]) => [key, text(value)]) };
}

/** Return {events} of a recording in JSON; null when it is none, or too short to be stepped through. */
export function read(json) {
  let data;
  try { data = JSON.parse(json); } catch { return null; }
  if (data?.version !== VERSION || !Array.isArray(data.events) || data.events.length < 2) return null;
  if (!data.events.every((one) => one && typeof one === "object")) return null;
  return { events: data.events.map(event) };
}

/** Return who did what in an event, in words. A stretch that is called like its lane is named once. */
export function said({ lane, name, kind, to }) {
  const what = kind in ENDS && name !== lane ? `${name} ${ENDS[kind]}` : ENDS[kind] ?? name;
  return { who: to ? `${lane} \u2192 ${to}` : lane, what };
}

/** Return the stretches that are entered and not yet left after the first `count` events, the oldest first. */
export function underWay(events, count) {
  const open = [];
  for (const { kind, lane, name } of events.slice(0, count)) {
    const words = lane === name ? name : `${name} (${lane})`;
    if (kind === "enter") open.push(words);
    const place = kind === "exit" ? open.lastIndexOf(words) : -1;
    if (place !== -1) open.splice(place, 1);
  }
  return open;
}

/** Return the values known after the first `count` events: one that an event does not name is as it was. */
export function stateAfter(events, count) {
  return new Map(events.slice(0, count).flatMap(({ state }) => state));
}

/**
 * Return all that has a state in the recording, before and after step `step` (1, 2, ...):
 * [{name, before, after, changed}], null for a value that is not known yet.
 */
export function changes(events, step) {
  const [before, after] = [stateAfter(events, step - 1), stateAfter(events, step)];
  const names = [...stateAfter(events, events.length).keys()];
  const rows = names.map((name) => [name, before.get(name) ?? null, after.get(name) ?? null]);
  if (events.some(({ kind }) => kind === "enter")) {
    rows.push(["under way", ...[step - 1, step].map((count) => underWay(events, count).join(", "))]);
  }
  return rows.map(([name, old, now]) => ({ name, before: old, after: now, changed: old !== now }));
}

/** Return a step in one line, as it is read aloud. */
export function aloud(events, step) {
  const { who, what } = said(events[step - 1]);
  const { detail } = events[step - 1];
  const changed = changes(events, step).filter((row) => row.changed)
    .map(({ name, before, after }) => `${name}: ${before ? `from ${before} to ` : ""}${after || "nothing"}`);
  return [`Step ${step} of ${events.length}. ${who}: ${what}.`, detail && `${detail}.`,
    changed.length && `Changed: ${changed.join("; ")}.`].filter(Boolean).join(" ");
}
