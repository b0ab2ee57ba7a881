// From a question to the sections that answer it. Pagefind finds and weighs each word; what is added here is that
// misspelt words are corrected, that a section may lack a word, and that one whose title is the question comes first.

import { stem, telling, words } from "./words.mjs";

const LOOKED_AT = 24; // sections whose text is fetched
const LENGTH = 28; // words of an excerpt
const BEFORE = 6; // of them before the first that was looked for
const SECTIONS = 400; // about as many as make a rare word count more than a common one

/** What Pagefind is told: whole words before beginnings of words, headings before the page's title. */
export const RANKING = { termSimilarity: 5, metaWeights: { title: 5, page: 1, part: 0, kind: 0, url: 0 } };

// What a section is worth beside the question. A term comes first when it is what was asked for, and else explains
// less than a lesson does; an exercise uses what its lesson explains; an aside only mentions it.
const STANDING = { term: 0.4, exercise: 0.8, aside: 0.5 };
const ASKED_FOR = { term: 10 };

/** Return what the words of a question stand for: `asked` as typed, `used` in its place, null where nothing is near. */
export function understand(question, vocabulary) {
  return telling(question).map((asked) => ({ asked, used: vocabulary.has(asked) ? asked : vocabulary.nearest(asked) }));
}

/** Return `{ terms, sections }`: how the question was understood, and sections as `{ url, title, page, part, kind,
 * weight, score, excerpt }` in the order of their scores; `weight` is what the words alone give.
 *
 * Rejects when the index cannot be read.
 */
export async function find(question, { pagefind, vocabulary }) {
  const terms = understand(question, vocabulary);
  const used = [...new Set(terms.map((term) => term.used).filter(Boolean))];
  const answers = await Promise.all(used.map((word) => pagefind.search(word)));
  if (answers.every((answer) => !answer.results.length) && used.some((word) => vocabulary.known.has(word))) {
    throw new Error("a part of the index is missing"); // Pagefind then finds nothing, and does not say so
  }
  const ranked = weigh(answers.map((answer) => answer.results)).slice(0, LOOKED_AT);
  const loaded = await Promise.all(ranked.map(section));
  for (const one of loaded) one.score *= factor(one, used.map(stem), question);
  loaded.sort((one, two) => two.score - one.score);
  return { terms, sections: loaded.map((one) => ({ ...one, excerpt: excerpt(one.text, used, one.kind === "term") })) };
}

/** Return the sections in which any of the words was found, by what their words weigh together.
 *
 * `lists` has Pagefind's results for each word. A section that lacks a word loses more the rarer that word is.
 */
export function weigh(lists) {
  const found = new Map();
  const rarity = lists.map((list) => (list.length ? Math.log(1 + SECTIONS / list.length) : 0));
  const all = rarity.reduce((sum, one) => sum + one, 0);
  lists.forEach((list, place) => {
    for (const result of list) {
      const entry = found.get(result.id) ?? { result, score: 0, covered: 0 };
      entry.score += result.score;
      entry.covered += rarity[place];
      found.set(result.id, entry);
    }
  });
  for (const entry of found.values()) entry.score *= (entry.covered / all) ** 2;
  return [...found.values()].sort((one, two) => two.score - one.score);
}

async function section({ result, score }) {
  const { content, meta: { title, url, page, part, kind } } = await result.data();
  const text = content.startsWith(title) ? content.slice(title.length).replace(/^[.\s]+/, "") : content;
  return { title, url, page, part, kind, text, score, weight: score };
}

/** Return by how much more, or less, a section is the answer than its words alone say. */
function factor({ title, kind, text }, sought, question) {
  const own = new Set(telling(title).map(stem));
  const shared = sought.filter((word) => own.has(word)).length;
  if (shared === own.size && shared === sought.length) return ASKED_FOR[kind] ?? 3;
  const asked = question.trim().toLowerCase();
  const verbatim = words(asked).length > 1 && text.toLowerCase().includes(asked) ? 1.5 : 1;
  return (1 + shared / (own.size + sought.length - shared)) * (STANDING[kind] ?? 1) * verbatim;
}

/** Return the part of a text that has most of the words, as pieces `[text, is it one of the words]`.
 *
 * A definition is shown from its beginning (`whole`).
 */
export function excerpt(text, used, whole = false) {
  const stems = used.map(stem);
  const isHit = (word) => stems.includes(stem(word)) || used.some((one) => word.startsWith(one));
  const parts = text.split(/\s+/);
  const hits = parts.map((part) => words(part).find(isHit) ?? "");
  const from = whole ? 0 : beginning(hits.map((hit) => hit && stem(hit)));
  const pieces = parts.slice(from, from + LENGTH)
    .flatMap((part, place) => [[part, hits[from + place] !== ""], [" ", false]]);
  if (from) pieces.unshift(["… ", false]);
  if (from + LENGTH < parts.length) pieces.push(["…", false]);
  return pieces;
}

/** Return where the part begins with the most different words, a little before the first of them. */
function beginning(hits) {
  let [most, best] = [0, 0];
  for (const [place, hit] of hits.entries()) {
    if (!hit) continue;
    const count = new Set(hits.slice(place, place + LENGTH - BEFORE)).size;
    if (count > most) [most, best] = [count, place];
  }
  return Math.max(0, best - BEFORE);
}
