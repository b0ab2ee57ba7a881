// What a page says of its Python.

import { bytes } from "./words.mjs";

const ENDS = { stopped: "was stopped", restarted: "was restarted", ended: "ended" };

/** Return the state of a session in words. `running`: the number of the cell that runs; `gone()`: what an end took away. */
export function pythonWords({ state, python, lost, runs, waiting, progress, words }, running, gone) {
  const name = python ? `Python ${python}` : "Python";
  const came = progress && `${bytes(progress.loaded)} of ${bytes(progress.total)}`;
  if (state === "stopping") return `${name} is being stopped`;
  if (state === "starting") return came ? `Loading ${name}: ${came}` : `Starting ${name}`;
  if (state === "busy" && came) return `Loading packages: ${came}`;
  if (state === "busy") return `${name} runs cell ${running}${waiting ? `, ${waiting} waiting` : ""}`;
  if (words) return words;
  if (lost in ENDS) return `${name} ${ENDS[lost]}: ${gone()}`;
  if (state === "off") return `${name} is not started`;
  return runs ? `${name} is ready, ${runs === 1 ? "1 run" : `${runs} runs`} so far` : `${name} is ready`;
}

/** Return what went with a Python that ended, and how it comes back. */
export function lostWords(database, onlyCell) {
  const held = database ? "names and tables are" : "names are";
  return onlyCell ? `${held} gone, the next Run makes them anew` : `${held} lost, run the cells again`;
}
