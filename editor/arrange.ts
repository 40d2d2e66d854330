/**
 * Moving the sections of an outline, by dragging them by their handle or by keyboard: Enter picks one up,
 * arrows move it, Enter puts it down, Escape leaves it where it was. Those within it come along.
 *
 * The list (`ol[data-arrange]`) brings its sentences in data attributes; each item its id, depth and the
 * address that its new place is told to.
 */
import { el } from "./room/dom.ts";

/** As the server has it (brief/models/sections.py). */
const DEEPEST = 2;
/** Pixels to the side that are one level. */
const LEVEL = 24;
/** A finger that only touches does not drag. */
const SLACK = 5;

export interface Row {
  readonly id: string;
  readonly depth: number;
}

/** What stands within the row at `at`, itself included, ends here. */
export function endOf(rows: readonly Row[], at: number): number {
  let end = at + 1;
  while (end < rows.length && rows[end]!.depth > rows[at]!.depth) end++;
  return end;
}

/**
 * The rows with those from `at` (a section and what is within it) before the `place`-th of the others, at
 * `depth` as far as what stands around allows: brief/nesting.py's `moved`.
 */
export function moved(rows: readonly Row[], at: number, place: number, depth: number): Row[] {
  const end = endOf(rows, at);
  const own = rows.slice(at, end);
  const rest = [...rows.slice(0, at), ...rows.slice(end)];
  const goal = Math.max(0, Math.min(place, rest.length));
  const most = goal ? Math.min(DEEPEST, rest[goal - 1]!.depth + 1) : 0;
  const least = goal < rest.length ? Math.min(rest[goal]!.depth, most) : 0;
  const by = Math.max(least, Math.min(depth, most)) - own[0]!.depth;
  const result = [...rest.slice(0, goal), ...own.map((row) => ({ ...row, depth: row.depth + by })), ...rest.slice(goal)];
  return result.map((row, index) => ({ ...row, depth: Math.min(row.depth, index ? DEEPEST : 0) }));
}

type Send = (url: string, form: FormData) => Promise<Row[]>;

interface Held {
  readonly id: string;
  readonly before: readonly Row[];
  readonly x: number;
  readonly y: number;
  readonly depth: number;
  dragging: boolean;
}

export class Arrange {
  readonly #list: HTMLElement;
  readonly #send: Send;
  readonly #said = el("p", { class: "visually-hidden", role: "status" });
  readonly #fault = el("p", { class: "message error", role: "alert" });
  #held: Held | null = null;
  #redrawing = false;

  constructor(list: HTMLElement, send: Send) {
    this.#list = list;
    this.#send = send;
    this.#fault.hidden = true;
    list.after(this.#said, this.#fault);
    for (const grip of list.querySelectorAll<HTMLElement>(".grip")) grip.hidden = false;
    list.addEventListener("click", (event) => this.#click(event));
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("focusout", (event) => this.#out(event));
    list.addEventListener("pointerdown", (event) => this.#down(event));
    list.addEventListener("pointermove", (event) => this.#drag(event));
    list.addEventListener("pointerup", () => this.#up());
    list.addEventListener("pointercancel", () => this.#held && this.#leave());
  }

  /** Whether something is being moved: the list must not be drawn anew. */
  get busy(): boolean {
    return this.#held !== null;
  }

  #items(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(":scope > li")];
  }

  #rows(): Row[] {
    return this.#items().map(({ dataset }) => ({ id: dataset["section"]!, depth: Number(dataset["depth"]) }));
  }

  #item(id: string): HTMLElement {
    return this.#items().find(({ dataset }) => dataset["section"] === id)!;
  }

  #grip(target: EventTarget | null): HTMLElement | null {
    return target instanceof Element ? target.closest<HTMLElement>(".grip") : null;
  }

  #show(rows: readonly Row[]): void {
    const items = new Map(this.#items().map((item) => [item.dataset["section"]!, item]));
    const focus = document.activeElement;
    for (const { id, depth } of rows) {
      const item = items.get(id);
      if (!item) continue;
      item.dataset["depth"] = String(depth);
      item.setAttribute("aria-level", String(depth + 1));
    }
    const order = rows.map(({ id }) => items.get(id)).filter((item) => item !== undefined);
    if (order.some((item, index) => item !== this.#items()[index])) {
      // An element that is moved loses the focus, which is not the person's leaving it.
      this.#redrawing = true;
      this.#list.append(...order);
      if (focus instanceof HTMLElement && this.#list.contains(focus)) focus.focus({ preventScroll: true });
      this.#redrawing = false;
    }
    const held = this.#held;
    const at = held ? rows.findIndex(({ id }) => id === held.id) : -1;
    const end = at < 0 ? -1 : endOf(rows, at);
    order.forEach((item, index) => item.classList.toggle("held", index >= at && index < end));
  }

  #say(name: "picked" | "at" | "dropped" | "left" | "failed", values: Readonly<Record<string, number>> = {}): void {
    const text = this.#list.dataset[name] ?? "";
    this.#said.textContent = text.replace(/%\((\w+)\)s/g, (_whole, key: string) => String(values[key] ?? ""));
  }

  #pick(id: string, x: number, y: number, dragging: boolean): void {
    const before = this.#rows();
    this.#fault.hidden = true;
    this.#held = { id, before, x, y, dragging, depth: before.find((row) => row.id === id)!.depth };
    this.#item(id).querySelector(".grip")?.setAttribute("aria-pressed", "true");
    this.#list.classList.toggle("dragging", dragging);
    this.#show(before);
  }

  #release(): Held {
    const held = this.#held!;
    this.#held = null;
    this.#list.classList.remove("dragging");
    this.#item(held.id).querySelector(".grip")?.removeAttribute("aria-pressed");
    this.#show(this.#rows());
    return held;
  }

  #leave(): void {
    const { before } = this.#release();
    this.#show(before);
    this.#say("left");
  }

  async #drop(): Promise<void> {
    const { id, before } = this.#release();
    const rows = this.#rows();
    const at = rows.findIndex((row) => row.id === id);
    this.#say("dropped");
    if (rows.every((row, index) => row.id === before[index]?.id && row.depth === before[index].depth)) return;
    const form = new FormData();
    form.set("after", rows[at - 1]?.id ?? "");
    form.set("depth", String(rows[at]!.depth));
    try {
      this.#show(await this.#send(this.#item(id).dataset["move"]!, form));
    } catch (error) {
      this.#show(before);
      this.#fault.textContent = (error instanceof Error && !(error instanceof TypeError) && error.message) || (this.#list.dataset["failed"] ?? "");
      this.#fault.hidden = false;
    }
  }

  #out(event: FocusEvent): void {
    if (this.#redrawing || !this.#held || this.#held.dragging) return;
    if (!this.#list.contains(event.relatedTarget as Node | null)) this.#leave();
  }

  #click(event: MouseEvent): void {
    const grip = this.#grip(event.target);
    // A key's or a screen reader's press has no place; a mouse has dragged already.
    if (!grip || event.detail > 0) return;
    const { section } = grip.closest("li")!.dataset;
    if (this.#held) return void this.#drop();
    this.#pick(section!, 0, 0, false);
    this.#say("picked");
  }

  #key(event: KeyboardEvent): void {
    const held = this.#held;
    if (!held || held.dragging) return;
    const rows = this.#rows();
    const at = rows.findIndex(({ id }) => id === held.id);
    const { depth } = rows[at]!;
    const inwards = getComputedStyle(this.#list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const ways: Record<string, () => Row[]> = {
      ArrowUp: () => moved(rows, at, at - 1, depth),
      ArrowDown: () => moved(rows, at, at + 1, depth),
      [inwards]: () => moved(rows, at, at, depth + 1),
      [inwards === "ArrowRight" ? "ArrowLeft" : "ArrowRight"]: () => moved(rows, at, at, depth - 1),
    };
    if (event.key === "Escape") this.#leave();
    else if (ways[event.key]) {
      const next = ways[event.key]!();
      this.#show(next);
      const place = next.findIndex(({ id }) => id === held.id);
      this.#say("at", { place: place + 1, count: next.length, level: next[place]!.depth + 1 });
      this.#item(held.id).scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #down(event: PointerEvent): void {
    const grip = this.#grip(event.target);
    if (!grip || event.button !== 0) return;
    if (this.#held) this.#leave();
    event.preventDefault();
    grip.focus({ preventScroll: true });
    this.#list.setPointerCapture(event.pointerId);
    this.#pick(grip.closest("li")!.dataset["section"]!, event.clientX, event.clientY, true);
  }

  #drag(event: PointerEvent): void {
    const held = this.#held;
    if (!held?.dragging) return;
    const [across, down] = [event.clientX - held.x, event.clientY - held.y];
    if (Math.abs(across) < SLACK && Math.abs(down) < SLACK) return;
    const rows = this.#rows();
    const at = rows.findIndex(({ id }) => id === held.id);
    const end = endOf(rows, at);
    const others = this.#items().filter((_item, index) => index < at || index >= end);
    const place = others.filter((item) => {
      const { top, height } = item.getBoundingClientRect();
      return top + height / 2 < event.clientY;
    }).length;
    const inwards = getComputedStyle(this.#list).direction === "rtl" ? -across : across;
    this.#show(moved(rows, at, place, held.depth + Math.round(inwards / LEVEL)));
    const edge = event.clientY < 80 ? -12 : event.clientY > innerHeight - 60 ? 12 : 0;
    if (edge) scrollBy(0, edge);
  }

  #up(): void {
    if (this.#held?.dragging) void this.#drop();
  }
}
