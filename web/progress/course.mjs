// The lessons of the course in their order (course/site/progress.py), and how far a learner is in them. Pure, but for
// the one fetch.

import { make } from "../cell/dom.mjs";

let loading = null;

/** Return a promise of the course, whose addresses are relative to the site; it is fetched once. */
export function course() {
  loading ??= fetch(new URL("course.json", import.meta.url)).then((answer) => answer.json());
  loading.catch(() => { loading = null; });
  return loading;
}

/** The site's root. */
export const site = () => new URL("../../", import.meta.url);

/** Return a link to a page of the course. */
export const link = (page, words) => make("a", { href: new URL(page, site()).href }, words);

const count = (addresses, holds) => addresses.filter(({ address }) => holds(address)).length;

/**
 * Return how far a learner is in a lesson of the course: {read, passed, exercises, right, answered, questions, begun,
 * done}.
 * `seen` tells of an address what the store tells.
 */
export function standing(lesson, seen) {
  const { exercises, questions } = lesson;
  const good = (address) => seen(address).status === "passed";
  const answered = count(questions, (address) => seen(address).status !== "new");
  const read = lesson.ready ? answered === questions.length : good(lesson.name); // a check is done with its last answer
  const passed = count(exercises, good);
  const right = count(questions, good);
  const begun = read || [...exercises, ...questions].some(({ address }) => seen(address).status !== "new");
  return { read, passed, exercises: exercises.length, right, answered, questions: questions.length, begun,
    done: read && passed === exercises.length };
}

/** Return "2 of 5 exercises passed", or less where there is less. */
export function ofExercises({ passed, exercises }) {
  return exercises === 1 ? `${passed ? "the" : "no"} exercise passed` : `${passed} of ${exercises} exercises passed`;
}
