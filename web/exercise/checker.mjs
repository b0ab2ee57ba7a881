// Checking an answer to an exercise, wherever the page can: in a worker of this page, or on the local server.
// No UI here: the component (exercise.mjs) and the proof use it alike.

import { CheckPython, Stopped } from "./python.mjs";

export { Stopped };

const LARGE = 1 << 29; // bytes of memory after which a worker is replaced: it gives none back

/** The checks need what no page has; `needs` are the words of the exercise's `needs:` line. */
export class NeedsMachine extends Error {
  constructor(needs) {
    super("These checks need more than Python in a page has: check the answer on a machine.");
    this.name = "NeedsMachine";
    this.needs = needs;
  }
}

/** The file on the server holds another text than the page knew: `text`, with the tag `tag`. */
export class Conflict extends Error {
  constructor({ text, etag }) {
    super("The file has changed since this page read it.");
    this.name = "Conflict";
    this.text = text;
    this.tag = etag;
  }
}

/**
 * Checks answers, one after the other. `page` says where things are, in absolute addresses: `root` (the site), `runtime`
 * (the page's own Python), and `kernel` (the base of the local server, or null).
 */
export class Checker {
  #python = null;
  #runtime = null;
  #turn = Promise.resolve();
  #abort = null;
  #exercises = new Map();

  constructor(page) {
    this.page = page;
  }

  /** Whether Python has been loaded, or is on a server. */
  get warm() {
    return Boolean(this.page.kernel || this.#python?.alive);
  }

  /**
   * Check a text.
   * @param {string} address - `<lesson>/<exercise>`
   * @param {string} text - the answer
   * @param {object} hooks - onState({state: "loading", loaded, total} | {state: "checking", title}); on a server also
   *   tag (of the text that it replaces; without one whatever is there) and onAnswer({etag, progress, message})
   * @returns {Promise<object>} what course.check's Result.to_json gives. Rejects with Stopped, NeedsMachine, Conflict, or
   *   an Error whose message is for the reader
   */
  check(address, text, hooks = {}) {
    const { onState = () => {} } = hooks;
    const work = () => (this.page.kernel ? this.#onServer(address, text, { ...hooks, onState }) : this.#inPage(address, text, onState));
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Stop the check under way: it rejects with Stopped. */
  stop() {
    this.#abort?.();
  }

  /** Tell what the first check has to fetch, in bytes. */
  async weigh() {
    const { core, archives } = await this.#manifest();
    const entries = [...Object.values(core), ...["core", "library", "course"].map((name) => archives[name])];
    return entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** End the worker. */
  close() {
    this.#python?.end();
    this.#python = null;
  }

  // ---- In this page ----

  async #inPage(address, text, onState) {
    let stopped = false;
    const aborted = new Promise((_, reject) => {
      this.#abort = () => { stopped = true; this.close(); reject(new Stopped()); };
    });
    aborted.catch(() => {});
    try {
      const exercise = await Promise.race([this.exercise(address), aborted]);
      if (exercise.needs.length) throw new NeedsMachine(exercise.needs);
      return await this.#steps(exercise, text, onState, aborted);
    } catch (error) {
      throw stopped ? new Stopped() : error;
    } finally {
      this.#abort = null;
    }
  }

  async #steps(exercise, text, onState, aborted) {
    const { address, name, files, sources } = exercise;
    let state = null;
    let ended = null;
    for (;;) {
      const python = await Promise.race([this.#ready(onState), aborted]);
      const fresh = !python.placed.has(address);
      python.placed.add(address);
      const request = JSON.stringify({ address, name, text, state, ended });
      const step = { address, files: fresh ? files : [], sources: state ? [] : [...sources, text], request };
      const came = await python.step(step, ({ title }) => onState({ state: "checking", title }));
      if (came.ended && ended) throw new Error("Python in this page ends again and again. Load the page anew.");
      if (came.reply?.unusable) throw new Error(`The checks cannot be used: ${came.reply.unusable}`);
      ended = came.ended ?? null;
      if (!ended && (!came.reply.clean || python.memory > LARGE)) this.close();
      if (came.reply?.result) return came.reply.result;
      state = came.reply?.state ?? state;
    }
  }

  async #ready(onState) {
    if (!this.#python?.alive) {
      onState({ state: "loading", loaded: 0, total: 0 });
      const { runtime } = this.page;
      const manifest = await this.#manifest();
      this.#python = new CheckPython(runtime, manifest, (bytes) => onState({ state: "loading", ...bytes }));
    }
    const python = this.#python;
    try {
      await python.ready;
    } catch (error) {
      this.#python = null;
      throw new Error(`Python could not be started: ${error.message}. Check the connection and press Check again.`);
    }
    return python;
  }

  /** Fetch an exercise once: {address, name, needs, files: [{path, data}], sources}. */
  async exercise(address) {
    if (!this.#exercises.has(address)) {
      const found = this.#fetched(address);
      this.#exercises.set(address, found);
      found.catch(() => this.#exercises.delete(address));
    }
    return this.#exercises.get(address);
  }

  async #fetched(address) {
    const folder = new URL(`_static/exercises/${address}/`, this.page.root);
    const { name, needs, files } = await (await got(new URL("exercise.json", folder))).json();
    const found = await Promise.all(files.map(async (path) => (
      { path, data: new Uint8Array(await (await got(new URL(path, folder))).arrayBuffer()) })));
    const sources = found.filter(({ path }) => path.endsWith(".py")).map(({ data }) => new TextDecoder().decode(data));
    return { address, name, needs, files: found, sources };
  }

  #manifest() {
    this.#runtime ??= got(new URL("runtime.json", this.page.runtime)).then((response) => response.json());
    this.#runtime.catch(() => { this.#runtime = null; });
    return this.#runtime;
  }

  // ---- On the local server ----

  async #onServer(address, text, { onState, tag = "*", onAnswer = () => {} }) {
    onState({ state: "checking", title: "" });
    const { api, Refused } = await import("../run/jupyter_server.mjs");
    const { page: { kernel } } = this;
    const stopped = new Promise((_, reject) => { this.#abort = () => reject(new Stopped()); });
    stopped.catch(() => {});
    const ask = async (path, options) => {
      const answer = await Promise.race([api(kernel, `api/course/${path}/${address}`, options), stopped]);
      if (answer.status === 409) throw new Conflict({ ...answer.body, etag: answer.etag });
      if (answer.status > 399) throw new Refused(answer.status, answer.body?.message ?? `The server answers with status ${answer.status}.`);
      return answer;
    };
    try {
      const { etag } = await ask("work", { method: "PUT", body: { text }, headers: { "If-Match": tag } });
      onAnswer({ etag });
      const { body } = await ask("check", { method: "POST", headers: { "If-Match": etag } });
      onAnswer({ etag, progress: body.progress, message: body.message });
      return body.result;
    } finally {
      this.#abort = null;
    }
  }
}

async function got(url) {
  const response = await fetch(url, { cache: "no-cache" }).catch(() => {
    throw new Error("The page's own files could not be loaded. Check the connection and press Check again.");
  });
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${response.statusText}`);
  return response;
}
