/**
 * Find and replace, in a card above the text: this section as one types, or the whole brief by the
 * server. Enter goes on, Shift-Enter back, Escape closes; what is replaced here is undone like typing.
 */
import { NodeSelection, TextSelection } from "prosemirror-state";
import { highlight, onTextChange } from "../plugins/found.ts";
import { el, uniqueId } from "../room/dom.ts";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { type Match, matches, MOST_ASKED, type Query } from "./matches.ts";
import { MOST_PUT, replaceMatches } from "./replace.ts";
import { Everywhere } from "./everywhere.ts";

const field = (label: string, limit: number): { row: HTMLElement; input: HTMLInputElement } => {
  const id = uniqueId("find");
  const input = el("input", { id, class: "form-control", type: "text", autocomplete: "off", maxlength: String(limit), spellcheck: "false" });
  return { row: el("div", { class: "find-field" }, el("label", { for: id }, label), input), input };
};

const choice = (label: string, attributes: Record<string, string | boolean>): { row: HTMLElement; input: HTMLInputElement } => {
  const id = uniqueId("find");
  const input = el("input", { id, class: "form-check-input", ...attributes });
  return { row: el("span", { class: "form-check" }, input, el("label", { for: id, class: "form-check-label" }, label)), input };
};

const button = (label: string, look: string, click: () => void): HTMLButtonElement => el("button", { type: "button", class: `btn btn-sm ${look}`, click }, label);

export class FindPanel {
  readonly #room: Room;
  readonly #dom: HTMLElement;
  readonly #asked = field(t("find_text"), MOST_ASKED);
  readonly #put = field(t("find_replacement"), MOST_PUT);
  readonly #case = choice(t("find_match_case"), { type: "checkbox" });
  readonly #words = choice(t("find_whole_words"), { type: "checkbox" });
  readonly #here = choice(t("find_here"), { type: "radio", name: "find-scope", checked: true });
  readonly #all = choice(t("find_everywhere"), { type: "radio", name: "find-scope" });
  readonly #status = el("p", { class: "find-status", role: "status" });
  readonly #steps: HTMLElement;
  readonly #replacing: HTMLElement;
  readonly #everywhere: Everywhere;
  #found: Match[] = [];
  #current = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(room: Room) {
    this.#room = room;
    this.#everywhere = new Everywhere(room, () => this.#query(), () => this.#put.input.value, (sentence) => this.#say(sentence));
    this.#steps = el("div", { class: "find-buttons" }, button(t("find_previous"), "btn-outline-secondary", () => this.#step(-1)), button(t("find_next"), "btn-outline-secondary", () => this.#step(1)));
    this.#replacing = el("div", { class: "find-buttons" }, button(t("find_replace"), "btn-outline-secondary", () => this.#replace()), button(t("find_replace_all"), "btn-outline-secondary", () => this.#replaceAll()));
    this.#dom = this.#card();
  }

  #card(): HTMLElement {
    const title = uniqueId("find");
    const close = el("button", { type: "button", class: "find-close", "aria-label": t("close"), title: t("close"), click: () => this.close() }, "×");
    const options = el("div", { class: "find-options" }, this.#case.row, this.#words.row);
    const scope = el("fieldset", { class: "find-options" }, el("legend", { class: "visually-hidden" }, t("find_scope")), this.#here.row, this.#all.row);
    const dom = el(
      "section",
      { class: "find-card", role: "dialog", "aria-labelledby": title, hidden: true, keydown: (event) => this.#key(event as KeyboardEvent) },
      el("div", { class: "find-head" }, el("h2", { id: title }, t("find")), close),
      this.#asked.row,
      ...(this.#room.view.editable ? [this.#put.row] : []),
      scope,
      options,
      this.#status,
      this.#steps,
      ...(this.#room.view.editable ? [this.#replacing] : []),
      this.#everywhere.dom,
    );
    dom.addEventListener("input", (event) => {
      if (event.target !== this.#put.input) this.#changed();
    });
    (document.getElementById("writing-bar") ?? document.body).append(dom);
    return dom;
  }

  open(): void {
    const { state } = this.#room.view;
    const { from, to } = state.selection;
    const selected = to - from <= MOST_ASKED ? state.doc.textBetween(from, to, "\n", "\ufffc") : "";
    if (selected && !/[\n\ufffc]/.test(selected)) this.#asked.input.value = selected;
    this.#dom.hidden = false;
    onTextChange(() => this.#changed(500, false));
    this.#search();
    this.#asked.input.focus();
    this.#asked.input.select();
  }

  close(): void {
    this.#dom.hidden = true;
    clearTimeout(this.#timer);
    onTextChange(null);
    this.#select();
    highlight(this.#room.view, [], -1);
    this.#found = [];
    this.#room.view.focus();
  }

  #query(): Query {
    return { text: this.#asked.input.value, matchCase: this.#case.input.checked, wholeWords: this.#words.input.checked };
  }

  #say(sentence: string): void {
    this.#status.textContent = sentence;
  }

  #changed(after = 150, anew = true): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(anew), after);
  }

  #search(anew = true): void {
    const everywhere = this.#all.input.checked;
    this.#steps.hidden = this.#replacing.hidden = everywhere;
    this.#everywhere.dom.hidden = !everywhere;
    this.#found = matches(this.#room.view.state.doc, this.#query());
    const { from } = this.#room.view.state.selection;
    const next = this.#found.findIndex((match) => match.from >= from);
    this.#current = this.#found.length ? Math.max(0, next) : -1;
    if (everywhere) void this.#everywhere.search(anew);
    else this.#show(false);
    highlight(this.#room.view, this.#found, everywhere ? -1 : this.#current);
  }

  #show(scroll = true): void {
    const count = this.#found.length;
    const asked = this.#asked.input.value.trim();
    this.#say(count ? t("find_count", { current: this.#current + 1, count }) : asked ? t("find_none") : "");
    if (!scroll || !count) return;
    highlight(this.#room.view, this.#found, this.#current);
    // The place itself, not its paragraph: that may be taller than what is seen of the text.
    this.#room.view.dom.querySelector(".find-match-now")?.scrollIntoView({ block: "center" });
  }

  #step(by: number): void {
    const count = this.#found.length;
    if (count) this.#current = (this.#current + by + count) % count;
    this.#show();
  }

  /** The cursor goes where the last match stands. */
  #select(): void {
    const { view } = this.#room;
    const match = this.#found[this.#current];
    if (!match || match.to > view.state.doc.content.size) return;
    const selection = match.attribute ? NodeSelection.create(view.state.doc, match.from) : TextSelection.create(view.state.doc, match.from, match.to);
    view.dispatch(view.state.tr.setSelection(selection).scrollIntoView());
  }

  #replace(): void {
    const { view } = this.#room;
    const match = this.#found[this.#current];
    if (!match) return this.#show();
    const tr = view.state.tr;
    replaceMatches(tr, [match], this.#put.input.value);
    // On from behind the new words: they may hold what is looked for.
    const struck = this.#room.suggesting.on ? match.to - match.from : 0;
    const behind = tr.mapping.map(match.to, 1) + struck;
    view.dispatch(tr);
    clearTimeout(this.#timer);
    this.#found = matches(view.state.doc, this.#query());
    const next = this.#found.findIndex(({ from, attribute }) => (attribute ? from > match.from : from >= behind));
    this.#current = this.#found.length ? Math.max(0, next) : -1;
    this.#show();
  }

  #replaceAll(): void {
    const { view } = this.#room;
    const count = this.#found.length;
    if (!count) return this.#show();
    const before = view.state.doc;
    const tr = view.state.tr;
    replaceMatches(tr, this.#found, this.#put.input.value);
    view.dispatch(tr);
    clearTimeout(this.#timer);
    this.#search();
    // What was refused has said why.
    if (view.state.doc !== before) this.#say(t("find_replaced", { count }));
  }

  #key(event: KeyboardEvent): void {
    const typing = event.target === this.#asked.input || event.target === this.#put.input;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && typing && !event.isComposing) {
      if (this.#all.input.checked) void this.#everywhere.search();
      else if (event.target === this.#put.input) this.#replace();
      else this.#step(event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
