// Links to terms of the glossary: the card with the definition is loaded for the first one pointed at or focused.
// A finger has no way to point without pressing, so a tap follows the link, as on any page.

const TERM = "main a:not(.headerlink)[href*='#term-']";

function offer({ type, target, pointerType }) {
  const link = pointerType !== "touch" && target.closest?.(TERM);
  if (link) import("./card.mjs").then((card) => card.offer(link, type)).catch(() => {}); // it stays a link
}

for (const type of ["pointerover", "focusin"]) document.addEventListener(type, offer);
