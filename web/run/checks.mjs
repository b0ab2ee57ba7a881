// Checks of an answer, in a worker that does nothing else. What it says carries a word that only this module and the page
// know: the page gave it before anything of an answer ran, and no program in this worker can reach it here.

const FOLDER = "/course/"; // where course/check/in_page.py keeps answers and checks

/** One worker's desk. `send` posts to the page; `python` is Pyodide; `bring(source)` fetches what a text imports, true if all was there. */
export class Checks {
  #word;
  #send;
  #python;
  #bring;
  #desk = null;
  #brought = new Set(); // texts whose imports are there: those of the checks come with each answer

  constructor(word, send, python, bring) {
    this.#word = word;
    this.#send = send;
    this.#python = python;
    this.#bring = bring;
  }

  /** Fetch what checking needs, before the first answer comes. */
  async open() {
    await this.#bring("import course.check.in_page");
    this.#desk = this.#python.pyimport("course.check.in_page").Desk(FOLDER);
    this.#python.setStdout({ write: ignored });
    this.#python.setStderr({ write: ignored }); // what an answer prints is kept by the desk
  }

  /**
   * Carry out a step. `files`: [{path, data}], put beside each other into the exercise's folder; `request` as
   * Desk.step takes it, `sources` the texts whose imports are fetched first. Posts "began", then "step".
   */
  async step({ id, address, files, sources, request }) {
    const path = this.#desk.checks_of(address).toString();
    for (const file of files) this.#place(path.slice(0, path.lastIndexOf("/") + 1) + file.path, file.data);
    for (const source of sources) {
      if (!this.#brought.has(source) && await this.#bring(source)) this.#brought.add(source);
    }
    this.#send({ word: this.#word, type: "began", id, coming: this.#desk.coming(request) });
    const reply = this.#desk.step(request);
    this.#send({ word: this.#word, type: "step", id, reply, memory: this.#python._module.HEAP8.length });
  }

  /** Tell that this Python is of no more use, in the middle of a step or outside of it. */
  end(error) {
    const status = typeof error?.status === "number" ? error.status : null;
    this.#send({ word: this.#word, type: "ended", status, message: String(error?.message ?? error) });
  }

  #place(path, data) {
    this.#python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    this.#python.FS.writeFile(path, data);
  }
}

const ignored = (bytes) => bytes.length;
