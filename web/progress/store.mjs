// The learner's progress in a page: one document, kept in this browser; where the course runs on the learner's own
// machine, its server keeps it, and the browser only what the server has not got yet.

import { parse, VERSION, written } from "./form.mjs";
import { merge, seen } from "./merge.mjs";

const NOTHING = { version: VERSION, items: {} };
const FULL = "This browser has no room left for your progress, so nothing new is kept: export it to a file, or free space.";
const FORBIDDEN = "This browser does not let the course keep your progress: it is gone when you close this page.";
const NEWER = "A newer version of the course keeps your progress in this browser. Reload this page: until then, nothing new is kept.";

const now = () => written(Math.max(Date.now(), Date.UTC(2000, 0)));
const isEmpty = ({ items }) => !Object.keys(items).length;

/** Return what `now` holds beyond `before`, as a document: the entries that changed. */
export function newer(before, now) {
  const changed = Object.entries(now.items).filter(([address, epochs]) => {
    const old = before.items[address];
    return old !== epochs && JSON.stringify(old) !== JSON.stringify(epochs);
  });
  return { version: VERSION, items: Object.fromEntries(changed) };
}

/** The document of one site in one tab. */
export class Store {
  #listeners = new Set();
  #known = null; // the text that the browser keeps, as last read or written
  #aside = ""; // what was set aside
  #trouble = ""; // why nothing is kept
  #server = null;

  /**
   * `storage` gives localStorage or the like, and may throw; `key` names the document in it; `connect`, where there is a
   * server, returns a promise of what talks to it (web/progress/server.mjs), given the store.
   */
  constructor(storage, key, connect = null) {
    this.key = key;
    this.document = NOTHING;
    try {
      this.storage = storage();
      this.storage.getItem(key);
    } catch {
      this.storage = null;
      this.#trouble = FORBIDDEN;
    }
    this.#takeBack();
    this.#read();
    this.ready = connect ? this.#connect(connect) : Promise.resolve();
  }

  async #connect(connect) {
    try {
      this.#server = await connect(this);
    } catch {
      this.#aside = "The progress on your machine could not be loaded: reload this page.";
      return this.tell();
    }
    return this.#server.pull();
  }

  /** Return what to show of an address (web/progress/merge.mjs, `seen`). */
  seen(address) { return seen(this.document, address); }

  /** Whether what is recorded outlives this page. */
  get keeps() { return !this.#trouble || Boolean(this.#server?.answers); }

  /** A sentence that the reader must see; empty when all is well. */
  get message() {
    const own = this.#server?.answers ? "" : this.#trouble;
    return [this.#aside, own, this.#server?.message].filter(Boolean).join(" ");
  }

  /** Change the document: `change` gets it and the time, and returns a new one (web/progress/changes.mjs). */
  record(change) { this.take(change(this.document, now())); }

  /** Merge a document into this one: what a server, a file or another tab holds. Nothing is lost. */
  take(document) {
    const before = this.document;
    this.document = merge(before, document);
    this.#write();
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
    this.#write();
    this.#server?.leave();
  }

  /** Look again at what other tabs and the terminal have done. */
  refresh() {
    this.#read();
    return this.#server?.pull();
  }

  /** The server has it all: the browser need not keep it. */
  forget() {
    try {
      if (this.storage.getItem(this.key) !== this.#known) return; // another tab has more
      this.storage.removeItem(this.key);
      this.#known = null;
    } catch { /* forbidden: nothing was kept */ }
  }

  // ---- The browser's storage ----

  /** Merge what the browser keeps, and write what it lacks. */
  #read() {
    let text = null;
    try { text = this.storage?.getItem(this.key) ?? null; } catch { return; }
    if (text === null || text === this.#known) return;
    let found;
    try { found = parse(text); } catch (error) { return void this.#refuse(text, error); }
    this.#known = text;
    const before = this.document;
    this.document = merge(before, merge(NOTHING, found));
    this.#write();
    if (!isEmpty(newer(before, this.document))) this.tell();
  }

  #write() {
    const { storage } = this;
    if (!storage || this.#trouble === NEWER) return;
    const text = JSON.stringify(this.document);
    try {
      const there = storage.getItem(this.key);
      if (there === text || (there === null && isEmpty(this.document))) return;
      if (there !== null && there !== this.#known) return void this.#read(); // another tab wrote: it is merged, then written
      storage.setItem(this.key, text);
      this.#known = text;
      this.#troubled("");
    } catch {
      this.#troubled(FULL);
    }
  }

  #troubled(words) {
    if (this.#trouble === words) return;
    this.#trouble = words;
    this.tell();
  }

  /** Put what cannot be read under another name, where the next version of the course will look for it. */
  #refuse(text, { message, newer }) {
    if (newer && this.#known !== null) return this.#troubled(NEWER); // another tab is being used with it
    try {
      this.storage.removeItem(this.key);
      try {
        this.storage.setItem(this.#free(text), text);
      } catch (error) {
        this.storage.setItem(this.key, text);
        throw error;
      }
    } catch {
      return this.#troubled(newer ? NEWER : FULL);
    }
    this.#aside = newer
      ? "A newer version of the course wrote the progress that this browser keeps. It is set aside until this page is newer too: reload it."
      : `The progress that this browser kept cannot be read (${message}). It was set aside, and progress begins anew; `
        + "“Your progress” lets you save it to a file.";
    this.#known = null;
    this.#write();
    this.tell();
  }

  #free(text) {
    let number = 1;
    while (![null, text].includes(this.storage.getItem(`${this.key} aside ${number}`))) number += 1;
    return `${this.key} aside ${number}`;
  }

  /** The texts that were set aside: [{name, text}]. */
  get aside() {
    try {
      const names = Array.from({ length: this.storage?.length ?? 0 }, (_, number) => this.storage.key(number));
      return names.filter((name) => name.startsWith(`${this.key} aside `)).sort()
        .map((name) => ({ name, text: this.storage.getItem(name) }));
    } catch { return []; }
  }

  /** What was set aside for being too new may be readable now. */
  #takeBack() {
    for (const { name, text } of this.aside) {
      try { this.document = merge(this.document, merge(NOTHING, parse(text))); } catch { continue; }
      this.#write();
      if (!this.#trouble) this.storage.removeItem(name);
    }
  }
}

/** The store of a page, from where its scripts lie (`_static/run/`) and whether a local server handed it out. */
function ofPage() {
  const site = new URL("../../", import.meta.url);
  const base = document.documentElement.dataset.courseServer;
  const made = new Store(() => window.localStorage, `course ${site.pathname} ${base ? "unsent" : "progress"}`,
    base ? async (store) => new (await import("./server.mjs")).Server(base, store) : null);
  addEventListener("storage", ({ key }) => { if (key === made.key || key === null) made.refresh(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) made.refresh(); });
  addEventListener("pagehide", () => made.flush());
  return made;
}

/** The page's own; null where there is no page. */
export const store = globalThis.document ? ofPage() : null;
