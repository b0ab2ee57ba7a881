// The page "Your progress": how far a learner is in each part of the course, and what can be done with the record of it.

import { Actions } from "./actions.mjs";
import { bar } from "./bar.mjs";
import { course, link, ofExercises, standing } from "./course.mjs";
import { counted, make } from "./words.mjs";

const HERE = "It is kept in this browser and nowhere else: no account, no server. To take it to another browser, export it here and import it there.";
const THERE = ["It is kept in ", make("code", {}, "work/progress.json"), " on your machine. The terminal, Jupyter and these pages share that file."];

/** Show everything in its place, and keep it up to date. */
export async function show(store) {
  const place = document.querySelector(".course-progress");
  const where = make("p", { class: "progress-where" }, ...(document.documentElement.dataset.courseServer ? THERE : [HERE]));
  const list = make("div", { class: "progress-list" });
  const actions = new Actions(store);
  await store.ready;
  let parts;
  try {
    ({ parts } = await course());
  } catch {
    parts = [];
    list.append(make("p", {}, "The list of lessons could not be loaded: check the connection and reload this page."));
  }
  const refresh = () => {
    const made = make("div", { class: "progress-list" }, ...parts.map((part) => section(part, store)));
    if (parts.length && !made.isEqualNode(list)) list.replaceChildren(...made.childNodes);
    actions.refresh();
  };
  store.subscribe(refresh);
  refresh();
  place.replaceChildren(where, list, ...actions.elements);
}

function section(part, store) {
  const seen = (address) => store.seen(address);
  return make("section", { class: "progress-part" }, make("h2", {}, part.title), ...bar(part, store),
    make("ul", {}, ...part.lessons.filter(({ ready }) => !ready).map((lesson) => item(lesson, standing(lesson, seen), seen))));
}

function item(lesson, now, seen) {
  const facts = [now.read ? "\u2713 read" : "not read", ...(now.exercises ? [ofExercises(now)] : []),
    ...(now.questions ? [`${now.right} of ${counted(now.questions, "question")} right`] : [])];
  const changed = lesson.exercises.filter(({ address, hash }) => seen(address).hash && seen(address).hash !== hash);
  return make("li", {}, link(lesson.page, lesson.title), make("span", { class: "progress-facts" }, now.begun ? facts.join(", ") : "new"),
    ...(changed.length ? [make("span", { class: "progress-facts" }, "Changed since you passed: ",
      ...changed.flatMap(({ anchor, title }, number) => [number ? ", " : "", link(`${lesson.page}#${anchor}`, title)]))] : []));
}
