// The transport to Python in the page: a worker, replaced when it is stopped or lost, and a spare one kept warm.

const WARM_AFTER = 1500; // ms without work before the spare is started: the first cell has the machine to itself

/** One worker: its boot, and what it is told to run. */
class Python {
  constructor(base, runtime, boot, { onProgress = () => {}, onLost = () => {} } = {}) {
    this.cells = new Map();
    this.onLost = onLost;
    this.worker = new Worker(new URL(runtime.worker.file, base), { type: "module" });
    this.ready = new Promise((resolve, reject) => {
      const lose = (reason) => {
        reject(new Error(reason)); // without effect once the worker was ready
        this.end("lost");
        this.onLost();
      };
      this.worker.onmessage = ({ data }) => {
        if (data.type === "ready") resolve({ python: data.python, where: "browser" });
        else if (data.type === "progress") onProgress({ loaded: data.loaded, total: data.total, awaited: data.awaited });
        else this.#pass(data);
        if (data.fatal) lose(data.message);
      };
      this.worker.onerror = (event) => lose(event.message ?? "the worker could not be loaded");
    });
    this.ready.catch(() => {});
    this.worker.postMessage({ type: "boot", runtime, ...boot });
  }

  #pass(message) {
    const cell = this.cells.get(message.id);
    if (message.type === "done") {
      cell?.finish(message.ok ? "ok" : "error", message.seconds);
    } else if (message.type === "input") {
      const reply = (text) => this.worker.postMessage({ type: "answer", text: String(text) });
      cell?.onOutput({ type: "input", prompt: message.prompt, reply });
    } else {
      cell?.onOutput(message);
    }
  }

  end(status) {
    this.worker.terminate();
    for (const { finish } of [...this.cells.values()]) finish(status);
  }
}

export class PyodideTransport {
  #runtime = null; // promise of runtime.json
  #python = null;
  #starting = null;
  #spare = null;
  #warming = 0;
  #next = 0;
  #state = "off";

  /**
   * @param {string} base - address of the runtime's folder
   * @param {object} options
   * @param {object} options.manifest - runtime.json, where it was fetched already
   * @param {Object<string, string>} options.env - os.environ
   * @param {{path: string, url: string}[]} options.files - put into the working directory
   * @param {string[]} options.packages - archives of runtime.json to fetch once Python runs
   * @param {(bytes: {loaded: number, total: number, awaited: boolean}) => void} options.onProgress - awaited: by a cell
   * @param {(state: "off"|"starting"|"idle"|"busy"|"lost") => void} options.onState
   * @param {boolean} options.asks - whether onOutput answers input(), which raises an error otherwise
   * @param {boolean} options.spare - keep a second worker ready (75 MB), by default where there is a mouse
   */
  constructor(base, { manifest = null, env = {}, files = [], packages = [], onProgress = () => {}, onState = () => {},
    asks = true, spare = !matchMedia("(pointer: coarse)").matches } = {}) {
    this.base = new URL(base, document.baseURI);
    this.#runtime = manifest && Promise.resolve(manifest);
    const placed = files.map(({ path, url }) => ({ path, url: new URL(url, document.baseURI).href }));
    this.boot = { env, files: placed, packages, asks };
    this.onProgress = onProgress;
    this.onState = onState;
    this.keepsSpare = spare;
  }

  get state() {
    return this.#state;
  }

  /**
   * Tell what the first start has to fetch.
   * @returns {Promise<{bytes: number}>} with the packages of the page and what these need; what is cached counts too
   */
  async weigh() {
    const { core, archives } = await this.#manifest();
    const names = new Set(["core", ...this.boot.packages]); // grows while it is gone through
    for (const name of names) for (const need of archives[name].needs ?? []) names.add(need);
    const entries = [...Object.values(core), ...[...names].map((name) => archives[name])];
    const files = entries.flatMap((entry) => (entry.parts ? Object.values(entry.parts) : [entry]));
    return { bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /**
   * Boot a worker, once.
   * @returns {Promise<{python: string, where: "browser"}>} rejects with the reason
   */
  start() {
    this.#starting ??= this.#boot();
    return this.#starting;
  }

  /**
   * Run one cell.
   * @param {string} source
   * @param {object} options
   * @param {string} options.name - the file name of tracebacks
   * @param {number?} options.timeout - seconds after which the worker is ended
   * @param {(message: object) => void} options.onOutput - gets stream, display, error, blocked and input
   * @returns {Promise<{status: "ok"|"error"|"interrupted"|"lost"|"timeout", seconds: number}>}
   */
  async run(source, { name, timeout = null, onOutput = () => {} } = {}) {
    await this.start();
    const python = this.#python;
    const id = ++this.#next;
    clearTimeout(this.#warming);
    return new Promise((resolve) => {
      const start = performance.now();
      const timer = timeout === null ? 0 : setTimeout(() => this.#drop("timeout"), timeout * 1000);
      const finish = (status, seconds = (performance.now() - start) / 1000) => {
        clearTimeout(timer);
        python.cells.delete(id);
        if (python === this.#python && python.cells.size === 0) this.#rest();
        resolve({ status, seconds });
      };
      python.cells.set(id, { onOutput, finish });
      this.#tell("busy");
      python.worker.postMessage({ type: "run", id, source, name: name ?? `Cell ${id}` });
    });
  }

  /**
   * Stop what runs. Python in the page can only be stopped with its worker, so names are lost.
   * @returns {Promise<{namesLost: boolean}>} when cells can run again
   */
  async interrupt() {
    if (this.#state !== "busy") return { namesLost: false };
    await this.restart();
    return { namesLost: true };
  }

  /** Begin anew, with no names; resolves as start() does. */
  restart() {
    this.#drop("interrupted");
    return this.start();
  }

  /** End the workers. */
  close() {
    this.#drop("interrupted");
    clearTimeout(this.#warming);
    this.#spare?.end("interrupted");
    this.#spare = null;
    this.#tell("off");
  }

  async #boot() {
    this.#tell("starting");
    try {
      const runtime = await this.#manifest();
      const python = this.#spare ?? new Python(this.base, runtime, this.boot, { onProgress: this.onProgress });
      this.#spare = null;
      this.#python = python;
      python.onLost = () => { if (python === this.#python) this.#forget("lost"); };
      const ready = await python.ready;
      if (python === this.#python) this.#rest();
      return ready;
    } catch (error) {
      this.#forget("lost");
      throw error;
    }
  }

  #manifest() {
    this.#runtime ??= fetch(new URL("runtime.json", this.base), { cache: "no-cache" }).then((response) => {
      if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
      return response.json();
    });
    this.#runtime.catch(() => { this.#runtime = null; });
    return this.#runtime;
  }

  // Nothing runs: after a while, warm a spare worker.
  #rest() {
    this.#tell("idle");
    clearTimeout(this.#warming);
    if (this.keepsSpare && !this.#spare) this.#warming = setTimeout(() => this.#warm(), WARM_AFTER);
  }

  async #warm() {
    const spare = new Python(this.base, await this.#manifest(), this.boot);
    spare.onLost = () => { if (spare === this.#spare) this.#spare = null; };
    this.#spare = spare;
  }

  #drop(status) {
    const python = this.#python;
    this.#forget("off");
    python?.end(status);
  }

  #forget(state) {
    this.#python = null;
    this.#starting = null;
    this.#tell(state);
  }

  #tell(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.onState(state);
  }
}
