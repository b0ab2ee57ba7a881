// First tries: what counts as one, after later answers, merges and resets.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answered, reset } from "../../web/progress/changes.mjs";
import { firstTries, firstTry, inTries } from "../../web/progress/first.mjs";
import { merge } from "../../web/progress/merge.mjs";

const EMPTY = { version: 1, items: {} };
const HOME = "ready/quiz/one";
const at = (minute) => `2026-03-01T10:${String(minute).padStart(2, "0")}:00Z`;
const after = (...rights) => rights.reduce((document, right, minute) => answered(document, HOME, at(minute), right, "a"), EMPTY);

test("the first answer counts, whatever comes later", () => {
  assert.equal(firstTry(EMPTY, HOME), null);
  const cases = [[[true], true], [[false], false], [[false, true], false], [[true, false], true], [[false, true, false], false],
    [[true, false, true], true]];
  for (const [rights, first] of cases) assert.equal(firstTry(after(...rights), HOME), first, String(rights));
});

test("of two browsers the earlier answer counts", () => {
  const wrong = answered(EMPTY, HOME, at(1), false, "a");
  const right = answered(EMPTY, HOME, at(2), true, "b");
  for (const [one, other] of [[wrong, right], [right, wrong]]) assert.equal(firstTry(merge(one, other), HOME), false);
});

test("after a reset the next answer is the first", () => {
  const anew = reset(after(false, true), HOME, at(5));
  assert.equal(firstTry(anew, HOME), null);
  assert.equal(firstTry(answered(anew, HOME, at(6), true, "a"), HOME), true);
});

test("in words", () => {
  const two = [HOME, "ready/quiz/two"];
  assert.equal(inTries(firstTries(EMPTY, two)), "not answered yet");
  assert.equal(inTries(firstTries(after(false, true), two)), "1 of 2 answered, 0 right at the first try");
  assert.equal(inTries(firstTries(answered(after(false), two[1], at(9), true), two)), "1 of 2 right at the first try");
});
