// What the dialog shows and says of an answer.

import { make } from "../cell/dom.mjs";
import { ROOT } from "./index.mjs";

const WEAKEST = 0.1; // of the heaviest section's weight: what is below has little to do with the question
const LIGHT = ["term", "author"]; // a term's own entry outweighs all, and would hide the lessons
const MOST = 4; // sections of a page that are shown at once, so that a long page does not push the others out of sight
const SECRET = "Hints, solutions and answers are not searched.";
const NAMED = { exercise: "Exercise: " };

/** Return the sections by page: `[{ page, part, sections }]`, the page with the best one first. */
export function grouped(sections) {
  const groups = new Map();
  const lessons = sections.filter(({ kind }) => !LIGHT.includes(kind));
  const best = Math.max(...(lessons.length ? lessons : sections).map(({ weight }) => weight));
  for (const one of sections.filter((section) => section.weight >= best * WEAKEST)) {
    const group = groups.get(one.page) ?? { page: one.page, part: one.part, sections: [] };
    group.sections.push(one);
    groups.set(one.page, group);
  }
  return [...groups.values()];
}

/** Return what is said above the results: how many of the `total` are shown, which words of the question no page has,
 * and that no place has all of them (`together`).
 */
export function said({ terms, total, together }, groups) {
  const missing = terms.filter((term) => !term.exact).map((term) => `'${term.asked}'`);
  const named = `No page has the word${missing.length > 1 ? "s" : ""} ${missing.join(" and ")}`;
  if (!groups.length) return missing.length ? `${named}, nor one that is near. ${SECRET}` : "";
  const found = shown(groups, total);
  if (missing.length) return `${named} exactly; these come nearest: ${found[0].toLowerCase()}${found.slice(1)} ${SECRET}`;
  return together ? found : `No place has all these words. ${found}`;
}

/** Return how many places are shown; when there are more, that these are the best. */
function shown(groups, total) {
  const places = groups.reduce((sum, group) => sum + group.sections.length, 0);
  const pages = counted(groups.length, "page");
  if (places === total) return `${counted(places, "place")} on ${pages}.`;
  return places === 1 ? "The best place." : `The best ${places} places, on ${pages}.`;
}

const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/**
 * Return the elements of all groups; each result is an option with an id of its own. A page with many shows the best
 * ones and an option for the rest; `opened(option)` is told the first of those once they are there.
 */
export function rendered(groups, opened) {
  let number = 0;
  return groups.map((group, place) => {
    const name = `search-page-${place}`;
    const head = make("div", { id: name, class: "search-page" }, group.page);
    if (group.part) head.append(make("span", {}, group.part));
    const options = group.sections.map((section) => option(section, number++));
    const shown = options.length > MOST + 1 ? [...options.slice(0, MOST), more(options.slice(MOST), name, opened)] : options;
    return make("div", { role: "group", "aria-labelledby": name }, head, ...shown);
  });
}

function more(rest, name, opened) {
  const all = make("div", { id: `${name}-more`, role: "option", "aria-selected": "false", class: "search-more" },
    `${rest.length} more of them on this page`);
  all.addEventListener("click", () => {
    all.replaceWith(...rest);
    opened(rest[0]);
  });
  return all;
}

function option({ title, url, kind, excerpt: { code, pieces } }, number) {
  const marked = pieces.map(([text, hit]) => (hit ? make("mark", {}, text) : text));
  const id = `search-result-${number}`;
  return make("a", { id, role: "option", "aria-selected": "false", tabindex: "-1", href: new URL(url, ROOT).href },
    make("span", { class: "search-title" }, (NAMED[kind] ?? "") + title),
    make(code ? "code" : "span", { class: "search-text" }, ...marked));
}
