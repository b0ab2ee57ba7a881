// The card on the landing page that leads a returning learner on. A newcomer sees nothing of it.

import { course, link, ofExercises, site, standing } from "./course.mjs";
import { due, last, next } from "./next.mjs";
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
  const state = [now.read ? "Read." : "Begun.", now.exercises ? sentence(ofExercises(now)) : ""].join(" ");
  const onwards = now.read && following; // who has read the lesson is led on, not back into it
  const also = [
    ...(onwards ? [] : following ? [[`${following.words}: `, link(following.page, following.title)]] : [["All lessons are done."]]),
    ...(again.length ? [[link(again[0].page, `${counted(again.length, "question")} to answer again`)]] : []),
  ];
  place.replaceChildren(
    make("p", { class: "continue-last" }, ...(onwards ? [make("span", {}, `${following.words}: `), link(following.page, following.title)]
      : back(there))),
    make("p", { class: "continue-state" }, ...(onwards ? [link(lesson.page, lesson.title), ": "] : []), state),
    make("p", { class: "continue-next" }, ...also.flatMap((words, number) => (number ? [" \u00b7 ", ...words] : words))));
}

const back = ({ lesson, anchor, section }) => [make("span", {}, "Continue "),
  link(lesson.page + (anchor ? `#${anchor}` : ""), lesson.title), ...(section ? [make("span", {}, ` \u203a ${section}`)] : [])];

function kept() {
  try {
    const place = JSON.parse(localStorage.getItem(`course ${site().pathname} place`));
    return typeof place?.lesson === "string" && typeof place.at === "string" ? place : null;
  } catch { return null; }
}
