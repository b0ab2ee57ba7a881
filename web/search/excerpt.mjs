// The part of a section's text that stands below a result, and which letters of it are marked.

import { stem, WORD } from "./words.mjs";

const LENGTH = 28; // words of an excerpt
const BEFORE = 6; // of them before the first that was looked for
const CODE = /\uE000(.*?)\uE001[.\s]*/gsu; // so course/site/search_index.py encloses what is code or an output

/** Return `{ code, pieces }`: whether it is code, and its text in pieces `[text, is it what was looked for]`.
 *
 * `used` are the words that were looked for, small. Prose is preferred: code is shown where it has more than twice as
 * many of them. A definition is shown from its beginning (`whole`).
 */
export function excerpt(text, used, whole = false) {
  const looked = used.map((word) => ({ word, stem: stem(word) }));
  const [prose, code] = divided(text).map((one) => part(one, looked, whole));
  const shown = prose.most * 2 < code.most || !prose.pieces.length ? code : prose;
  return { code: shown === code, pieces: shown.pieces };
}

/** Return the text without its code, and the code. */
function divided(text) {
  const code = [];
  const prose = text.replace(CODE, (_, inside) => {
    code.push(inside);
    return "… ";
  });
  return [prose.replace(/^(… )+|(?<=… )(… )+/g, ""), code.join(" … ")];
}

function part(text, looked, whole) {
  const tokens = text.split(/\s+/).filter(Boolean).map((token) => marked(token, looked));
  const { most, start } = densest(tokens.map(({ hits }) => hits));
  const from = whole ? 0 : Math.max(0, start - BEFORE);
  const pieces = tokens.slice(from, from + LENGTH).flatMap(({ pieces: own }) => [...own, [" ", false]]);
  if (from && pieces[0][0] !== "…") pieces.unshift(["… ", false]);
  if (from + LENGTH < tokens.length && pieces.at(-2)[0] !== "…") pieces.push(["…", false]);
  return { most, pieces };
}

/** Return a token in pieces, and the places in `looked` of the words that stand in it. */
function marked(token, looked) {
  const [pieces, hits] = [[], []];
  let end = 0;
  for (const { 0: word, index } of token.matchAll(WORD)) {
    const small = word.toLowerCase();
    const hit = looked.findIndex((one) => stem(small) === one.stem);
    const beginning = hit < 0 ? looked.findIndex((one) => small.startsWith(one.word)) : hit;
    if (beginning < 0) continue;
    hits.push(beginning);
    const until = index + (hit < 0 ? looked[beginning].word.length : word.length);
    pieces.push([token.slice(end, index), false], [token.slice(index, until), true]);
    end = until;
  }
  return { hits, pieces: [...pieces, [token.slice(end), false]].filter(([piece]) => piece) };
}

/** Return where most different words stand together, and how many. */
function densest(hits) {
  let [most, start] = [0, 0];
  for (const [place, own] of hits.entries()) {
    if (!own.length) continue;
    const count = new Set(hits.slice(place, place + LENGTH - BEFORE).flat()).size;
    if (count > most) [most, start] = [count, place];
  }
  return { most, start };
}
