/**
 * A list of fellow authors that opens while one types `@` in a comment. The focus stays in the field;
 * arrows, Enter, Tab and Escape steer the list. Without it a name that is typed does the same.
 */
import { el, uniqueId } from "./room/dom.ts";

interface Typed {
  readonly from: number;
  readonly query: string;
}

/** What was typed after the `@` before the cursor, when that begins a word. */
export function typed(text: string, cursor: number): Typed | null {
  const before = text.slice(0, cursor);
  const at = before.lastIndexOf("@");
  if (at < 0 || (at > 0 && !/[\s(]/.test(before.charAt(at - 1)))) return null;
  const query = before.slice(at + 1);
  return /[\n@]/.test(query) || query.length > 40 || query.startsWith(" ") ? null : { from: at, query };
}

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Names of which any part begins with what was typed. */
export function fitting(names: readonly string[], query: string): string[] {
  const wanted = plain(query);
  return names.filter((name) => plain(name).startsWith(wanted) || plain(name).split(/\s+/).some((part) => part.startsWith(wanted))).slice(0, 8);
}

const asked = new Map<string, Promise<string[]>>();

function namesFrom(url: string): Promise<string[]> {
  let names = asked.get(url);
  if (!names) {
    const ask = async (): Promise<string[]> => {
      const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const { people } = (await response.json()) as { people?: { name: string }[] };
      return (people ?? []).map(({ name }) => name);
    };
    names = ask().catch(() => {
      asked.delete(url);
      return [];
    });
    asked.set(url, names);
  }
  return names;
}

class Names {
  readonly #field: HTMLTextAreaElement;
  readonly #url: string;
  readonly #list: HTMLElement;
  #names: string[] = [];
  #chosen = 0;
  #open: Typed | null = null;
  #dismissed = -1;

  constructor(field: HTMLTextAreaElement, url: string) {
    this.#field = field;
    this.#url = url;
    this.#list = el("div", { id: uniqueId("names"), class: "mention-list", role: "listbox", hidden: true });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.#list.id);
    field.after(this.#list);
    field.addEventListener("input", () => void this.#look());
    field.addEventListener("click", () => void this.#look());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("blur", () => this.#hide());
    this.#list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.#choose(Number(option.dataset["index"]));
    });
    void this.#look();
  }

  async #look(): Promise<void> {
    const open = typed(this.#field.value, this.#field.selectionEnd);
    if (!open || open.from === this.#dismissed) {
      if (!open) this.#dismissed = -1;
      return this.#hide();
    }
    const names = fitting(await namesFrom(this.#url), open.query);
    const now = typed(this.#field.value, this.#field.selectionEnd);
    if (now?.query !== open.query) return;
    // A name that stands there whole needs no list.
    if (!names.length || (names.length === 1 && plain(names[0]!) === plain(open.query))) return this.#hide();
    this.#open = open;
    this.#names = names;
    this.#chosen = 0;
    this.#draw();
  }

  #draw(): void {
    const options = this.#names.map((name, index) =>
      el("div", { role: "option", id: `${this.#list.id}-${index}`, "aria-selected": String(index === this.#chosen), "data-index": String(index) }, name),
    );
    this.#list.replaceChildren(...options);
    this.#list.hidden = false;
    this.#field.setAttribute("aria-activedescendant", `${this.#list.id}-${this.#chosen}`);
  }

  #hide(): void {
    this.#open = null;
    this.#list.hidden = true;
    this.#field.removeAttribute("aria-activedescendant");
  }

  #choose(index: number): void {
    const name = this.#names[index];
    const open = this.#open;
    if (name === undefined || !open) return;
    this.#field.setRangeText(`@${name} `, open.from, open.from + 1 + open.query.length, "end");
    this.#hide();
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #key(event: KeyboardEvent): void {
    if (!this.#open || event.isComposing) return;
    const count = this.#names.length;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        this.#chosen = (this.#chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
        this.#draw();
        break;
      case "Enter":
      case "Tab":
        this.#choose(this.#chosen);
        break;
      case "Escape":
        this.#dismissed = this.#open.from;
        this.#hide();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

const known = new WeakSet<Element>();

/** Serves every `textarea[data-mentions]` below `root`, also those that come later. */
export function serveMentions(root: HTMLElement | Document): void {
  root.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || !field.hasAttribute("data-mentions") || known.has(field)) return;
    const url = field.closest<HTMLElement>("[data-people]")?.dataset["people"] ?? document.querySelector<HTMLElement>("[data-people]")?.dataset["people"];
    if (!url) return;
    known.add(field);
    new Names(field, url);
  });
}
