// One Python behind the cells: order, Stop, Restart, and what is known about names.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Session } from "../../../web/cell/session.mjs";

/** A transport whose runs end when the test says so. */
function fake({ where = "browser", fails = 0, namesLost } = {}) {
  const made = { runs: [], starts: 0, closed: false, hooks: null };
  const end = (status) => { for (const { finish } of made.runs.splice(0)) finish({ status, seconds: 1 }); };
  const transport = {
    where,
    start: async () => {
      made.starts += 1;
      if (made.starts <= fails) throw new Error("no network");
      if (made.hang) await new Promise(() => {});
      return { python: "3.14.2", where };
    },
    run: (source, { onOutput }) => new Promise((finish) => { made.runs.push({ source, finish, onOutput }); }),
    interrupt: async () => { end("interrupted"); return namesLost === undefined ? undefined : { namesLost }; },
    restart: async () => { end("interrupted"); },
    close: () => { made.closed = true; },
  };
  made.open = async (hooks) => { made.hooks = hooks; return transport; };
  made.finish = async (status) => {
    while (!made.runs.length) await tick();
    made.runs.shift().finish({ status, seconds: 0.5 });
  };
  return made;
}

const tick = () => new Promise((resolve) => { setTimeout(resolve); });
const job = (source, more = {}) => ({ source, name: source, onOutput: () => {}, ...more });

test("cells run one after the other, and are counted", async () => {
  const made = fake();
  const states = [];
  const session = new Session(made.open, ({ state }) => { if (states.at(-1) !== state) states.push(state); });
  const both = [session.run(job("a")), session.run(job("b"))];
  assert.equal(session.waiting, 2);
  await made.finish("ok");
  await tick();
  assert.deepEqual(made.runs.map(({ source }) => source), ["b"]);
  await made.finish("error");
  const ended = await Promise.all(both);
  assert.deepEqual(ended.map(({ status, order, kernel }) => [status, order, kernel]), [["ok", 1, 1], ["error", 2, 1]]);
  await tick();
  assert.deepEqual(states, ["off", "starting", "busy", "idle"]);
  assert.equal(session.state, "idle");
  assert.equal(session.python, "3.14.2");
});

test("Stop ends the one that runs, drops those that wait, and says that names are lost", async () => {
  const made = fake();
  const session = new Session(made.open);
  const ended = [session.run(job("a")), session.run(job("b"))];
  while (!made.runs.length) await tick();
  await session.stop();
  assert.deepEqual((await Promise.all(ended)).map(({ status }) => status), ["interrupted", "skipped"]);
  await tick();
  assert.deepEqual([session.state, session.lost, session.kernel, session.runs], ["idle", "stopped", 2, 0]);
  const next = session.run(job("c"));
  await made.finish("ok");
  assert.equal((await next).order, 1);
  assert.equal(session.lost, "");
});

test("a kernel that stops a cell gently keeps its names", async () => {
  const made = fake({ where: "kernel", namesLost: false });
  const session = new Session(made.open);
  const ended = session.run(job("a"));
  while (!made.runs.length) await tick();
  await session.stop();
  assert.equal((await ended).status, "interrupted");
  assert.deepEqual([session.lost, session.kernel, session.runs], ["", 1, 1]);
});

test("Stop while Python starts gives up waiting for it", async () => {
  const made = fake();
  made.hang = true;
  const session = new Session(made.open);
  const ended = session.run(job("a"));
  await tick();
  await session.stop();
  assert.equal((await ended).status, "skipped");
  made.hang = false;
  const next = session.run(job("b"));
  await made.finish("ok");
  assert.equal((await next).status, "ok");
});

test("a start that fails is told, and tried again by the next run", async () => {
  const made = fake({ fails: 1 });
  const session = new Session(made.open);
  const [first, second] = await Promise.all([session.run(job("a")), session.run(job("b"))]);
  assert.deepEqual([first.status, first.message, second.status], ["failed", "no network", "skipped"]);
  assert.equal(session.state, "off");
  const next = session.run(job("c"));
  await made.finish("ok");
  assert.equal((await next).status, "ok");
});

test("Restart forgets names; a worker that ends by itself does too", async () => {
  const made = fake();
  const session = new Session(made.open);
  const first = session.run(job("a"));
  await made.finish("ok");
  await first;
  await tick();
  await session.restart();
  assert.deepEqual([session.state, session.lost, session.kernel], ["idle", "restarted", 2]);
  const second = session.run(job("b"));
  await made.finish("lost");
  assert.equal((await second).status, "lost");
  assert.deepEqual([session.lost, session.kernel], ["ended", 3]);
  made.hooks.onState("lost");
  assert.equal(session.kernel, 4);
});

test("what a kernel says about itself is kept until the next cell has run", async () => {
  const made = fake({ where: "kernel" });
  const session = new Session(made.open);
  const first = session.run(job("a"));
  await made.finish("ok");
  await first;
  made.hooks.onState("lost", "Looking for it again.");
  assert.deepEqual([session.words, session.kernel], ["Looking for it again.", 1]);
  made.hooks.onState("idle", "Python was started anew.");
  assert.deepEqual([session.words, session.lost, session.kernel], ["Python was started anew.", "ended", 2]);
  const second = session.run(job("b"));
  await made.finish("ok");
  await second;
  assert.deepEqual([session.words, session.lost], ["", ""]);
});

test("running elsewhere lets go of the one before", async () => {
  const made = fake();
  const other = fake({ where: "kernel" });
  const session = new Session(made.open);
  const first = session.run(job("a"));
  await made.finish("ok");
  await first;
  await session.use(other.open);
  assert.deepEqual([made.closed, session.state, session.kernel, session.python], [true, "off", 2, ""]);
  const second = session.run(job("b"));
  await other.finish("ok");
  assert.equal((await second).status, "ok");
});
