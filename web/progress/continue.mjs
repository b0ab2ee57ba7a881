// The card on the landing page that leads a returning learner on. A newcomer sees nothing of it.

import { course, link, ofExercises, site, standing } from "./course.mjs";
import { firstTries, inTries } from "./first.mjs";
import { coming, due, last, next } from "./next.mjs";
import { counted, make, sentence } from "./words.mjs";

/** Keep the card up to date in its place. */
export function show(store) {
  const place = document.querySelector(".continue");
  const refresh = () => fill(place, store).catch(() => {});
  store.subscribe(refresh);
  refresh();
}

async function fill(place, store) {
  const { parts } = await course();
  const seen = (address) => store.seen(address);
  const there = last(parts, store.document.items, kept());
  document.documentElement.classList.toggle("returning", Boolean(there));
  if (!there) return place.replaceChildren();
  const { lesson } = there;
  const now = standing(lesson, seen);
  const following = next(parts, lesson, seen);
  const again = due(parts, seen, Date.now());
  const onwards = now.read && following; // who has read the lesson is led on, not back into it
  const onto = following ? [`${following.words}: `, link(following.page, following.title)] : ["All lessons are done."];
  const here = onwards ? onto : back(there);
  const state = `${stand(lesson, now, store)}${again.length ? "" : later(coming(parts, seen, Date.now()))}`;
  const lines = again.length // what comes back stands before all else
    ? [["Begin with ", link(again[0].page, `${counted(again.length, "question")} to answer again`)], [...here, ` \u00b7 ${state}`], onwards ? [] : onto]
    : [here, onwards ? [link(lesson.page, lesson.title), lesson.title.endsWith("?") ? " " : ": ", state] : [state], onwards ? [] : onto];
  place.replaceChildren(...["last", "state", "next"].map((name, number) => make("p", { class: `continue-${name}` }, ...lines[number])));
}

/** Return in sentences what is done in a lesson, or in a check of readiness. */
function stand(lesson, now, store) {
  const tries = () => inTries(firstTries(store.document, lesson.questions.map(({ address }) => address)));
  const told = [now.read && !lesson.ready ? "read" : "", now.exercises ? ofExercises(now) : "", lesson.ready ? tries() : "",
    now.answered && !lesson.ready ? `${now.right} of ${counted(now.questions, "question")} answered right` : ""].filter(Boolean);
  return (told.length ? told : ["not read to its end yet"]).map(sentence).join(" ");
}

/** Return when the next questions come back, as a further sentence. */
function later(next) {
  if (!next) return "";
  const when = ["later today", "tomorrow"][next.days] ?? `in ${next.days} days`;
  return ` ${counted(next.count, "question")} ${next.count === 1 ? "comes" : "come"} back ${when}.`;
}

const back = ({ lesson, anchor, section }) => [make("span", {}, "Continue "),
  link(lesson.page + (anchor ? `#${anchor}` : ""), lesson.title), ...(section ? [make("span", {}, ` \u203a ${section}`)] : [])];

function kept() {
  try {
    const place = JSON.parse(localStorage.getItem(`course ${site().pathname} place`));
    return typeof place?.lesson === "string" && typeof place.at === "string" ? place : null;
  } catch { return null; }
}
