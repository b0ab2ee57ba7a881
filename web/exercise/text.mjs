// The learner's text: kept in the progress of this browser, or as the file on the learner's own machine.

import { store } from "../progress/store.mjs";
import { edited, reset, undoReset } from "../progress/changes.mjs";

/** In this browser. All methods give the text that is to be shown. */
export class KeptText {
  constructor(address, starter) {
    this.address = address;
    this.starter = starter;
  }

  async open() { return this.text; }

  get text() {
    const { text, text_at: at } = store.seen(this.address);
    return at ? text : this.starter;
  }

  get undoable() { return Boolean(store.seen(this.address).reset); }

  /** Keep a text at once. */
  change(text) { store.record((document, at) => edited(document, this.address, at, text)); }

  async reset() {
    store.record((document, at) => reset(document, this.address, at));
    return this.text;
  }

  async undo() {
    store.record((document, at) => undoReset(document, this.address, at));
    return this.text;
  }

  /** Wait until all is kept. */
  async settled() {}
}
