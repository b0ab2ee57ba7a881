// First tries: a check counts them, for who goes on until all is right has learnt something else. Pure.

import { get, seen } from "./merge.mjs";

/** Return whether the first answer to a question was right; null before there is one. A reset begins anew. */
export function firstTry(document, address) {
  const { status, first_passed, reset } = seen(document, address);
  if (status === "new") return null;
  const begun = Object.values(get(document.items, address)).map(({ started }) => started).filter((at) => at && at >= reset);
  return first_passed !== "" && first_passed === begun.sort()[0];
}

/** Return {all, answered, right}: how many questions these are, how many were answered, and right at the first try. */
export function firstTries(document, addresses) {
  const found = addresses.map((address) => firstTry(document, address)).filter((right) => right !== null);
  return { all: addresses.length, answered: found.length, right: found.filter(Boolean).length };
}

/** Return that in words, without a full stop. */
export function inTries({ all, answered, right }) {
  if (!answered) return "not answered yet";
  return answered < all ? `${answered} of ${all} answered, ${right} right at the first try` : `${right} of ${all} right at the first try`;
}
