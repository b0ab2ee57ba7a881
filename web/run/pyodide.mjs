// The transport to Python in the page: one worker, replaced when it is interrupted or lost.

export class PyodideTransport {
  #worker = null;
  #booting = null;
  #running = new Map();
  #next = 0;

  // base: address of the folder with worker.mjs; env, files: see worker.mjs; onProgress({loaded, total}) in bytes.
  constructor(base, { env = {}, files = [], onProgress = () => {} } = {}) {
    this.base = base;
    this.options = { env, files };
    this.onProgress = onProgress;
  }

  // Boot a worker once; gives {python} or rejects with the reason.
  start() {
    this.#booting ??= new Promise((resolve, reject) => {
      this.#worker = new Worker(new URL("worker.mjs", this.base), { type: "module" });
      this.#worker.onmessage = ({ data }) => this.#receive(data, resolve, reject);
      this.#worker.onerror = (event) => this.#lose(event.message ?? "the worker could not be loaded", reject);
      this.#worker.postMessage({ type: "boot", ...this.options });
    });
    return this.#booting;
  }

  // Run one cell. onOutput gets its messages stream, display, error and blocked.
  // Gives {status: "ok" | "error" | "lost" | "timeout" | "interrupted", seconds}; all but the first two end the worker.
  async run(source, { name, timeout = null, onOutput = () => {} } = {}) {
    await this.start();
    const id = ++this.#next;
    return new Promise((resolve) => {
      const start = performance.now();
      const timer = timeout === null ? 0 : setTimeout(() => this.#end("timeout"), timeout * 1000);
      const finish = (status, seconds = (performance.now() - start) / 1000) => {
        clearTimeout(timer);
        this.#running.delete(id);
        resolve({ status, seconds });
      };
      this.#running.set(id, { onOutput, finish });
      this.#worker.postMessage({ type: "run", id, source, name: name ?? `Cell ${id}` });
    });
  }

  // Stop what runs. Names are lost: Python in the page can only be stopped with its worker.
  interrupt() {
    this.#end("interrupted");
  }

  restart() {
    this.interrupt();
    return this.start();
  }

  #receive(message, resolve, reject) {
    const cell = this.#running.get(message.id);
    if (message.type === "ready") resolve(message);
    else if (message.type === "progress") this.onProgress(message);
    else if (message.type === "done") cell?.finish(message.ok ? "ok" : "error", message.seconds);
    else cell?.onOutput(message);
    if (message.fatal) this.#lose(message.message, reject);
  }

  #lose(reason, reject) {
    reject(new Error(reason)); // without effect once the worker was ready
    this.#end("lost");
  }

  #end(status) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#booting = null;
    for (const { finish } of [...this.#running.values()]) finish(status);
  }
}
