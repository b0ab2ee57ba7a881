// The editor of a cell: CodeMirror, loaded when a reader first edits.

import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { python, pythonLanguage } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap } from "@codemirror/view";
import { highlightCode, tags } from "@lezer/highlight";

// The colours are those of the page (cells.css), so they follow its theme.
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.self], class: "tok-keyword" },
  { tag: [tags.string, tags.special(tags.string), tags.escape], class: "tok-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "tok-number" },
  { tag: tags.comment, class: "tok-comment" },
  { tag: [tags.definition(tags.variableName), tags.definition(tags.function(tags.variableName)), tags.className,
    tags.definition(tags.className)], class: "tok-name" },
  { tag: tags.meta, class: "tok-meta" },
]);

/** Return a text of Python in the colours that it has in the editor. */
export function coloured(text) {
  const made = document.createDocumentFragment();
  const put = (words, classes) => {
    const part = classes ? document.createElement("span") : document.createTextNode(words);
    if (classes) Object.assign(part, { className: classes, textContent: words });
    made.append(part);
  };
  highlightCode(text, pythonLanguage.parser.parse(text), COLOURS, put, () => made.append("\n"));
  return made;
}

/**
 * Open an editor in `place`. `label` names it for screen readers; onChange(text) follows each change, onRun() is asked
 * by Shift+Enter, and by Ctrl+Enter (Cmd on a Mac). `language`: "python", or "" for none. Gives {focus(), goTo(line), text,
 * close()}; setting `text` does not call onChange.
 *
 * The keyboard is never trapped: Tab indents only once the reader has come on purpose (a click, the Edit button, a key
 * that writes). Who came by Tab goes on by Tab; Escape makes Tab leave until the next change.
 */
export function open(place, { text, label, describedBy, onChange, onRun, language = "python" }) {
  let indents = false;
  let quiet = false;
  const entered = EditorView.domEventHandlers({
    mousedown: () => { indents = true; },
    blur: () => { indents = false; },
  });
  const changed = EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    if (quiet) return;
    indents = true;
    onChange(update.state.doc.toString());
  });
  const tab = (command) => (view) => indents && command(view);
  const keys = Prec.highest(keymap.of([
    { key: "Shift-Enter", run: () => { onRun(); return true; } },
    { key: "Mod-Enter", run: () => { onRun(); return true; } },
    { key: "Escape", run: () => { const was = indents; indents = false; return was; } },
    { key: "Tab", run: tab(indentMore), shift: tab(indentLess) },
  ]));
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        keys, history(), drawSelection(), highlightSpecialChars(), indentOnInput(), bracketMatching(),
        indentUnit.of("    "), EditorState.tabSize.of(4), language ? python() : [], syntaxHighlighting(COLOURS),
        keymap.of([...defaultKeymap, ...historyKeymap]), entered, changed,
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy, tabindex: "0", spellcheck: "false",
          autocorrect: "off", autocapitalize: "off" }),
      ],
    }),
  });
  return {
    focus() { view.focus(); indents = true; },
    goTo(number) {
      const { from, to } = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    },
    get text() { return view.state.doc.toString(); },
    set text(words) {
      quiet = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: words } });
      quiet = false;
    },
    close() { view.destroy(); },
  };
}
