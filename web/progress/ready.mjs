// The foot of a page that tells whether a reader is ready for a tier: how many questions were right at the first try, and
// for those that were not, what the page's last table says to read first.

import { reset } from "./changes.mjs";
import { firstTries, firstTry, inTries } from "./first.mjs";
import { button, make } from "./words.mjs";

const ENOUGH = 0.8; // of the questions right at the first try; the page says it in words

/** Show the foot in its place, and keep it up to date. */
export function show(article, place, store) {
  const said = make("p", { class: "lesson-standing", role: "status" });
  const more = make("div", { class: "ready-more" });
  const refresh = () => {
    const { words, rest } = standing(article, store);
    if (said.textContent !== words) said.textContent = words;
    const made = make("div", { class: "ready-more" }, ...rest);
    if (!made.isEqualNode(more)) more.replaceChildren(...made.childNodes);
  };
  place.replaceChildren(said, more);
  store.subscribe(refresh);
  refresh();
}

function standing(article, store) {
  const questions = [...article.querySelectorAll("course-quiz[data-question]")]
    .map((quiz) => ({ quiz, address: quiz.dataset.question.replace("/", "/quiz/") }));
  const tries = firstTries(store.document, questions.map(({ address }) => address));
  const missed = questions.filter(({ address }) => firstTry(store.document, address) === false).map(({ quiz }) => quiz);
  const list = missed.length ? [make("ul", {}, ...readings(article, missed))] : [];
  const anew = () => questions.forEach(({ address }) => store.record((document, at) => reset(document, address, at)));
  if (tries.answered < tries.all) return { words: `${inTries(tries)[0].toUpperCase()}${inTries(tries).slice(1)}.`, rest: [] };
  if (tries.right < ENOUGH * tries.all) {
    return { words: `${inTries(tries)}. Read first:`, rest: [...list, button("Answer all of them anew", anew, { class: "progress-button" })] };
  }
  return { words: `${inTries(tries)}: you are ready for ${article.dataset.ready}.${list.length ? " To look up where you need it:" : ""}`, rest: list };
}

/** Return an entry for each row of the table that speaks of a missed question. */
function readings(article, missed) {
  const entries = new Map(); // what to read -> the headings of its questions
  for (const quiz of missed) {
    const section = quiz.closest("section");
    const found = row(article, section);
    entries.set(found ?? section, [...entries.get(found ?? section) ?? [], heading(section)]);
  }
  return [...entries].map(([found, names]) => make("li", {}, names.join("; "),
    ...(found.cells ? [": ", ...inline(found.cells[1])] : [])));
}

/** What a cell says, to stand in a line. */
function inline(cell) {
  const copy = cell.cloneNode(true);
  for (const paragraph of copy.querySelectorAll("p")) paragraph.replaceWith(...paragraph.childNodes);
  return copy.childNodes;
}

const heading = (section) => section.querySelector("h2, h3").firstChild.textContent;

/** The row whose first cell links to the section, or has a word of its heading: "functions, what changes". */
function row(article, section) {
  const rows = [...article.querySelectorAll("table tbody tr")].filter((one) => one.cells.length > 1 && !one.closest("course-quiz"));
  const title = heading(section).toLowerCase();
  const terms = ({ textContent }) => textContent.toLowerCase().split(",").map((term) => term.trim().replace(/^(the|a|an) /, ""));
  return rows.find(({ cells }) => cells[0].querySelector(`a[href="#${section.id}"]`))
    ?? rows.find(({ cells }) => terms(cells[0]).some((term) => term && title.includes(term)));
}
