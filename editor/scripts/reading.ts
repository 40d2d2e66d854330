/**
 * The reading room: select words, press the button that appears, and the form for a comment opens in
 * the margin. It only fills in what the paragraph's own link would: section, block, start and end.
 *
 * Offsets are UTF-16 units of the block's text as the server counts it: what carries `data-atom`
 * counts as one, what carries `data-skip` as none.
 */
interface Htmx {
  ajax(verb: string, path: string, options: { target: string; swap: string }): Promise<void>;
}

export interface Place {
  block: string;
  start: number;
  end: number;
}

/** How much of the block's text stands before this point of the page. */
export function offsetIn(block: Element, node: Node, offset: number): number {
  const point = document.createRange();
  point.setStart(block, 0);
  point.setEnd(node, offset);
  return length(point.cloneContents());
}

/** The length of a piece of the page, as the server counts. */
export function length(node: Node): number {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue?.length ?? 0;
  if (node instanceof Element) {
    if (node.hasAttribute("data-skip")) return 0;
    if (node.hasAttribute("data-atom")) return 1;
  }
  let total = 0;
  for (const child of node.childNodes) total += length(child);
  return total;
}

/** The innermost block of text around a node: one that holds no other block. */
function blockOf(node: Node): Element | null {
  const element = node instanceof Element ? node : node.parentElement;
  const block = element?.closest("[data-block]") ?? null;
  return block?.querySelector("[data-block]") ? null : block;
}

/** Where the selection lies, cut off at the end of its first block; null when it is no place for a comment. */
export function placeOf(range: Range, text: Element): Place | null {
  if (range.collapsed || !text.contains(range.commonAncestorContainer)) return null;
  const block = blockOf(range.startContainer);
  if (!block) return null;
  const start = offsetIn(block, range.startContainer, range.startOffset);
  const inside = block.contains(range.endContainer);
  const end = inside ? offsetIn(block, range.endContainer, range.endOffset) : length(block);
  return start < end ? { block: block.getAttribute("data-block") ?? "", start, end } : null;
}

function address(text: HTMLElement, place: Place): string {
  const query = new URLSearchParams({
    section: text.dataset.section ?? "",
    block: place.block,
    start: String(place.start),
    end: String(place.end),
  });
  return `${text.dataset.new ?? ""}?${query.toString()}`;
}

/** Opens the form in the margin; without htmx, as a page of its own. */
async function compose(url: string): Promise<void> {
  const htmx = (window as Window & { htmx?: Htmx }).htmx;
  const composer = document.querySelector<HTMLElement>("#composer");
  if (!htmx || !composer) {
    window.location.assign(url);
    return;
  }
  await htmx.ajax("GET", url, { target: "#composer", swap: "innerHTML" });
  const words = composer.querySelector<HTMLTextAreaElement>("textarea");
  composer.scrollIntoView({ block: "nearest" });
  words?.focus();
}

function start(text: HTMLElement): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small comment-here";
  button.textContent = text.dataset.label ?? "";
  button.hidden = true;
  document.body.append(button);
  let place: Place | null = null;

  const look = (): void => {
    const selection = document.getSelection();
    const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
    place = range ? placeOf(range, text) : null;
    button.hidden = !place;
    if (!place || !range) return;
    const box = range.getBoundingClientRect();
    button.style.insetBlockStart = `${window.scrollY + box.bottom + 8}px`;
    const left = Math.min(box.left, document.documentElement.clientWidth - button.offsetWidth - 12);
    button.style.left = `${Math.max(12, left)}px`;
  };
  document.addEventListener("selectionchange", look);
  // Pressing it must not lose the selection before it is read.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!place) return;
    const url = address(text, place);
    button.hidden = true;
    void compose(url);
  });
  text.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>(".para-action a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void compose(link.href);
  });
}

for (const text of document.querySelectorAll<HTMLElement>("[data-reading]")) start(text);
