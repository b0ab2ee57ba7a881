// One Python behind the cells of a page: what runs, what waits, which names are there. No page here, so it can be tested.

/**
 * Runs cells one after the other through a transport (web/run/). `open({onProgress, onState})` gives a promise of one;
 * `onChange(session)` is called whenever anything that a reader sees may have changed.
 *
 * state: "off", "starting", "idle", "busy", "stopping"; python: its version once known; progress: {loaded, total} or
 * null; kernel: counts the Pythons used so far, since names live in one of them; runs: cells run in this one;
 * lost: why the names of the last one are gone ("", "stopped", "restarted", "ended"), until the next cell has run;
 * words: what the transport last said about that, until then.
 */
export class Session {
  state = "off";
  python = "";
  progress = null;
  kernel = 1;
  runs = 0;
  lost = "";
  words = "";
  #open;
  #onChange;
  #transport = null;
  #waiting = [];
  #current = null;
  #working = null;
  #stopped = null;
  #abort = () => {}; // ends the wait for a start

  constructor(open, onChange = () => {}) {
    this.#open = open;
    this.#onChange = onChange;
  }

  get waiting() { return this.#waiting.length; }

  /**
   * Run a job {source, name, onOutput, onStart?} after those that wait. Gives {status, seconds, kernel, order, message?};
   * status as in web/run, or "skipped" (stopped before it began), or "failed" (Python could not be started).
   */
  run(job) {
    return new Promise((resolve) => {
      this.#waiting.push({ ...job, resolve });
      this.#working ??= this.#work();
      this.#onChange(this);
    });
  }

  /** Stop the cell that runs, and drop those that wait. Gives a promise that ends when another can run. */
  async stop() {
    this.#drop();
    if (!this.#transport || !["busy", "starting"].includes(this.state)) return;
    const starting = this.state === "starting";
    this.#set("stopping");
    this.#stopped = this.#interrupted(starting);
    await this.#stopped;
    this.#stopped = null;
    if (!this.#working) this.#set(this.#rest());
  }

  /** Begin anew with an empty Python. */
  async restart() {
    this.#drop();
    this.#current?.resolve({ status: "interrupted", seconds: 0, kernel: this.kernel });
    const transport = this.#transport;
    if (!transport) return;
    this.#forget("restarted");
    this.#set("stopping");
    this.#abort();
    this.#stopped = Promise.resolve(transport.restart()).catch(() => {});
    await this.#stopped;
    this.#stopped = null;
    if (!this.#working) this.#set(this.#rest());
  }

  /** Run elsewhere from now on: `open` as in the constructor. */
  async use(open) {
    this.#drop();
    const transport = this.#transport;
    this.#abort();
    this.#open = open;
    this.#transport = null;
    this.python = this.words = "";
    this.progress = null;
    if (transport) this.#forget("");
    this.#set("off");
    await transport?.close?.();
  }

  async #work() {
    while (this.#waiting.length) {
      await this.#stopped;
      const job = this.#waiting.shift();
      if (!job) break;
      this.#current = job;
      job.resolve(await this.#do(job));
      this.#current = null;
    }
    this.#working = null;
    if (!this.#stopped) this.#set(this.#rest());
  }

  async #do(job) {
    const kernel = this.kernel;
    try {
      await this.#start();
    } catch (error) {
      this.#drop();
      const message = String(error?.message ?? error);
      const stopped = message === "stopped" || kernel !== this.kernel;
      return { status: stopped ? "skipped" : "failed", seconds: 0, kernel, message };
    }
    if (kernel !== this.kernel) return { status: "skipped", seconds: 0, kernel };
    const order = ++this.runs;
    job.onStart?.(order);
    this.#set("busy");
    const { status, seconds } = await this.#transport.run(job.source, { name: job.name, onOutput: job.onOutput });
    if (status === "lost" && kernel === this.kernel) this.#forget("ended");
    if (status === "lost") this.#drop();
    if (status === "ok" || status === "error") this.lost = this.words = "";
    return { status, seconds, kernel, order };
  }

  async #start() {
    if (!this.python || this.lost) this.#set("starting");
    const aborted = new Promise((_, reject) => { this.#abort = () => reject(new Error("stopped")); });
    aborted.catch(() => {});
    this.#transport ??= await this.#opened();

    const { python } = await Promise.race([this.#transport.start(), aborted]);
    this.python = python;
    this.progress = null;
  }

  #opened() {
    return this.#open({
      onProgress: ({ loaded, total, awaited }) => {
        this.progress = awaited || this.state === "starting" ? { loaded, total } : null; // else nobody waits for it
        this.#onChange(this);
      },
      onState: (state, words = "") => this.#told(state, words),
    });
  }

  async #interrupted(starting) {
    const kernel = this.kernel;
    const transport = this.#transport;
    const found = await Promise.resolve(transport.interrupt()).catch(() => ({ namesLost: true }));
    const inPage = (transport.where ?? "browser") === "browser";
    if (starting) this.#abort();
    if (kernel === this.kernel && (found?.namesLost ?? inPage)) this.#forget(starting ? "" : "stopped");
  }

  /** Between cells a worker may end, and a kernel be started anew by somebody else: then it says so in words. */
  #told(state, words) {
    if (words) this.words = words;
    const ended = state === "lost" && (this.#transport?.where ?? "browser") === "browser";
    if ((ended || (state === "idle" && words)) && !this.#current && !this.#stopped) this.#forget("ended");
    if (ended || words) this.#onChange(this);
  }

  /** The names are gone. */
  #forget(why) {
    this.kernel += 1;
    this.runs = 0;
    this.progress = null;
    this.lost = why;
  }

  #drop() {
    for (const job of this.#waiting.splice(0)) job.resolve({ status: "skipped", seconds: 0, kernel: this.kernel });
  }

  #rest() { return this.python ? "idle" : "off"; }

  #set(state) {
    this.state = state;
    this.#onChange(this);
  }
}
