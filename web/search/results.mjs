// What the dialog shows and says of an answer.

import { make } from "../cell/dom.mjs";
import { ROOT } from "./index.mjs";

const WEAKEST = 0.1; // of the heaviest section's weight: what is below has little to do with the question
const MOST = 4; // sections of a page that are shown at once, so that a long page does not push the others out of sight
const NAMED = { exercise: "Exercise: " };

/** Return the sections by page: `[{ page, part, sections }]`, the page with the best one first. */
export function grouped(sections) {
  const groups = new Map();
  const best = Math.max(...sections.map((section) => section.weight));
  for (const one of sections.filter((section) => section.weight >= best * WEAKEST)) {
    const group = groups.get(one.page) ?? { page: one.page, part: one.part, sections: [] };
    group.sections.push(one);
    groups.set(one.page, group);
  }
  return [...groups.values()];
}

/** Return what is said above the results: how many, and which words of the question no page has. */
export function said(terms, groups) {
  const missing = terms.filter((term) => term.used !== term.asked).map((term) => `'${term.asked}'`);
  const named = `No page has the word${missing.length > 1 ? "s" : ""} ${missing.join(" and ")}`;
  if (!groups.length) return missing.length ? `${named}, nor one that is near.` : "";
  const places = groups.reduce((sum, group) => sum + group.sections.length, 0);
  const found = `${counted(places, "place")} on ${counted(groups.length, "page")}.`;
  return missing.length ? `${named} exactly; these come nearest: ${found}` : found;
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
    `${rest.length} more places on this page`);
  all.addEventListener("click", () => {
    all.replaceWith(...rest);
    opened(rest[0]);
  });
  return all;
}

function option({ title, url, kind, excerpt }, number) {
  const pieces = excerpt.map(([text, hit]) => (hit ? make("mark", {}, text) : text));
  const id = `search-result-${number}`;
  return make("a", { id, role: "option", "aria-selected": "false", tabindex: "-1", href: new URL(url, ROOT).href },
    make("span", { class: "search-title" }, (NAMED[kind] ?? "") + title),
    make("span", { class: "search-text" }, ...pieces));
}
