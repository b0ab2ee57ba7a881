// Elements and words that the parts of progress share.

export { button, make } from "../cell/dom.mjs";

/** Return "on 1 March 2026" for a time of the progress document, in the reader's time zone. */
export function dated(at) {
  return `on ${new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })}`;
}

/** Return "1 exercise", "2 exercises". */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Return words as a sentence. */
export const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;
