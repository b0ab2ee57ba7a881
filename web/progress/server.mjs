// The local server's copy of the learner's progress, which is the truth: work/progress.json, that the terminal and
// Jupyter write too. Loaded only by pages that such a server handed out.

import { api, ServerGone } from "../run/jupyter_server.mjs";
import { newer, NOTHING } from "./store.mjs";

const PATH = "api/course/progress";
const PAUSE = 400; // ms: changes that come close together are sent together
const LONGEST = 30_000; // ms between two tries
const GONE = {
  unreachable: "The server of the course does not answer: start it again with `python3 noxfile.py -s serve`, and open the "
    + "address that it prints.",
  signedOut: "The server of the course was started anew and does not know this page any more: open the address that the "
    + "terminal shows.",
};
const KEPT = " What you do is kept in this browser until it has been sent.";

export class Server {
  answers = false; // whether it answered the last time
  #said = "";
  #trouble = "";
  #etag = "";
  #sent = NOTHING; // what the server is known to hold
  #timer = null;
  #wait = PAUSE;
  #queue = Promise.resolve(); // one request at a time

  /** `base` is the server's address, `store` the page's store. */
  constructor(base, store) {
    Object.assign(this, { base, store });
  }

  get message() { return [this.#said, this.#trouble].filter(Boolean).join(" "); }

  /** Get what the terminal and other pages have done. Never throws: what goes wrong becomes the message. */
  pull() {
    return this.#turn(async () => {
      const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
      await this.#took(await api(this.base, PATH, { headers }));
      this.push();
    });
  }

  /** Send, in a moment, what the server lacks. */
  push() {
    if (this.#timer !== null) return;
    if (this.#lacks()) this.#later(PAUSE);
    else if (this.answers) this.store.forget();
  }

  /** The page is about to go: send at once what is left; what does not arrive is sent by the next page. */
  leave() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const body = this.#lacks();
    if (body) api(this.base, PATH, { method: "PUT", body, keepalive: true }).then((answer) => this.#took(answer)).catch(() => {});
  }

  #later(pause) {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#turn(() => this.#send());
    }, pause);
  }

  #lacks() {
    const lacking = newer(this.#sent, this.store.document);
    return Object.keys(lacking.items).length ? lacking : null;
  }

  async #send() {
    const body = this.#lacks();
    if (body) await this.#took(await api(this.base, PATH, { method: "PUT", body }));
    this.push();
  }

  async #took({ status, etag, body }) {
    if (status !== 304 && !body?.progress) {
      throw new Error(body?.message ?? `The server of the course answers with status ${status}.`);
    }
    const before = this.message;
    this.answers = true;
    this.#wait = PAUSE;
    this.#trouble = "";
    if (status !== 304) {
      this.#etag = etag;
      this.#said = body.message || this.#said;
      this.#sent = body.progress;
      this.store.take(body.progress);
    }
    if (this.message !== before) this.store.tell();
  }

  /** Do one thing after another; when it fails, say so and try again, later each time. */
  #turn(action) {
    this.#queue = this.#queue.then(action).catch((error) => {
      const before = this.message;
      this.answers = false;
      this.#trouble = (error instanceof ServerGone ? GONE[error.kind] : error.message) + KEPT;
      if (this.message !== before) this.store.tell();
      this.#wait = Math.min(2 * this.#wait, LONGEST);
      if (this.#timer === null) this.#later(this.#wait);
    });
    return this.#queue;
  }
}
