// The cells of a page: where they run, in which order, and what they share. Loaded by pages that have code cells.

import { Cell } from "./cell.mjs";
import { fresh } from "../run/fresh.mjs";
import { button, make } from "./dom.mjs";
import { packages } from "./imports.mjs";
import { lostWords, pythonWords } from "./python_words.mjs";
import { Saved } from "./saved.mjs";
import { Session } from "./session.mjs";
import { cost } from "./words.mjs";

const PLACES = { browser: "in this page", kernel: "on your machine", hub: "on this server" };
const UNREACHABLE = "The page's own files could not be loaded: check the connection and load the page again.";

/** Return what the page says about itself, with addresses made absolute. */
function read() {
  const info = JSON.parse(document.getElementById("course-page").textContent);
  const absolute = (address) => (address ? new URL(address, document.baseURI).href : null);
  return { ...info, root: absolute(info.root), runtime: absolute(info.runtime), how: absolute(info.how),
    kernel: info.kernel ?? document.documentElement.dataset.courseServer ?? null,
    files: info.files.map(({ path, url }) => ({ path, url: absolute(url) })) };
}

/** In words, where code runs: a kernel at an address of its own, as on a hub or Binder, is not on this machine. */
function place(where, { kernel }) {
  return PLACES[where === "kernel" && kernel !== "/" ? "hub" : where];
}

function storage() {
  try { return window.localStorage; } catch { return null; } // forbidden: then nothing is kept
}

/** What the cells share. */
class Page {
  constructor(info, cells) {
    this.info = info;
    this.key = `course ${new URL(info.root).pathname} `;
    this.storage = storage();
    this.saved = new Saved(this.storage, new URL(info.root).pathname, info.lesson);
    this.places = info.kernel ? ["kernel"] : ["browser"];
    this.where = this.places[0];
    this.session = new Session(this.#opener(), () => this.refresh());
    this.live = make("p", { class: "visually-hidden", role: "status" });
    document.body.append(this.live);
    this.cells = cells.map((element, index) => new Cell(element, index + 1, this));
    this.#controls();
    this.refresh();
    if (info.kernel) this.#offerBrowser();
  }

  /** A local server may have the page's own Python too; only then is there a choice. */
  async #offerBrowser() {
    const found = await fetch(new URL("runtime.json", this.info.runtime), { method: "HEAD" }).catch(() => null);
    if (!found?.ok) return;
    this.places = ["kernel", "browser"];
    for (const choice of this.choices) choice.replaceWith(this.#choice());
    this.choices = [...document.querySelectorAll(".run-choice")];
    if (this.#kept("where") === "browser") this.choose("browser");
  }

  #kept(name) {
    try { return this.storage?.getItem(this.key + name); } catch { return null; }
  }

  #keep(name, value) {
    try { this.storage?.setItem(this.key + name, value); } catch { /* it then lasts for this page only */ }
  }

  #opener() {
    const { info, where } = this;
    return async (hooks) => {
      if (where === "kernel") {
        const { JupyterTransport } = await fresh(new URL("jupyter.mjs", import.meta.url));
        return new JupyterTransport(info.kernel, { path: info.notebook, ...hooks });
      }
      return this.#pyodide(hooks);
    };
  }

  /** `besides`: sources that are not cells of the page, whose packages Python finds by itself once it runs. */
  async #pyodide(hooks, besides = []) {
    const { info } = this;
    const sources = [...this.cells.filter(({ tags }) => !tags.includes("needs-kernel")).map(({ source }) => source), ...besides];
    const [{ PyodideTransport }, manifest] = await Promise.all([fresh(new URL("pyodide.mjs", info.runtime)),
      fetch(new URL("runtime.json", info.runtime), { cache: "no-cache" }).then((answer) => answer.json())]);
    return new PyodideTransport(info.runtime, { manifest, files: info.files, packages: packages(manifest, sources), ...hooks });
  }

  // ---- Running ----

  /** Get ready for a cell's run; gives its Outputs, or null when the reader does not want to load Python. */
  async prepare(cell) {
    const modules = import("./outputs.mjs");
    modules.catch(() => {});
    if (!await this.#agreed(cell)) return null;
    try {
      const { Outputs } = await modules;
      return new Outputs(cell.output, { root: this.info.root, help: () => this.#sentences() });
    } catch {
      cell.say(UNREACHABLE);
      return null;
    }
  }

  /** On a touch device ask before the first download: it may be paid for by the megabyte. */
  async #agreed(cell) {
    const asks = this.where === "browser" && this.session.state === "off" && matchMedia("(pointer: coarse)").matches;
    if (!asks || this.#kept("loaded") === "yes") return true;
    this.asking ??= this.#ask(cell).finally(() => { this.asking = null; }); // one answer is for all cells that wait
    return this.asking;
  }

  async #ask(cell) {
    const size = await this.#size();
    const elsewhere = new Promise((resolve) => { // an exercise of the page asks the same
      document.addEventListener("course-agreed", () => resolve(true), { once: true });
    });
    this.refresh();
    const yes = await Promise.race([cell.ask([make("p", {}, cost(size, 30e6))], { "Load and run": true, "Not now": false }), elsewhere]);
    cell.say("");
    if (yes) this.#keep("loaded", "yes");
    return yes;
  }

  async #size() {
    try {
      const programs = this.info.files.filter(({ path }) => path.endsWith(".py"));
      const texts = await Promise.all(programs.map(({ url }) => fetch(url).then((answer) => answer.text())));
      return (await (await this.#pyodide({}, texts)).weigh()).bytes;
    } catch { return 0; }
  }

  #sentences() {
    this.table ??= fetch(new URL("_static/run/exceptions.json", this.info.root)).then((answer) => answer.json());
    return this.table;
  }

  /** Load the editor once; a text area where it cannot be had. */
  loadEditor() {
    this.editor ??= import("./editor.mjs").catch(() => import("./plain_editor.mjs"));
    this.editor.catch(() => { this.editor = null; });
    return this.editor;
  }

  /** Run the cells above one, from the top, until one fails. */
  async runAbove(cell) {
    for (const other of this.cells.slice(0, cell.number - 1)) {
      if (other.runnable && !other.busy && !await other.run(false)) {
        this.announce(`Stopped at cell ${other.number}.`);
        return;
      }
    }
    this.announce("All cells above have run.");
  }

  stop() { return this.session.stop(); }

  async restart() {
    await this.session.restart();
    this.announce("Python was restarted: all names are lost.");
  }

  async choose(where) {
    if (where === this.where) return;
    this.where = where;
    this.#keep("where", where);
    await this.session.use(this.#opener());
    this.announce(`Code now runs ${place(where, this.info)}.`);
  }

  announce(words) {
    this.live.textContent = this.live.textContent === words ? `${words}\u00a0` : words;
  }

  // ---- What is seen ----

  #controls() {
    this.state = make("span", { class: "kernel-state" });
    this.stopButton = button("Stop", () => this.stop(), { class: "cell-button cell-stop" });
    this.restartButton = button("Restart", () => this.restart(), { class: "cell-button" });
    this.bar = make("section", { class: "kernel-bar", "aria-label": "Python of this page", hidden: "" }, this.state, this.#choice(),
      this.stopButton, this.restartButton);
    document.querySelector("article").append(this.bar);
    const elsewhere = this.where === "browser" ? this.#elsewhere() : [];
    if (this.cells.some(({ runnable }) => runnable)) {
      document.querySelector(".run-note")?.replaceChildren("Press Run under a cell: it runs ", this.#choice(),
        ". Change it, break it, reset it.", ...elsewhere);
    } else document.querySelector(".run-note")?.append(...elsewhere);
    this.choices = [...document.querySelectorAll(".run-choice")];
  }

  /** Links to this page where it has a kernel. */
  #elsewhere() {
    const { binder, hub } = this.info;
    const link = (address, words) => (address ? [" ", make("a", { href: address }, words)] : []);
    return [...link(hub, "Open it on the class hub."), ...link(binder, "Open it on Binder.")];
  }

  /** Where code runs: a choice where there is one, else words. */
  #choice() {
    if (this.places.length < 2) return make("span", { class: "run-choice" }, place(this.where, this.info));
    const options = this.places.map((where) => make("option", { value: where }, place(where, this.info)));
    const select = make("select", { class: "run-choice", "aria-label": "Where code runs" }, ...options);
    select.addEventListener("change", () => this.choose(select.value));
    return select;
  }

  /** What went with the last Python, and how it comes back. */
  #gone() {
    const database = this.where === "browser" && this.cells.some(({ source }) => source.includes("postgres")); // else it has a server
    return lostWords(database, this.cells.length === 1);
  }

  refresh() {
    if (!this.bar) return; // still being made
    const { session } = this;
    const busy = ["busy", "starting"].includes(session.state);
    this.bar.hidden &&= session.state === "off" && !session.lost;
    this.stopButton.hidden = !busy;
    this.restartButton.hidden = busy || session.state !== "idle";
    const running = this.cells.find((cell) => cell.busy === "running")?.number ?? "";
    this.state.textContent = pythonWords(session, running, () => this.#gone());
    this.bar.dataset.state = session.lost && session.state === "idle" ? "lost" : session.state;
    for (const choice of this.choices) if (choice.value !== undefined) choice.value = this.where;
    for (const cell of this.cells) cell.refresh();
  }
}

const cells = [...document.querySelectorAll("div.cell[data-cell]")].filter((cell) => cell.querySelector(".cell_input pre"));
try {
  if (cells.length) new Page(read(), cells);
} catch (error) {
  reportError(error); // the other parts of the page go on
}
