// HTML and SVG of outputs as elements that cannot run anything, ask for anything, or reach out of their place.

import DOMPurify from "dompurify";

const FORBIDDEN = ["style", "form", "input", "button", "textarea", "select", "option", "dialog", "audio", "video",
  "source", "track", "picture", "map", "area", "svg", "math"];
const HTML = { USE_PROFILES: { html: true }, FORBID_TAGS: FORBIDDEN, FORBID_ATTR: ["style", "id", "name", "srcset"],
  ALLOW_DATA_ATTR: false, RETURN_DOM_FRAGMENT: true };
const SVG = { USE_PROFILES: { svg: true, svgFilters: true }, ADD_TAGS: ["style"], FORBID_TAGS: ["a", "image", "foreignObject"],
  RETURN_DOM_FRAGMENT: true };

DOMPurify.addHook("uponSanitizeAttribute", (element, found) => {
  if (["src", "background", "poster"].includes(found.attrName) && !/^data:image\//i.test(found.attrValue)) found.keepAttr = false;
});
DOMPurify.addHook("afterSanitizeAttributes", (element) => {
  if (element.nodeName === "A") element.setAttribute("rel", "noopener noreferrer");
  if (element.nodeName === "IMG" && !element.hasAttribute("alt")) element.setAttribute("alt", "A picture in the output");
});

/** Return an output's HTML as a fragment: text, tables, links and pictures within it; no styles, no forms, no ids. */
export const html = (text) => DOMPurify.sanitize(text, HTML);

/** Tell whether a style sheet speaks only of our figures, and loads nothing. */
export function isOurs(css) {
  if (/@(?!media\b)|url\s*\(|\\|<|expression/i.test(css)) return false;
  const rules = css.replace(/@media[^{}]*\{/g, "").split("}");
  return rules.every((rule) => {
    const [selectors] = rule.split("{");
    return !selectors.trim() || selectors.split(",").every((one) => /^\.course-figure(?![\w-])/.test(one.trim()));
  });
}

const REFERENCES = ["aria-labelledby", "aria-describedby"];

/** Give the ids within an element a beginning of their own: ids are unique in a page. */
function scope(element, prefix) {
  const known = new Set([...element.querySelectorAll("[id]")].map(({ id }) => id));
  const named = (name) => (known.has(name) ? prefix + name : name);
  for (const part of [element, ...element.querySelectorAll("*")]) {
    for (const { name, value } of [...part.attributes]) {
      if (name === "id") part.id = named(value);
      else if (REFERENCES.includes(name)) part.setAttribute(name, value.split(/\s+/).map(named).join(" "));
      else if (value.includes("#")) {
        part.setAttribute(name, value.replace(/#([\w.:-]+)/g, (_, target) => `#${named(target)}`));
      }
    }
  }
}

let pictures = 0;

/** Return an SVG as an element: a figure of the course stands in the page, in its colours; any other is a picture. */
export function svg(text) {
  if (!/<svg[^>]*\bclass="course-figure"/.test(text)) return picture(`data:image/svg+xml,${encodeURIComponent(text)}`, title(text));
  const [element] = DOMPurify.sanitize(text, SVG).children;
  if (!element) return picture(`data:image/svg+xml,${encodeURIComponent(text)}`, title(text));
  for (const style of element.querySelectorAll("style")) if (!isOurs(style.textContent)) style.remove();
  scope(element, `run${pictures += 1}-`);
  return element;
}

const title = (text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("title")?.textContent.trim();

/** Return a picture from a data address. */
export function picture(address, words) {
  const element = document.createElement("img");
  element.src = address;
  element.alt = words || "A picture made by the cell";
  return element;
}
