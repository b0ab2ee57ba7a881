// The parts of web/cell/ that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { imports, packages } from "../../../web/cell/imports.mjs";
import { Log } from "../../../web/cell/log.mjs";
import { Saved, fingerprint } from "../../../web/cell/saved.mjs";
import { sentence } from "../../../web/cell/sentences.mjs";
import { bytes, counted, duration, number } from "../../../web/cell/words.mjs";

const out = (text, name = "stdout") => ({ type: "stream", name, text });

function logged(messages, kept) {
  const log = new Log(kept);
  for (const message of messages) log.add(message);
  return log.parts();
}

test("streams keep their order, and text of one stream is joined", () => {
  const parts = logged([out("a"), out("b\n"), out("!", "stderr"), out("c"), out("")]);
  assert.deepEqual(parts, [out("ab\n"), out("!", "stderr"), out("c")]);
});

test("what is short is kept whole, with pictures in their places", () => {
  const picture = { type: "display", data: {} };
  assert.deepEqual(logged([out("a\n"), picture, out("b\n")]), [out("a\n"), picture, out("b\n")]);
});

for (const chunk of [1, 7, 1000]) {
  test(`of many lines the ends are kept, and those between counted (${chunk} at a time)`, () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `${index}\n`);
    const messages = [];
    for (let at = 0; at < lines.length; at += chunk) messages.push(out(lines.slice(at, at + chunk).join("")));
    const parts = logged(messages, { lines: 50, characters: 10_000, display: 10 });
    assert.deepEqual(parts.map(({ type }) => type), ["stream", "gap", "stream"]);
    assert.equal(parts[0].text, lines.slice(0, 50).join(""));
    assert.equal(parts[2].text, lines.slice(-50).join(""));
    assert.equal(parts[1].lines, 10_000 - 100);
  });
}

test("one endless line is cut too, and said in characters", () => {
  const parts = logged(Array.from({ length: 200 }, () => out("x".repeat(1000))), { lines: 50, characters: 5000, display: 10 });
  const shown = parts.filter(({ type }) => type === "stream").reduce((sum, { text }) => sum + text.length, 0);
  const { lines, characters } = parts.find(({ type }) => type === "gap");
  assert.equal(lines, 0);
  assert.equal(shown + characters, 200_000);
  assert.ok(shown <= 10_000);
});

test("many pictures are bounded, and an error at the end is always kept", () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({ type: "display", data: { index } }));
  const error = { type: "error", name: "KeyError", message: "x", traceback: "..." };
  const parts = logged([...many, error], { lines: 100, characters: 1000, display: 20 });
  assert.ok(parts.length < 20);
  assert.equal(parts.at(-1), error);
});

function storage(full = false) {
  const held = new Map();
  return { getItem: (key) => held.get(key) ?? null, removeItem: (key) => held.delete(key), held,
    setItem: (key, value) => { if (full) throw new Error("full"); held.set(key, value); } };
}

test("an edit is found again, and forgotten when it is the source", () => {
  const kept = storage();
  const saved = new Saved(kept, "/repo/", "lesson");
  assert.equal(saved.read("a", "1"), null);
  assert.equal(saved.write("a", "1", "2"), true);
  assert.deepEqual(new Saved(kept, "/repo/", "lesson").read("a", "1"), { kind: "edited", text: "2" });
  assert.equal(new Saved(kept, "/other/", "lesson").read("a", "1"), null);
  assert.equal(new Saved(kept, "/repo/", "other").read("a", "1"), null);
  saved.write("a", "1", "1");
  assert.equal(kept.held.size, 0);
});

test("a reset can be undone later, and an edit of an older cell is offered", () => {
  const saved = new Saved(storage(), "/", "lesson");
  saved.write("a", "1", "2");
  assert.deepEqual(saved.read("a", "new"), { kind: "outdated", text: "2" });
  assert.equal(saved.read("a", "2"), null);
  saved.reset("a", "1", "2");
  assert.deepEqual(saved.read("a", "1"), { kind: "reset", text: "2" });
  assert.equal(saved.read("a", "new"), null);
});

test("what is not ours, and a storage that refuses, do no harm", () => {
  for (const text of ["{", "null", "7", '{"text": 1}', '{"text": "a"}']) {
    const kept = storage();
    kept.setItem("course / cell lesson a", text);
    assert.equal(new Saved(kept, "/", "lesson").read("a", "1"), null);
  }
  assert.equal(new Saved(storage(true), "/", "lesson").write("a", "1", "2"), false);
  assert.equal(new Saved(null, "/", "lesson").write("a", "1", "2"), false);
  assert.equal(new Saved(null, "/", "lesson").read("a", "1"), null);
});

test("fingerprints tell texts apart", () => {
  assert.notEqual(fingerprint("a = 1"), fingerprint("a = 2"));
  assert.equal(fingerprint(""), (0x811c9dc5).toString(36));
});

test("the first sentence that fits is said", () => {
  const table = [{ name: "TypeError", holds: "await", says: "a" }, { name: "TypeError", says: "b" }];
  assert.equal(sentence(table, "TypeError", "cannot await").says, "a");
  assert.equal(sentence(table, "TypeError", "other").says, "b");
  assert.equal(sentence(table, "builtins.TypeError", "other").says, "b");
  assert.equal(sentence(table, "Unknown", "await"), null);
});

test("numbers as they are read", () => {
  assert.deepEqual([1, 999_499, 9_760_000, 123_400_000].map(bytes), ["1 kB", "999 kB", "9.8 MB", "123 MB"]);
  assert.deepEqual([0.001, 0.02, 0.994, 0.997, 9.94, 12.3, 59.6, 125].map(duration),
    ["under 0.01 s", "0.02 s", "0.99 s", "1.0 s", "9.9 s", "12 s", "1 min 0 s", "2 min 5 s"]);
  assert.equal(number(1_234_567), "1\u2009234\u2009567");
  assert.deepEqual([counted(1, "line"), counted(0, "line")], ["1 line", "0 lines"]);
});

test("the imports of cells lead to archives", () => {
  const source = "import asyncio, a.b as c  # x\nfrom pkg.sub import (One, two as t)\n  from . import no\nx = 'import y'\n";
  assert.deepEqual(imports(source), ["asyncio", "a.b", "pkg.sub", "pkg.sub.One", "pkg.sub.two", ".", "..no"]);
  const manifest = { modules: { a: "first", "pkg.sub.two": "second", pkg: "third" } };
  assert.deepEqual(packages(manifest, [source, source]), ["first", "third", "second"]);
  assert.deepEqual(packages({}, [source]), []);
});
