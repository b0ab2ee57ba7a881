// On a touch device the reader is asked before Python is loaded: it may be paid for by the megabyte.

import { make } from "../cell/dom.mjs";
import { cost } from "../cell/words.mjs";

const KEY = `course ${new URL("../../", import.meta.url).pathname} loaded`; // shared with the cells

/** Return whether Python may be loaded. `ask(content, answers)` asks the reader. */
export async function agreed(checker, ask) {
  if (!matchMedia("(pointer: coarse)").matches || kept()) return true;
  const size = await checker.weigh().catch(() => 0);
  const yes = await ask([make("p", {}, cost(size, 10e6))], { "Load and check": true, "Not now": false });
  if (yes) {
    try { localStorage.setItem(KEY, "yes"); } catch { /* it is asked again */ }
    document.dispatchEvent(new Event("course-agreed")); // a cell may be asking too
  }
  return yes;
}

function kept() {
  try { return localStorage.getItem(KEY) === "yes"; } catch { return false; }
}
