// How fast pictures are played: one choice for the whole course, kept by the browser where it may.

import { make } from "../cell/dom.mjs";

const SPEEDS = ["0.5", "1", "2"];
const KEY = `course ${new URL("../../", import.meta.url).pathname} speed`; // the script lies in _static/run of its course

function kept() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

function keep(value) {
  try { localStorage.setItem(KEY, value); } catch { /* it then lasts for this page only */ }
}

let chosen = SPEEDS.includes(kept()) ? kept() : "1";

/** The speed that all players of a page share. */
export class Speed {
  get factor() { return Number(chosen); }

  /** Return the element that shows and changes it. */
  choice() {
    const options = SPEEDS.map((value) => make("option", { value }, `${value}\u00d7`));
    const select = make("select", { class: "player-speed", "aria-label": "Speed" }, ...options);
    const read = () => { select.value = chosen; };
    select.addEventListener("change", () => keep(chosen = select.value));
    select.addEventListener("focus", read); // another player of the page may have changed it
    read();
    return select;
  }
}
