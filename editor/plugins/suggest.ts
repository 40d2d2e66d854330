/**
 * A list that opens while one types: `/` inserts something, `@` cites a source, `[[` refers to a place. The text stays in
 * the editor and the focus too; arrows, Enter, Tab and Escape steer the list, whose choice is read
 * out. One plugin per trigger.
 */
import { type EditorState, Plugin, PluginKey, Selection, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { el, uniqueId } from "../room/dom.ts";
import { t } from "../room/strings.ts";

export interface Choice {
  readonly label: string;
  readonly hint?: string;
  /** `from`–`to` is what was typed, the trigger included; take it away. */
  choose(view: EditorView, from: number, to: number): void;
}

export interface Trigger {
  readonly character: "/" | "@" | "[[";
  readonly label: string;
  choices(query: string): Promise<readonly Choice[]> | readonly Choice[];
}

interface Open {
  readonly from: number;
  readonly query: string;
}

/** What was typed after the trigger, when the trigger stands at the start of a word. */
export function match(state: EditorState, character: string): Open | null {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.inlineContent) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
  const at = before.lastIndexOf(character);
  if (at < 0 || (at > 0 && !/[\s(\ufffc]/.test(before.charAt(at - 1)))) return null;
  const query = before.slice(at + character.length);
  if (/[\n\ufffc]/.test(query) || query.length > 40 || /^\s/.test(query) || /\s\s/.test(query)) return null;
  return { from: $from.pos - query.length - character.length, query };
}

class List {
  readonly #dom: HTMLElement;
  readonly #view: EditorView;
  readonly #trigger: Trigger;
  #choices: readonly Choice[] = [];
  #chosen = 0;
  #open: Open | null = null;
  /** For which words the shown choices are: on a slow line the answer comes behind the letters. */
  #answered: Open | null = null;
  #dismissed = -1;
  #asked = 0;

  constructor(view: EditorView, trigger: Trigger) {
    this.#view = view;
    this.#trigger = trigger;
    const id = uniqueId("suggest");
    this.#dom = el("div", { id, class: "suggest-list", role: "listbox", "aria-label": trigger.label, hidden: true });
    this.#dom.addEventListener("mousedown", (event) => this.#click(event));
    (view.dom.closest("#writing-room") ?? document.body).append(this.#dom);
  }

  get visible(): boolean {
    return !this.#dom.hidden;
  }

  update(): void {
    const open = this.#view.editable && this.#view.hasFocus() ? match(this.#view.state, this.#trigger.character) : null;
    if (!open || open.from === this.#dismissed) {
      if (!open) this.#dismissed = -1;
      this.#hide();
      return;
    }
    if (this.#open?.from === open.from && this.#open.query === open.query) return;
    this.#open = open;
    void this.#fill(open);
  }

  async #fill(open: Open): Promise<void> {
    const asked = ++this.#asked;
    const choices = await this.#trigger.choices(open.query);
    if (asked !== this.#asked || this.#open !== open) return;
    this.#answered = open;
    this.#choices = choices;
    this.#chosen = 0;
    if (!choices.length && open.query.length > 12) this.#hide();
    else this.#draw();
  }

  #draw(): void {
    const options = this.#choices.map(({ label, hint }, index) =>
      el(
        "div",
        { role: "option", id: `${this.#dom.id}-${index}`, "aria-selected": String(index === this.#chosen), "data-index": String(index) },
        el("span", { class: "suggest-label" }, label),
        ...(hint ? [el("span", { class: "suggest-hint" }, hint)] : []),
      ),
    );
    this.#dom.replaceChildren(...(options.length ? options : [el("div", { class: "suggest-none" }, t("nothing_found"))]));
    this.#dom.hidden = false;
    this.#place();
    this.#view.dom.setAttribute("aria-activedescendant", `${this.#dom.id}-${this.#chosen}`);
    this.#view.dom.setAttribute("aria-controls", this.#dom.id);
    options[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }

  #place(): void {
    const caret = this.#view.coordsAtPos(this.#open!.from);
    const { width, height } = this.#dom.getBoundingClientRect();
    const left = Math.max(8, Math.min(caret.left, document.documentElement.clientWidth - width - 8));
    const below = caret.bottom + 6 + height < document.documentElement.clientHeight;
    this.#dom.style.left = `${left}px`;
    this.#dom.style.top = `${below ? caret.bottom + 6 : Math.max(8, caret.top - height - 6)}px`;
  }

  #hide(): void {
    this.#open = null;
    if (this.#dom.hidden) return;
    this.#dom.hidden = true;
    this.#view.dom.removeAttribute("aria-activedescendant");
    this.#view.dom.removeAttribute("aria-controls");
  }

  #click(event: MouseEvent): void {
    event.preventDefault();
    const option = (event.target as Element).closest<HTMLElement>("[data-index]");
    if (option) this.#choose(Number(option.dataset["index"]));
  }

  #choose(index: number): void {
    const choice = this.#choices[index];
    const open = this.#open;
    if (!choice || !open) return;
    this.#hide();
    choice.choose(this.#view, open.from, this.#view.state.selection.from);
  }

  /** What these words find first, once that is known; what is typed meanwhile stays behind it. */
  async #chooseLater(open: Open): Promise<void> {
    const view = this.#view;
    const to = view.state.selection.from;
    const typed = (): string => view.state.doc.textBetween(open.from, Math.min(to, view.state.doc.content.size));
    const before = typed();
    this.#dismissed = open.from;
    this.#hide();
    const [choice] = await this.#trigger.choices(open.query);
    if (!choice || typed() !== before) return;
    const behind = view.state.selection.from - to;
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, to)));
    choice.choose(view, open.from, to);
    const { doc, selection, tr } = view.state;
    if (behind > 0) view.dispatch(tr.setSelection(Selection.near(doc.resolve(Math.min(selection.to + behind, doc.content.size)))));
  }

  key(event: KeyboardEvent): boolean {
    if (!this.visible || event.isComposing) return false;
    const count = this.#choices.length;
    if (event.key === "Escape") {
      this.#dismissed = this.#open?.from ?? -1;
      this.#hide();
      return true;
    }
    if (this.#open && this.#answered !== this.#open && (event.key === "Enter" || event.key === "Tab")) {
      void this.#chooseLater(this.#open);
      return true;
    }
    if (!count) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#chosen = (this.#chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.#draw();
      return true;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      this.#choose(this.#chosen);
      return true;
    }
    return false;
  }

  close = (): void => this.#hide();

  destroy(): void {
    this.#dom.remove();
  }
}

export function suggest(trigger: Trigger): Plugin {
  let list: List | null = null;
  return new Plugin({
    key: new PluginKey(`suggest${trigger.character}`),
    view(view) {
      list = new List(view, trigger);
      const current = list;
      return { update: () => current.update(), destroy: () => current.destroy() };
    },
    props: {
      handleKeyDown: (_view, event) => list?.key(event) ?? false,
      handleDOMEvents: {
        blur: () => {
          list?.close();
          return false;
        },
      },
    },
  });
}
