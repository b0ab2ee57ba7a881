// Python in a web worker: boots Pyodide from files beside this one and runs cells, one at a time.
//
// In:  {type: "boot", env?, files?}           env: os.environ; files: [{path, url}], put into the working directory
//      {type: "run", id, source, name}        name: the file name that tracebacks and warnings show
// Out: {type: "progress", loaded, total}      bytes of the packages
//      {type: "ready", python}
//      {type: "stream", id, name, text}       in the order written; name: "stdout" or "stderr"
//      {type: "display", id, data, metadata}  what the last expression shows, by MIME type
//      {type: "error", id, name, message, traceback, fatal?}   fatal: this worker is of no more use
//      {type: "blocked", id, url}             the page's policy forbade a request of the cell
//      {type: "done", id, ok, seconds}

const BASE = new URL(".", self.location.href);
const PACKAGES = "/lib/packages/";
const SITE = "/lib/site-packages.course/"; // packages with shared objects cannot be imported from a zip

let cells = null;
let current = null; // the id of the cell that runs or ran last
let turn = Promise.resolve();

const post = (message) => self.postMessage(message);

self.addEventListener("securitypolicyviolation", (event) => {
  post({ type: "blocked", id: current, url: event.blockedURI });
});

// Python itself ended or crashed (os._exit, a fault in compiled code): no cell can answer any more.
self.addEventListener("unhandledrejection", ({ reason }) => {
  if (reason?.pyodide_fatal_error) fail(reason);
});

self.addEventListener("message", ({ data }) => {
  const work = { boot, run }[data.type];
  turn = turn.then(() => work(data)).catch((error) => fail(error));
});

function fail(error) {
  const message = String(error?.message ?? error);
  post({ type: "error", id: current, name: error?.name ?? "Error", message, traceback: error?.stack ?? message,
    fatal: true });
}

async function boot({ env = {}, files = [] }) {
  const runtime = await (await load(new URL("runtime.json", BASE))).json();
  const packages = loadArchives(runtime.archives);
  packages.catch(() => {}); // awaited below; a failure before that is not an unhandled one
  const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", BASE));
  const python = await loadPyodide({
    indexURL: new URL("pyodide/", BASE).href,
    enableRunUntilComplete: false, // asyncio.run inside the running loop raises, as in CPython
    env: { HOME: "/home/pyodide", ...env },
    stdin: () => null,
    stdout: (text) => post({ type: "stream", id: current, name: "stdout", text: `${text}\n` }),
    stderr: (text) => post({ type: "stream", id: current, name: "stderr", text: `${text}\n` }),
  });
  for (const archive of await packages) place(python, archive);
  await Promise.all(files.map((file) => placeFile(python, file)));
  python.runPython("import importlib; importlib.invalidate_caches()");
  const emit = (text) => post({ id: current, ...JSON.parse(text) });
  cells = python.pyimport("page.boot").start(emit);
  post({ type: "ready", python: python.runPython("import platform; platform.python_version()") });
}

async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${response.statusText}`);
  return response;
}

async function loadArchives(archives) {
  const total = archives.reduce((sum, { bytes }) => sum + bytes, 0);
  let loaded = 0;
  return Promise.all(archives.map(async (archive) => {
    const data = new Uint8Array(await (await load(new URL(archive.file, BASE))).arrayBuffer());
    loaded += archive.bytes;
    post({ type: "progress", loaded, total });
    return { ...archive, data };
  }));
}

function place(python, { file, unpack, data }) {
  const path = unpack ? SITE : PACKAGES + file;
  if (unpack) {
    python.unpackArchive(data, "zip", { extractDir: SITE });
  } else {
    python.FS.mkdirTree(PACKAGES);
    python.FS.writeFile(path, data, { canOwn: true });
  }
  const known = python.pyimport("sys").path;
  if (!known.includes(path)) known.append(path);
}

async function placeFile(python, { path, url }) {
  const data = new Uint8Array(await (await load(new URL(url, self.location.href))).arrayBuffer());
  const parent = path.split("/").slice(0, -1).join("/");
  if (parent) python.FS.mkdirTree(parent);
  python.FS.writeFile(path, data);
}

async function run({ id, source, name }) {
  current = id;
  const start = performance.now();
  const ok = await cells.run(source, name);
  const seconds = (performance.now() - start) / 1000;
  await new Promise((resolve) => { setTimeout(resolve); }); // a "blocked" of this cell comes before its "done"
  post({ type: "done", id, ok, seconds });
}
