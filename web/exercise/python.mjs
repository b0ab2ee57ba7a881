// A worker for checks, as the page sees it: one step at a time, each with its own limit.

/** The worker was ended because the reader pressed Stop. */
export class Stopped extends Error {
  constructor() {
    super("The checks were stopped.");
    this.name = "Stopped";
  }
}

export class CheckPython {
  placed = new Set(); // addresses whose files are there
  alive = true;
  memory = 0; // bytes that Python has taken, at the last step
  #word = crypto.getRandomValues(new Uint32Array(4)).join("-");
  #worker;
  #steps = 0;
  #step = null; // {id, resolve, reject, onBegan, timer} of the step under way

  /**
   * @param {string} base - the runtime's folder
   * @param {object} runtime - runtime.json
   * @param {(bytes: {loaded: number, total: number}) => void} onProgress
   */
  constructor(base, runtime, onProgress) {
    this.#worker = new Worker(new URL(runtime.worker.file, base), { type: "module" });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => {
        if (data.type === "ready") resolve();
        else if (data.type === "progress") onProgress({ loaded: data.loaded, total: data.total });
        else if (data.word === this.#word) this.#hear(data);
        else if (data.fatal) this.#lose(reject, data.message);
      };
      this.#worker.onerror = (event) => this.#lose(reject, event.message ?? "its files could not be loaded");
    });
    this.ready.catch(() => {});
    this.#worker.postMessage({ type: "boot", runtime, word: this.#word, asks: false });
  }

  /**
   * Carry out one step.
   * @param {object} step - {address, files, sources, request}, see web/run/checks.mjs
   * @param {(coming: {seconds: number, title: string}) => void} onBegan
   * @returns {Promise<{reply: object} | {ended: object}>} what Desk.step gives, or how it ended without
   */
  step(step, onBegan = () => {}) {
    this.#steps += 1;
    return new Promise((resolve, reject) => {
      this.#step = { id: this.#steps, resolve, reject, onBegan, timer: 0 };
      this.#worker.postMessage({ type: "check", id: this.#steps, ...step });
    });
  }

  /** End the worker; a step under way is told `reason`. */
  end(reason = new Stopped()) {
    this.alive = false;
    this.#worker.terminate();
    this.#finish()?.reject(reason);
  }

  #hear({ type, id, coming, reply, memory, status }) {
    if (type === "ended") this.#fall({ reason: "exit", status, seen: false });
    if (id !== this.#step?.id) return;
    if (type === "began") this.#begin(JSON.parse(coming));
    if (type === "step") {
      this.memory = memory;
      this.#finish().resolve({ reply: JSON.parse(reply) });
    }
  }

  #begin(coming) {
    this.#step.onBegan(coming);
    this.#step.timer = setTimeout(() => this.#fall({ reason: "slow", seen: false }), coming.seconds * 1000);
  }

  // The step will give no reply.
  #fall(ended) {
    const step = this.#finish();
    this.end();
    step?.resolve({ ended });
  }

  #lose(reject, message) {
    reject(new Error(message)); // without effect once the worker was ready
    this.#fall({ reason: "exit", status: null, seen: false });
  }

  #finish() {
    const step = this.#step;
    this.#step = null;
    clearTimeout(step?.timer);
    return step;
  }
}
