// What each page does about progress. All but the store is loaded when there is something to show, or to do.

import { store } from "./store.mjs";

const begun = () => Object.keys(store.document.items).length > 0;
const shown = (load) => load.then(({ show }) => show(store)).catch(() => {}); // without it the page reads whole
const FIRST = ["scroll", "keydown", "pointerdown"]; // what a reader does before the end of a lesson is in sight

let noted = false;

function refresh() {
  if (begun()) {
    try { localStorage.setItem("returning", "yes"); } catch { /* then the card moves what is below it */ }
    shown(import("./ticks.mjs"));
  }
  if (store.message || noted) shown(import("./note.mjs"));
  noted ||= Boolean(store.message);
}

let waiting = false;
store.subscribe(() => {
  if (waiting) return;
  waiting = true;
  setTimeout(() => { waiting = false; refresh(); });
});
refresh();

const has = (selector) => document.querySelector(selector) !== null;
if (has(".continue")) store.ready.then(() => { if (begun()) shown(import("./continue.mjs")); });
if (has(".path-progress")) store.ready.then(() => { if (begun()) shown(import("./path.mjs")); });
if (has(".course-progress")) shown(import("./overview.mjs"));
if (has(".course-progress-done")) shown(import("./done.mjs"));
const end = document.querySelector(".lesson-progress");
if (end) {
  const begin = () => {
    for (const name of FIRST) removeEventListener(name, begin);
    shown(import("./lesson.mjs"));
  };
  for (const name of FIRST) addEventListener(name, begin, { passive: true });
  if (end.getBoundingClientRect().top < innerHeight) begin();
}
if (document.documentElement.dataset.courseServer) {
  import("./note.mjs").catch(() => {}); // it is needed when the server is gone, and cannot be had then
  // A terminal may stand beside the browser: the page comes back without having been hidden.
  addEventListener("focus", () => store.refresh());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) store.refresh(); });
}
