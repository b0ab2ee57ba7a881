// What the player says of a recording: its state before and after each step.

import assert from "node:assert/strict";
import { test } from "node:test";

import { aloud, changes, read, said, stateAfter, underWay } from "../../../web/player/recording.mjs";

const json = (events, more = {}) => JSON.stringify({ version: 1, title: "T", lanes: [], events, ...more });
const { events } = read(json([
  { step: 1, lane: "Ann", name: "loan", kind: "enter", detail: "the first to ask", state: { copies: "1" } },
  { step: 2, lane: "Ann", name: "takes", kind: "point", state: { copies: "0", waiting: "" } },
  { step: 3, lane: "Ben", name: "refused", kind: "error" },
  { step: 4, lane: "Ben", to: "Ann", name: "asks", kind: "send", state: { waiting: "Ben" } },
  { step: 5, lane: "Ann", name: "loan", kind: "exit", state: { copies: "1" } },
]));
const row = (step, name) => changes(events, step).find((one) => one.name === name);

test("a value that an event does not name is as it was", () => {
  assert.deepEqual([...stateAfter(events, 3)], [["copies", "0"], ["waiting", ""]]);
  assert.deepEqual([...stateAfter(events, 0)], []);
});

test("each step has every value of the recording before and after it", () => {
  assert.deepEqual(row(1, "copies"), { name: "copies", before: null, after: "1", changed: true });
  assert.deepEqual(row(2, "copies"), { name: "copies", before: "1", after: "0", changed: true });
  assert.deepEqual(row(3, "copies"), { name: "copies", before: "0", after: "0", changed: false });
  assert.deepEqual(row(1, "waiting"), { name: "waiting", before: null, after: null, changed: false });
  assert.deepEqual(row(2, "waiting"), { name: "waiting", before: null, after: "", changed: true });
  assert.equal(changes(events, 5).length, changes(events, 1).length);
});

test("what is entered and not yet left is under way", () => {
  assert.deepEqual(row(1, "under way"), { name: "under way", before: "", after: "loan (Ann)", changed: true });
  assert.deepEqual(row(5, "under way"), { name: "under way", before: "loan (Ann)", after: "", changed: true });
  const nested = read(json(["enter", "enter", "exit"].map((kind) => ({ lane: "loan", name: "loan", kind })))).events;
  assert.deepEqual(underWay(nested, 3), ["loan"]);
  const alone = read(json([{ lane: "a", name: "b", kind: "exit" }, { lane: "a", name: "c", kind: "point" }])).events;
  assert.deepEqual(changes(alone, 2), []);
});

test("an event is told in words, and what changed is read with it", () => {
  assert.deepEqual(events.map(said).map(({ who, what }) => `${who}: ${what}`),
    ["Ann: loan begins", "Ann: takes", "Ben: refused (error)", "Ben \u2192 Ann: asks", "Ann: loan ends"]);
  assert.equal(said({ lane: "loan", name: "loan", kind: "enter", to: "" }).what, "begins");
  assert.equal(said({ lane: "loan", name: "loan", kind: "point", to: "" }).what, "loan");
  assert.equal(aloud(events, 1),
    "Step 1 of 5. Ann: loan begins. the first to ask. Changed: copies: 1; under way: loan (Ann).");
  assert.equal(aloud(events, 3), "Step 3 of 5. Ben: refused (error).");
  assert.equal(aloud(events, 5), "Step 5 of 5. Ann: loan ends. Changed: copies: from 0 to 1; under way: from loan (Ann) to nothing.");
});

test("what is no recording, of another version, or too short is not played", () => {
  const two = [{ lane: "a", name: "b" }, { lane: "a", name: "c" }];
  assert.ok(read(json(two)));
  for (const bad of [undefined, "", "{", "null", "3", "[]", json([]), json(two.slice(1)), json([...two, null]), json("ab"),
    json(two, { version: 2 }), json(two, { events: { length: 3 } })]) assert.equal(read(bad), null, bad);
});

test("values of other types are text", () => {
  const [first] = read(json([{ lane: 1, name: null, state: { a: 1, b: ["<b>"] } }, { state: ["a"] }])).events;
  assert.deepEqual(first, { lane: "1", name: "", kind: "", detail: "", to: "", state: [["a", "1"], ["b", "<b>"]] });
});
