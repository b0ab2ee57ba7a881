// How far a learner is in each tier, on the learning path. Loaded for readers who have begun: a newcomer sees none of it.

import { bar } from "./bar.mjs";
import { course } from "./course.mjs";

/** Fill the places of the page, and keep them up to date. */
export async function show(store) {
  const { parts } = await course();
  const lessons = parts.flatMap((part) => part.lessons);
  const refresh = () => {
    for (const place of document.querySelectorAll(".path-progress")) {
      const here = lessons.filter(({ page }) => page.startsWith(place.dataset.folder));
      place.replaceChildren(...(here.length ? bar(here, (address) => store.seen(address)) : []));
    }
  };
  store.subscribe(refresh);
  refresh();
}
