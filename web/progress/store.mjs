// The learner's progress in a page: one document, kept in this browser; where the course runs on the learner's own
// machine, its server keeps it, and the browser only what the server has not got yet.

import { EMPTY, isTime, merge, seen, TIMES, VERSION, written } from "./merge.mjs";

export const NOTHING = { version: VERSION, items: {} };
const FULL = "This browser has no room left for your progress: what is new is not kept. Export it to a file, or free space.";
const FORBIDDEN = "This browser lets no site keep anything, so your progress is gone when you close this page.";
const LOST = "Your progress could not be loaded: reload this page.";

const entries = Object.entries;
const isEmpty = ({ items }) => !Object.keys(items).length;

/** Return what `now` holds beyond `before`, as a document: the entries that changed. */
export function newer(before, now) {
  const changed = entries(now.items).filter(([address, epochs]) => {
    const old = before.items[address];
    return old !== epochs && JSON.stringify(old) !== JSON.stringify(epochs);
  });
  return { version: VERSION, items: Object.fromEntries(changed) };
}

/** Return the document in a text that a store wrote; null for any other text. */
function own(text) {
  try {
    const found = merge(NOTHING, JSON.parse(text));
    const sound = entries(found.items).every(([, epochs]) => entries(epochs).every(([reset, epoch]) => (!reset || isTime(reset))
      && entries(epoch).every(([name, value]) => typeof value === typeof EMPTY[name] && (!TIMES.includes(name) || isTime(value)))));
    return sound && JSON.stringify(found) === text ? found : null;
  } catch { return null; }
}

/** The document of one site in one tab. */
export class Store {
  document = NOTHING;
  said = ""; // what the reader must know besides
  trouble = ""; // why nothing is kept
  known = null; // the text that the browser keeps, as last read or written
  #listeners = new Set();
  #server = null;
  #strange = null; // a promise while a text is looked into that no store of this version wrote

  /**
   * `open` returns localStorage or the like, and may throw; `key` names the document in it; `connect`, where there is a
   * server, returns a promise of what talks to it (web/progress/server.mjs), given the store.
   */
  constructor(open, key, connect = null) {
    this.key = key;
    try {
      this.storage = open();
      this.#read();
      if (this.storage.getItem(`${key} aside 1`) !== null) this.#look(null);
    } catch {
      this.storage = null;
      this.trouble = FORBIDDEN;
    }
    /** Settles when what the browser and the server hold is in the document. Never rejects. */
    this.ready = this.#load(connect);
  }

  async #load(connect) {
    try {
      await this.#strange;
      this.#server = await connect?.(this);
      await this.#server?.pull();
    } catch {
      this.said = LOST;
      this.tell();
    }
  }

  /** Return what to show of an address (web/progress/merge.mjs, `seen`). */
  seen(address) { return seen(this.document, address); }

  /** Whether what is recorded outlives this page. */
  get keeps() { return !this.trouble || Boolean(this.#server?.answers); }

  /** A sentence that the reader must see; empty when all is well. */
  get message() {
    return [this.said, this.#server?.answers ? "" : this.trouble, this.#server?.message].filter(Boolean).join(" ");
  }

  /** Change the document: `change` gets it and the time, and returns a new one (web/progress/changes.mjs). */
  record(change) { this.take(change(this.document, written(Math.max(Date.now(), Date.UTC(2000))))); }

  /** Merge a document into this one: what a server, a file or another tab holds. Nothing is lost. */
  take(document) {
    const before = this.document;
    this.document = merge(before, document);
    this.write();
    if (!isEmpty(newer(before, this.document))) this.tell();
    this.#server?.push();
  }

  /** Call `callback` after each change, also of other tabs and of the message. Returns what ends that. */
  subscribe(callback) {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Tell all who listen. */
  tell() { for (const callback of [...this.#listeners]) callback(this); }

  /** Write what is not written yet: the page is about to go. */
  flush() {
    this.write();
    this.#server?.leave();
  }

  /** Look again at what other tabs and the terminal have done. */
  refresh() {
    this.#read();
    return this.#server?.pull();
  }

  /** The server has it all: the browser need not keep it, unless another tab has written more. */
  forget() {
    try {
      if (this.storage.getItem(this.key) !== this.known) return;
      this.storage.removeItem(this.key);
      this.known = null;
    } catch { /* forbidden: nothing was kept */ }
  }

  /** Merge what the browser keeps, and write what it lacks. */
  #read() {
    let text = null;
    try { text = this.storage?.getItem(this.key) ?? null; } catch { return; }
    if (text === null || text === this.known) return;
    const found = own(text);
    if (!found) return this.#look(text);
    this.known = text;
    this.take(found);
  }

  /** Write the document, unless the browser holds what is not merged yet. */
  write() {
    const { storage } = this;
    if (!storage || this.#strange) return;
    const text = JSON.stringify(this.document);
    try {
      const there = storage.getItem(this.key);
      if (there !== null && there !== this.known) return this.#read();
      if (there === text || (there === null && isEmpty(this.document))) return;
      storage.setItem(this.key, text);
      this.known = text;
      this.troubled("");
    } catch {
      this.troubled(FULL);
    }
  }

  troubled(words) {
    if (this.trouble === words) return;
    this.trouble = words;
    this.tell();
  }

  /** Have a text looked into that is none of ours; until then nothing is written over it. */
  #look(text) {
    this.#strange ??= import("./aside.mjs").then(({ settle }) => settle(this, text)).then((settled) => {
      if (!settled) return;
      this.#strange = null;
      this.write();
    }).catch(() => this.troubled(LOST));
  }
}

/** The store of a page, from where its scripts lie (`_static/run/`) and whether a local server handed it out. */
function ofPage() {
  const base = document.documentElement.dataset.courseServer;
  const key = `course ${new URL("../../", import.meta.url).pathname} ${base ? "unsent" : "progress"}`;
  const made = new Store(() => localStorage, key,
    base && (async (store) => new (await import("./server.mjs")).Server(base, store)));
  addEventListener("storage", ({ key }) => { if (key === made.key || key === null) made.refresh(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) made.refresh(); });
  addEventListener("pagehide", () => made.flush());
  return made;
}

/** The page's own; null where there is no page. */
export const store = globalThis.document ? ofPage() : null;
