// For test_progress.py: each line of input is {a, b, address, steps, text}; each line of output {merged, seen, changed,
// readable}: the documents merged, what is seen of them, `a` after the steps, and whether the text is a document.
import { createInterface } from "node:readline";

import * as changes from "../../web/progress/changes.mjs";
import { parse } from "../../web/progress/form.mjs";
import { merge, seen } from "../../web/progress/merge.mjs";

const NAMES = { hint_taken: "hintTaken", undo_reset: "undoReset" };

/** Apply steps, each [name, address, time, arguments...], with the names of course/check/progress.py. */
export function played(document, steps) {
  return steps.reduce((made, [name, address, at, ...more]) => changes[NAMES[name] ?? name](made, address, at, ...more), document);
}

export function readable(text) {
  try {
    parse(text);
    return true;
  } catch { return false; }
}

if (process.argv[1] === import.meta.filename) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { a, b, address, steps, text } = JSON.parse(line);
    const merged = merge(a, b);
    console.log(JSON.stringify({ merged, seen: seen(merged, address), changed: played(a, steps), readable: readable(text) }));
  }
}
