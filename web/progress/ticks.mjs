// Ticks beside the lessons in the sidebar. Loaded for readers who have begun.

import { make } from "../cell/dom.mjs";
import { course, ofExercises, site, standing } from "./course.mjs";

/** The mark of a lesson: a tick when it was read, and how many exercises are passed until all are. */
function mark(now, { ready }) {
  const some = now.exercises && (!now.read || now.passed < now.exercises);
  const sign = [now.read ? "\u2713" : "", some ? `${now.passed}/${now.exercises}` : ""].filter(Boolean).join(" ");
  const words = [now.read ? (ready ? "answered" : "read") : "begun", ...(now.exercises ? [ofExercises(now)] : [])].join(", ");
  const shown = make("span", { class: "tick", "aria-hidden": "true" }, sign);
  return [shown, make("span", { class: "visually-hidden" }, ` (${words})`)];
}

/** Bring the marks up to date. */
export async function show(store) {
  const { parts } = await course();
  const links = new Map([...document.querySelectorAll(".site-nav li > a")].map((link) => [link.pathname, link]));
  for (const lesson of parts.flatMap(({ lessons }) => lessons)) {
    const link = links.get(new URL(lesson.page, site()).pathname);
    const now = standing(lesson, (address) => store.seen(address));
    for (const old of link?.querySelectorAll(".tick, .tick + *") ?? []) old.remove();
    if (now.begun) link?.append(...mark(now, lesson));
  }
}
