// What a cell says about itself and its runs.

import { make } from "./dom.mjs";
import { bytes, duration } from "./words.mjs";

const COMMAND = "python3 noxfile.py -s serve";

/** Return in a sentence why Python did not start; browsers say it in words of their own when a request fails. */
export function reason(message) {
  const network = !message || /fetch|NetworkError|Load failed|imported module/i.test(message);
  return network ? "its files could not be loaded. Check the connection, then press Run again." : message;
}

/** Return how a run ended, for who hears the page. */
export function outcome(status, seconds, error) {
  const words = { ok: "ran in", error: `${error || "error"} after`, interrupted: "stopped after", lost: "Python ended after" };
  return status in words ? `${words[status]} ${duration(seconds)}` : "could not run";
}

/** Return what stands beside the buttons of a cell. `asking`: whether the page waits for the reader's consent. */
export function stateWords(cell, session, asking) {
  if (cell.busy) return busyWords(cell.busy, session, asking);
  const told = [];
  if (cell.ran) {
    const { kernel, order, text, ...ended } = cell.ran;
    const here = kernel === session.kernel;
    const before = ended.status === "interrupted" ? "Stopped" : "Ran before Python was restarted";
    told.push(here ? `Run ${order}: ${short(ended)}` : before);
    if (here && text !== cell.text) told.push("changed since");
  }
  if (cell.text !== cell.source) told.push("your version");
  return told.join(" \u00b7 ");
}

function busyWords(busy, { state, progress }, asking) {
  const came = progress && `${bytes(progress.loaded)} of ${bytes(progress.total)}`;
  if (state === "starting") return came ? `Loading Python: ${came}` : "Starting Python";
  if (busy === "running" && came) return `Loading packages: ${came}`;
  if (asking) return "Waiting for your answer";
  if (state === "stopping") return "Stopping";
  return busy === "running" ? "Running" : "Waiting for its turn";
}

function short({ status, seconds, error }) {
  if (status === "ok") return duration(seconds);
  return { error: error || "error", interrupted: "stopped", lost: "Python ended" }[status];
}

/** Return why a cell does not run in the page, and where it does, as nodes. `info`: what the page says of itself. */
export function whyNotHere({ how, binder, hub }) {
  const links = [[how, "How to run the course"], [binder, "Open the lesson on Binder"], [hub, "Open it on the class hub"]];
  const places = links.filter(([address]) => address).map(([address, words]) => make("li", {}, make("a", { href: address }, words)));
  const why = "This cell needs what only an operating system has, such as threads, processes, sockets, an event loop "
    + "of its own or a second connection to a database. Python in a page has none of them; Python on a machine does. "
    + "In the folder of the course, this command opens this page with a kernel:";
  return [make("p", {}, why), make("pre", {}, COMMAND), make("ul", {}, ...places)];
}
