// Draws a diagram with Mermaid in the author's Chromium, and keeps of the drawing what a page needs: shapes and words
// whose colours are the page's. No style sheet, script, link, foreign HTML or font comes through.

const COLOURS = { // as Mermaid is told to paint -> as the page paints
  "#1d2433": "var(--fig-ink,#1d2433)", "#566072": "var(--fig-muted,#566072)", "#c5ccd8": "var(--fig-line,#c5ccd8)",
  "#ffffff": "var(--fig-paper,#ffffff)", "#f4f2ec": "var(--diagram-box,#f4f2ec)", "#f9f8f5": "var(--diagram-group,#f9f8f5)",
  "#000000": "var(--fig-muted,#566072)", // some arrow heads are black whatever the theme
};
const INK = "#1d2433", MUTED = "#566072", LINE = "#c5ccd8", PAPER = "#ffffff", BOX = "#f4f2ec", GROUP = "#f9f8f5";
const THEME = {
  background: PAPER, primaryColor: BOX, primaryTextColor: INK, primaryBorderColor: MUTED, lineColor: MUTED, textColor: INK,
  secondaryColor: GROUP, secondaryBorderColor: LINE, secondaryTextColor: INK, tertiaryColor: GROUP, tertiaryBorderColor: LINE,
  tertiaryTextColor: INK, titleColor: INK, edgeLabelBackground: PAPER, clusterBkg: GROUP, clusterBorder: LINE,
  noteBkgColor: GROUP, noteBorderColor: LINE, noteTextColor: INK, actorLineColor: LINE, signalColor: MUTED,
  signalTextColor: INK, labelBoxBkgColor: GROUP, labelBoxBorderColor: LINE, activationBkgColor: GROUP,
  activationBorderColor: MUTED, fontSize: "15px", useGradient: false,
};
const SHAPES = {
  path: ["d"], rect: ["x", "y", "width", "height", "rx", "ry"], circle: ["cx", "cy", "r"], ellipse: ["cx", "cy", "rx", "ry"],
  polygon: ["points"], polyline: ["points"], line: ["x1", "y1", "x2", "y2"],
};
const KEPT = {
  ...SHAPES, g: [], defs: [], text: ["x", "y", "dy"], tspan: ["x", "y", "dx", "dy"],
  marker: ["viewBox", "refX", "refY", "markerUnits", "markerWidth", "markerHeight", "orient"],
};
const LEFT_OUT = ["style", "filter", "linearGradient", "symbol", "title", "desc"];
const SVG = "http://www.w3.org/2000/svg";

const rounded = (text) => text.replace(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))));

function painted(colour, name) {
  if (colour === "none" || colour.startsWith("url(")) return colour === "none" ? "none" : COLOURS[MUTED];
  const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
  const hex = `#${[r, g, b].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
  if (a === 0) return "none";
  if (!(hex in COLOURS)) throw new Error(`it paints a <${name}> with ${hex}, which is no colour of the course`);
  return COLOURS[hex];
}

function looks(element) {
  const { localName: name } = element;
  const style = getComputedStyle(element);
  const said = {};
  if (name in SHAPES) {
    said.fill = name === "line" ? "none" : painted(style.fill, name);
    said.stroke = painted(style.stroke, name);
    if (said.stroke !== "none") {
      said["stroke-width"] = rounded(style.strokeWidth);
      if (style.strokeDasharray !== "none") said["stroke-dasharray"] = style.strokeDasharray;
    }
  } else if (name === "text") {
    said["text-anchor"] = style.textAnchor;
    if (style.dominantBaseline !== "auto") said["dominant-baseline"] = style.dominantBaseline;
    said["font-size"] = style.fontSize;
  }
  if (name === "text" || name === "tspan") {
    if (name === "text" || element.textContent.trim()) said.fill = painted(style.fill, name);
    if (Number(style.fontWeight) > 400) said["font-weight"] = "600";
    if (style.fontStyle !== "normal") said["font-style"] = style.fontStyle;
  }
  return Object.entries(said).map(([key, value]) => `${key}:${value}`).join(";");
}

/** Return the part of the page's SVG that stands for `element`, or null where it shows nothing. */
function copied(element, markers) {
  const { localName: name } = element;
  if (LEFT_OUT.includes(name) || getComputedStyle(element).display === "none") return null;
  if (!(name in KEPT)) throw new Error(`it draws with <${name}>, which the course leaves out`);
  if (name === "rect" && !Number(element.getAttribute("width"))) return null;
  const copy = document.createElementNS(SVG, name);
  for (const key of [...KEPT[name], "transform"]) {
    if (element.hasAttribute(key)) copy.setAttribute(key, rounded(element.getAttribute(key)));
  }
  if (name === "marker") {
    if (!markers.has(element.id)) return null;
    copy.id = markers.get(element.id);
  }
  for (const key of ["marker-start", "marker-end"]) {
    const id = element.getAttribute(key)?.match(/#([^)"']+)/)?.[1];
    if (id) copy.setAttribute(key, `url(#${markers.get(id)})`);
  }
  const style = looks(element);
  if (style.startsWith("fill:none;stroke:none")) return null;
  if (style) copy.setAttribute("style", style);
  for (const child of element.childNodes) {
    const part = child.nodeType === Node.TEXT_NODE ? child.textContent : copied(child, markers);
    if (part && (typeof part !== "string" || name === "tspan" || name === "text")) copy.append(part);
  }
  return copy.childNodes.length || name in SHAPES ? copy : null;
}

function used(svg, prefix) {
  const found = new Map();
  for (const element of svg.querySelectorAll("[marker-start], [marker-end]")) {
    for (const key of ["marker-start", "marker-end"]) {
      const id = element.getAttribute(key)?.match(/#([^)"']+)/)?.[1];
      if (id && !found.has(id)) found.set(id, `${prefix}-m${found.size}`);
    }
  }
  return found;
}

/** Return the SVG of `source` as text; `prefix` makes its ids its own. */
async function draw(source, prefix) {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: "base", themeVariables: THEME, htmlLabels: false,
    flowchart: { htmlLabels: false, useMaxWidth: false, wrappingWidth: 130, nodeSpacing: 24, rankSpacing: 34, padding: 12 }, sequence: { useMaxWidth: false, mirrorActors: false },
    deterministicIds: true, deterministicIDSeed: prefix, fontFamily: "system-ui, sans-serif" });
  document.body.innerHTML = (await mermaid.render(prefix, source)).svg;
  const drawn = document.body.querySelector("svg");
  const words = ["title", "desc"].map((name) => [name, drawn.querySelector(`:scope > ${name}`).textContent.trim()]);
  const [x, y, width, height] = drawn.getAttribute("viewBox").split(/\s+/).map(Number);
  const box = [Math.floor(x) - 4, Math.floor(y) - 4, Math.ceil(width) + 8, Math.ceil(height) + 8]; // room at the edges
  const svg = document.createElementNS(SVG, "svg");
  const said = { class: "course-diagram", role: "img", viewBox: box.join(" "), width: box[2], height: box[3],
    "aria-labelledby": `${prefix}-title`, "aria-describedby": `${prefix}-desc`, style: `min-width:${Math.round(box[2] * 0.8)}px` };
  for (const [key, value] of Object.entries(said)) svg.setAttribute(key, value);
  for (const [name, text] of words) {
    const element = document.createElementNS(SVG, name);
    element.id = `${prefix}-${name}`;
    element.textContent = text;
    svg.append(element);
  }
  const markers = used(drawn, prefix);
  svg.append(...[...drawn.children].map((child) => copied(child, markers)).filter(Boolean));
  return new XMLSerializer().serializeToString(svg);
}
