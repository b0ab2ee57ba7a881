// The form of the progress document: what course/check/progress_text.py reads and writes, checked by the same rules.
// Documents are {version, items: {address: {reset: {field: value}}}}; fields that say nothing are left out.

import { EMPTY, isTime, TIMES, VERSION } from "./merge.mjs";

export const ADDRESS = /^[a-z][a-z0-9_]*(\/[a-z][a-z0-9_]*){0,3}$/;

// A field means nothing without the one that says when.
const NEEDS = { first_passed: "last_passed", last_passed: "first_passed", hash: "last_passed", recovered: "missed",
  text: "text_at", text_at: "revision", revision: "text_at" };

/** A text that is no document of this version; `newer` when a newer version of the course wrote it. */
export class Foreign extends Error {
  constructor(message, newer = false) {
    super(message);
    this.newer = newer;
  }
}

const demand = (holds, message) => { if (!holds) throw new Foreign(message); };
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Return the document that a text holds. Throws Foreign for anything that the course could not have written. */
export function parse(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Foreign("it is not JSON");
  }
  demand(isObject(data), "it is no object");
  if (Number.isInteger(data.version) && data.version > VERSION) throw new Foreign("a newer version of the course wrote it", true);
  demand(data.version === VERSION && isObject(data.items) && Object.keys(data).length === 2, "it is no progress of this course");
  for (const [address, epochs] of Object.entries(data.items)) {
    demand(ADDRESS.test(address) && isObject(epochs) && Object.keys(epochs).length, `${address.slice(0, 80)} is no entry`);
    for (const [reset, epoch] of Object.entries(epochs)) demand(isEpoch(reset, epoch), `the entry ${address} is damaged`);
  }
  return data;
}

function isEpoch(reset, epoch) {
  return (reset === "" || isTime(reset)) && isObject(epoch) && (reset !== "" || !epoch.undone)
    && (epoch.first_passed ?? "") <= (epoch.last_passed ?? "")
    && Object.entries(epoch).every(([name, value]) => Object.hasOwn(EMPTY, name) && typeof value === typeof EMPTY[name]
      && value !== EMPTY[name] && (NEEDS[name] ?? name) in epoch && isValue(name, value, reset));
}

function isValue(name, value, reset) {
  if (TIMES.includes(name)) return isTime(value) && value >= reset;
  if (name === "hash") return /^[0-9a-f]*$/.test(value);
  return typeof value !== "number" || (Number.isSafeInteger(value) && value > 0);
}
