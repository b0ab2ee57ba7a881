// How the checks went, as elements: words and icons, what was expected and what came, the line, what was printed.

import { button, make } from "../cell/dom.mjs";

const WORDS = { pass: "pass", fail: "not yet", error: "broke", skip: "later" };
const ICONS = { pass: "\u2713", fail: "\u2717", error: "\u2717", skip: "\u2013" };
const MOST = 12; // lines of output that are shown

/**
 * Return the elements for a result (course.check, Result.to_json). `deeds`: goTo(line) leads to a line of the answer,
 * hint(number) opens a hint.
 */
export function shown(result, deeds) {
  if (result.status === "error") {
    return [make("ul", { class: "check-list" }, item("error", result.message, [...line(result, deeds), ...printed(result.output)]))];
  }
  const items = result.checks.map((check) => item(check.status, check.title, check.status === "pass" ? [] : details(check, deeds)));
  return [make("p", { class: "check-summary" }, summary(result)), make("ul", { class: "check-list" }, ...items)];
}

/** Return in a sentence how many checks pass. */
export function summary({ status, checks }) {
  if (status === "pass") return "All checks pass.";
  return `${checks.filter((check) => check.status === "pass").length} of ${checks.length} checks pass.`;
}

function item(status, title, more) {
  const word = make("span", { class: "check-word" }, make("span", { "aria-hidden": "true" }, ICONS[status]), ` ${WORDS[status]}`);
  return make("li", { "data-status": status }, word, " ", make("span", { class: "check-title" }, ...coded(title)), ...more);
}

/** Return a text in pieces: what stands between backticks is code. */
const coded = (text) => text.split(/`([^`\n]+)`/).map((piece, index) => (index % 2 ? make("code", {}, piece) : piece));

function details(check, deeds) {
  return [make("p", { class: "check-message" }, ...coded(check.message)), ...compared(check), ...line(check, deeds), ...hint(check, deeds),
    ...printed(check.output)];
}

function compared({ expected, actual }) {
  const rows = [["expected", expected], ["what came back", actual]].filter(([, value]) => value !== null);
  return rows.length ? [make("dl", { class: "check-values" }, ...rows.flatMap(([name, value]) => (
    [make("dt", {}, name), make("dd", {}, make("code", {}, value))])))] : [];
}

function line({ line: number }, { goTo }) {
  return number ? [button(`Go to line ${number}`, () => goTo(number), { class: "cell-button check-line" })] : [];
}

function hint({ hint: number }, deeds) {
  return number ? [button(`Hint ${number} helps here`, () => deeds.hint(number), { class: "cell-button check-hint" })] : [];
}

function printed(text) {
  const lines = text.trimEnd().split("\n");
  if (!lines[0] && lines.length === 1) return [];
  const before = lines.length - MOST;
  return [make("details", { class: "check-output" },
    make("summary", {}, `Your code printed${before > 0 ? ` (${before} lines before these)` : ""}`),
    make("pre", { tabindex: "0", "aria-label": "What your code printed" }, lines.slice(-MOST).join("\n")))];
}
