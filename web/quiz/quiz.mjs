// A question of the page, judged where it stands. Without this module the answers stand folded in the page.
// What the reader answers is recorded in her progress, and shown again when she comes back.

import { make } from "../cell/dom.mjs";
import { store } from "../progress/store.mjs";
import { normalised, verdict } from "./verdict.mjs";

/** Return what an element holds, to be shown once more: without ids, and without buttons that would do nothing. */
function copied(element) {
  const copy = element.cloneNode(true);
  for (const twin of copy.querySelectorAll("[id]")) twin.removeAttribute("id");
  for (const button of copy.querySelectorAll(".copy-button")) button.remove();
  return copy.childNodes;
}

const mark = (right) => make("span", { "aria-hidden": "true", class: "sign" }, right ? "\u2713" : "\u00d7");

/** Loaded when the reader begins to answer. */
const changes = () => import("../progress/changes.mjs");

class CourseQuiz extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // moved within the page
    this.form = this.querySelector("form");
    this.fieldset = this.querySelector("fieldset");
    this.status = this.querySelector(".quiz-verdict");
    this.again = this.querySelector(".quiz-again");
    this.items = [...this.querySelectorAll(".quiz-answers [data-option]")];
    this.address = this.dataset.question.replace("/", "/quiz/"); // in the progress document
    this.order = this.entries;
    this.pending = 0;
    this.old = make("button", { type: "button", class: "quiz-button quiz-old", hidden: "" }, "Show my answer");
    this.old.addEventListener("click", () => { this.restore(); this.status.tabIndex = -1; this.status.focus(); });
    this.again.after(this.old);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.check(); });
    this.form.addEventListener("input", () => { this.touched = true; this.clear(); changes().catch(() => {}); });
    this.form.addEventListener("click", (event) => this.clicked(event.target));
    this.again.addEventListener("click", () => this.tryAgain());
    store.subscribe(() => this.look());
    this.look();
  }

  /** The question as data, from the answers that stand in the page. */
  get question() {
    const options = this.items.map(({ dataset }) => ({
      id: dataset.option, text: dataset.text ?? "", right: "right" in dataset }));
    return { kind: this.dataset.kind, options, answer: options.filter(({ right }) => right).map(({ id }) => id) };
  }

  /** What the reader has put in so far. */
  get answer() {
    if (this.dataset.kind === "text") return this.form.querySelector("input").value;
    if (this.dataset.kind === "order") return this.entries.map(({ dataset }) => dataset.option);
    return [...this.form.querySelectorAll("input:checked")].map(({ value }) => value);
  }

  get entries() { return [...this.form.querySelectorAll(".quiz-entries > li")]; }

  /** Judge what the reader has put in, and record it: once, however often the button is pressed. */
  check() {
    const judged = ["right", "wrong"].includes(this.status.dataset.verdict);
    const { found, given } = this.judge();
    this.touched = false;
    if (given && !judged) {
      const kept = [this.answer].flat().join(" ");
      this.shown = kept;
      this.last = { text: kept, text_at: Date.now() };
      this.keep(found.right, kept);
    }
    if (!given || this.dataset.folds === undefined) return;
    this.status.tabIndex = -1;
    this.status.focus({ preventScroll: true });
  }

  async keep(right, kept) {
    this.pending += 1; // until it is recorded, the record is older than the form
    try {
      const { answered } = await changes();
      store.record((document, at) => answered(document, this.address, at, right, kept));
    } catch {
      this.status.append(make("p", { class: "quiz-when" }, "This answer could not be kept: check the connection, then answer again."));
    } finally {
      this.pending -= 1;
    }
  }

  /** Say what is right or wrong with the answer in the form. */
  judge() {
    const found = verdict(this.question, this.answer);
    const given = this.dataset.kind === "text" ? normalised(this.answer) !== "" : found.chosen.length > 0;
    const last = given && this.dataset.folds !== undefined; // the output is about to be seen
    const headline = make("p", { class: "quiz-headline" }, ...(given ? [mark(found.right), " "] : []));
    headline.append(make("strong", {}, found.words));
    this.status.replaceChildren(headline, ...this.told(found, last));
    this.status.dataset.verdict = found.right ? "right" : given ? "wrong" : "open";
    this.again.hidden = !given;
    this.old.hidden = true;
    if (last) this.fold(true);
    return { found, given };
  }

  /** Show the output that a prediction is about, or ask for the prediction again. */
  fold(open) {
    this.fieldset.disabled = open;
    this.form.querySelector(".quiz-check").hidden = open;
    document.getElementById(this.dataset.folds).open = open;
  }

  /** Show what was answered before, or elsewhere; never over what the reader is about to answer. */
  look() {
    const { text, text_at } = store.seen(this.address);
    if (this.touched || this.pending || text === (this.shown ?? "")) return;
    if (text_at) this.restore();
    else this.empty(); // it was reset
  }

  /** Put the kept answer into the form, with its verdict; nothing that a reader hears or that takes the focus. */
  restore() {
    const { text, text_at } = this.pending ? this.last : store.seen(this.address);
    this.shown = text;
    this.touched = false;
    if (!this.fill(text)) return;
    this.status.setAttribute("aria-live", "off");
    this.judge();
    const day = new Date(text_at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    this.status.append(make("p", { class: "quiz-when" }, `You answered on ${day}.`));
  }

  /** Return whether the form holds the kept answer now: a question may have lost options since. */
  fill(kept) {
    if (this.dataset.kind === "text") {
      this.form.querySelector("input").value = kept;
      return true;
    }
    const ids = kept.split(" ");
    if (this.dataset.kind === "order") {
      const entries = ids.map((id) => this.entries.find(({ dataset }) => dataset.option === id)).filter(Boolean);
      if (new Set(entries).size !== this.entries.length) return false;
      this.form.querySelector(".quiz-entries").append(...entries);
      return true;
    }
    const inputs = [...this.form.querySelectorAll("input")];
    for (const input of inputs) input.checked = ids.includes(input.value);
    return inputs.some(({ checked }) => checked);
  }

  /** The feedback of what was chosen; the right answer and the explanation once they spoil nothing. */
  told({ right, chosen, explained }, last) {
    const truth = last && !right ? this.question.answer.filter((id) => !chosen.includes(id)) : [];
    const all = [...chosen, ...truth];
    const blocks = all.flatMap((id) => {
      const item = this.items.find(({ dataset }) => dataset.option === id);
      const feedback = item.querySelector(".feedback");
      if (!feedback) return [];
      const named = last || all.length > 1 ? this.named(item, last, chosen.includes(id)) : [];
      return [make("div", { class: "feedback" }, ...named, ...copied(feedback))];
    });
    const explanation = explained || last ? this.querySelector(".quiz-answers > .explanation") : null;
    return explanation ? [...blocks, make("div", { class: "feedback" }, ...copied(explanation))] : blocks;
  }

  /** The option that a feedback is about; of a prediction, who says it. */
  named(item, last, chosen) {
    const right = "right" in item.dataset;
    const prints = this.dataset.kind === "predict";
    const truth = prints ? "It prints:" : "Right:";
    const who = !chosen ? truth : right && prints ? "You said, and it prints:" : "You said:";
    return [make("div", { class: "said" }, mark(right), ...(last ? [make("span", {}, who)] : []),
      make("div", {}, ...copied(item.querySelector(".option-text"))))];
  }

  /** A verdict belongs to the answer it was about. */
  clear() {
    this.status.replaceChildren();
    delete this.status.dataset.verdict;
    this.status.removeAttribute("aria-live");
    this.again.hidden = true;
  }

  /** Empty the form. What was answered stays recorded until there is another answer, and can be seen again. */
  tryAgain() {
    this.empty();
    this.touched = true;
    this.old.hidden = false;
    this.form.querySelector("input, .quiz-entries button").focus();
  }

  empty() {
    this.shown = "";
    this.form.reset();
    this.form.querySelector(".quiz-entries")?.append(...this.order);
    this.clear();
    if (this.dataset.folds !== undefined) this.fold(false);
  }

  clicked(target) {
    const button = target.closest("[data-move]");
    if (button) this.move(button.closest("li"), Number(button.dataset.move), button);
    const more = target.closest(".option-more");
    if (more && !target.closest("a, button") && getSelection().isCollapsed) {
      more.parentElement.querySelector("input").click();
    }
  }

  /** Move an entry up or down by one place; the button keeps the focus, and the new place is said. */
  move(entry, step, button) {
    const place = this.entries.indexOf(entry) + step;
    this.touched = true;
    this.clear();
    const moves = place >= 0 && place < this.entries.length;
    if (moves) {
      if (step < 0) entry.previousElementSibling.before(entry);
      else entry.nextElementSibling.after(entry);
      button.focus();
    }
    const now = this.entries.indexOf(entry) + 1;
    this.status.replaceChildren(make("p", { class: "quiz-headline" }, `${moves ? "Moved to" : "It stays at"} place ${now} of ${this.entries.length}.`));
  }
}

customElements.define("course-quiz", CourseQuiz);
// On paper a folded output would be missing; what was folded is folded again afterwards.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details.fold:not([open])")];
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });
