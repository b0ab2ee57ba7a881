// What a reader does with an exercise: write, check, take hints, see the solution, begin anew.

import { button, make } from "../cell/dom.mjs";
import { bytes } from "../cell/words.mjs";
import { attempted, hintTaken, passed } from "../progress/changes.mjs";
import { store } from "../progress/store.mjs";
import { agreed } from "./agreed.mjs";
import { Checker, Conflict, Stopped } from "./checker.mjs";
import { FileText } from "./file.mjs";
import { shown } from "./results.mjs";
import { KeptText } from "./text.mjs";

const root = new URL("../../", import.meta.url).href;
const kernel = document.documentElement.dataset.courseServer ?? null;
const checker = new Checker({ root, runtime: new URL("runtime/", root).href, kernel });
const LANGUAGES = { ".py": "python" };

/** The desk of one exercise (see exercise.mjs). */
export class Desk {
  editor = null;

  constructor(exercise) {
    this.it = exercise;
    const { address, starter } = exercise;
    this.text = starter;
    this.kept = kernel ? new FileText(kernel, address, starter, { onConflict: (now) => this.#conflict(now),
      onTrouble: (words) => this.#trouble(words) }) : new KeptText(address, starter);
    this.#build();
    this.opened = this.kept.open().then((text) => this.#replace(text));
    if (!kernel) store.subscribe(() => { if (this.kept.text !== this.text) this.#replace(this.kept.text); });
    store.subscribe(() => this.refresh());
  }

  #build() {
    const { bar, state } = this.it;
    const add = (words, action) => button(words, action, { class: "cell-button", hidden: "" });
    this.stopButton = button("Stop", () => checker.stop(), { class: "cell-button cell-stop", hidden: "" });
    this.resetButton = add("Reset", () => this.reset());
    this.undoButton = add("Undo reset", () => this.undo());
    this.meter = make("progress", { class: "cell-progress", "aria-label": "Loading Python", hidden: "" });
    this.keys = make("p", { class: "cell-hint", id: `keys-${this.it.address.replace("/", "-")}`, hidden: "" },
      "Ctrl+Enter or Shift+Enter checks. Tab indents; Escape, then Tab, leaves the editor.");
    this.notice = make("div", { class: "cell-notice", hidden: "" });
    this.results = make("div", { class: "exercise-results", role: "status" });
    state.before(this.stopButton, this.resetButton, this.undoButton);
    bar.append(this.meter);
    bar.before(this.keys);
    bar.after(this.notice, this.results);
  }

  /** Show what is true now. */
  refresh() {
    const { busy, buttons } = this.it;
    const focused = document.activeElement;
    if (!this.it.runnable) return;
    buttons.check.hidden = busy;
    this.stopButton.hidden = !busy;
    if (busy && focused === buttons.check) this.stopButton.focus({ preventScroll: true });
    if (!busy && focused === this.stopButton) buttons.check.focus({ preventScroll: true });
    buttons.edit.textContent = this.editor ? "Close the editor" : "Write your answer";
    this.resetButton.hidden = busy || this.text === this.it.starter;
    this.undoButton.hidden = busy || !this.kept.undoable;
    this.it.starterBox.firstElementChild.textContent = this.text === this.it.starter ? "What you start from" : "Your answer";
  }

  // ---- Checking ----

  async check() {
    if (this.it.busy) return;
    await this.opened;
    this.#tell();
    if (!checker.warm && !await agreed(checker, (words, answers) => this.ask(words, answers))) return;
    const { text } = this;
    this.#busy("Checking");
    this.results.setAttribute("aria-busy", "true");
    try {
      await this.kept.settled();
      const result = await checker.check(this.it.address, text, { tag: this.kept.tag, onState: (state) => this.#state(state),
        onAnswer: ({ etag, progress }) => { this.kept.written(text, etag); if (progress) store.take(progress); } });
      this.#end(result, text);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.results.removeAttribute("aria-busy");
      this.#busy("");
    }
  }

  #end(result, text) {
    if (!kernel) {
      const { address, fingerprint, starter } = this.it;
      if (result.status === "pass") store.record((document, at) => passed(document, address, at, fingerprint));
      else if (text !== starter) store.record((document, at) => attempted(document, address, at));
    }
    const untouched = text === this.it.starter && result.status !== "pass";
    this.results.replaceChildren(...(untouched
      ? [make("p", { class: "check-summary" }, "This is the starter as it was: write your answer, then press Check.")]
      : shown(result, { goTo: (line) => this.edit(line), hint: (number) => this.#open(number) })));
    this.results.scrollIntoView({ block: "nearest" });
    this.results.dataset.status = result.status;
  }

  #failed(error) {
    if (error instanceof Conflict) return this.#conflict(error);
    const words = error instanceof Stopped ? "Stopped. Nothing was decided; your text is as it was." : error.message;
    return this.results.replaceChildren(make("p", { class: "check-summary" }, words));
  }

  #state({ state, loaded, total, title }) {
    const loading = state === "loading";
    this.meter.hidden = !loading || !total;
    if (loading && total) Object.assign(this.meter, { max: total, value: loaded });
    const came = total ? `Loading Python: ${bytes(loaded)} of ${bytes(total)}` : "Starting Python";
    this.it.state.textContent = loading ? came : `Checking${title ? `: ${title}` : ""}`;
  }

  #busy(words) {
    this.it.busy = Boolean(words);
    this.it.element.toggleAttribute("data-busy", this.it.busy);
    this.it.state.textContent = words;
    this.meter.hidden = true;
    if (!words) this.it.refresh();
    this.refresh();
  }

  // ---- The text ----

  /** Open the editor, or close it; with a line, go there. */
  async edit(line = 0) {
    await this.opened;
    if (this.editor && !line) return this.close();
    if (!this.editor) await this.#openEditor();
    this.it.starterBox.open = true;
    this.editor.focus();
    if (line) this.editor.goTo(line);
    return this.refresh();
  }

  async #openEditor() {
    const { open } = await import("../cell/editor.mjs").catch(() => import("../cell/plain_editor.mjs"));
    if (this.editor) return;
    this.box = this.it.code.closest("div[class*=highlight-]") ?? this.it.code;
    this.place = make("div", { class: "cell-editor" });
    this.box.after(this.place);
    this.box.hidden = true;
    this.keys.hidden = false;
    this.editor = open(this.place, { text: this.text.replace(/\n$/, ""), label: "Your answer", describedBy: this.keys.id,
      language: LANGUAGES[this.it.file.slice(this.it.file.lastIndexOf("."))] ?? "", onRun: () => this.check(),
      onChange: (text) => this.#change(text) });
  }

  close() {
    this.editor.close();
    this.editor = null;
    this.place.remove();
    this.box.hidden = false;
    this.keys.hidden = true;
    this.#paint();
    this.refresh();
  }

  #change(text) {
    this.text = text.endsWith("\n") ? text : `${text}\n`;
    this.kept.change(this.text);
    this.refresh();
  }

  #replace(text) {
    this.text = text;
    if (this.editor && `${this.editor.text}\n` !== text) this.editor.text = text.replace(/\n$/, "");
    this.#paint();
    this.refresh();
  }

  #paint() {
    if (this.text === this.it.starter) this.it.code.replaceChildren(...this.it.original);
    else this.it.code.textContent = this.text;
  }

  async reset() {
    await this.#begin("reset", this.undoButton, this.it.passed
      ? "This is the starter again, and the exercise counts as not passed. Undo reset brings back both."
      : "This is the starter again. Undo reset brings your text back.");
  }

  async undo() { await this.#begin("undo", this.resetButton, "Your text is as before the reset."); }

  async #begin(deed, next, words) {
    try {
      this.#replace(await this.kept[deed]());
      this.results.replaceChildren(make("p", {}, words));
      (next.hidden ? this.it.buttons.check : next).focus({ preventScroll: true });
    } catch (error) {
      this.#failed(error);
    }
  }

  // ---- Hints, the solution, and what there is to say ----

  hint(number) {
    if (number > this.it.seen.hints) store.record((document, at) => hintTaken(document, this.it.address, at, number));
  }

  #open(number) {
    for (const hint of this.it.hints.slice(0, number)) hint.open = true;
    const summary = this.it.hints[number - 1]?.firstElementChild;
    summary?.focus();
    summary?.scrollIntoView({ block: "nearest" });
  }

  async askSolution() {
    const left = this.it.hints.length - this.it.seen.hints;
    const hints = left > 0 ? ` ${left} of ${this.it.hints.length} hints ${left === 1 ? "is" : "are"} left.` : "";
    const yes = await this.ask([make("p", {}, `You have not passed it yet.${hints}`)],
      { "Not now": false, "Show the solution": true }, this.it.solution);
    if (yes) this.it.shown = this.it.solution.open = true;
    this.it.solution.firstElementChild.focus({ preventScroll: true });
  }

  why() {
    const { why } = this.it.buttons;
    const opened = why.getAttribute("aria-expanded") === "true";
    why.setAttribute("aria-expanded", String(!opened));
    if (opened) return this.#tell();
    const info = JSON.parse(document.getElementById("course-page")?.textContent ?? "{}");
    const links = [[info.binder, "Open the lesson on Binder"], [info.hub, "Open it on the class hub"]].filter(([address]) => address);
    const more = this.it.needs.includes("postgres") ? "a PostgreSQL with several sessions at once" : "what only an operating system has";
    return this.#tell(make("p", {}, `Its checks need ${more}. Python in a page has none; on your machine, this command makes the file ${
      this.it.file} and checks it each time you save:`), make("pre", {}, `course watch ${this.it.address}`),
    ...(links.length ? [make("ul", {}, ...links.map(([href, words]) => make("li", {}, make("a", { href }, words))))] : []));
  }

  /** Ask the reader, with buttons for the answers: {words: value}. Gives the value chosen. */
  ask(content, answers, before = null) {
    return new Promise((resolve) => {
      if (before) before.before(this.notice);
      const choose = (value) => () => {
        this.#tell();
        this.it.bar.after(this.notice);
        if (!before) this.it.buttons.check.focus({ preventScroll: true });
        resolve(value);
      };
      const buttons = Object.entries(answers).map(([words, value]) => button(words, choose(value), { class: "cell-button" }));
      this.#tell(...content, make("div", { class: "cell-answers" }, ...buttons));
      buttons[0].focus({ preventScroll: true });
    });
  }

  async #conflict(now) {
    if (now.text === this.text) return this.kept.accept(now);
    const pre = (text, label) => make("pre", { tabindex: "0", "aria-label": label }, text);
    const mine = await this.ask([make("p", {}, `${this.it.file} was changed elsewhere. Nothing was written over. The file now:`),
      pre(now.text, "The file"), make("p", {}, "Your text in this page:"), pre(this.text, "Your text")],
    { "Keep mine": true, "Take the file's": false });
    if (mine) return this.kept.overwrite(now).catch((error) => this.#failed(error));
    this.kept.accept(now);
    return this.#replace(now.text);
  }

  #trouble(words) {
    if (words) this.#tell(make("p", {}, words));
    else if (this.troubled) this.#tell();
    this.troubled = Boolean(words);
  }

  #tell(...children) {
    this.notice.replaceChildren(...children);
    this.notice.hidden = !children.length;
  }
}
