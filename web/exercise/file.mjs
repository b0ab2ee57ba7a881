// The learner's file on the local server: read once, written as the reader types, never over what another has written.

import { store } from "../progress/store.mjs";
import { api, Refused } from "../run/jupyter_server.mjs";
import { Conflict } from "./checker.mjs";

const PAUSE = 400; // ms after a key before the file is written

/**
 * `onConflict({text, tag})` is told when the file holds a text that this page has not seen; `onTrouble(sentence)` when
 * the server does not answer, and with "" when it does again. What the server has not got yet is kept in this browser.
 */
export class FileText {
  #tag = "*";
  #sent; // the text that the server has
  #text;
  #timer = 0;
  #turn = Promise.resolve();
  #reset = null;

  constructor(kernel, address, starter, { onConflict, onTrouble }) {
    Object.assign(this, { kernel, address, starter, onConflict, onTrouble });
    this.#sent = this.#text = starter;
    this.draft = `${store.key} ${address}`;
    addEventListener("pagehide", () => this.#leave());
    addEventListener("online", () => this.#send());
  }

  get tag() { return this.#tag; }

  get undoable() { return Boolean(store.seen(this.address).reset); }

  async open() {
    try {
      this.#take(await this.#ask("work"));
      this.onTrouble("");
    } catch (error) {
      this.onTrouble(error.message);
    }
    const draft = this.#kept();
    if (draft && draft.text !== this.#sent) {
      this.#text = draft.text;
      if (draft.tag === this.#tag || this.#tag === "*") this.#send();
      else this.onConflict({ text: this.#sent, tag: this.#tag });
    }
    return this.#text;
  }

  change(text) {
    this.#text = text;
    this.#keep();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), PAUSE);
  }

  /** Take the place of what the conflict told of. */
  overwrite({ tag }) {
    this.#tag = tag;
    return this.settled();
  }

  /** Take what the conflict told of. */
  accept({ text, tag }) {
    this.#tag = tag;
    this.#sent = this.#text = text;
    this.#forget();
  }

  /** What a check has written. */
  written(text, tag) {
    this.#tag = tag;
    this.#sent = text;
    if (this.#text === text) this.#forget();
  }

  reset() { return this.#begin({}); }

  undo() { return this.#begin({ undo: true }); }

  /** Write what is not written; rejects with Conflict, or an error whose message is for the reader. */
  settled() {
    clearTimeout(this.#timer);
    this.#turn = this.#turn.catch(() => {}).then(() => (this.#text === this.#sent ? null : this.#write(this.#text)));
    return this.#turn;
  }

  async #begin(body) {
    await this.settled();
    this.#take(await this.#ask("work", "/reset", { method: "POST", body }));
    await store.refresh();
    return this.#text;
  }

  async #send() {
    try {
      await this.settled();
      this.onTrouble("");
    } catch (error) {
      if (error instanceof Conflict) this.onConflict(error);
      else this.onTrouble(error.message);
    }
  }

  async #write(text) {
    if (this.#tag === "*") this.#tag = (await this.#ask("work")).etag;
    const { etag } = await this.#ask("work", "", { method: "PUT", body: { text }, headers: { "If-Match": this.#tag } });
    this.written(text, etag);
  }

  async #ask(kind, more = "", options = {}) {
    const answer = await api(this.kernel, `api/course/${kind}/${this.address}${more}`, options);
    if (answer.status === 409) throw new Conflict({ ...answer.body, etag: answer.etag });
    if (answer.status > 399) throw new Refused(answer.status, answer.body?.message ?? `The server answers with status ${answer.status}.`);
    return answer;
  }

  #take({ body, etag }) {
    this.#tag = etag;
    this.#sent = this.#text = body.text;
    if (!this.#kept()) this.#forget();
  }

  #leave() {
    if (this.#text === this.#sent || this.#tag === "*") return;
    api(this.kernel, `api/course/work/${this.address}`,
      { method: "PUT", body: { text: this.#text }, headers: { "If-Match": this.#tag }, keepalive: true }).catch(() => {});
  }

  #kept() {
    try { return JSON.parse(localStorage.getItem(this.draft)); } catch { return null; }
  }

  #keep() {
    try { localStorage.setItem(this.draft, JSON.stringify({ text: this.#text, tag: this.#tag })); } catch { /* the server has it soon */ }
  }

  #forget() {
    try { localStorage.removeItem(this.draft); } catch { /* nothing was kept */ }
  }
}
