// Python in a web worker: boots Pyodide from files beside this one and runs cells, one at a time.
//
// In:  {type: "boot", runtime, env?, files?, packages?}  runtime: runtime.json; env: os.environ;
//                                            files: [{path, url}], put into the working directory;
//                                            packages: archives that the page's cells will ask for;
//                                            asks: whether somebody answers "input"
//                                            word: makes this a worker for checks, see checks.mjs
//      {type: "run", id, source, name}       name: the file name that tracebacks and warnings show
//      {type: "answer", text}                to the last "input"
//      {type: "check", id, address, files, sources, request}  a step of checking, see checks.mjs
// Out: {type: "progress", loaded, total, awaited}   bytes that travel; awaited: a cell cannot go on without them
//      {type: "ready", python}
//      {type: "stream", id, name, text}       in the order written; name: "stdout" or "stderr"
//      {type: "display", id, data, metadata}  what the last expression shows, by MIME type
//      {type: "error", id, name, message, traceback, fatal?}   fatal: this worker is of no more use
//      {type: "blocked", id, url}             the page's policy forbade a request of the cell
//      {type: "input", id, prompt}            a cell waits for an answer
//      {type: "done", id, ok, seconds}
// Out, with the word: {type: "began", id, coming}, {type: "step", id, reply, memory}, {type: "ended", status}

import { loadPyodide } from "pyodide";
import { Checks } from "./checks.mjs";
import { Downloads } from "./downloads.mjs";

const FOLDER = "/lib/course/"; // where page.archives looks

let python = null;
let page = null; // page.boot's Python: cells and archives
let runtime = null;
let downloads = null;
let current = null; // the id of the cell that runs or ran last
let answer = null; // resolves the promise that input() waits for
let turn = Promise.resolve();
let checks = null; // in a worker for checks
let travelled = { loaded: 0, total: 0 };
let awaited = false;
const coming = new Map(); // archive -> promise of its being in place

const post = self.postMessage.bind(self); // bound now, before a program could replace it

self.addEventListener("securitypolicyviolation", (event) => {
  post({ type: "blocked", id: current, url: event.blockedURI });
});

// Python itself ended or crashed (os._exit, a fault in compiled code): no cell can answer any more.
self.addEventListener("unhandledrejection", ({ reason }) => {
  if (reason?.pyodide_fatal_error) fail(reason);
});

self.addEventListener("message", ({ data }) => {
  if (data.type === "answer") {
    answer?.(data.text);
    return;
  }
  const work = { boot, run, check }[data.type];
  turn = turn.then(() => work(data)).catch((error) => fail(error));
});

function tell() {
  post({ type: "progress", ...travelled, awaited });
}

function fail(error) {
  if (checks) checks.end(error);
  const message = String(error?.message ?? error);
  post({ type: "error", id: current, name: error?.name ?? "Error", message, traceback: error?.stack ?? message,
    fatal: true });
}

async function boot({ env = {}, files = [], packages = [], asks = true, word = "", ...options }) {
  runtime = options.runtime;
  downloads = new Downloads(new URL(".", self.location.href), (bytes) => {
    travelled = bytes;
    tell();
  });
  const { asm, wasm } = runtime.core;
  const given = { "pyodide.asm.wasm": downloads.get(wasm, "application/wasm"),
    "python_stdlib.zip": downloads.get(runtime.archives.core) };
  const module = downloads.script(asm);
  const placed = files.map((file) => fetchFile(file));
  python = await withFetch(given, () => loadPyodide({
    indexURL: downloads.base.href,
    lockFileContents: runtime.lock,
    createPyodideModule: module.then((made) => made.default),
    enableRunUntilComplete: false, // asyncio.run inside the running loop raises, as in CPython
    env: { HOME: "/home/pyodide", ...env },
    stdin: () => null,
    stdout: (text) => post({ type: "stream", id: current, name: "stdout", text: `${text}\n` }),
    stderr: (text) => post({ type: "stream", id: current, name: "stderr", text: `${text}\n` }),
  }));
  python.FS.mkdirTree(FOLDER);
  const emit = (text) => post({ id: current, ...JSON.parse(text) });
  const pyRuntime = python.toPy({ archives: runtime.archives, modules: runtime.modules });
  page = python.pyimport("page.boot").start(emit, pyRuntime, (file) => downloads.now(file),
    asks ? ask : undefined);
  const late = [];
  for (const { path, data } of await Promise.all(placed)) late.push(...place(path, data));
  if (word) {
    checks = new Checks(word, post, python, (source) => bringFor(source));
    await checks.open();
  }
  post({ type: "ready", python: python.runPython("import sys; '.'.join(map(str, sys.version_info[:3]))") });
  for (const name of page.archives.with_needs(python.toPy([...new Set([...late, ...packages])]))) {
    bring(name).catch(() => {}); // a cell that needs it tries again, and says so
  }
}

// Pyodide fetches two files by itself; these are the ones that were fetched already, and counted.
async function withFetch(given, action) {
  const plain = self.fetch;
  self.fetch = (url, options) => given[String(url).split("/").pop()] ?? plain.call(self, url, options);
  try {
    return await action();
  } finally {
    self.fetch = plain;
  }
}

function ask(prompt) {
  post({ type: "input", id: current, prompt });
  return new Promise((resolve) => { answer = resolve; });
}

async function fetchFile({ path, url }) {
  const response = await fetch(new URL(url, self.location.href));
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return { path, data: new Uint8Array(await response.arrayBuffer()) };
}

// Write a file of the lesson; give the archives that it imports from.
function place(path, data) {
  const parent = path.split("/").slice(0, -1).join("/");
  if (parent) python.FS.mkdirTree(parent);
  python.FS.writeFile(path, data);
  return path.endsWith(".py") ? page.archives.asked(new TextDecoder().decode(data)).toJs() : [];
}

// Put an archive in its place, once.
function bring(name) {
  if (!coming.has(name)) {
    const entry = runtime.archives[name];
    const done = entry.parts ? bringDatabase(entry.parts) : bringArchive(name, entry);
    coming.set(name, done);
    done.catch((error) => {
      coming.delete(name);
      console.warn(`${name}:`, error);
    });
  }
  return coming.get(name);
}

async function bringArchive(name, entry) {
  const data = new Uint8Array(await (await downloads.get(entry)).arrayBuffer());
  python.FS.writeFile(`${FOLDER}${name}.zip`, data, { canOwn: true });
  page.archives.add(name);
}

async function bringDatabase({ script, wasm, data, folder }) {
  const files = [downloads.get(wasm, "application/wasm"), downloads.get(data), downloads.get(folder)];
  const { open } = await downloads.script(script);
  const [program, shared, made] = await Promise.all(files);
  self.pglite = await open({ wasm: program, data: shared, folder: made });
  page.archives.add("postgres");
}

// What does not come fails at its import.
async function bringFor(source) {
  const missing = page.archives.asked(source).toJs();
  if (!missing.length) return true;
  awaited = true;
  await Promise.allSettled(missing.map(bring));
  awaited = false;
  tell();
  return false; // something may have failed
}

function check(message) {
  return checks.step(message);
}

async function run({ id, source, name }) {
  current = id;
  const start = performance.now();
  await bringFor(source);
  const ok = await page.cells.run(source, name);
  const seconds = (performance.now() - start) / 1000;
  await new Promise((resolve) => { setTimeout(resolve); }); // a "blocked" of this cell comes before its "done"
  post({ type: "done", id, ok, seconds });
}
