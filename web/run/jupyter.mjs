// The transport to a kernel of a Jupyter server: the local server of the course, or a reader's own on a hub.

import { after, begun, closed, kernelState, status } from "./jupyter_execution.mjs";
import { output } from "./jupyter_messages.mjs";
import { Refused, SENTENCES, ServerGone, api, ask } from "./jupyter_server.mjs";
import { connect } from "./jupyter_socket.mjs";
import { restWhileUnseen } from "./jupyter_unseen.mjs";

export { Refused, ServerGone, api, ask };

const PATIENCE = 1000; // milliseconds that Stop waits for the kernel before it is started anew
const PAUSES = [0, 250, 500, 1000, 2000, 3000, 4000]; // milliseconds before each search for a lost kernel

const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const failure = (words) => ({ type: "error", name: "", message: words, traceback: words });

/**
 * One kernel for each lesson: that of the Jupyter session with the notebook's path. A page that is opened again finds
 * it, a second tab and JupyterLab share it: the names are the same wherever the reader works on the lesson.
 */
export class JupyterTransport {
  #base;
  #path;
  #onState;
  #session = ""; // names this client to the server
  #kernel = null; // its id on the server
  #connection = null;
  #ready = null; // a promise: the connection works; null: nothing was begun, or it has failed
  #attempt = 0; // at a connection; an older one that still waits gives up
  #queue = Promise.resolve();
  #round = 0; // Stop ends the cells that wait: those of an earlier round
  #cell = null; // the one that runs: {execution, question, onOutput, finish, asked}
  #told = new Map(); // the onOutput of every cell that ran, by its message: a task may print after its cell has ended
  #busy = false; // the kernel works, for whomever
  #question = ""; // a message that is answered when all that was sent before has ended
  #waiting = []; // who wants to know when it does not
  #count = null; // of the cells that the kernel says it has run
  #resting = false; // without a connection because nobody looks
  #state = "off";

  /**
   * @param {string} base address of the server, as <html data-course-server> has it
   * @param {{path: string, onState?: (state: string, words: string) => void}} options path: of the notebook, from the
   *   repository's root; onState: "off", "starting", "idle", "busy" or "lost", and a sentence where one is needed
   */
  constructor(base, { path, onState = () => {} }) {
    this.#base = base;
    this.#path = path;
    this.#onState = onState;
    restWhileUnseen({ mayRest: () => !this.#cell, rest: () => this.#rest(), wake: () => this.#wake() });
  }

  /** Find the lesson's kernel or start one. @returns {Promise<{python, where: "kernel", found: boolean}>} */
  start() {
    this.#wake();
    return this.#ready ?? this.#prepare(() => this.#begin());
  }

  /**
   * Run one cell after those that were asked for before it.
   * @returns {Promise<{status: "ok" | "error" | "interrupted" | "lost", seconds: number}>}
   */
  run(source, { onOutput = () => {} } = {}) {
    const round = this.#round;
    const outcome = this.#queue.then(() => this.#execute(source, onOutput, round));
    this.#queue = outcome.catch(() => {});
    return outcome;
  }

  /** Stop what runs and what waits: within a second or two, if need be by starting Python anew. */
  async interrupt() {
    this.#round += 1;
    if (!this.#kernel || !(this.#cell || this.#busy)) return { namesLost: false };
    if (this.#cell) this.#cell.asked = true;
    const idle = new Promise((resolve) => { this.#waiting.push(() => resolve(true)); });
    try {
      await ask(this.#base, `api/kernels/${this.#kernel}/interrupt`, { method: "POST" });
      if (await Promise.race([idle, sleep(PATIENCE)])) return { namesLost: false };
      await this.restart(SENTENCES.stopped);
    } catch (error) {
      this.#finish("lost", error.message);
    }
    return { namesLost: true };
  }

  /** Start Python anew; all names are gone. @returns as start() */
  restart(words = "") {
    this.#round += 1;
    this.#finish("interrupted");
    return this.#kernel ? this.#prepare(() => this.#renew(words)) : this.start();
  }

  /** Let go of the kernel; it stays, to be found again. */
  close() {
    this.#round += 1;
    this.#finish("lost");
    this.#forget();
    this.#show("off");
  }

  // Cells

  async #execute(source, onOutput, round) {
    const interrupted = { status: "interrupted", seconds: 0 };
    if (round !== this.#round) return interrupted;
    try {
      await this.start();
      while (round === this.#round && !this.#connection?.open) { // it is being lost, which will be told in a moment
        await sleep(50);
        await this.start();
      }
    } catch (error) {
      onOutput(failure(error.message));
      return { status: "lost", seconds: 0 };
    }
    if (round !== this.#round) return interrupted;
    const begin = performance.now();
    const ended = await new Promise((finish) => {
      const id = this.#connection.send("execute_request", { code: source, silent: false, store_history: true,
        user_expressions: {}, allow_stdin: true, stop_on_error: true });
      this.#told.set(id, onOutput);
      this.#cell = { execution: begun(id), question: "", onOutput, finish, asked: false };
      this.#settle();
    });
    return { status: ended, seconds: (performance.now() - begin) / 1000 };
  }

  #receive(received) {
    const state = kernelState(received);
    if (state === "restarted" || state === "dead") {
      this.#gone(state, received.header.msg_type === "shutdown_reply");
      return;
    }
    const free = this.#answers(this.#question, received);
    if (state || free) this.#busy = state === "busy";
    const shown = received.header.msg_type === "input_request" ? this.#input(received) : output(received);
    if (shown) this.#told.get(received.parent_header.msg_id)?.(shown);
    if (this.#cell) this.#follow(received);
    if ((state || free) && this.#state !== "starting") this.#settle();
    if (received.header.msg_type === "execute_reply") this.#notice(received.content.execution_count);
  }

  #input({ header, content: { prompt, password } }) {
    const reply = (value) => this.#connection?.send("input_reply", { value, status: "ok" }, "stdin", header);
    return { type: "input", prompt, password, reply };
  }

  #follow(received) {
    const cell = this.#cell;
    cell.execution = this.#answers(cell.question, received) ? closed(cell.execution) : after(cell.execution, received);
    if (!cell.execution.done) return;
    const ended = status(cell.execution, cell.asked);
    this.#finish(ended, ended === "lost" ? SENTENCES.unknown : "");
    this.#settle();
  }

  /** Whether this is the answer to a question that the kernel answers when all before it has ended. */
  #answers(question, { channel, parent_header: parent }) {
    return Boolean(question) && channel === "shell" && parent.msg_id === question;
  }

  #finish(ended, words = "") {
    const cell = this.#cell;
    this.#cell = null;
    if (cell && words) cell.onOutput(failure(words));
    cell?.finish(ended);
  }

  /** A kernel that counts from the beginning again was started anew while nobody was connected. */
  #notice(count) {
    if (!count) return;
    if (this.#count !== null && count <= this.#count) this.#show(this.#state, SENTENCES.restarted);
    this.#count = count;
  }

  // The kernel and the connection to it

  /** Keep the promise of a connection while it is made; one that fails is forgotten, so that the next cell tries. */
  #prepare(action) {
    this.#drop();
    this.#resting = false;
    this.#attempt += 1;
    const ready = action(this.#attempt);
    this.#ready = ready;
    ready.catch((error) => {
      if (this.#ready !== ready) return; // something newer is under way
      this.#finish("lost", error.message);
      this.#forget();
      this.#show("lost", error.message);
    });
    return ready;
  }

  async #begin() {
    this.#show("starting");
    const path = this.#path;
    const found = (await ask(this.#base, "api/sessions")).some((session) => session.path === path);
    const session = await ask(this.#base, "api/sessions", { method: "POST",
      body: { path, name: path.split("/").at(-1), type: "notebook", kernel: { name: "python3" } } });
    const lost = this.#count !== null && !found;
    if (lost) this.#count = null;
    this.#kernel = session.kernel.id;
    this.#busy = session.kernel.execution_state === "busy";
    return { ...await this.#open(lost ? SENTENCES.restarted : ""), found };
  }

  async #renew(words) {
    this.#show("starting");
    const { status: answer } = await api(this.#base, `api/kernels/${this.#kernel}/restart`, { method: "POST" });
    if (answer === 404) return this.#begin(); // it was ended meanwhile
    return this.#reborn(words);
  }

  /** Connect to a kernel that was started anew. */
  async #reborn(words) {
    this.#show("starting");
    this.#busy = false;
    this.#count = null;
    return { ...await this.#open(words), found: false };
  }

  async #open(words = "", session = crypto.randomUUID()) {
    const attempt = this.#attempt;
    this.#session = session; // what was said to another session is not told to this one
    const connection = await connect(this.#base, this.#kernel, session, {
      onMessage: (received) => { if (attempt === this.#attempt) this.#receive(received); },
      onLost: () => { if (attempt === this.#attempt) this.#prepare((next) => this.#search(next)); },
    });
    if (attempt !== this.#attempt) {
      connection.close();
      throw new Error(SENTENCES.searching);
    }
    this.#connection = connection;
    this.#question = connection.send("kernel_info_request", {});
    this.#settle(words);
    return { python: connection.python, where: "kernel" };
  }

  /** Find the kernel again after the connection was lost, and what it said meanwhile. */
  async #search(attempt) {
    this.#show("lost", SENTENCES.searching);
    let reason = new ServerGone("unreachable");
    for (const pause of PAUSES) {
      await sleep(pause);
      if (attempt !== this.#attempt) break;
      try {
        return await this.#found();
      } catch (error) {
        reason = error;
        if (error instanceof Refused || error.kind === "signedOut") break;
      }
    }
    throw reason;
  }

  /** Ask for the kernel; give the server a moment to notice that our own connection is gone. */
  async #model() {
    for (let times = 1; ; times += 1) {
      const { status: answer, body } = await api(this.#base, `api/kernels/${this.#kernel}`);
      if (answer === 404) throw new Refused(answer, SENTENCES.ended);
      if (!body?.connections || times === 5) return body;
      await sleep(100);
    }
  }

  async #found() {
    const body = await this.#model();
    this.#busy = body.execution_state === "busy";
    // The server keeps what a kernel says only when nobody else is connected to it. This stands before what comes next:
    // when the connection opens, the cell may come to its end at once.
    if (body.connections > 0 && this.#cell && !this.#cell.gap) {
      this.#cell.gap = true;
      this.#cell.onOutput({ type: "stream", name: "stderr", text: SENTENCES.gap });
    }
    const opened = await this.#open("", this.#session);
    if (this.#cell) this.#cell.question = this.#question;
    return { ...opened, found: true };
  }

  /** The kernel ended: by itself, or because somebody asked for it. */
  #gone(state, asked) {
    const words = asked ? SENTENCES.restarted : SENTENCES.died;
    this.#round += 1; // the cells that wait were written for the names that are gone
    this.#finish("lost", words);
    if (state === "restarted") {
      this.#prepare(() => this.#reborn(words));
      return;
    }
    this.#forget();
    this.#show("lost", asked ? SENTENCES.ended : SENTENCES.dead);
  }

  #settle(words = "") {
    if (!this.#cell && !this.#busy) for (const tell of this.#waiting.splice(0)) tell();
    this.#show(this.#cell || this.#busy ? "busy" : "idle", words);
  }

  #show(state, words = "") {
    if (state === this.#state && !words) return;
    this.#state = state;
    this.#onState(state, words);
  }

  #drop() {
    this.#connection?.close();
    this.#connection = null;
  }

  #forget() {
    this.#drop();
    this.#attempt += 1;
    this.#ready = this.#kernel = null;
    this.#busy = false;
  }

  #rest() {
    this.#resting = Boolean(this.#connection);
    this.#drop();
  }

  /** Connect again after a rest. */
  #wake() {
    if (this.#resting) this.#prepare((attempt) => this.#search(attempt));
  }
}
