// What a reader has written into the cells of a lesson, kept in the browser.

/** Return a short fingerprint of a text (FNV-1a, 32 bits, over UTF-16 units): it tells versions of a cell apart. */
export function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

/**
 * The edits of one lesson. `storage` is localStorage or the like; `site` is the path at which the site is published,
 * since several sites may share a host. All methods take a cell's id and its source as the page now has it.
 */
export class Saved {
  constructor(storage, site, lesson) {
    this.storage = storage;
    this.prefix = `course ${site} cell ${lesson} `;
  }

  /**
   * Return null, or {kind, text}: "edited" (show the text), "reset" (show the source, the text can be had back), or
   * "outdated" (the text was made from another version of the cell).
   */
  read(cell, source) {
    const found = this.#load(cell);
    if (!found || (found.text === source && !found.reset)) return null;
    const same = found.of === fingerprint(source);
    if (found.reset) return same ? { kind: "reset", text: found.text } : null;
    return { kind: same ? "edited" : "outdated", text: found.text };
  }

  /** Keep a text; one equal to the source is forgotten. Returns whether it could be kept. */
  write(cell, source, text) {
    if (text === source) return this.forget(cell);
    return this.#store(cell, { of: fingerprint(source), text });
  }

  /** Note that the source is shown again in place of `text`. */
  reset(cell, source, text) {
    return this.#store(cell, { of: fingerprint(source), text, reset: true });
  }

  forget(cell) {
    try {
      this.storage.removeItem(this.prefix + cell);
      return true;
    } catch { return false; }
  }

  #load(cell) {
    try {
      const found = JSON.parse(this.storage.getItem(this.prefix + cell));
      return typeof found?.text === "string" && typeof found.of === "string" ? found : null;
    } catch { return null; } // storage is forbidden, or holds what is not ours
  }

  #store(cell, record) {
    try {
      this.storage.setItem(this.prefix + cell, JSON.stringify(record));
      return true;
    } catch { return false; } // full or forbidden
  }
}
