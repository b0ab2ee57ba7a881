// A page that nobody looks at lets go of its kernel, so that the server can end one that was forgotten; and a page
// with an open connection could not be kept by the browser for the way back.

const FORGOTTEN = 30 * 60 * 1000; // milliseconds

/**
 * Call `rest` when the page is left, or was out of sight for half an hour and `mayRest()`; `wake` when it is back.
 */
export function restWhileUnseen({ mayRest, rest, wake }) {
  let timer = 0;
  addEventListener("pagehide", rest);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) wake(); });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") wake();
    else timer = setTimeout(() => { if (mayRest()) rest(); }, FORGOTTEN);
  });
}
