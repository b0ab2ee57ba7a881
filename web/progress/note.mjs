// What a reader must be told about the keeping of progress, on any page. Loaded when there is such a thing.

import { button, make } from "../cell/dom.mjs";

let said = "";
let note = null;

/** Show the store's message; one that was closed comes back only with other words. */
export function show(store) {
  const nothing = !store.keeps && !Object.keys(store.document.items).length; // who has nothing to lose is not troubled
  const words = nothing ? "" : store.message;
  if (words === said) return;
  said = words;
  note?.remove();
  if (!words) return;
  note = make("div", { class: "progress-note", role: "status" }, make("p", {}, words), button("Close", () => note.remove(), { class: "button" }));
  document.body.append(note);
}
