// How far a learner is in a part of the course, as a bar and in words.

import { ofExercises, standing } from "./course.mjs";
import { counted, make } from "./words.mjs";

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** Return the elements for these lessons of the course; `seen` tells of an address what the store tells. */
export function bar(lessons, seen) {
  const all = lessons.map((lesson) => standing(lesson, seen));
  const total = (name) => sum(all.map((now) => now[name]));
  const read = all.filter((now) => now.read).length;
  const done = read + total("passed") + total("right");
  const share = Math.floor((100 * done) / (lessons.length + total("exercises") + total("questions")));
  const filled = make("span", {});
  filled.style.inlineSize = `${share}%`;
  const words = [`${read} of ${counted(lessons.length, "lesson")} read`,
    ...(total("exercises") ? [ofExercises({ passed: total("passed"), exercises: total("exercises") })] : []),
    ...(total("questions") ? [`${total("right")} of ${counted(total("questions"), "question")} right`] : [])];
  return [make("div", { class: "progress-bar", role: "img", "aria-label": `${share} % done` }, filled),
    make("p", { class: "progress-sum" }, `${words.join(", ")}.`)];
}
