// What a cell has said so far, bounded: the beginning and the end are kept, whatever lies between is counted only.

/** How much of each end is kept. Anything that is not text (a picture, a table) counts as so many lines. */
export const KEPT = { lines: 400, characters: 60_000, display: 20 };

const lines = (text) => {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
};

/** Return the place in `text` after its first `count` lines; its length when it has fewer. */
function after(text, count) {
  let at = 0;
  for (; count > 0; count -= 1) {
    const end = text.indexOf("\n", at);
    if (end === -1) return text.length;
    at = end + 1;
  }
  return at;
}

/** Messages of one run of a cell, in order. */
export class Log {
  #head = [];
  #tail = [];
  #used = { lines: 0, characters: 0 }; // by the head
  #held = { lines: 0, characters: 0 }; // by the tail
  #full = false; // the head takes no more
  #lost = { lines: 0, characters: 0 };

  constructor(kept = KEPT) { this.kept = kept; }

  /** Add a message of a transport. Text of the same stream is joined. */
  add(message) {
    if (message.type !== "stream") this.#put(message, this.kept.display, 0);
    else if (message.text) this.#write(message.name, message.text);
  }

  /** Return {type: "stream", name, text}, {type: "gap", lines, characters} and all other messages as they came. */
  parts() {
    this.#trim(1);
    const gap = this.#lost.characters ? [{ type: "gap", ...this.#lost }] : [];
    return [...this.#head, ...gap, ...this.#tail];
  }

  #put(message, cost) {
    const used = this.#full ? this.#held : this.#used;
    (this.#full ? this.#tail : this.#head).push(message);
    used.lines += cost;
    if (this.#used.lines >= this.kept.lines) this.#full = true;
    if (this.#full) this.#trim(2);
  }

  #write(name, text) {
    if (!this.#full) {
      const room = Math.min(after(text, this.kept.lines - this.#used.lines),
        this.kept.characters - this.#used.characters);
      this.#join(this.#head, this.#used, name, text.slice(0, room));
      if (room === text.length) return;
      this.#full = true;
      text = text.slice(room);
    }
    this.#join(this.#tail, this.#held, name, text);
    this.#trim(2);
  }

  #join(parts, used, name, text) {
    const last = parts.at(-1);
    if (last?.type === "stream" && last.name === name) parts[parts.length - 1] = { ...last, text: last.text + text };
    else if (text) parts.push({ type: "stream", name, text });
    used.lines += lines(text);
    used.characters += text.length;
  }

  /** Drop the oldest of the tail once it holds `factor` times what is kept: not at each line that comes. */
  #trim(factor) {
    const { lines: most, characters } = this.kept;
    if (this.#held.lines <= most * factor && this.#held.characters <= characters * factor) return;
    while (this.#tail.length && (this.#held.lines > most || this.#held.characters > characters)) {
      const first = this.#tail[0];
      const text = first.type === "stream" ? first.text : "";
      const cut = text ? this.#cut(text) : 0;
      const dropped = text.slice(0, cut);
      const cost = text ? lines(dropped) : this.kept.display;
      this.#held.lines -= cost;
      this.#held.characters -= cut;
      this.#lost.lines += cost;
      this.#lost.characters += text ? cut : 1;
      if (cut === text.length) this.#tail.shift();
      else this.#tail[0] = { ...first, text: text.slice(cut) };
    }
  }

  /** Return how many characters go from the front of a text: whole lines, unless one line alone is too long. */
  #cut(text) {
    const byLines = after(text, this.#held.lines - this.kept.lines);
    const many = this.#held.characters - this.kept.characters;
    if (many <= byLines) return byLines;
    const end = text.indexOf("\n", Math.min(many, text.length) - 1) + 1;
    return end > 0 && end - many < 2000 ? end : Math.min(many, text.length);
  }
}
