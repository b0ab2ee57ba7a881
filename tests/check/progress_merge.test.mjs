// The shared vectors, in JavaScript: run by test_progress.py, or by hand with `node --test tests/check/`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { merge, seen } from "../../web/progress/merge.mjs";

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

test("another version is refused", () => {
  assert.throws(() => merge({ version, items: {} }, { version: 2, items: {} }), /progress of version 2/);
});
