// The editor of a cell where CodeMirror cannot be loaded: a text area, with the same interface as editor.mjs.

import { make } from "./dom.mjs";

/** Open a text area in `place`; see editor.mjs. Tab always moves on here. */
export function open(place, { text, label, describedBy, onChange, onRun }) {
  const area = make("textarea", { "aria-label": label, "aria-describedby": describedBy, spellcheck: "false",
    autocapitalize: "off", autocomplete: "off", wrap: "off" });
  const grow = () => { area.rows = area.value.split("\n").length + 1; };
  area.value = text;
  grow();
  area.addEventListener("input", () => { grow(); onChange(area.value); });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    onRun();
  });
  place.append(area);
  return {
    focus() { area.focus(); },
    goTo(number) {
      const before = area.value.split("\n").slice(0, number);
      const end = before.join("\n").length;
      area.setSelectionRange(end - before.at(-1).length, end);
    },
    get text() { return area.value; },
    set text(words) { area.value = words; grow(); },
    close() { area.remove(); },
  };
}
