// What stands in the place of the learner's progress and is none that this version of the course wrote: it is read when
// it can be, and otherwise put under another name, with a sentence. Nothing is lost. Loaded only then.

import { Foreign, parse } from "./form.mjs";
import { merge } from "./merge.mjs";
import { newer, NOTHING } from "./store.mjs";

const NEWER = "A newer version of the course keeps your progress in this browser. Reload this page: until then nothing new is kept.";
const LATER = "A newer version of the course wrote the progress that this browser keeps. It is set aside until this page is newer too: reload it.";
const STUCK = "This browser holds something in the place of your progress that can be neither read nor moved, so nothing is kept.";

/** Return what was set aside under a key, as [{name, text}]. */
export function aside({ storage, key }) {
  const names = Array.from({ length: storage?.length ?? 0 }, (_, number) => storage.key(number));
  return names.filter((name) => name.startsWith(`${key} aside `)).sort().map((name) => ({ name, text: storage.getItem(name) }));
}

/**
 * Settle what a store has found: `text` under its key, or null when something lies aside from before. Returns whether the
 * store may write again.
 */
export function settle(store, text) {
  takeBack(store);
  return text === null || found(store, text);
}

/** What was set aside for being too new may be readable now. A copy goes when it has been seen to add nothing. */
function takeBack(store) {
  for (const { name, text } of aside(store)) {
    try {
      const before = store.document;
      store.document = merge(before, merge(NOTHING, parse(text)));
      if (Object.keys(newer(before, store.document).items).length) store.tell();
      else store.storage.removeItem(name);
    } catch { /* still not: it stays */ }
  }
}

function found(store, text) {
  try {
    store.document = merge(store.document, merge(NOTHING, parse(text)));
    store.known = text;
    store.tell();
    return true;
  } catch (error) {
    return refused(store, text, error);
  }
}

function refused(store, text, error) {
  const tooNew = error instanceof Foreign && error.newer;
  if (tooNew && store.known !== null) return stop(store, NEWER); // another tab is used with it
  if (!moved(store, text)) return stop(store, STUCK);
  store.known = null;
  store.said = tooNew ? LATER : `The progress that this browser kept cannot be read (${error.message}). It was set aside, and `
    + "progress begins anew; the page Your progress lets you save it to a file.";
  store.tell();
  return true;
}

function stop(store, words) {
  store.troubled(words);
  return false;
}

/** Give a text another name; where there is no room for both, it is taken away and put back. */
function moved({ storage, key }, text) {
  let number = 1;
  while (![null, text].includes(storage.getItem(`${key} aside ${number}`))) number += 1;
  try {
    storage.removeItem(key);
    storage.setItem(`${key} aside ${number}`, text);
    return true;
  } catch {
    try { storage.setItem(key, text); } catch { /* it had room before */ }
    return false;
  }
}
