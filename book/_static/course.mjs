// The page's entry module. It only adds comfort: without it the page reads whole.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Colours: as the system, light, dark.
const MODES = { auto: "as the system", light: "light", dark: "dark" };

function showMode(mode) {
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
  document.querySelector(".theme-button")?.setAttribute("aria-label", `Colours: ${MODES[mode]}`);
}

function colours() {
  showMode(root.dataset.mode in MODES ? root.dataset.mode : "auto");
  system.addEventListener("change", () => showMode(root.dataset.mode));
  document.querySelector(".theme-button")?.addEventListener("click", () => {
    const names = Object.keys(MODES);
    const next = names[(names.indexOf(root.dataset.mode) + 1) % names.length];
    showMode(next);
    try { localStorage.setItem("mode", next); } catch { /* it then lasts for this page only */ }
  });
}

// The list of contents: a drawer where the screen is narrow.
function drawer() {
  const button = document.querySelector(".menu-button");
  const nav = document.getElementById("site-nav");
  if (!button || !nav) return;
  button.setAttribute("role", "button");
  button.setAttribute("aria-controls", nav.id);
  const open = (yes) => {
    root.classList.toggle("nav-open", yes);
    button.setAttribute("aria-expanded", String(yes));
    (yes ? nav : button).focus({ preventScroll: true });
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    open(!root.classList.contains("nav-open"));
  });
  button.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); button.click(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("nav-open")) open(false);
  });
  document.addEventListener("click", (event) => {
    const outside = !nav.contains(event.target) && !button.contains(event.target);
    if (outside && root.classList.contains("nav-open")) open(false);
  });
  const current = nav.querySelector("a.current, li.current > a");
  if (current) nav.scrollTop = Math.max(0, current.offsetTop - nav.clientHeight / 3);
}

// On this page: mark the section being read.
function sections() {
  const links = new Map([...document.querySelectorAll(".page-contents a[href^='#']")]
    .map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const parts = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  if (!parts.length) return;
  const mark = () => {
    const read = parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 3).at(-1);
    for (const [id, link] of links) link.toggleAttribute("data-read", id === read?.id);
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
}

// Boxes that scroll can be reached by keyboard: also what is unfolded later, and the output of a run on a turned phone.
function scrollers() {
  const scrolls = (box) => box.scrollWidth > box.clientWidth + 1
    || (box.matches(".long") && box.scrollHeight > box.clientHeight + 1);
  const look = () => { // all sizes first: a change in between makes the browser lay the page out once more for each
    const boxes = [...document.querySelectorAll("pre, .picture, .formula, .pst-scrollable-table-container, .output")];
    for (const [box, yes] of boxes.map((one) => [one, scrolls(one)])) {
      if (yes) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  look();
  addEventListener("resize", look, { passive: true });
  addEventListener("toggle", look, true); // it does not bubble
}

// Copy a block of code. The clipboard needs a secure origin: https, or this machine.
function copying() {
  if (!navigator.clipboard) return;
  const blocks = document.querySelectorAll("div.highlight");
  for (const block of blocks) {
    if (block.closest(".cell_output, .output")) continue;
    const button = make("button", { type: "button", class: "copy-button" }, "Copy");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").innerText);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    block.append(button);
  }
}

// The site as our local server hands it out: the same server has JupyterLab.
function jupyterLab() {
  const base = root.dataset.courseServer;
  const place = document.querySelector(".open-in-lab");
  if (!base || !place) return;
  const path = place.dataset.notebook.split("/").map(encodeURIComponent).join("/");
  place.append(make("a", { href: `${base}lab/tree/${path}` }, "Open this notebook in JupyterLab"));
  place.hidden = false;
}

for (const part of [colours, drawer, sections, scrollers, copying, jupyterLab]) part();
