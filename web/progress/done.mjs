// The page "Done so far": a list to print or to keep, made of the progress document and the course.

import { button, counted, dated, make } from "./words.mjs";
import { course, link } from "./course.mjs";
import { firstTries, inTries } from "./first.mjs";

const day = (at) => dated(at).replace("on ", "");

/** Return what was done: [{title, lessons: [{title, page, read, exercises: [{title, page, passed, attempts, hints}], tries}]}]. Pure. */
export function done(parts, { document, seen }) {
  const lessons = (part) => part.lessons.map((lesson) => ({
    title: lesson.title, page: lesson.page, read: lesson.ready ? "" : seen(lesson.name).first_passed,
    exercises: lesson.exercises.map(({ address, anchor, title }) => ({ ...seen(address), title, page: `${lesson.page}#${anchor}` }))
      .filter(({ status }) => status === "passed")
      .map(({ title, page, first_passed, attempts, hints }) => ({ title, page, passed: first_passed, attempts, hints })),
    tries: firstTries(document, lesson.questions.map(({ address }) => address)),
  })).filter(({ read, exercises, tries }) => read || exercises.length || tries.answered);
  return parts.map((part) => ({ title: part.title, lessons: lessons(part) })).filter((part) => part.lessons.length);
}

/** Return the sums as a sentence. Pure. */
export function summed(parts) {
  const lessons = parts.flatMap((part) => part.lessons);
  const exercises = lessons.flatMap((lesson) => lesson.exercises);
  const total = (name) => lessons.reduce((sum, { tries }) => sum + tries[name], 0);
  const days = [...lessons.map(({ read }) => read), ...exercises.map(({ passed }) => passed)].filter(Boolean).sort();
  const between = !days.length ? "" : day(days[0]) === day(days.at(-1)) ? `, ${dated(days[0])}` : `, from ${day(days[0])} to ${day(days.at(-1))}`;
  return `${counted(lessons.filter(({ read }) => read).length, "lesson")} read and ${counted(exercises.length, "exercise")} passed${between}; `
    + `${counted(total("answered"), "question")} answered, ${total("right")} of them right at the first try.`;
}

const how = ({ passed, attempts, hints }) => [dated(passed), ...(attempts ? [counted(attempts, "attempt")] : []),
  ...(hints ? [counted(hints, "hint")] : [])].join(", ");

/** Return the list as Markdown. Pure. */
export function asText(title, parts) {
  const line = ({ title: name, ...exercise }) => `  - passed: ${name} (${how(exercise)})`;
  const lesson = ({ title: name, read, exercises, tries }) => [`- ${name}${read ? ` (read ${dated(read)})` : ""}`, ...exercises.map(line),
    ...(tries.answered ? [`  - questions: ${inTries(tries)}`] : [])].join("\n");
  return `${[`# ${title}`, summed(parts), ...parts.flatMap((part) => [`## ${part.title}`, part.lessons.map(lesson).join("\n")])].join("\n\n")}\n`;
}

/** Fill the page, and keep it up to date. */
export async function show(store) {
  const place = document.querySelector(".course-progress-done");
  let parts;
  try { ({ parts } = await course()); } catch {
    place.replaceChildren(make("p", {}, "The list of lessons could not be loaded: check the connection and reload this page."));
    return;
  }
  const refresh = () => place.replaceChildren(...elements(done(parts, { document: store.document, seen: (address) => store.seen(address) })));
  store.subscribe(refresh);
  refresh();
}

function elements(parts) {
  if (!parts.length) return [make("p", {}, "Nothing yet. It fills as you read lessons to their end, pass exercises and answer questions.")];
  const title = document.querySelector(".site-header .brand").textContent;
  const actions = [button("Print", () => print(), { class: "progress-button" }),
    button("Save as text", () => save(asText(title, parts)), { class: "progress-button" })];
  return [make("p", { class: "progress-sum" }, summed(parts)), make("p", { class: "progress-actions" }, ...actions), ...parts.map(section)];
}

const section = ({ title, lessons }) => make("section", { class: "progress-part" }, make("h2", {}, title), make("ul", {}, ...lessons.map(item)));

function item({ title, page, read, exercises, tries }) {
  const facts = [...(read ? [`read ${dated(read)}`] : []), ...(tries.answered ? [`questions: ${inTries(tries)}`] : [])];
  return make("li", {}, link(page, title), make("span", { class: "progress-facts" }, facts.join("; ")),
    ...(exercises.length ? [make("ul", {}, ...exercises.map((one) => make("li", {}, "Passed: ", link(one.page, one.title),
      make("span", { class: "progress-facts" }, how(one)))))] : []));
}

function save(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  make("a", { href: address, download: `done-${new Date().toISOString().slice(0, 10)}.md` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
