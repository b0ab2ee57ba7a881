// What a page with cells, exercises, questions or pictures that play loads at once: one file, which packs better.

import "./page.mjs";
import "./cell/page.mjs";
import "./exercise/exercise.mjs";
import "./quiz/quiz.mjs";
import "./player/shell.mjs";

if (document.querySelector(".prediction")) import("./quiz/prediction.mjs");
