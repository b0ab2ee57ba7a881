// What every page loads at once.

import "./progress/page.mjs";
import "./glossary/page.mjs";
import "./search/page.mjs";
