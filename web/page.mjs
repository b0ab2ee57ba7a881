// What every page loads at once.

import "./progress/page.mjs";
import "./glossary/page.mjs";
