// The ways into the search: its field in the header, Ctrl-K or Cmd-K, and "/". All else is loaded when one is taken.
// Without this script, or without an index, the field sends what is typed to Sphinx's own search page.

const field = document.querySelector(".site-header .site-search input");
const TYPING = "input, textarea, select, [contenteditable], .cm-editor";

async function open(event) {
  event?.preventDefault();
  try {
    const { show } = await import("./dialog.mjs");
    show(field);
  } catch {
    if (event?.type === "click" && event.currentTarget.href) location.assign(event.currentTarget.href);
    else field?.focus();
  }
}

function key(event) {
  if (event.defaultPrevented || event.altKey || event.shiftKey) return;
  const command = event.ctrlKey || event.metaKey;
  const typing = event.target instanceof Element && event.target.closest(TYPING);
  if (command ? event.key.toLowerCase() === "k" : event.key === "/" && !typing) open(event);
}

if (document.body.hasAttribute("data-search")) {
  document.addEventListener("keydown", key);
  document.querySelector(".search-link")?.addEventListener("click", open);
  field?.addEventListener("click", () => open());
  field?.addEventListener("input", () => open());
  field?.setAttribute("aria-keyshortcuts", "Control+K Meta+K /");
  if (field) field.placeholder = "Search (press /)";
}
