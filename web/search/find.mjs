// From a question to the sections that answer it. Pagefind finds and weighs each word; what is added here is that
// misspelt words are corrected, that a section may lack a word, and that one whose title is the question comes first.

import { excerpt } from "./excerpt.mjs";
import { stem, telling, words } from "./words.mjs";

const LOOKED_AT = 24; // sections whose text is fetched
const SECTIONS = 400; // about as many as make a rare word count more than a common one

/** What Pagefind is told: whole words before beginnings of words, headings before the page's title. */
export const RANKING = { termSimilarity: 5, metaWeights: { title: 5, page: 1, part: 0, kind: 0, url: 0 } };

// What a section is worth beside the question. A term comes first when it is what was asked for, and else explains
// less than a lesson does; an exercise uses what its lesson explains; an aside only mentions it; learners do not ask
// for what is written for authors.
const STANDING = { term: 0.4, exercise: 0.8, aside: 0.5, author: 0.3 };
const ASKED_FOR = { term: 10 };
const NAME = 3; // words joined by a hyphen or the like are one name: its parts elsewhere in a text are something else

/** Return what the words of a question stand for: `asked` as typed, `exact` when a page has it, and `used`, the words
 * to look for in its place, each in all its forms: more than one where it was two written as one, none where none is near.
 */
export function understand(question, vocabulary) {
  return telling(question).map((asked) => {
    const exact = vocabulary.has(asked);
    const near = exact ? asked : vocabulary.nearest(asked);
    const used = near ? [near] : vocabulary.parts(asked) ?? [];
    return { asked, exact, used: used.map((word) => vocabulary.forms(word)) };
  });
}

/** Return `{ terms, sections, total, together }`: how the question was understood; the best sections as `{ url, title,
 * page, part, kind, weight, score, excerpt }` in the order of their scores, where `weight` is what the words alone give;
 * how many sections there are in all; and whether one of them has all the words.
 *
 * Rejects when the index cannot be read.
 */
export async function find(question, { pagefind, vocabulary }) {
  const terms = understand(question, vocabulary);
  const sought = terms.flatMap((term) => term.used);
  const used = [...new Set(sought.flat())];
  const answers = new Map(await Promise.all(used.map(async (word) => [word, (await pagefind.search(word)).results])));
  if ([...answers.values()].every((list) => !list.length) && used.some((word) => vocabulary.known.has(word))) {
    throw new Error("a part of the index is missing"); // Pagefind then finds nothing, and does not say so
  }
  const ranked = weigh(sought.map((forms) => merged(forms.map((form) => answers.get(form)))));
  const loaded = await Promise.all(ranked.slice(0, LOOKED_AT).map(section));
  for (const one of loaded) one.score *= factor(one, sought.map((forms) => forms.map(stem)), question);
  loaded.sort((one, two) => two.score - one.score);
  const sections = loaded.map((one) => ({ ...one, excerpt: excerpt(one.text, used, one.kind === "term") }));
  return { terms, sections, total: ranked.length, together: ranked.some((one) => one.complete) };
}

/** Return the results for the forms of one word as one list. A rare form must not push the common one out of sight:
 * the best result for each counts the same.
 */
function merged(all) {
  const lists = all.filter((list) => list.length);
  const tops = lists.map((list) => Math.max(...list.map((result) => result.score)));
  const least = Math.min(...tops);
  const best = new Map();
  lists.forEach((list, place) => {
    for (const result of list) {
      const score = result.score * (least / tops[place]);
      if (!(best.get(result.id)?.score >= score)) best.set(result.id, { id: result.id, score, result });
    }
  });
  return [...best.values()];
}

/** Return the sections in which any of the words was found, by what their words weigh together.
 *
 * `lists` has the results for each word. A section that lacks a word loses more the rarer that word is; one that has
 * them all is `complete`.
 */
export function weigh(lists) {
  const found = new Map();
  const rarity = lists.map((list) => (list.length ? Math.log(1 + SECTIONS / list.length) : 0));
  const all = rarity.reduce((sum, one) => sum + one, 0);
  lists.forEach((list, place) => {
    for (const { id, score, result } of list) {
      const entry = found.get(id) ?? { result, score: 0, covered: 0, words: 0 };
      entry.score += score;
      entry.covered += rarity[place];
      entry.words += 1;
      found.set(id, entry);
    }
  });
  for (const entry of found.values()) {
    entry.score *= (entry.covered / all) ** 2;
    entry.complete = entry.words === lists.length;
  }
  return [...found.values()].sort((one, two) => two.score - one.score);
}

async function section({ result, score }) {
  const { content, meta: { title, url, page, part, kind } } = await result.data();
  const text = content.startsWith(title) ? content.slice(title.length).replace(/^[.\s]+/, "") : content;
  return { title, url, page, part, kind, text, score, weight: score };
}

/** Return by how much more, or less, a section is the answer than its words alone say; `sought` are stems, by word. */
function factor({ title, kind, text }, sought, question) {
  const own = new Set(telling(title).map(stem));
  const shared = sought.filter((forms) => forms.some((form) => own.has(form))).length;
  if (shared === own.size && shared === sought.length) return ASKED_FOR[kind] ?? 3;
  const asked = question.trim().toLowerCase();
  const verbatim = words(asked).length > 1 && text.toLowerCase().includes(asked) ? (/\s/.test(asked) ? 1.5 : NAME) : 1;
  return (1 + shared / (own.size + sought.length - shared)) * (STANDING[kind] ?? 1) * verbatim;
}
