// Numbers as a reader sees them.

/** Return bytes in words, such as "9.8 MB" (of a million bytes). */
export function bytes(count) {
  if (count < 1e6) return `${Math.max(1, Math.round(count / 1e3))} kB`;
  return `${count < 1e8 ? (count / 1e6).toFixed(1) : Math.round(count / 1e6)} MB`;
}

const MEMORY = 250e6; // bytes that Python with a lesson's packages takes in a tab at most; Chromium: 115e6 to 160e6 after a cell

/** Return what loading Python costs the reader: bytes to fetch, or a guess where they are not known, and memory. */
export const cost = (size, guess) => `Python will be loaded into this page: ${size ? bytes(size) : `about ${bytes(guess)}`} `
  + `to fetch, once, and about ${bytes(MEMORY)} of memory while the page is open.`;

/** Return a duration in seconds in words, such as "0.02 s" or "2 min 5 s". */
export function duration(seconds) {
  if (seconds < 0.01) return "under 0.01 s";
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
}

/** Return a whole number with its thousands apart. */
export const number = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, "\u2009");

/** Return "1 line", "2 lines", "1 000 lines". */
export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
