// The places below a question that is a quote, where a reader writes down what will come: kept in this browser.

import { site } from "../progress/course.mjs";

const { lesson } = JSON.parse(document.getElementById("course-page").textContent);

for (const place of document.querySelectorAll(".prediction textarea")) {
  const { cell } = place.closest("blockquote").nextElementSibling.dataset;
  const key = `course ${site().pathname} prediction ${lesson} ${cell}`;
  try { place.value ||= localStorage.getItem(key) ?? ""; } catch { /* forbidden: then nothing is kept */ }
  place.addEventListener("input", () => {
    try { localStorage.setItem(key, place.value); } catch { /* forbidden or full: the page still has it */ }
  });
}
