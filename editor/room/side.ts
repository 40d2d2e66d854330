/**
 * The writing room's side: what belongs beside the text, one panel at a time, as tabs.
 *
 * What the server put there becomes panels; the others are added by the pieces of the room, and their
 * content is made when they are first opened.
 */
import { el, uniqueId } from "./dom.ts";
import { t } from "./strings.ts";

export interface SidePanel {
  /** Short and stable: `comments`, `suggestions`, `sources`. */
  readonly name: string;
  readonly label: string;
  /** The content, or how to get it: called once, on the first opening. */
  readonly dom: HTMLElement | (() => HTMLElement | Promise<HTMLElement>);
  /** How many wait here; nothing is shown for none. */
  readonly badge?: number;
  /** Where it stands among the tabs; server-made ones have 100. */
  readonly order?: number;
  /** After each opening, the first included. */
  opened?(): void;
}

export interface SideHandle {
  setBadge(count: number): void;
  /** Shows the panel; `focus` takes the keyboard there too. */
  open(focus?: boolean): Promise<void>;
  readonly shown: boolean;
}

interface Entry extends SidePanel {
  readonly tab: HTMLButtonElement;
  readonly badgeDom: HTMLElement;
  readonly panel: HTMLElement;
  filled: Promise<void> | null;
}

/** Named as the design orders them, so that tabs keep their places whoever comes first. */
const ORDER = ["comments", "suggestions", "sources", "claims", "checks", "history"];
const orderOf = (panel: SidePanel): number => panel.order ?? (ORDER.includes(panel.name) ? 10 * ORDER.indexOf(panel.name) : 100);

export class Side {
  readonly #aside: HTMLElement;
  readonly #tabs = el("div", { class: "side-tabs", role: "tablist", "aria-label": t("side_panels") });
  readonly #entries: Entry[] = [];
  #shown: Entry | null = null;

  constructor(aside: HTMLElement) {
    this.#aside = aside;
    this.#tabs.addEventListener("keydown", (event) => this.#key(event));
    const made = [...aside.querySelectorAll<HTMLElement>(":scope > .panel")];
    aside.prepend(this.#tabs);
    for (const dom of made) this.#adopt(dom);
    this.#follow();
    addEventListener("hashchange", () => this.#follow());
  }

  /** A panel of the server's: its heading names the tab. */
  #adopt(dom: HTMLElement): void {
    const heading = dom.querySelector("h2");
    const label = dom.dataset["tab"] ?? heading?.textContent?.trim() ?? "";
    heading?.classList.add("visually-hidden");
    this.add({ name: dom.dataset["panel"] ?? uniqueId("panel"), label, dom, badge: Number(dom.dataset["badge"] ?? 0) });
  }

  add(panel: SidePanel): SideHandle {
    const id = `side-${panel.name}`;
    const badgeDom = el("span", { class: "side-badge" });
    const tab = el("button", { type: "button", role: "tab", id: `${id}-tab`, "aria-controls": id, "aria-selected": "false", tabindex: "-1" }, panel.label, badgeDom);
    const dom = el("div", { id, class: "side-panel", role: "tabpanel", "aria-labelledby": tab.id, tabindex: "-1" });
    dom.hidden = true;
    const entry: Entry = { ...panel, tab, badgeDom, panel: dom, filled: null };
    tab.addEventListener("click", () => void this.#open(entry));
    const next = this.#entries.findIndex((other) => orderOf(other) > orderOf(panel));
    const before = next < 0 ? null : this.#entries[next]!.tab;
    this.#entries.splice(next < 0 ? this.#entries.length : next, 0, entry);
    this.#tabs.insertBefore(tab, before);
    this.#tabs.hidden = this.#entries.length < 2;
    this.#aside.append(dom);
    if (panel.dom instanceof HTMLElement) {
      dom.append(panel.dom);
      entry.filled = Promise.resolve();
    }
    if (!this.#shown) void this.#open(entry);
    const side = this;
    const handle: SideHandle = {
      setBadge: (count) => badgeOf(entry, count),
      open: (focus = false) => this.#open(entry, focus),
      get shown() {
        return side.#shown === entry;
      },
    };
    handle.setBadge(panel.badge ?? 0);
    return handle;
  }

  /** How many wait in the panel of that name. */
  setBadge(name: string, count: number): void {
    const entry = this.#entries.find((each) => each.name === name);
    if (entry) badgeOf(entry, count);
  }

  /** Shows the panel of that name; false when there is none. */
  async open(name: string, focus = true): Promise<boolean> {
    const entry = this.#entries.find((each) => each.name === name);
    if (entry) await this.#open(entry, focus);
    return entry !== undefined;
  }

  /** Shows the panel that holds `element`, so that it can be scrolled to and take the focus. */
  reveal(element: Element): void {
    const entry = this.#entries.find(({ panel }) => panel.contains(element));
    if (entry) void this.#open(entry);
  }

  async #open(entry: Entry, focus = false): Promise<void> {
    this.#shown = entry;
    for (const each of this.#entries) {
      each.panel.hidden = each !== entry;
      each.tab.setAttribute("aria-selected", String(each === entry));
      each.tab.tabIndex = each === entry ? 0 : -1;
    }
    if (focus) {
      entry.panel.focus({ preventScroll: true });
      if (!onScreen(entry.tab)) entry.tab.scrollIntoView({ block: "start" });
    }
    entry.filled ??= this.#fill(entry);
    await entry.filled;
    if (this.#shown === entry) entry.opened?.();
  }

  async #fill(entry: Entry): Promise<void> {
    const wait = el("p", { class: "meta", role: "status" }, t("panel_loading"));
    entry.panel.replaceChildren(wait);
    try {
      entry.panel.replaceChildren(typeof entry.dom === "function" ? await entry.dom() : entry.dom);
    } catch {
      // Without a connection the next opening tries again.
      entry.filled = null;
      wait.textContent = t("panel_failed");
    }
  }

  /** The address may name something in a panel that is not shown: a comment, from a mail. */
  #follow(): void {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !this.#aside.contains(target)) return;
    this.reveal(target);
    target.scrollIntoView({ block: "center" });
  }

  #key(event: KeyboardEvent): void {
    const last = this.#entries.length - 1;
    const now = this.#entries.findIndex(({ tab }) => tab === document.activeElement);
    const forwards = getComputedStyle(this.#tabs).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backwards = forwards === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const goals: Record<string, number> = { [forwards]: now < last ? now + 1 : 0, [backwards]: now > 0 ? now - 1 : last, Home: 0, End: last };
    const goal = goals[event.key];
    if (now < 0 || goal === undefined) return;
    event.preventDefault();
    const entry = this.#entries[goal]!;
    void this.#open(entry);
    entry.tab.focus();
  }
}

function badgeOf({ badgeDom }: Entry, count: number): void {
  badgeDom.textContent = count > 0 ? String(count) : "";
}

function onScreen(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}

let side: Side | undefined;

/** The side of this page. */
export function theSide(): Side {
  return (side ??= new Side(document.querySelector<HTMLElement>("aside.writing-side") ?? el("aside")));
}

export const addPanel = (panel: SidePanel): SideHandle => theSide().add(panel);
