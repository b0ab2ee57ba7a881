// What a step says beside the picture: who did what, why, and the state before and after.

import { make } from "../cell/dom.mjs";
import { changes, said } from "./recording.mjs";

const shown = (value) => value || "\u2013";

function row({ name, before, after, changed }) {
  const mark = make("span", { class: "player-changed" }, before === null ? "new" : "changed");
  const now = changed ? [make("strong", {}, shown(after)), " ", mark] : [shown(after)];
  return make("tr", { class: changed ? "is-changed" : null }, make("th", { scope: "row" }, name), make("td", {}, shown(before)),
    make("td", {}, ...now));
}

function table(rows) {
  const heads = ["State", "before", "after"].map((words) => make("th", { scope: "col" }, words));
  return make("table", { class: "player-state" }, make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows.map(row)));
}

/** Fill the panel with a step. It never gets lower while it is open: what stands below it stays where it is. */
export function fill(panel, events, step) {
  const { who, what } = said(events[step - 1]);
  const { detail } = events[step - 1];
  const rows = changes(events, step);
  panel.style.minHeight = panel.offsetHeight ? `${panel.offsetHeight}px` : "";
  const why = events.some((event) => event.detail) ? [make("p", { class: "player-why" }, detail || "\u00a0")] : [];
  panel.replaceChildren(make("p", { class: "player-what" }, make("strong", {}, `${who}:`), ` ${what}`), ...why,
    ...(rows.length ? [table(rows)] : []));
}
