// The words of a question: which of them count, and what was meant by those that no page has.

// What a question is made of, and what says nothing about where its answer is.
const FILLING = new Set(`a about am an and are as at be been but by can could did do does for from get had has have how
i if in into is it its may me mean means much my of on or our shall should so than that the their them then there these
they this to versus vs was we were what when where which who whose why will with would you your`.split(/\s+/));
const ENDINGS = /(ations?|ings?|ions?|edly|ed|es|ers?|ly|s|e)$/;
const SHORTEST = 3; // letters that stay when an ending is taken off
const LONG_ENOUGH = 5; // letters that are not the beginning of very different words

/** A word, as the site's vocabulary has them. */
export const WORD = /[\p{L}\p{N}_]+/gu;

/** Return the words of a text, in small letters. */
export function words(text) {
  return text.toLowerCase().match(WORD) ?? [];
}

/** Return the words of a question that its answer has to have: all of them when no other is left. */
export function telling(question) {
  const all = [...new Set(words(question))];
  const left = all.filter((word) => !FILLING.has(word) && word.length > 1);
  return left.length ? left : all;
}

/** Return a word without its ending, for comparing: `locks`, `locked` and `locking` are the same. */
export function stem(word) {
  const short = word.replace(ENDINGS, "");
  return short.length < SHORTEST ? word : short.replace(/([bdgklmnprt])\1$/, "$1");
}

/** Return how many letters to add, leave out, change or swap with the next to make `two` of `one`; `most` + 1 if more.
 *
 * Damerau's distance in its restricted form: no part is changed twice. https://doi.org/10.1145/363958.363994
 */
export function distance(one, two, most) {
  if (Math.abs(one.length - two.length) > most) return most + 1;
  let before = [];
  let last = Array.from({ length: two.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const line = [i];
    for (let j = 1; j <= two.length; j += 1) {
      const same = one[i - 1] === two[j - 1];
      line[j] = Math.min(last[j] + 1, line[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) {
        line[j] = Math.min(line[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...line) > most) return most + 1;
    [before, last] = [last, line];
  }
  return Math.min(last[two.length], most + 1);
}

/** All words of the site, the commonest first. */
export class Vocabulary {
  constructor(list) {
    this.list = list;
    this.known = new Set(list);
    this.stems = new Set(list.map(stem));
  }

  /** Say whether a page has the word, in another form too, or one that begins with it. */
  has(word) {
    if (this.known.has(word) || this.stems.has(stem(word))) return true;
    return word.length >= SHORTEST && this.list.some((other) => other.startsWith(word));
  }

  /** Return the word and, for the beginning of a commoner one, that too: `postgres` means `postgresql` as well. */
  forms(word) {
    const fuller = word.length < LONG_ENOUGH ? null : this.list.find((other) => other.startsWith(word));
    return fuller && stem(fuller) !== stem(word) ? [word, fuller] : [word];
  }

  /** Return the two words of which one was made, such as `task` and `group`; null if it is not made so. */
  parts(word) {
    for (let at = SHORTEST; at <= word.length - SHORTEST; at += 1) {
      const two = [word.slice(0, at), word.slice(at)];
      if (two.every((one) => this.known.has(one))) return two;
    }
    return null;
  }

  /** Return the word that was probably meant, the commonest of those that are nearest; null if none is near.
   *
   * One of three letters can be nearly anything: it may lack a letter, and no more.
   */
  nearest(word) {
    let most = word.length < SHORTEST ? 0 : word.length < 8 ? 1 : 2;
    let found = null;
    for (const other of this.list) {
      if (other.length < SHORTEST || (most === 2 && other[0] !== word[0])) continue;
      if (word.length === SHORTEST && other.length === SHORTEST) continue;
      const far = distance(word, other, most);
      if (far > most) continue;
      [found, most] = [other, far - 1];
      if (most < 1) break;
    }
    return found;
  }
}
