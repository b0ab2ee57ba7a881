// The bar under a picture that a run has just drawn; in the built page course/site/player.py writes the same.

import { make } from "../cell/dom.mjs";
import { read } from "./recording.mjs";

const KEYS = "Keys: Left and Right step, Home and End jump, Escape ends";

/** Return a picture's box with a bar beneath it when the SVG in it carries a recording, else the box itself. */
export function played(box) {
  const recording = read(box.querySelector("svg > metadata")?.textContent);
  if (!recording) return box;
  const press = (value, words) => make("button", { type: "button", class: "player-button", value }, words);
  const bar = make("div", { class: "player-bar", role: "group", "aria-label": `Play: ${box.querySelector("title")?.textContent ?? "picture"}`,
    "aria-description": KEYS },
    press("play", "Play"), press("next", "Step"), make("span", { class: "player-place" }, `${recording.events.length} steps`));
  return make("div", { class: "output played" }, make("div", { class: "player-stage" }, box, bar));
}
