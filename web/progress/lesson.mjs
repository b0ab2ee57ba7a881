// The end of a lesson: what is done in it, and that it was read. Loaded by the pages of lessons. A check of readiness ends
// with its verdict instead.

import { read, reset } from "./changes.mjs";
import { ofExercises, site } from "./course.mjs";
import { button, counted, dated, make, sentence } from "./words.mjs";

const ENOUGH = 120; // seconds on a page before its end counts as reached by reading
const PACE = 8; // words in a second: faster is scrolling
const STAYS = 2; // seconds that the end is in sight

/** Show the end of the lesson of the page. */
export async function show(store) {
  const article = document.querySelector("article[data-lesson]");
  const place = document.querySelector(".lesson-progress");
  if (article.dataset.ready) (await import("./ready.mjs")).show(article, place, store);
  else new End(article, place, store);
}

class End {
  constructor(article, place, store) {
    Object.assign(this, { article, place, store, lesson: article.dataset.lesson, visible: performance.now() / 1000, ended: 0 });
    this.words = make("p", { class: "lesson-standing" });
    this.state = make("p", { class: "lesson-read" });
    this.live = make("span", { role: "status", class: "visually-hidden" });
    place.replaceChildren(this.words, this.state, this.live);
    store.subscribe(() => this.refresh());
    this.refresh();
    const length = article.innerText.split(/\s+/).length;
    this.enough = Math.min(ENOUGH, length / PACE);
    new IntersectionObserver(([{ isIntersecting }]) => { this.inSight = isIntersecting; }).observe(place);
    this.timer = setInterval(() => this.second(), 1000);
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); });
    addEventListener("pagehide", () => this.leave());
  }

  /** Time passes: the lesson counts as read when its end is in sight after a plausible time. */
  second() {
    if (document.hidden) return;
    this.visible += 1;
    this.ended = this.inSight ? this.ended + 1 : 0;
    if (this.ended < STAYS || this.visible < this.enough || this.asked || this.isRead) return;
    this.asked = true;
    this.mark();
    this.live.textContent = "This lesson is marked as read.";
  }

  get isRead() { return this.store.seen(this.lesson).status === "passed"; }

  mark() { this.store.record((document, at) => read(document, this.lesson, at)); }

  /** Take it back; it is not marked by itself again before the page is opened anew. */
  unmark() {
    this.asked = true;
    this.store.record((document, at) => reset(document, this.lesson, at));
  }

  refresh() {
    const { status, first_passed } = this.store.seen(this.lesson);
    const parts = [this.exercises(), this.questions()].filter(Boolean);
    this.words.replaceChildren(...parts.flatMap((part, number) => [number ? " " : "", part]), ...this.link());
    const key = status === "passed" ? first_passed : "";
    if (this.shown === key) return;
    this.shown = key;
    const held = this.state.contains(document.activeElement);
    const action = key ? button("Mark as not read", () => this.unmark(), { class: "progress-button" })
      : button("Mark as read", () => this.mark(), { class: "progress-button" });
    this.state.replaceChildren(...(key ? [make("span", { class: "lesson-done" }, `\u2713 Read ${dated(key)}`)] : []), action);
    if (held) action.focus();
  }

  exercises() {
    const all = [...document.querySelectorAll("course-exercise[data-exercise]")].map(({ dataset }) => dataset.exercise);
    const passed = all.filter((address) => this.store.seen(address).status === "passed").length;
    return all.length ? sentence(ofExercises({ passed, exercises: all.length })) : "";
  }

  questions() {
    const all = [...document.querySelectorAll("course-quiz[data-question]")].map(({ dataset }) => dataset.question.replace("/", "/quiz/"));
    const right = all.filter((address) => this.store.seen(address).status === "passed").length;
    return all.length ? `${right} of ${counted(all.length, "question")} answered right.` : "";
  }

  /** A way to the page with all of it, where the course has one. */
  link() {
    const address = document.querySelector(".progress-link")?.href;
    return address ? [" ", make("a", { href: address }, "Your progress")] : [];
  }

  /** Remember the section that stands in the upper part of the window, for the card that leads on. */
  leave() {
    if (this.visible < 5) return;
    const above = [...this.article.querySelectorAll("section[id] > :is(h1, h2, h3)")]
      .filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).at(-1);
    const section = above && above.tagName !== "H1" ? { anchor: above.parentElement.id, section: above.firstChild.textContent } : {};
    try {
      localStorage.setItem(`course ${site().pathname} place`,
        JSON.stringify({ lesson: this.lesson, at: new Date().toISOString(), ...section }));
    } catch { /* then the card leads to the lesson's beginning */ }
  }
}
