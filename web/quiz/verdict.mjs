// The verdict on an answer, in the words of course/check/quiz_verdict.py, whose rules these are; tests/site/test_quizzes.py
// holds both to the same answers. Pure.

const QUOTES = /^['"`\u2018\u2019\u201c\u201d]+|['"`\u2018\u2019\u201c\u201d]+$/gu; // around a keyword, as in a text
// White space as Python's str.split knows it, which is not quite JavaScript's \s.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** Return a typed answer as it is compared. */
export function normalised(answer) {
  const words = answer.normalize("NFKC").toLowerCase().split(SPACE).filter(Boolean).join(" ");
  return words.replace(QUOTES, "").replace(/^ +| +$/g, "");
}

/**
 * Judge an answer: an option's id, ids, or typed words. `question` is {kind, options: [{id, text, right}], answer}, as
 * course.check.quiz.as_data makes it. Returns {right, words, chosen: [id], explained}. Throws RangeError for ids that the
 * question does not have.
 */
export function verdict(question, answer) {
  if (question.kind === "text") return typed(question, [answer].flat().join(""));
  const known = new Map(question.options.map((option) => [option.id, option]));
  const ids = [...new Set([answer].flat())].filter(Boolean);
  const unknown = ids.find((id) => !known.has(id));
  if (unknown) throw new RangeError(`the question has no option ${unknown}`);
  if (question.kind === "order") return ordered(question, ids);
  const chosen = ids.map((id) => known.get(id));
  return question.kind === "multi" ? several(question, chosen) : one(chosen);
}

const said = (right, words, chosen = []) => ({ right, words, chosen, explained: right });

function one(chosen) {
  if (chosen.length !== 1) return said(false, chosen.length ? "Choose one answer only." : "Choose one answer first.");
  return said(chosen[0].right, chosen[0].right ? "Right." : "Not right.", [chosen[0].id]);
}

function several(question, chosen) {
  if (!chosen.length) return said(false, "Choose at least one answer first.");
  const ids = chosen.map((option) => option.id);
  const wrong = chosen.filter((option) => !option.right).length;
  const missing = question.answer.length - (chosen.length - wrong);
  if (!wrong && !missing) return said(true, "Right.", ids);
  const told = [];
  if (wrong === chosen.length) {
    told.push(wrong === 1 ? "your choice is wrong" : `all ${wrong} of your choices are wrong`);
  } else if (wrong) told.push(`${wrong} of your ${chosen.length} choices ${wrong === 1 ? "is" : "are"} wrong`);
  if (missing) told.push(`${missing} right ${missing === 1 ? "answer is" : "answers are"} missing`);
  return said(false, `Not yet: ${told.join(", and ")}.`, ids);
}

function ordered(question, ids) {
  if (ids.length !== question.answer.length) throw new RangeError("put all entries in order");
  const good = ids.findIndex((id, place) => id !== question.answer[place]);
  if (good === -1) return said(true, "Right.", ids);
  if (good === 0) return said(false, "Not yet: another entry comes first.", ids);
  const start = good === 1 ? "the first entry is" : `the first ${good} entries are`;
  return said(false, `Not yet: ${start} right, then another one follows.`, ids);
}

function typed(question, answer) {
  const words = normalised(answer);
  if (!words) return said(false, "Type an answer first.");
  const option = question.options.find(({ text }) => text === words);
  if (!option) return said(false, "Not right. Check the spelling, then think again.");
  return said(option.right, option.right ? "Right." : "Not right.", [option.id]);
}
