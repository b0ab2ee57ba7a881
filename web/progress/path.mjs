// How far a learner is in each tier, on the learning path. Loaded for readers who have begun: a newcomer sees none of it.

import { bar } from "./bar.mjs";
import { course } from "./course.mjs";

/** Fill the places of the page, and keep them up to date. */
export async function show(store) {
  const { parts } = await course();
  const refresh = () => {
    for (const place of document.querySelectorAll(".path-progress")) {
      const part = parts.find(({ lessons }) => lessons.some(({ page }) => page.startsWith(place.dataset.folder)));
      place.replaceChildren(...(part ? bar(part, store) : []));
    }
  };
  store.subscribe(refresh);
  refresh();
}
