// The card beside a link to a term: it comes when the pointer rests on the link or the keyboard reaches it, stays
// while either is there or the pointer is in the card, and goes with Escape (WCAG 2.2, 1.4.13).

import { make } from "../cell/dom.mjs";

const REST = 350; // ms that the pointer rests on a link before its card comes
const WAY = 250; // ms for the pointer to get from the link into the card
const EDGE = 8; // px that are kept free at the window's edges
const GAP = 3; // px between a link and its card: the line under the link stays in sight

let definitions = null;
let card = null;
let shown = null; // the link that the card belongs to
let dismissed = null; // the link on which Escape was pressed
let timer = 0;

const wanted = (link) => link.matches(":hover, :focus-visible");

async function all() {
  definitions ??= fetch(new URL("glossary.json", import.meta.url)).then((answer) => (answer.ok ? answer.json() : {}));
  try {
    return await definitions;
  } catch {
    definitions = null; // the next link tries again
    return {};
  }
}

/** Show the card of `link` soon, after the event `type` ("pointerover" or "focusin") if it is still wanted then. */
export function offer(link, type) {
  if (link === shown || link === dismissed) return;
  if (type === "focusin" && !link.matches(":focus-visible")) return; // it was pressed
  const loaded = all();
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const definition = (await loaded)[decodeURIComponent(link.hash.slice(1))];
    if (definition && wanted(link)) show(link, definition);
    else settle();
  }, type === "focusin" ? 0 : REST);
  link.addEventListener("pointerleave", leave);
  link.addEventListener("blur", left);
}

/** The keyboard has gone on: at once, since what it comes to may lie under the card. */
function left() {
  dismissed = null;
  settle();
}

function leave() {
  dismissed = null;
  clearTimeout(timer);
  timer = setTimeout(settle, WAY);
}

/** Take the card away when neither its link nor the card itself is in use. */
function settle() {
  if (shown && !wanted(shown) && !card.matches(":hover")) hide();
}

function show(link, [term, definition]) {
  hide();
  card ??= made();
  card.firstChild.innerHTML = term; // HTML of our own build, which lets words, code and emphasis through
  card.lastChild.innerHTML = definition;
  shown = link;
  link.setAttribute("aria-describedby", card.id);
  card.hidden = false;
  card.showPopover?.();
  place(link);
}

function made() {
  const element = make("div", { class: "term-card", id: "term-card", role: "tooltip", popover: "manual", hidden: "" },
    make("p", { class: "term-card-term" }), make("p"));
  element.addEventListener("pointerenter", () => clearTimeout(timer));
  element.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    event.stopPropagation(); // one press takes away one thing
    dismissed = shown;
    hide();
  }, true);
  addEventListener("resize", () => { if (shown) place(shown); });
  addEventListener("pagehide", hide);
  addEventListener("click", ({ target }) => { if (!card.contains(target)) hide(); });
  (document.querySelector("main") ?? document.body).append(element); // a screen reader finds it in the text
  return element;
}

function hide() {
  clearTimeout(timer);
  if (!shown) return;
  shown.removeAttribute("aria-describedby");
  shown = null;
  card.hidePopover?.();
  card.hidden = true;
}

/** Put the card below its link, or above where there is more room; always inside the window. */
function place(link) {
  const line = link.getClientRects()[0] ?? link.getBoundingClientRect(); // a link may go on in the next line
  const end = link.getBoundingClientRect().bottom;
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  card.style.maxHeight = "none";
  const below = height - EDGE - GAP - end;
  const above = line.top - EDGE - GAP;
  const size = card.getBoundingClientRect();
  const down = size.height <= below || below >= above;
  card.style.maxHeight = `${Math.max(down ? below : above, 0)}px`;
  const top = down ? end + GAP : line.top - GAP - Math.min(size.height, above);
  const left = Math.max(EDGE, Math.min(line.left, width - EDGE - size.width));
  card.style.left = `${left + scrollX}px`; // it belongs to the page, and scrolls with its link
  card.style.top = `${top + scrollY}px`;
}
