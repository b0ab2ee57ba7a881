// Export, import and reset, each with words about what happened and a way back.

import { aside } from "./aside.mjs";
import { Foreign, parse } from "./form.mjs";
import { allReset, begun, broughtBack, difference, exported, lastReset, LARGEST, resetHere, restored } from "./transfer.mjs";
import { button, counted, dated, make } from "./words.mjs";

const kind = (address) => (address.includes("/quiz/") ? "question" : address.includes("/") ? "exercise" : "lesson");
const DONE = { lesson: "read", exercise: "passed", question: "answered right" };

/** Return addresses in words, such as "2 exercises passed, 1 question answered right". */
function inWords(addresses, said = DONE) {
  return Object.keys(DONE).map((one) => [one, addresses.filter((address) => kind(address) === one).length])
    .filter(([, number]) => number).map(([one, number]) => `${counted(number, one)} ${said[one] ?? ""}`.trim()).join(", ");
}

export class Actions {
  constructor(store) {
    this.store = store;
    this.file = make("input", { type: "file", accept: ".json,application/json", hidden: "" });
    this.file.addEventListener("change", () => this.opened());
    this.importButton = this.press("Import from a file", () => this.file.click());
    this.transferSaid = make("div", { class: "progress-said", role: "status" });
    this.resetButton = this.press("Reset everything", () => this.ask());
    this.resetSaid = make("div", { class: "progress-said", role: "status" });
    this.aside = make("div", { class: "progress-aside" });
    this.elements = [
      this.aside,
      make("h2", {}, "Take it along"),
      make("p", {}, "The file holds what you have read, your answers to questions, and your exercises with your texts. An import adds to what is here. "
        + "What you changed in the code cells of lessons is not part of it."),
      make("p", { class: "progress-actions" }, this.press("Export to a file", () => this.export()), this.importButton, this.file),
      this.transferSaid,
      make("h2", {}, "Begin anew"),
      make("p", {}, "A reset shows every lesson, exercise and question as new. Nothing is deleted: you can bring it back here, today or later. "
        + "What you changed in the code cells of lessons stays as it is."
        + (document.documentElement.dataset.courseServer ? " Your files in the folder work stay as they are." : "")),
      make("p", { class: "progress-actions" }, this.resetButton),
      this.resetSaid,
    ];
  }

  press(words, action) { return button(words, action, { class: "progress-button" }); }

  /** Follow what the store holds. */
  refresh() {
    this.resetButton.disabled = !begun(this.store.document).length;
    if (!this.asking) this.offer();
    this.setAside();
  }

  // ---- Files ----

  export() {
    this.save(exported(this.store.document), `progress-${new Date().toISOString().slice(0, 10)}.json`);
    this.tell(this.transferSaid, "The file is in your downloads.");
  }

  save(text, name) {
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  /** Look into the chosen file and say what an import would change. */
  async opened() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    try {
      if (file.size > LARGEST) throw new Foreign(`it is larger than ${LARGEST >> 20} MB`);
      this.preview(file.name, parse(await file.text()));
    } catch (error) {
      const why = error instanceof Foreign ? error.message : "it cannot be read";
      this.tell(this.transferSaid, `${file.name} was not imported: ${why}. Nothing was changed.`);
    }
  }

  preview(name, found) {
    const { addresses, passed, hidden, texts } = difference(this.store.document, found);
    const before = resetHere(this.store.document, found);
    if (!addresses.length) return this.known(name, found, before);
    const others = addresses.length - new Set([...passed, ...hidden, ...texts]).size;
    const lines = [
      passed.length ? `New: ${inWords(passed)}.` : "",
      texts.length ? `Another text of yours is newer in the file, and takes the place of the one here: ${texts.join(", ")}.` : "",
      hidden.length ? `Reset in the file after you had begun it here, so it becomes new: ${hidden.join(", ")}.` : "",
      before.addresses.length ? `Reset here ${dated(before.days.at(-1))}, so it stays new: ${inWords(before.addresses, {})}.` : "",
      others ? `Attempts, hints or texts are added: ${inWords(addresses.filter((one) => ![passed, hidden, texts].flat().includes(one)), {})}.` : "",
    ].filter(Boolean);
    const yes = this.press("Import", () => this.import(found));
    this.tell(this.transferSaid, `${name}, if you import it:`, make("ul", {}, ...lines.map((line) => make("li", {}, line))),
      yes, this.press("Leave it", () => { this.tell(this.transferSaid, "Nothing was changed."); this.importButton.focus(); }));
    yes.focus();
  }

  /** A file that adds nothing: what of it was reset here can be brought back. */
  known(name, found, { days, addresses }) {
    const nothing = `${name} holds nothing that is not here already.`;
    if (!addresses.length) return this.tell(this.transferSaid, nothing);
    const words = addresses.length === begun(found).length ? `Everything in ${name} was reset here ${dated(days.at(-1))}.`
      : `${nothing} Of it, ${inWords(addresses, {})} ${addresses.length === 1 ? "was" : "were"} reset here ${dated(days.at(-1))}.`;
    const back = this.press("Bring it back", () => {
      this.store.record((document, at) => broughtBack(document, addresses, at));
      this.tell(this.transferSaid, "It is back.");
      this.importButton.focus();
    });
    this.tell(this.transferSaid, `${words} `, back);
    return back.focus();
  }

  import(found) {
    const { addresses } = difference(this.store.document, found);
    const was = Object.fromEntries(addresses.map((address) => [address, this.store.seen(address)]));
    this.store.take(found);
    const undo = this.press("Undo the import", () => {
      this.store.record((document, at) => restored(document, was, at));
      this.tell(this.transferSaid, "The import was taken back.");
      this.importButton.focus();
    });
    this.tell(this.transferSaid, `Imported: ${inWords(addresses, {})}. `, undo);
    undo.focus();
  }

  // ---- Reset ----

  ask() {
    this.asking = true;
    const no = this.press("Keep it", () => { this.asking = false; this.offer(); this.resetButton.focus(); });
    this.tell(this.resetSaid, `${inWords(begun(this.store.document), {})} that you have begun will be shown as new. `, this.press("Reset", () => {
      this.asking = false;
      this.store.record((document, at) => allReset(document, at));
      this.offer();
      this.resetSaid.querySelector("button")?.focus();
    }), no);
    no.focus();
  }

  /** Offer to bring back what was reset last. */
  offer() {
    const { at, addresses } = lastReset(this.store.document);
    const key = addresses.length ? `${at} ${addresses.length}` : "";
    if (this.offered === key && !this.resetSaid.querySelector("button + button")) return;
    this.offered = key;
    if (!key) return this.tell(this.resetSaid);
    this.tell(this.resetSaid, `Reset ${dated(at)}: ${inWords(addresses, {})}. `, this.press("Bring it back", () => {
      this.store.record((document, now) => broughtBack(document, addresses, now));
      this.tell(this.resetSaid, "It is back.");
      this.resetButton.focus();
    }));
  }

  /** What could not be read, to be saved elsewhere. */
  setAside() {
    const found = aside(this.store);
    const made = make("div", { class: "progress-aside" }, ...(found.length ? [make("h2", {}, "Set aside"),
      make("p", {}, "This browser kept something in the place of your progress that cannot be read. It is left as it is.")] : []));
    made.append(...found.map(({ text }, number) => make("p", { class: "progress-actions" },
      this.press(`Save copy ${number + 1} to a file`, () => this.save(text, `progress-set-aside-${number + 1}.json`)))));
    if (this.aside.childElementCount !== made.childElementCount) this.aside.replaceChildren(...made.childNodes);
  }

  tell(place, ...words) { place.replaceChildren(...words); }
}
