// How far a learner is in a part of the course, as a bar and in words.

import { link, ofExercises, standing } from "./course.mjs";
import { firstTries, inTries } from "./first.mjs";
import { counted, make } from "./words.mjs";

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** Return the elements for a part of the course: what is there of it, and apart from that its check of readiness. */
export function bar({ lessons, planned }, store) {
  const found = lessons.filter(({ ready }) => !ready);
  return [...(found.length ? filled(found, planned, (address) => store.seen(address)) : []),
    ...lessons.filter(({ ready }) => ready).map((check) => make("p", { class: "progress-check" }, link(check.page, check.title), " ",
      inTries(firstTries(store.document, check.questions.map(({ address }) => address))), "."))];
}

function filled(lessons, planned, seen) {
  const all = lessons.map((lesson) => standing(lesson, seen));
  const total = (name) => sum(all.map((now) => now[name]));
  const done = all.filter((now) => now.read).length + total("passed") + total("right");
  const share = Math.floor((100 * done) / (lessons.length + total("exercises") + total("questions")));
  const span = make("span", {});
  span.style.inlineSize = `${share}%`;
  const there = lessons.filter(({ lab }) => !lab).length; // the lab at the end is none of the lessons
  const read = all.filter((now, number) => now.read && !lessons[number].lab).length;
  const words = [planned > there ? `${read} of ${counted(there, "finished lesson")} read (${planned} are planned)`
    : `${read} of ${counted(there, "lesson")} read`,
    ...(total("exercises") ? [ofExercises({ passed: total("passed"), exercises: total("exercises") })] : []),
    ...(total("questions") ? [`${total("right")} of ${counted(total("questions"), "question")} right`] : [])];
  return [make("div", { class: "progress-bar", role: "img", "aria-label": `${share} % done` }, span),
    make("p", { class: "progress-sum" }, `${words.join(", ")}.`)];
}
