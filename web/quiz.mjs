// A question of the page: judged where it stands, in the words of course/check/quiz_verdict.py, whose rules these are;
// tests/site/test_quizzes.py holds both to the same answers. Without this module the answers stand folded in the page.

const QUOTES = /^['"`\u2018\u2019\u201c\u201d]+|['"`\u2018\u2019\u201c\u201d]+$/gu; // around a keyword, as in a text
// White space as Python's str.split knows it, which is not quite JavaScript's \s.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** Return a typed answer as it is compared. */
export function normalised(answer) {
  const words = answer.normalize("NFKC").toLowerCase().split(SPACE).filter(Boolean).join(" ");
  return words.replace(QUOTES, "").replace(/^ +| +$/g, "");
}

/**
 * Judge an answer: an option's id, ids, or typed words. `question` is {kind, options: [{id, text, right}], answer}, as
 * course.check.quiz.as_data makes it. Returns {right, words, chosen: [id], explained}. Throws RangeError for ids that the
 * question does not have.
 */
export function verdict(question, answer) {
  if (question.kind === "text") return typed(question, [answer].flat().join(""));
  const known = new Map(question.options.map((option) => [option.id, option]));
  const ids = [...new Set([answer].flat())].filter(Boolean);
  const unknown = ids.find((id) => !known.has(id));
  if (unknown) throw new RangeError(`the question has no option ${unknown}`);
  if (question.kind === "order") return ordered(question, ids);
  const chosen = ids.map((id) => known.get(id));
  return question.kind === "multi" ? several(question, chosen) : one(chosen);
}

const said = (right, words, chosen = []) => ({ right, words, chosen, explained: right });

function one(chosen) {
  if (chosen.length !== 1) return said(false, chosen.length ? "Choose one answer only." : "Choose one answer first.");
  return said(chosen[0].right, chosen[0].right ? "Right." : "Not right.", [chosen[0].id]);
}

function several(question, chosen) {
  if (!chosen.length) return said(false, "Choose at least one answer first.");
  const ids = chosen.map((option) => option.id);
  const wrong = chosen.filter((option) => !option.right).length;
  const missing = question.answer.length - (chosen.length - wrong);
  if (!wrong && !missing) return said(true, "Right.", ids);
  const told = [];
  if (wrong === chosen.length) {
    told.push(wrong === 1 ? "your choice is wrong" : `all ${wrong} of your choices are wrong`);
  } else if (wrong) told.push(`${wrong} of your ${chosen.length} choices ${wrong === 1 ? "is" : "are"} wrong`);
  if (missing) told.push(`${missing} right ${missing === 1 ? "answer is" : "answers are"} missing`);
  return said(false, `Not yet: ${told.join(", and ")}.`, ids);
}

function ordered(question, ids) {
  if (ids.length !== question.answer.length) throw new RangeError("put all entries in order");
  const good = ids.findIndex((id, place) => id !== question.answer[place]);
  if (good === -1) return said(true, "Right.", ids);
  if (good === 0) return said(false, "Not yet: another entry comes first.", ids);
  const start = good === 1 ? "the first entry is" : `the first ${good} entries are`;
  return said(false, `Not yet: ${start} right, then another one follows.`, ids);
}

function typed(question, answer) {
  const words = normalised(answer);
  if (!words) return said(false, "Type an answer first.");
  const option = question.options.find(({ text }) => text === words);
  if (!option) return said(false, "Not right. Check the spelling, then think again.");
  return said(option.right, option.right ? "Right." : "Not right.", [option.id]);
}

// ---- The page ----

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Return what an element holds, to be shown once more: without ids, and without buttons that would do nothing. */
function copied(element) {
  const copy = element.cloneNode(true);
  for (const twin of copy.querySelectorAll("[id]")) twin.removeAttribute("id");
  for (const button of copy.querySelectorAll(".copy-button")) button.remove();
  return copy.childNodes;
}

const mark = (right) => make("span", { "aria-hidden": "true", class: "sign" }, right ? "\u2713" : "\u00d7");

class CourseQuiz extends (globalThis.HTMLElement ?? Object) {
  connectedCallback() {
    if (this.form) return; // moved within the page
    this.form = this.querySelector("form");
    this.fieldset = this.querySelector("fieldset");
    this.status = this.querySelector(".quiz-verdict");
    this.again = this.querySelector(".quiz-again");
    this.items = [...this.querySelectorAll(".quiz-answers [data-option]")];
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.check(); });
    this.form.addEventListener("input", () => this.clear());
    this.form.addEventListener("click", (event) => this.clicked(event.target));
    this.again.addEventListener("click", () => this.tryAgain());
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

  check() {
    const found = verdict(this.question, this.answer);
    const answered = this.dataset.kind === "text" ? normalised(this.answer) !== "" : found.chosen.length > 0;
    const last = answered && this.dataset.folds !== undefined; // the output is about to be seen
    const headline = make("p", { class: "quiz-headline" }, ...(answered ? [mark(found.right), " "] : []));
    headline.append(make("strong", {}, found.words));
    this.status.replaceChildren(headline, ...this.told(found, last));
    this.status.dataset.verdict = found.right ? "right" : answered ? "wrong" : "open";
    this.again.hidden = !answered || found.right || last || this.dataset.kind === "order";
    if (!last) return;
    this.fieldset.disabled = true;
    this.form.querySelector(".quiz-check").hidden = true;
    document.getElementById(this.dataset.folds).open = true;
    this.status.tabIndex = -1;
    this.status.focus({ preventScroll: true });
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
    const truth = prints ? "It prints" : "Right is";
    const who = !chosen ? truth : right && prints ? "You said, and it prints" : "You said";
    return [make("div", { class: "said" }, mark(right), ...(last ? [make("span", {}, who)] : []),
      make("div", {}, ...copied(item.querySelector(".option-text"))))];
  }

  /** A verdict belongs to the answer it was about. */
  clear() {
    this.status.replaceChildren();
    delete this.status.dataset.verdict;
    this.again.hidden = true;
  }

  tryAgain() {
    this.form.reset();
    this.clear();
    this.form.querySelector("input").focus();
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
    this.clear();
    if (place >= 0 && place < this.entries.length) {
      if (step < 0) entry.previousElementSibling.before(entry);
      else entry.nextElementSibling.after(entry);
      button.focus();
    }
    const now = this.entries.indexOf(entry) + 1;
    this.status.replaceChildren(make("p", { class: "quiz-headline" }, `Place ${now} of ${this.entries.length}.`));
  }
}

if (globalThis.customElements) {
  customElements.define("course-quiz", CourseQuiz);
  // On paper a folded output would be missing; what was folded is folded again afterwards.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.fold:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });
}
