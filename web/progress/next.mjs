// Where a returning learner was, and what comes next. Pure.

import { standing } from "./course.mjs";

const DAY = 86_400_000; // milliseconds
const AGAIN = [1, 7, 30]; // days after a miss: a question that was missed comes back three times

/** Return the lesson in which something happened last, as {lesson, anchor?, section?}; null for a newcomer. */
export function last(parts, items, place) {
  const lessons = parts.flatMap((part) => part.lessons);
  const active = lessons.map((lesson) => ({ lesson, at: latest(lesson, items) })).filter(({ at }) => at)
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null;
  const there = lessons.find(({ name }) => name === place?.lesson);
  if (there && (!active || place.at >= active.at || there === active.lesson)) return { ...place, lesson: there };
  return active && { lesson: active.lesson };
}

function latest(lesson, items) {
  const addresses = [lesson.name, ...[...lesson.exercises, ...lesson.questions].map(({ address }) => address)];
  const times = addresses.flatMap((address) => Object.values(Object.hasOwn(items, address) ? items[address] : {}))
    .flatMap((epoch) => [epoch.started, epoch.last_passed, epoch.missed, epoch.text_at]).filter(Boolean);
  return times.sort().at(-1) ?? "";
}

/**
 * Return what to do after `lesson`: its first exercise that is not passed, else the next lesson that is not done; null
 * when all is done. {words, title, page}
 */
export function next(parts, lesson, seen) {
  const open = lesson.exercises.find(({ address }) => seen(address).status !== "passed");
  if (open) return { words: "Next exercise", title: open.title, page: `${lesson.page}#${open.anchor}` };
  const lessons = parts.flatMap((part) => part.lessons);
  const place = lessons.indexOf(lesson);
  const found = [...lessons.slice(place + 1), ...lessons.slice(0, place)].find((one) => !one.ready && !standing(one, seen).done);
  return found ? { words: "Next lesson", title: found.title, page: found.page } : null;
}

/** Return the questions that were missed and come back, the earliest first: [{page, at}], `at` in milliseconds. */
function returning(parts, seen) {
  const all = parts.flatMap((part) => part.lessons).flatMap((lesson) => lesson.questions.map((question) => {
    const { missed, recovered } = seen(question.address);
    const wait = missed ? AGAIN[recovered] : undefined;
    return { page: `${lesson.page}#${question.anchor}`, at: wait ? Date.parse(missed) + wait * DAY : Infinity };
  }));
  return all.filter(({ at }) => at < Infinity).sort((a, b) => a.at - b.at);
}

/** Return the questions that are to be answered again at `now` (milliseconds), the longest due first: [{page}]. */
export const due = (parts, seen, now) => returning(parts, seen).filter(({ at }) => at <= now);

/** Return how many questions come back on the next day on which any does, and in how many days: {count, days}; or null. */
export function coming(parts, seen, now) {
  const waits = returning(parts, seen).filter(({ at }) => at > now).map(({ at }) => day(at) - day(now));
  return waits.length ? { count: waits.filter((days) => days === waits[0]).length, days: waits[0] } : null;
}

/** The day of the reader's calendar, as a number. */
function day(at) {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY;
}
