// What every page with pictures loads of the player: it waits for the first press, then fetches the rest.

const KEYS = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last", Escape: "whole", " ": "play" };

let player;

/** Return what an event in a bar asks for: the value of a button, or what a key means; nothing for what is native. */
function asked(event) {
  const { type, target, key } = event;
  if (type === "click") return target.closest("button")?.value;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || target.tagName === "SELECT") return "";
  const native = target.tagName === "INPUT" ? /Arrow|Home|End/ : / /;
  return native.test(key) ? "" : KEYS[key];
}

async function answer(event) {
  const bar = event.target.closest?.(".player-bar");
  const wish = bar && asked(event);
  if (!wish || (wish === "whole" && !("on" in bar.dataset))) return;
  event.preventDefault();
  const place = bar.querySelector(".player-place");
  try {
    player ??= await import("./player.mjs"); // once it is there, an answer comes at once
    player.of(bar).act(wish);
  } catch {
    place.textContent = "The player could not be loaded: check the connection and load the page again.";
  }
}

for (const type of ["click", "keydown"]) document.addEventListener(type, answer);
