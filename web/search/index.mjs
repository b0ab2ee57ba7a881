// The index beside the pages, loaded once and again only after a failure.

import { fresh } from "../run/fresh.mjs";
import { RANKING } from "./find.mjs";
import { Vocabulary } from "./words.mjs";

/** The site's root: the scripts lie in `_static/run`. */
export const ROOT = new URL("../../", import.meta.url);

let loading = null;

async function fetched() {
  const response = await fetch(new URL("pagefind/words.json", ROOT));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const [pagefind, list] = await Promise.all([fresh(new URL("pagefind/pagefind.js", ROOT)), response.json()]);
  await pagefind.options({ ranking: RANKING });
  await pagefind.init();
  return { pagefind, vocabulary: new Vocabulary(list) };
}

/** Return a promise of `{ pagefind, vocabulary }`. */
export function load() {
  loading ??= fetched().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}
