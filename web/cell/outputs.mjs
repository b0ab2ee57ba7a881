// What a cell says while it runs, in the page. Loaded at the first Run.

import { make, button, reachable } from "./dom.mjs";
import { Log } from "./log.mjs";
import * as safe from "./safe.mjs";
import { sentence } from "./sentences.mjs";
import { played } from "../player/bar.mjs";
import { counted } from "./words.mjs";

const PAUSE = 80; // milliseconds between two looks at what has come
const LONG = 60; // lines from which a text scrolls in its box
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-_])/g; // ECMA-48: colours and the like

/** Return text as a terminal would leave it: without colours, a line that was begun anew only in its last form. */
const plain = (text) => text.replace(ESCAPES, "").replace(/\r\n/g, "\n").replace(/[^\n]*\r(?!$)/g, "");

/** The messages of one run in the place of a cell's output. `help` gives the table of sentences, `root` leads to it. */
export class Outputs {
  #log = new Log();
  #shown = []; // [{part, node}]
  #timer = 0;
  #begun = false;

  constructor(place, { help, root }) {
    this.place = place;
    this.help = help;
    this.root = root;
    this.error = "";
  }

  add(message) {
    if (message.type === "error") this.error = message.name;
    this.#log.add(message);
    this.#timer ||= setTimeout(() => this.#render(), this.#begun ? PAUSE : 0);
  }

  /** The run has ended: show all that has come, in place of what was stored. */
  finish() {
    clearTimeout(this.#timer);
    this.#render();
    const asking = this.place.querySelectorAll("form[data-prompt]"); // nobody listens any more
    for (const form of asking) form.replaceChildren(form.dataset.prompt);
  }

  #render() {
    this.#timer = 0;
    if (!this.#begun) this.place.replaceChildren();
    this.#begun = true;
    const parts = this.#log.parts();
    parts.forEach((part, index) => this.#show(part, index));
    for (const { node } of this.#shown.splice(parts.length)) node.remove();
    for (const box of this.place.querySelectorAll("pre, .picture, .text_html")) reachable(box);
    const last = this.place.querySelector(".gap ~ .stream:last-of-type pre"); // its end is what a reader looks for
    if (last) last.scrollTop = last.scrollHeight;
  }

  #show(part, index) {
    const before = this.#shown[index];
    if (before?.part === part) return;
    const text = before?.part.type === "stream" && part.type === "stream" && before.part.name === part.name;
    const node = text ? before.node : this.#element(part);
    if (part.type === "stream") fill(node, plain(part.text));
    if (!text && before) before.node.replaceWith(node);
    else if (!before) this.place.append(node);
    this.#shown[index] = { part, node };
  }

  #element(part) {
    const kind = { stream, display, gap, blocked, input }[part.type];
    if (kind) return kind(part);
    return part.type === "error" ? this.#traceback(part) : make("div", { hidden: "" });
  }

  #traceback({ name, message, traceback }) {
    const text = plain([traceback].flat().join("\n")).trimEnd();
    const at = text.lastIndexOf(`\n${name}`) + 1 || text.lastIndexOf("\n") + 1;
    const pre = make("pre", {}, text.slice(0, at), make("strong", {}, text.slice(at)));
    const box = make("div", { class: "output traceback" }, make("div", { class: "highlight" }, pre));
    this.help().then((table) => {
      const found = sentence(table, name, message);
      if (found) box.append(explained(found, this.root));
    }, () => {}); // without the table the traceback speaks for itself
    return box;
  }
}

function explained({ says, read }, root) {
  const words = make("p", { class: "plain-sentence" }, says);
  if (read) words.append(" ", make("a", { href: root + read.address }, read.title), ".");
  return words;
}

function stream({ name }) {
  return make("div", { class: `output stream ${name}` }, make("div", { class: "highlight" }, make("pre")));
}

function fill(box, text) {
  const pre = box.querySelector("pre");
  pre.textContent = text;
  pre.classList.toggle("long", text.split("\n", LONG + 2).length > LONG + 1);
}

function gap({ lines, characters }) {
  const left = lines ? counted(lines, "line") : counted(characters, "character");
  return make("p", { class: "output gap" }, `${left} left out: above are the first, below the last.`);
}

function blocked({ url }) {
  return make("p", { class: "output blocked" }, "The rules of this page forbade a request to ", make("code", {}, url), ".");
}

function display({ data, metadata }) {
  const image = ["image/png", "image/jpeg"].find((type) => data[type]);
  if (data["text/html"]) return make("div", { class: "output text_html" }, safe.html(joined(data["text/html"])));
  if (data["image/svg+xml"]) return played(make("div", { class: "output picture" }, safe.svg(joined(data["image/svg+xml"]))));
  if (image) {
    const address = `data:${image};base64,${joined(data[image]).replace(/\s/g, "")}`;
    return make("div", { class: "output picture" }, safe.picture(address, metadata?.[image]?.alt));
  }
  const box = stream({ name: "text_plain" });
  const json = data["application/json"];
  fill(box, plain(joined(data["text/plain"] ?? (json === undefined ? "" : JSON.stringify(json, null, 2)))));
  return box;
}

const joined = (text) => [text].flat().join("");

function input({ prompt, password, reply }) {
  const field = make("input", { type: password ? "password" : "text", autocomplete: "off",
    "aria-label": prompt || "The program asks for a line" });
  const form = make("form", { class: "output asked", "data-prompt": prompt }, make("label", {}, prompt, " ", field),
    button("Send", () => {}, { type: "submit" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    delete form.dataset.prompt;
    form.replaceChildren(password ? prompt : `${prompt} ${field.value}`);
    reply(field.value);
  });
  requestAnimationFrame(() => field.focus({ preventScroll: false }));
  return form;
}
