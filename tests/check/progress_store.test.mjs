// The store of a page, its talk with the server, and what is made of the document: run by test_progress_store.py.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { aside } from "../../web/progress/aside.mjs";
import { answered, edited, hintTaken, passed, read, reset } from "../../web/progress/changes.mjs";
import { merge, seen } from "../../web/progress/merge.mjs";
import { coming, due, last, next } from "../../web/progress/next.mjs";
import { Store } from "../../web/progress/store.mjs";
import { allReset, broughtBack, difference, lastReset, resetHere, restored } from "../../web/progress/transfer.mjs";

const AT = "2026-03-01T10:00:00Z";
const EMPTY = { version: 1, items: {} };
const LESSON = "asyncio_coroutines";
const HOME = `${LESSON}/map_limited`;

/** What a browser offers as localStorage, with room for so many characters. */
class Storage {
  constructor(room = Infinity) { Object.assign(this, { room, map: new Map() }); }
  get length() { return this.map.size; }
  key(number) { return [...this.map.keys()][number]; }
  getItem(name) { return this.map.get(name) ?? null; }
  removeItem(name) { this.map.delete(name); }
  setItem(name, text) {
    const others = [...this.map].filter(([other]) => other !== name).reduce((sum, [, { length }]) => sum + length, 0);
    if (others + text.length > this.room) throw new Error("QuotaExceededError");
    this.map.set(name, String(text));
  }
}

const opened = (storage) => new Store(() => storage, "progress");
const readIt = (document, at) => read(document, LESSON, at);
const passIt = (document, at) => passed(document, HOME, at, "a1");

// ---- The browser ----

test("what is recorded is there for the next page, and listeners hear of it", () => {
  const storage = new Storage();
  const one = opened(storage);
  let told = 0;
  const end = one.subscribe(() => { told += 1; });
  one.record(readIt);
  assert.equal(told, 1);
  end();
  one.record(passIt);
  assert.equal(told, 1);
  assert.equal(opened(storage).seen(LESSON).status, "passed");
  assert.equal(opened(storage).seen(HOME).hash, "a1");
  assert.equal(one.keeps && one.message === "", true);
});

test("a reader who records nothing leaves nothing in the browser", () => {
  const storage = new Storage();
  opened(storage).flush();
  assert.equal(storage.length, 0);
});

test("two tabs lose nothing, whoever writes last", () => {
  const storage = new Storage();
  const [one, two] = [opened(storage), opened(storage)];
  one.record(readIt);
  two.record(passIt);
  assert.deepEqual(Object.keys(opened(storage).document.items), [LESSON, HOME]);
  let told = 0;
  one.subscribe(() => { told += 1; });
  one.refresh();
  assert.equal(one.seen(HOME).status, "passed");
  assert.equal(told, 1);
});

for (const [name, text] of Object.entries({
  "no JSON": "{bad", "another's": '"dark"', "a damaged entry": '{"version":1,"items":{"a":{"":{"attempts":"3"}}}}',
  "an entry that is none": '{"version":1,"items":{"a":null}}', "a time that is none": '{"version":1,"items":{"a":{"":{"started":"x"}}}}',
})) {
  test(`${name} is set aside with a sentence, and progress begins anew`, async () => {
    const storage = new Storage();
    storage.setItem("progress", text);
    const store = opened(storage);
    store.record(readIt);
    await store.ready;
    assert.match(store.message, /cannot be read .* was set aside/);
    assert.deepEqual(aside(store).map((one) => one.text), [text]);
    assert.equal(opened(storage).seen(LESSON).status, "passed");
  });
}

test("a document in another order of fields is read, not set aside", async () => {
  const storage = new Storage();
  storage.setItem("progress", `{"items": {"${LESSON}": {"": {"last_passed": "${AT}", "first_passed": "${AT}"}}}, "version": 1}`);
  const store = opened(storage);
  await store.ready;
  assert.equal(store.message, "");
  assert.equal(store.seen(LESSON).status, "passed");
});

test("what a newer version wrote is set aside at the start, and taken back once it can be read", async () => {
  const storage = new Storage();
  storage.setItem("progress", '{"version":2,"items":{}}');
  const store = opened(storage);
  await store.ready;
  assert.match(store.message, /newer version .* reload it/);
  storage.setItem("progress aside 1", JSON.stringify(passIt(EMPTY, AT))); // as if this page could read it now
  const later = opened(storage);
  await later.ready;
  assert.equal(later.seen(HOME).status, "passed");
  assert.equal(aside(later).length, 1); // until it has been seen to add nothing
  const last = opened(storage);
  await last.ready;
  assert.equal(aside(last).length, 0);
  assert.equal(last.seen(HOME).status, "passed");
});

test("a newer version in another tab is not overwritten", async () => {
  const storage = new Storage();
  const store = opened(storage);
  store.record(readIt);
  storage.setItem("progress", '{"version":2,"items":{}}');
  store.record(passIt);
  await pause(20);
  assert.equal(storage.getItem("progress"), '{"version":2,"items":{}}');
  assert.equal(store.keeps, false);
  assert.match(store.message, /Reload this page/);
  assert.equal(store.seen(HOME).status, "passed");
});

test("where there is no room it is said, what was kept stays, and it goes on when there is", () => {
  const storage = new Storage(400);
  const store = opened(storage);
  store.record(readIt);
  const before = storage.getItem("progress");
  store.record((document, at) => edited(document, HOME, at, "x".repeat(500)));
  assert.equal(storage.getItem("progress"), before);
  assert.equal(store.keeps, false);
  assert.match(store.message, /no room/);
  storage.room = 4000;
  store.flush();
  assert.equal(store.keeps, true);
  assert.equal(store.message, "");
  assert.equal(opened(storage).seen(HOME).text.length, 500);
});

test("where storage is forbidden the page works, and says that nothing is kept", async () => {
  const store = new Store(() => { throw new Error("SecurityError"); }, "progress");
  await store.ready;
  store.record(readIt);
  assert.equal(store.seen(LESSON).status, "passed");
  assert.equal(store.keeps, false);
  assert.match(store.message, /gone when you close this page/);
  assert.deepEqual(aside(store), []);
});

// ---- The server ----

let server;

/** A server as course/serve/api.py: it merges what it is sent. */
beforeEach(() => {
  server = { document: EMPTY, asked: [], down: false, version: 0 };
  globalThis.location = { href: "http://localhost/course/" };
  globalThis.fetch = async (url, { method, headers, body, keepalive }) => {
    if (server.down) throw new TypeError("Failed to fetch");
    server.asked.push({ method, path: new URL(url).pathname, body: body && JSON.parse(body), keepalive });
    if (body) {
      server.document = merge(server.document, JSON.parse(body));
      server.version += 1;
    }
    const tag = `"${server.version}"`;
    const known = headers["If-None-Match"] === tag;
    return new Response(known ? null : JSON.stringify({ progress: server.document, message: "" }),
      { status: known ? 304 : 200, headers: { ETag: tag } });
  };
});

async function local(storage) {
  globalThis.document = { cookie: "_xsrf=1" };
  const { Server } = await import("../../web/progress/server.mjs");
  const store = new Store(() => storage, "unsent", async (made) => new Server("/", made));
  await store.ready;
  return store;
}

test("the server's document is shown, and only what it lacks is sent", async () => {
  server.document = readIt(EMPTY, AT);
  const storage = new Storage();
  const store = await local(storage);
  assert.equal(store.seen(LESSON).status, "passed");
  store.record(passIt);
  store.record((document, at) => hintTaken(document, HOME, at, 1));
  assert.notEqual(storage.getItem("unsent"), null);
  await pause(600);
  assert.deepEqual(server.asked.map(({ method }) => method), ["GET", "PUT"]);
  assert.deepEqual(Object.keys(server.asked[1].body.items), [HOME]);
  assert.equal(seen(server.document, HOME).hints, 1);
  assert.equal(storage.getItem("unsent"), null); // the server is the truth
});

test("what the terminal has done appears, at the cost of one question", async () => {
  const store = await local(new Storage());
  await store.refresh();
  server.document = passIt(server.document, AT);
  server.version += 1;
  await store.refresh();
  assert.equal(store.seen(HOME).status, "passed");
  await pause(600);
  assert.deepEqual(server.asked.map(({ method }) => method), ["GET", "GET", "GET"]);
});

test("a server that is gone is told, nothing is lost, and it is sent when it is back", async () => {
  const storage = new Storage();
  const store = await local(storage);
  server.down = true;
  store.record(passIt);
  await pause(600);
  assert.match(store.message, /does not answer.* kept in this browser/);
  assert.equal(seen(JSON.parse(storage.getItem("unsent")), HOME).status, "passed");
  server.down = false;
  await pause(1500);
  assert.equal(store.message, "");
  assert.equal(seen(server.document, HOME).status, "passed");
});

test("what one page could not send, the next one does", async () => {
  const storage = new Storage();
  const store = await local(storage);
  server.down = true;
  store.record(passIt);
  store.flush();
  server.down = false;
  const after = await local(storage);
  await pause(600);
  assert.equal(seen(server.document, HOME).status, "passed");
  assert.equal(storage.getItem("unsent"), null);
  assert.equal(after.message, "");
});

test("a page that goes sends at once, in a request that outlives it", async () => {
  const store = await local(new Storage());
  store.record(readIt);
  store.flush();
  assert.deepEqual(server.asked.map(({ method, keepalive }) => [method, keepalive]), [["GET", false], ["PUT", true]]);
});

test("a reset progress file is not filled again from the browser", async () => {
  const storage = new Storage();
  const store = await local(storage);
  store.record(readIt);
  await pause(600);
  server.document = EMPTY;
  server.version += 1;
  const after = await local(storage);
  await pause(600);
  assert.equal(after.seen(LESSON).status, "new");
  assert.deepEqual(server.document, EMPTY);
});

// ---- What is made of it ----

const exercise = (address) => ({ address, title: address, anchor: `exercise-${address}`, hash: "a1" });
const parts = [
  { title: "One", lessons: [{ name: "a", title: "A", page: "a.html", exercises: [exercise("a/x"), exercise("a/y")],
    questions: [{ address: "a/quiz/q", anchor: "quiz-q" }, { address: "a/quiz/r", anchor: "quiz-r" }] }] },
  { title: "Two", lessons: [{ name: "b", title: "B", page: "b.html", exercises: [], questions: [] }] },
];
const of = (document) => (address) => seen(document, address);
const [a, b] = parts.map(({ lessons }) => lessons[0]);

test("the last place is where something happened last, or the page that was left last", () => {
  assert.equal(last(parts, {}, null), null);
  const began = passed(read(EMPTY, "b", "2026-03-01T10:00:00Z"), "a/x", "2026-03-01T11:00:00Z");
  assert.equal(last(parts, began.items, null).lesson, a);
  const place = { lesson: "b", at: "2026-03-01T12:00:00.000Z", anchor: "s", section: "S" };
  assert.deepEqual(last(parts, began.items, place), { ...place, lesson: b });
  assert.equal(last(parts, began.items, { ...place, at: "2026-03-01T09:00:00.000Z" }).lesson, a);
  assert.equal(last(parts, {}, { ...place, lesson: "gone" }), null);
});

test("next is the first open exercise, then the next lesson, then nothing", () => {
  let document = passed(EMPTY, "a/x", AT);
  assert.deepEqual(next(parts, a, of(document)), { words: "Next exercise", title: "a/y", page: "a.html#exercise-a/y" });
  document = passed(document, "a/y", AT);
  assert.equal(next(parts, a, of(document)).title, "B");
  document = read(document, "b", AT);
  assert.equal(next(parts, b, of(document)).title, "A"); // not read yet
  assert.equal(next(parts, a, of(read(document, "a", AT))), null);
});

test("a missed question comes back after a day, a week and a month", () => {
  const day = 86_400_000;
  const missed = Date.parse(AT);
  let document = answered(EMPTY, "a/quiz/q", AT, false);
  const days = (count) => due(parts, of(document), missed + count * day).map(({ page }) => page);
  assert.deepEqual([days(0.9), days(1)], [[], ["a.html#quiz-q"]]);
  document = answered(document, "a/quiz/q", AT, true);
  assert.deepEqual([days(6.9), days(7).length], [[], 1]);
  document = answered(document, "a/quiz/q", AT, true);
  assert.deepEqual([days(29), days(30).length], [[], 1]);
  document = answered(document, "a/quiz/q", AT, true);
  assert.deepEqual(days(99), []);
});

test("an import says what it changes, and what was seen before is seen again after its undo", () => {
  const later = "2026-03-02T10:00:00Z";
  const mine = edited(answered(read(EMPTY, "a", AT), "a/quiz/q", AT, false, "o1"), "a/x", AT, "mine");
  const theirs = edited(passed(read(EMPTY, "b", later), "a/x", later, "a1"), "a/x", later, "theirs");
  const { merged, addresses, passed: passes, texts, hidden } = difference(mine, theirs);
  assert.deepEqual([addresses, passes, texts, hidden], [["a/x", "b"], ["a/x", "b"], ["a/x"], []]);
  const was = Object.fromEntries(addresses.map((address) => [address, seen(mine, address)]));
  const undone = restored(merged, was, "2026-03-03T10:00:00Z");
  assert.deepEqual(merge(merged, undone), undone);
  for (const address of ["a", "b", "a/x", "a/quiz/q"]) {
    const [before, now] = [seen(mine, address), seen(undone, address)];
    assert.deepEqual([now.status, now.text, now.attempts, now.hints], [before.status, before.text, before.attempts, before.hints]);
  }
  assert.deepEqual(difference(mine, mine).addresses, []);
  const reset = allReset(mine, later);
  assert.deepEqual(difference(mine, reset).hidden, ["a", "a/quiz/q", "a/x"]);
});

test("a reset of everything can be taken back, later too", () => {
  const mine = answered(read(EMPTY, "a", AT), "a/quiz/q", AT, false, "o1");
  const hidden = allReset(mine, "2026-03-02T10:00:00Z");
  assert.deepEqual([seen(hidden, "a").status, seen(hidden, "a/quiz/q").text], ["new", ""]);
  const { at, addresses } = lastReset(hidden);
  assert.deepEqual([at, addresses], ["2026-03-02T10:00:00Z", ["a", "a/quiz/q"]]);
  const back = broughtBack(hidden, addresses, "2026-03-03T10:00:00Z");
  assert.deepEqual([seen(back, "a"), seen(back, "a/quiz/q").text], [seen(mine, "a"), "o1"]);
  assert.deepEqual(lastReset(back).addresses, []);
  assert.deepEqual(lastReset(EMPTY).addresses, []);
});

test("what a file holds and was reset here is told, and can be brought back through more than one reset", () => {
  const file = passed(read(EMPTY, "a", AT), "a/x", AT, "a1");
  assert.deepEqual(resetHere(file, file), { days: [], addresses: [] });
  assert.deepEqual(resetHere(EMPTY, file), { days: [], addresses: [] });
  const [one, two] = ["2026-03-02T10:00:00Z", "2026-03-04T10:00:00Z"];
  const hidden = reset(allReset(file, one), "a/x", two);
  assert.deepEqual(difference(hidden, file).addresses, []);
  assert.deepEqual(resetHere(hidden, file), { days: [one, two], addresses: ["a", "a/x"] });
  const back = broughtBack(hidden, ["a", "a/x"], "2026-03-05T10:00:00Z");
  assert.deepEqual([seen(back, "a").first_passed, seen(back, "a/x").hash], [AT, "a1"]);
  assert.deepEqual(merge(hidden, back), back); // nothing is lost
  assert.deepEqual(resetHere(back, file).addresses, []);
});

test("the next questions to come back are counted by the day of the reader's calendar", () => {
  const noon = new Date(2026, 2, 1, 12).getTime();
  const written = (at) => `${new Date(at).toISOString().slice(0, 19)}Z`;
  let document = answered(EMPTY, "a/quiz/q", written(noon), false);
  assert.equal(coming(parts, of(EMPTY), noon), null);
  assert.deepEqual(coming(parts, of(document), noon), { count: 1, days: 1 });
  document = answered(document, "a/quiz/r", written(noon - 3600e3), false);
  assert.deepEqual(coming(parts, of(document), noon), { count: 2, days: 1 });
  assert.deepEqual(coming(parts, of(document), noon + 23.5 * 3600e3), { count: 1, days: 0 }); // one is due by then
  document = answered(document, "a/quiz/q", written(noon), true);
  assert.deepEqual(coming(parts, of(document), noon + 25 * 3600e3), { count: 1, days: 6 });
  assert.deepEqual(coming(parts, of(document), noon + 9 * 86_400_000), null);
});
