// The text of a cell: the lesson's, or the reader's, which this browser keeps; and the editor.

import { button, make } from "./dom.mjs";

/**
 * `cell`: whose text it is, see cell.mjs; `onChange()` is called after each change, `tell(...nodes)` shows something in
 * the cell. Public: source (the lesson's), now, undo (what Reset took away), editor.
 */
export class CellText {
  editor = null;
  undo = null;

  constructor(cell, { onChange, tell }) {
    this.cell = cell;
    this.page = cell.page;
    this.onChange = onChange;
    this.tell = tell;
    this.box = cell.element.querySelector(".cell_input");
    this.code = this.box.querySelector("pre");
    this.original = [...this.code.childNodes];
    this.source = this.code.textContent.replace(/\n$/, "");
    this.now = this.source;
  }

  /** Bring back what the reader wrote on an earlier visit. */
  restore() {
    const found = this.page.saved.read(this.cell.id, this.source);
    if (found?.kind === "edited") this.#show(this.now = found.text);
    if (found?.kind === "reset") this.undo = found.text;
    if (found?.kind === "outdated") this.#offer(found.text);
  }

  #offer(text) {
    const keep = () => { this.tell(); this.#change(text); this.#show(text); };
    const take = () => { this.tell(); this.page.saved.forget(this.cell.id); };
    this.tell(make("p", {}, "This cell has changed since you edited it. The new one is shown; yours is kept:"),
      make("pre", { tabindex: "0", "aria-label": "Your text" }, text),
      make("div", { class: "cell-answers" }, button("Use mine", keep, { class: "cell-button" }),
        button("Use the new one", take, { class: "cell-button" })));
  }

  /** Open the editor, or go on in it. Gives whether it could be had. */
  async edit() {
    const place = make("div", { class: "cell-editor" });
    const { open } = await this.page.loadEditor().catch(() => ({}));
    if (!open) return false;
    if (!this.editor) {
      this.box.append(place);
      this.box.classList.add("is-edited");
      const { number, hint } = this.cell;
      this.editor = open(place, { text: this.now, label: `Code of cell ${number}`, describedBy: hint.id,
        onChange: (text) => this.#change(text), onRun: () => this.cell.run() });
    }
    return true;
  }

  close() {
    this.editor.close();
    this.editor = null;
    this.box.classList.remove("is-edited");
    this.box.querySelector(".cell-editor").remove();
    this.#show(this.now);
  }

  /** Put the lesson's own text back. */
  reset() {
    this.undo = this.now;
    this.page.saved.reset(this.cell.id, this.source, this.now);
    this.#replace(this.source);
  }

  undoReset() {
    const text = this.undo;
    this.#change(text);
    this.#replace(text);
  }

  #replace(text) {
    this.now = text;
    if (this.editor) this.editor.text = text;
    this.#show(text);
    this.onChange();
  }

  #change(text) {
    this.now = text;
    this.undo = null;
    const kept = this.page.saved.write(this.cell.id, this.source, text);
    if (!kept && !this.warned) {
      this.warned = true;
      this.page.announce("This browser keeps nothing here: your text lasts until you leave the page.");
    }
    this.onChange();
  }

  #show(text) {
    if (text === this.source) this.code.replaceChildren(...this.original);
    else {
      this.code.textContent = `${text}\n`;
      this.#colour(text);
    }
  }

  /** Give the reader's text its colours: with the editor, which who has edited has loaded before. */
  async #colour(text) {
    const { coloured } = await this.page.loadEditor().catch(() => ({}));
    if (coloured && text === this.now && text !== this.source) this.code.replaceChildren(coloured(`${text}\n`));
  }
}
