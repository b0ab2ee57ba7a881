// One code cell of the page: its buttons, its editor, its output.

import { CellText } from "./cell_text.mjs";
import { outcome, reason, stateWords, whyNotHere } from "./cell_words.mjs";
import { button, make } from "./dom.mjs";

/**
 * A cell. `element` is its `div.cell` with data-cell, data-tags and a `.cell-bar`; `page` is what the cells share, see
 * page.mjs. Public: number, tags, runnable, text, run(), refresh().
 */
export class Cell {
  busy = ""; // "", "waiting", "running"
  ran = null; // {kernel, order, seconds, status, text, error} of the last run
  failed = false; // Python could not be started for it
  stored = null; // the nodes of the lesson's own output, while that of a run is shown

  constructor(element, number, page) {
    this.element = element;
    this.number = number;
    this.page = page;
    this.id = element.dataset.cell;
    this.tags = element.dataset.tags.split(" ");
    this.written = new CellText(this, { onChange: () => this.refresh(), tell: (...nodes) => this.#tell(...nodes) });
    this.#build();
    this.written.restore();
    this.refresh();
  }

  /** What a run would run. */
  get text() { return this.written.now; }

  /** What the lesson has written. */
  get source() { return this.written.source; }

  /** Whether it can run where code runs now. */
  get runnable() { return this.page.where !== "browser" || !this.tags.includes("needs-kernel"); }

  get output() {
    let output = this.element.querySelector(".cell_output");
    if (!output) this.element.append(output = make("div", { class: "cell_output", hidden: "" }));
    return output;
  }

  /** Run the cell; `asked` tells a press of its own Run from a run together with others. Gives whether to go on. */
  async run(asked = true) {
    if (this.busy) return false;
    if (this.failed) this.#tell();
    this.failed = false;
    this.#mark("waiting");
    const outputs = await this.page.prepare(this);
    if (!outputs) {
      this.#mark("");
      return false;
    }
    this.outputs = outputs;
    if (this.output.dataset.from === "stored") this.stored = [...this.output.childNodes];
    const { text } = this;
    const onStart = () => this.#mark("running");
    const result = await this.page.session.run({
      source: text, name: `Cell ${this.number}`, onStart, onOutput: (message) => this.#say(outputs, message) });
    this.#end(result, outputs, text, asked);
    return result.status === "ok" || (result.status === "error" && this.tags.includes("raises-exception"));
  }

  /** Put the lesson's own output back. */
  showStored() {
    this.outputs = null; // what a task of the run still prints is not mixed into it
    this.output.replaceChildren(...this.stored);
    Object.assign(this.output.dataset, { from: "stored" });
    this.output.hidden = false;
    this.runButton.focus({ preventScroll: true });
    this.refresh();
  }

  #say(outputs, message) {
    if (this.outputs !== outputs) return; // a task of an earlier run that still prints
    this.#fresh();
    outputs.add(message);
    this.#report("course-output", message);
  }

  #end({ status, seconds, kernel, order, message }, outputs, text, asked) {
    if (!["skipped", "failed"].includes(status)) {
      this.ran = { status, seconds, kernel, order, text, error: outputs.error };
      this.#fresh();
      outputs.finish();
      if (status === "interrupted" && !this.output.childElementCount) {
        this.output.append(make("div", { class: "gap" }, "Stopped, no output."));
      }
      this.output.hidden = !this.output.childElementCount;
      if (asked) this.output.closest("details")?.setAttribute("open", "");
    }
    this.#mark("");
    this.failed = status === "failed";
    if (this.failed) this.#tell(`Python could not be started: ${reason(message)}`);
    if (status !== "skipped") this.page.announce(`Cell ${this.number}: ${outcome(status, seconds, outputs.error)}`);
    this.#report("course-end", { status, seconds, message });
  }

  /** Tell whoever listens on the page, such as the proof that cells show here what their notebook stores. */
  #report(type, detail) {
    this.element.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  }

  /** From the first message on, what is shown is of this run. */
  #fresh() {
    this.output.dataset.from = "run";
    this.output.hidden = false;
  }

  // ---- The bar ----

  #build() {
    const quiet = { class: "cell-button" };
    const add = (words, action, attributes = quiet) => button(words, action, attributes);
    this.runButton = add("Run", () => this.run(), { class: "cell-button cell-run", "aria-keyshortcuts": "Shift+Enter" });
    this.stopButton = add("Stop", () => this.page.stop(), { class: "cell-button cell-stop" });
    this.whyButton = add("Why not here?", () => this.#why(), { class: "cell-button", "aria-expanded": "false" });
    this.editButton = add("Edit", () => (this.written.editor ? this.closeEditor() : this.edit()));
    this.resetButton = add("Reset", () => this.reset());
    this.undoButton = add("Undo reset", () => this.undoReset());
    this.storedButton = add("Stored output", () => this.showStored());
    this.aboveButton = add("Run all above", () => this.page.runAbove(this));
    this.state = make("span", { class: "cell-state" });
    this.meter = make("progress", { class: "cell-progress", "aria-label": "Loading Python", hidden: "" });
    this.hint = make("p", { class: "cell-hint", id: `hint-${this.id}`, hidden: "" },
      "Shift+Enter runs. Tab indents; Escape, then Tab, leaves the editor.");
    this.notice = make("div", { class: "cell-notice", hidden: "" });
    const bar = this.element.querySelector(".cell-bar");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", `Cell ${this.number}`);
    bar.append(this.runButton, this.stopButton, this.whyButton, this.editButton, this.resetButton, this.undoButton,
      this.aboveButton, this.storedButton, this.state, this.meter);
    bar.after(this.notice);
    bar.before(this.hint);
    const stored = this.element.querySelector(".cell_output");
    if (stored) stored.dataset.from = "stored";
    this.element.tabIndex = -1; // a click into the cell makes Shift+Enter mean this one
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  #key(event) {
    if (event.key !== "Enter" || !event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest(".cell_output, .cell-notice")) return;
    event.preventDefault();
    this.run();
  }

  #mark(busy) {
    this.busy = busy;
    this.refresh();
  }

  /** Show what is true now. */
  refresh() {
    const { session } = this.page;
    const running = Boolean(this.busy);
    const focused = document.activeElement;
    this.element.dataset.busy = this.busy;
    this.runButton.hidden = running || !this.runnable;
    this.stopButton.hidden = !running || Boolean(this.page.asking);
    this.whyButton.hidden = this.runnable;
    this.editButton.hidden = !this.runnable && !this.written.editor;
    this.aboveButton.hidden = running || !this.runnable || this.number === 1;
    this.resetButton.hidden = this.text === this.source;
    this.storedButton.hidden = running || !this.stored || this.output.dataset.from !== "run";
    this.undoButton.hidden = this.written.undo === null || this.text !== this.source;
    if (running && focused === this.runButton) this.stopButton.focus({ preventScroll: true });
    if (!running && focused === this.stopButton) this.runButton.focus({ preventScroll: true });
    const loading = (session.state === "starting" ? running : this.busy === "running") && session.progress;
    this.meter.hidden = !loading;
    if (loading) Object.assign(this.meter, { max: loading.total || 1, value: loading.loaded });
    this.state.textContent = stateWords(this, session, Boolean(this.page.asking));
    this.element.toggleAttribute("data-edited", this.text !== this.source);
    this.element.toggleAttribute("data-stale", Boolean(this.ran && this.ran.kernel !== session.kernel));
  }

  /** Show a sentence to the reader, or nothing for "". */
  say(words) {
    this.#tell(...(words ? [words] : []));
    if (words) this.page.announce(words);
  }

  #tell(...children) {
    this.notice.replaceChildren(...children);
    this.notice.hidden = !children.length;
  }

  /** Say something in the cell with buttons for the answers: {words: value}. Gives the value chosen. */
  ask(content, answers) {
    return new Promise((resolve) => {
      const choose = (value) => () => { this.#tell(); this.runButton.focus({ preventScroll: true }); resolve(value); };
      const buttons = Object.entries(answers).map(([words, value]) => button(words, choose(value), { class: "cell-button" }));
      this.#tell(...content, make("div", { class: "cell-answers" }, ...buttons));
      buttons[0].focus({ preventScroll: true });
    });
  }

  /** Say why the cell does not run in the page, and where it does. */
  #why() {
    const opened = this.whyButton.getAttribute("aria-expanded") === "true";
    this.whyButton.setAttribute("aria-expanded", String(!opened));
    if (opened) return this.#tell();
    return this.#tell(...whyNotHere(this.page.info));
  }

  // ---- The text ----

  /** Open the editor, or go on in it. */
  async edit() {
    if (!await this.written.edit()) return this.say("The editor could not be loaded: check the connection and load the page again.");
    this.say("");
    this.editButton.textContent = "Done";
    this.hint.hidden = false;
    return this.written.editor.focus();
  }

  closeEditor() {
    this.written.close();
    this.editButton.textContent = "Edit";
    this.hint.hidden = true;
    this.refresh();
  }

  /** Put the lesson's own text back. */
  reset() {
    this.written.reset();
    this.undoButton.focus({ preventScroll: true });
    this.page.announce(`Cell ${this.number} is as the lesson has it. Undo reset brings your text back.`);
  }

  undoReset() {
    this.written.undoReset();
    this.resetButton.focus({ preventScroll: true });
  }
}
