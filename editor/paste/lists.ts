/** Lists: Word's are paragraphs that say their level, others are typed with signs; nested ones stand inside their item. */
import { blank, unwrap } from "./dom.ts";

interface Item {
  readonly element: HTMLElement;
  readonly level: number;
  readonly ordered: boolean;
  readonly start: number;
}

const NUMBER = /^[\s\u00a0]*\(?(\d{1,4}|[a-z]|[ivxlc]{1,6})[.)][\s\u00a0]+/i;
const GLYPH = /^[\s\u00a0]*[•·▪▫◦‣●○■□✓✔☑➢➤❖►\uf0b7\uf0a7\uf0d8\uf0fc][\s\u00a0]*/;
const DASH = /^[\s\u00a0]*[-–*][\s\u00a0]+/;

function wordItem(element: HTMLElement): Item | null {
  const look = element.getAttribute("data-style") ?? "";
  const level = /mso-list:\s*l\d+\s+level(\d+)/i.exec(look)?.[1];
  const markers = [...element.querySelectorAll("[data-style*='mso-list:ignore' i]")];
  const sign = markers.map((each) => each.textContent ?? "").join("");
  markers.forEach((each) => each.remove());
  if (!level || /^h[1-6]$/.test(element.localName) || /mso-outline-level/i.test(look)) return null;
  const typed = /^[\s\u00a0]*\(?([\da-z]{1,6})[.)]/i.exec(sign)?.[1];
  return { element, level: Number(level), ordered: typed !== undefined && typed !== "o", start: Number(typed) || 1 };
}

/** A typed sign alone may be a dash of speech or a year: two in a row, or a glyph, make a list. */
function typedItems(paragraphs: readonly HTMLElement[]): Map<HTMLElement, Item> {
  const found = new Map<HTMLElement, Item>();
  const kind = (element: HTMLElement | undefined): string => {
    const text = element?.textContent ?? "";
    if (GLYPH.test(text)) return "glyph";
    if (DASH.test(text)) return "dash";
    return /^[\s\u00a0]*\d{1,3}[.)][\s\u00a0]+\S/.test(text) ? "number" : "";
  };
  paragraphs.forEach((element, index) => {
    const own = kind(element);
    const beside = [paragraphs[index - 1], paragraphs[index + 1]].filter((other) => other && (other === element.previousElementSibling || other === element.nextElementSibling));
    if (!own || (own !== "glyph" && !beside.some((other) => kind(other) === own))) return;
    const start = own === "number" ? Number(NUMBER.exec(element.textContent ?? "")?.[1]) : 1;
    found.set(element, { element, level: 1, ordered: own === "number", start });
  });
  for (const { element, ordered } of found.values()) cut(element, ordered ? NUMBER : GLYPH.test(element.textContent ?? "") ? GLYPH : DASH);
  return found;
}

/** Takes the sign away, wherever in the first words it stands. */
function cut(element: HTMLElement, sign: RegExp): void {
  let left = sign.exec(element.textContent ?? "")?.[0].length ?? 0;
  const walker = element.ownerDocument.createTreeWalker(element, 4);
  while (left > 0 && walker.nextNode()) {
    const text = walker.currentNode as Text;
    const taken = Math.min(left, text.data.length);
    text.data = text.data.slice(taken);
    left -= taken;
  }
}

function build(items: readonly Item[]): HTMLElement[] {
  const document = items[0]!.element.ownerDocument;
  const whole: HTMLElement[] = [];
  const open: { list: HTMLElement; level: number; ordered: boolean }[] = [];
  for (const { element, level, ordered, start } of items) {
    while (open.length && open.at(-1)!.level > level) open.pop();
    if (open.length && open.at(-1)!.level === level && open.at(-1)!.ordered !== ordered) open.pop();
    if (!open.length || open.at(-1)!.level < level) {
      const list = document.createElement(ordered ? "ol" : "ul");
      if (ordered && start > 1) list.setAttribute("start", String(start));
      const above = open.at(-1)?.list.lastElementChild;
      if (above) above.append(list);
      else whole.push(list);
      open.push({ list, level, ordered });
    }
    const item = document.createElement("li");
    const paragraph = document.createElement("p");
    paragraph.append(...element.childNodes);
    item.append(paragraph);
    open.at(-1)!.list.append(item);
  }
  return whole;
}

export function lists(body: HTMLElement): void {
  for (const box of [...body.querySelectorAll<HTMLElement>("ul, ol")]) {
    // Google Docs and old pages put a nested list beside its item, not inside.
    const before = box.previousElementSibling;
    if ((box.parentElement?.localName === "ul" || box.parentElement?.localName === "ol") && before?.localName === "li") before.append(box);
  }
  const items = new Map<HTMLElement, Item>();
  for (const element of body.querySelectorAll<HTMLElement>("[data-style*='mso-list' i]")) {
    if (!/^(p|div|h[1-6])$/.test(element.localName)) continue;
    const item = wordItem(element);
    if (item) items.set(element, item);
  }
  for (const marker of [...body.querySelectorAll("[data-style*='mso-list:ignore' i]")]) marker.remove();
  const paragraphs = [...body.querySelectorAll<HTMLElement>("p")].filter((each) => !items.has(each) && !each.closest("li"));
  for (const [element, item] of typedItems(paragraphs)) items.set(element, item);
  const done = new Set<HTMLElement>();
  for (const [element, item] of items) {
    if (done.has(element)) continue;
    const run = [item];
    let next = element.nextElementSibling as HTMLElement | null;
    while (next && (items.has(next) || (blank(next) && next.localName === "p"))) {
      const more = items.get(next);
      if (more) run.push(more);
      done.add(next);
      next = next.nextElementSibling as HTMLElement | null;
    }
    const whole = build(run);
    const gone = run.slice(1).map(({ element: each }) => each);
    element.replaceWith(...whole);
    gone.forEach((each) => each.remove());
  }
  for (const stray of [...body.querySelectorAll("li")]) if (!stray.closest("ul, ol")) unwrap(stray);
}
