// The player of one picture. The page shows it as a bar of two buttons; the rest is made at the first press.

import { make } from "../cell/dom.mjs";
import { Drawing } from "./drawing.mjs";
import { fill } from "./panel.mjs";
import { aloud, read } from "./recording.mjs";
import { Speed } from "./speed.mjs";

const PACE = 2000; // milliseconds a step is shown at speed 1: time to read a line
const QUIET = 250; // milliseconds after the last step before it is read aloud
const players = new WeakMap();

/** Return the player of a bar. */
export function of(bar) {
  if (!players.has(bar)) players.set(bar, new Player(bar));
  return players.get(bar);
}

class Player {
  #step = null; // null: the whole picture
  #playing = 0; // the timer
  #telling = 0;

  constructor(bar) {
    const stage = bar.parentElement;
    const svg = stage.querySelector("svg");
    this.bar = bar;
    this.svg = svg;
    this.events = read(svg.querySelector("metadata").textContent).events;
    this.drawing = new Drawing(svg);
    this.speed = new Speed();
    this.#build(stage);
    svg.addEventListener("click", ({ target }) => {
      const step = this.#step !== null && this.drawing.stepOf(target, this.#step);
      if (step) this.#go(step);
    });
    addEventListener("beforeprint", () => this.drawing.show(null));
    addEventListener("afterprint", () => this.drawing.show(this.#step));
  }

  /** Do what was asked for: play (or pause), next, back, first, last, whole. */
  act(wish) {
    const { length } = this.events;
    const at = this.#step;
    if (wish === "play") return this.#playing ? this.#pause() : this.#play();
    if (wish === "whole") return this.#leave();
    const to = { next: (at ?? 0) + 1, back: (at ?? length + 1) - 1, first: 1, last: length }[wish];
    return this.#go(Math.min(Math.max(to, 1), length));
  }

  #build(stage) {
    const press = (value, words) => make("button", { type: "button", class: "player-button", value }, words);
    this.play = this.bar.querySelector("button");
    this.place = this.bar.querySelector(".player-place");
    this.range = make("input", { type: "range", class: "player-range", min: 1, max: this.events.length, "aria-label": "Position" });
    this.range.addEventListener("input", () => this.#go(Number(this.range.value)));
    this.more = [press("back", "Back"), press("first", "First"), press("last", "Last"), press("whole", "Whole picture")];
    this.line = make("div", { class: "player-line" }, this.range, this.speed.choice());
    this.panel = make("div", { class: "player-panel" });
    this.live = make("p", { class: "visually-hidden", role: "status" });
    this.place.before(...this.more);
    this.bar.append(this.line);
    stage.after(this.panel, this.live);
  }

  #play() {
    const at = this.#step ?? this.events.length;
    this.#show(at === this.events.length ? 1 : at + 1);
    this.play.textContent = "Pause";
    this.#wait();
  }

  /** Show the next step after a while, until there is none, or the cell has run again and this picture is gone. */
  #wait() {
    if (this.#step === this.events.length) return this.#pause();
    this.#playing = setTimeout(() => {
      if (!this.bar.isConnected) return;
      this.#show(this.#step + 1);
      this.#wait();
    }, PACE / this.speed.factor);
    return undefined;
  }

  #pause() {
    clearTimeout(this.#playing);
    this.#playing = 0;
    this.play.textContent = "Play";
  }

  #go(step) {
    this.#pause();
    this.#show(step);
  }

  #show(step) {
    this.#step = step;
    this.#open(true);
    this.drawing.show(step);
    const place = `Step ${step} of ${this.events.length}`;
    this.place.textContent = place;
    this.range.value = step;
    this.range.setAttribute("aria-valuetext", place);
    fill(this.panel, this.events, step);
    this.#tell(aloud(this.events, step));
  }

  /** Bring the whole picture back; who pressed a button that goes finds the focus on Play. */
  #leave() {
    this.#pause();
    this.#step = null;
    this.drawing.show(null);
    if (this.bar.contains(document.activeElement)) this.play.focus({ preventScroll: true });
    this.place.textContent = `${this.events.length} steps`;
    this.#open(false);
    this.#tell("The whole picture is shown.");
  }

  #open(on) {
    this.bar.toggleAttribute("data-on", on);
    for (const part of [...this.more, this.line, this.panel]) part.hidden = !on;
  }

  #tell(words) {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => { this.live.textContent = words; }, QUIET);
  }
}
