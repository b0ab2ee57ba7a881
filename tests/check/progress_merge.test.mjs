// The shared vectors, in JavaScript: run by test_progress.py, or by hand with `node --test tests/check/`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as changes from "../../web/progress/changes.mjs";
import { merge, seen } from "../../web/progress/merge.mjs";
import { played } from "./progress_lines.mjs";

const vectors = JSON.parse(readFileSync(new URL("progress_vectors.json", import.meta.url), "utf8"));
const version = 1;
const NOTHING = {
  first_passed: "", last_passed: "", hash: "", attempts: 0, hints: 0, missed: "", recovered: 0, text: "", text_at: "",
  reset: "",
};

for (const { name, a, b, merged } of vectors.merge) {
  test(`merge: ${name}`, () => {
    const before = JSON.stringify([a, b]);
    assert.deepEqual(merge({ version, items: a }, { version, items: b }), { version, items: merged });
    assert.deepEqual(merge({ version, items: b }, { version, items: a }), { version, items: merged });
    assert.equal(JSON.stringify([a, b]), before);
  });
}

for (const { name, items, seen: wanted } of vectors.seen) {
  test(`seen: ${name}`, () => {
    assert.deepEqual(seen({ version, items }, vectors.address), { ...NOTHING, ...wanted });
  });
}

for (const { name, steps, items } of vectors.changes) {
  test(`changes: ${name}`, () => {
    const at = steps.map(([change, ...rest]) => [change, vectors.address, ...rest]);
    assert.deepEqual(played({ version, items: {} }, at), { version, items });
  });
}

test("a change at no address or time is refused", () => {
  const empty = { version, items: {} };
  assert.throws(() => changes.read(empty, "../x", "2026-03-01T10:00:00Z"), /is no address/);
  assert.throws(() => changes.reset(empty, "__proto__", "2026-03-01T10:00:00Z"), /is no address/);
  assert.throws(() => changes.read(empty, "a", "2026-02-30T10:00:00Z"), /is no time/);
});

test("another version is refused", () => {
  assert.throws(() => merge({ version, items: {} }, { version: 2, items: {} }), /progress of version 2/);
});
