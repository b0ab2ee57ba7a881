// The search's dialog: a field, what was found, and the keys to get there. A combobox with a list of options, see
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { make } from "../cell/dom.mjs";
import { find } from "./find.mjs";
import { ROOT, load } from "./index.mjs";
import { grouped, rendered, said } from "./results.mjs";

const PAUSE = 80; // milliseconds without a key before a question is looked up
const LIST = "search-list";
const NOTHING = { terms: [], sections: [], total: 0, together: true };

const field = make("input", { type: "text", name: "q", role: "combobox", "aria-label": "Search the course",
  "aria-autocomplete": "list", "aria-controls": LIST, "aria-expanded": "false", autocomplete: "off",
  autocapitalize: "off", spellcheck: "false", enterkeyhint: "search",
  placeholder: "A term, an error message, a question" });
const close = make("button", { type: "button", class: "button" }, "Close");
const simple = make("a", {}, "Simple search page");
const form = make("form", { role: "search", action: new URL("search.html", ROOT).href, method: "get" }, field, close);
const status = make("p", { role: "status", class: "search-said" });
const list = make("div", { id: LIST, role: "listbox", "aria-label": "Results", hidden: "" });
const keys = make("span", { class: "search-keys" }, make("kbd", {}, "↑"), " ", make("kbd", {}, "↓"), " choose  ",
  make("kbd", {}, "Enter"), " open  ", make("kbd", {}, "Esc"), " close");
const dialog = make("dialog", { class: "search-dialog", "aria-label": "Search" }, form, status, list,
  make("p", { class: "search-foot" }, keys, simple));

let styled = null;
let answering = Promise.resolve(); // what was last asked
let asked = null;
let timer = 0;

/** Return when the dialog's style is there; a page that cannot have it shows the dialog without. */
function style() {
  if (document.querySelector('link[rel="stylesheet"][href*="search.css"]')) return Promise.resolve();
  const link = make("link", { rel: "stylesheet", href: new URL("_static/search.css", ROOT).href });
  return new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    document.head.append(link);
  });
}

/** Open the dialog with what stands in the header's field, which may be null. */
export async function show(header) {
  styled ??= style().then(() => document.body.append(dialog));
  await styled;
  if (dialog.open) return;
  dialog.showModal();
  field.focus();
  if (header?.value) {
    [field.value, header.value] = [header.value, ""]; // the caret then stands behind it, to go on
  } else {
    field.select();
  }
  ask();
}

function ask() {
  const question = field.value.trim();
  const address = new URL("search.html", ROOT);
  if (question) address.searchParams.set("q", question);
  simple.href = address.href;
  answering = answer(question);
}

async function answer(question) {
  asked = question;
  dialog.dataset.state = "loading";
  const loaded = load().catch(() => null);
  if (question) {
    const slow = setTimeout(() => { if (asked === question) status.textContent = "Loading the search ..."; }, 150);
    loaded.finally(() => clearTimeout(slow));
  }
  try {
    const index = (await loaded) ?? (await load());
    const found = question ? await find(question, index) : NOTHING;
    if (asked === question) fill(found);
  } catch (error) {
    console.info("The search could not be loaded:", error);
    if (asked === question) fail();
  }
  if (asked === question) dialog.dataset.question = question;
}

function fill(found) {
  const groups = found.sections.length ? grouped(found.sections) : [];
  list.replaceChildren(...rendered(groups, (option) => choose(options().indexOf(option))));
  list.hidden = !groups.length;
  field.setAttribute("aria-expanded", String(groups.length > 0));
  status.textContent = said(found, groups);
  dialog.dataset.state = "ready";
  list.scrollTop = 0;
  choose(0);
}

function fail() {
  fill(NOTHING);
  status.textContent = "The search could not be loaded. The simple search page, linked below, may work.";
  dialog.dataset.state = "failed";
}

const options = () => [...list.querySelectorAll('[role="option"]')];
const chosen = () => list.querySelector('[aria-selected="true"]');

function choose(place) {
  const all = options();
  chosen()?.setAttribute("aria-selected", "false");
  const option = all.at(place % all.length);
  if (!option) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  if (option === all[0]) list.scrollTop = 0;
  else option.scrollIntoView({ block: "nearest" });
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
field.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  choose(options().indexOf(chosen()) + step);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  if (field.value.trim() !== asked) ask();
  await answering;
  if (dialog.dataset.state === "failed") form.submit();
  else chosen()?.click();
});
list.addEventListener("click", (event) => {
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (plain && event.target.closest("a")) dialog.close();
});
close.addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
