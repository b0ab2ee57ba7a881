// The picture while it is stepped through: what comes later is faint, what happens now is framed and bold.

const SPACE = "http://www.w3.org/2000/svg";
const numbers = (words) => (words ?? "").split(" ").filter(Boolean).map(Number);

/** A picture of course.figures, whose parts carry `data-step`, `data-first`, `data-until` (see course/figures/canvas.py). */
export class Drawing {
  #parts;
  #rows = new Map(); // step -> where its row is, of pictures in which time runs downwards

  constructor(svg) {
    this.svg = svg;
    this.#parts = [...svg.querySelectorAll("[data-step], [data-first]")].map((part) => {
      const { step, first, until, at } = part.dataset;
      const steps = numbers(step);
      if (at) this.#rows.set(steps[0], at);
      return { part, steps, until: Number(until ?? 0), first: Math.min(...steps, ...numbers(first)) };
    });
  }

  /** Return the step that a part of the picture belongs to; where it has several, the next one after `step`. */
  stepOf(target, step) {
    const { steps = [] } = this.#parts.find(({ part }) => part.contains(target)) ?? {};
    return steps.find((one) => one > step) ?? steps[0];
  }

  /** Show the picture as it is after `step`, the whole of it for null. */
  show(step) {
    this.svg.classList.toggle("is-stepped", step !== null);
    for (const ring of this.svg.querySelectorAll(".player-ring")) ring.remove();
    const rings = [];
    for (const { part, steps, until, first } of this.#parts) {
      const now = step !== null && !until && steps.includes(step);
      part.classList.toggle("is-later", step !== null && first > step);
      part.classList.toggle("is-now", now);
      if (until) this.#stretch(part, steps[0], Math.min(until, step ?? until));
      if (now) rings.push(...this.#ring(part));
    }
    if (!rings.length) return;
    this.#reveal(rings[0]);
    this.#follow(rings[0]);
  }

  /** Let the bar of something under way end at a step's row. */
  #stretch(bar, from, to) {
    const end = this.#rows.get(Math.max(from, to));
    if (end) bar.setAttribute("d", `${bar.getAttribute("d")}`.replace(/[\d.]+$/, end));
  }

  /** Frame a part's words and box. */
  #ring(part) {
    const boxes = [...part.querySelectorAll("text, rect")].map((words) => words.getBBox()).filter(({ width }) => width);
    if (!boxes.length) return [];
    const [left, top] = [Math.min(...boxes.map(({ x }) => x)) - 6, Math.min(...boxes.map(({ y }) => y)) - 4];
    const [right, bottom] = [Math.max(...boxes.map(({ x, width }) => x + width)) + 6,
      Math.max(...boxes.map(({ y, height }) => y + height)) + 4];
    const ring = document.createElementNS(SPACE, "rect");
    const shape = { class: "player-ring", x: left, y: top, width: right - left, height: bottom - top, rx: 5 };
    for (const [name, value] of Object.entries(shape)) ring.setAttribute(name, value);
    this.svg.append(ring);
    return [ring];
  }

  /** Scroll a picture that is wider than its box sideways to what happens now. */
  #reveal(ring) {
    const box = this.svg.parentElement;
    const [frame, seen] = [ring.getBoundingClientRect(), box.getBoundingClientRect()];
    const right = Math.min(frame.right - seen.right + 8, frame.left - seen.left - 8);
    const left = frame.left - seen.left - 8;
    if (right > 0) box.scrollLeft += right;
    else if (left < 0) box.scrollLeft += left;
  }

  /**
   * Scroll the page, at once, to what happens now where the picture and its bar are higher than the window; the bar then
   * sticks to the window's lower edge. A picture that fits, or that the reader has scrolled away from, moves nothing.
   */
  #follow(ring) {
    const [box, bar] = [this.svg.parentElement.getBoundingClientRect(), this.svg.closest(".player-stage")?.querySelector(".player-bar")];
    const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
    const top = parseFloat(scrollPaddingTop) || 0;
    const bottom = innerHeight - (parseFloat(scrollPaddingBottom) || 0) - (bar?.offsetHeight ?? 0);
    const tall = box.height > bottom - top;
    bar?.toggleAttribute("data-tall", tall);
    if (!tall || box.bottom < 0 || box.top > innerHeight) return;
    const frame = ring.getBoundingClientRect();
    const below = Math.min(frame.bottom - bottom + 8, frame.top - top); // its beginning counts most
    const above = frame.top - top - 8;
    if (below > 0) scrollBy({ top: below, behavior: "instant" });
    else if (above < 0) scrollBy({ top: above, behavior: "instant" });
  }
}
