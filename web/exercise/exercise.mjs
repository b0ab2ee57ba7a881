// The exercises of a page: what is seen before the reader does anything. The rest (desk.mjs) comes with the first deed.

import { store } from "../progress/store.mjs";
import { button, make } from "../cell/dom.mjs";

/** One `<course-exercise>`: its parts, its buttons, and what was achieved. */
class Exercise {
  busy = false;
  shown = false; // the solution, although it was not passed
  #desk = null;

  constructor(element) {
    const { exercise, fingerprint, needs, file } = element.dataset;
    const find = (parts) => element.querySelector(parts);
    Object.assign(this, { element, address: exercise, fingerprint, needs, file, bar: find(".exercise-bar"),
      starterBox: find(".starter"), code: find(".starter pre"), hints: [...element.querySelectorAll(".hint")],
      solution: find(".solution"), howto: find(".exercise-howto") });
    this.starter = this.code.textContent;
    this.original = [...this.code.childNodes];
    this.kernel = document.documentElement.dataset.courseServer ?? null;
    this.runnable = Boolean(this.kernel) || !needs;
    this.state = make("span", { class: "cell-state" });
    const add = (words, deed, kind = "") => button(words, () => this.do(deed), { class: `cell-button ${kind}` });
    this.buttons = this.runnable
      ? { check: add("Check", "check", "cell-run"), edit: add("Write your answer", "edit") } : { why: add("Why not here?", "why") };
    this.bar.append(...Object.values(this.buttons), this.state);
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", "Your answer");
    this.code.addEventListener("dblclick", () => this.do("edit"));
    this.solution.firstElementChild.addEventListener("click", (event) => {
      if (this.passed || this.solution.open || this.shown) return;
      event.preventDefault();
      this.do("askSolution");
    });
    for (const [at, hint] of this.hints.entries()) {
      hint.addEventListener("toggle", () => { if (hint.open && at >= this.seen.hints) this.do("hint", at + 1); });
    }
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      if (!this.runnable || !event.target.closest(".starter, .exercise-bar")) return;
      event.preventDefault();
      this.do("check");
    });
    store.subscribe(() => this.refresh());
    this.refresh();
    if (this.runnable && (this.kernel || this.seen.text_at || this.seen.reset)) this.desk();
  }

  get seen() { return store.seen(this.address); }

  get passed() { return this.seen.status === "passed"; }

  /** Load the rest, once. */
  desk() {
    this.#desk ??= import("./desk.mjs").then(({ Desk }) => new Desk(this));
    this.#desk.catch(() => { this.#desk = null; });
    return this.#desk;
  }

  async do(deed, ...more) {
    try {
      await (await this.desk())[deed](...more);
    } catch (error) {
      console.warn(error);
      this.state.textContent = "The page's own files could not be loaded: check the connection and load the page again.";
    }
  }

  /** Show what was achieved. */
  refresh() {
    const { seen } = this;
    this.element.dataset.status = seen.status;
    for (const [at, hint] of this.hints.entries()) hint.toggleAttribute("data-taken", at < seen.hints);
    if (!this.busy) this.state.textContent = standing(seen, this.fingerprint);
  }
}

/** Return in words what was achieved. */
export function standing({ status, first_passed: at, hash }, fingerprint) {
  if (status !== "passed") return status === "new" ? "" : "Not passed yet";
  const changed = hash && hash !== fingerprint ? ". The exercise has changed since you passed it" : "";
  return `Passed on ${at.slice(0, 10)}${changed}`;
}

for (const element of document.querySelectorAll("course-exercise[data-exercise]")) {
  try {
    new Exercise(element);
  } catch (error) {
    reportError(error); // the other parts of the page go on
  }
}
