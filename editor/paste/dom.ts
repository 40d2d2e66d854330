/** Small things done to pasted elements. */
const BLOCKS = new Set(
  "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header li main ol p pre section summary table tbody td tfoot th thead tr ul".split(" "),
);

export const isBlock = (element: Element): boolean => BLOCKS.has(element.localName);

export const blank = (element: Element): boolean =>
  !element.textContent?.replaceAll("\u00a0", " ").trim() && !element.querySelector("table, [data-footnote]");

export function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

export function rename(element: HTMLElement, name: string): HTMLElement {
  const renamed = element.ownerDocument.createElement(name);
  for (const attribute of [...element.attributes]) {
    try {
      renamed.setAttribute(attribute.name, attribute.value);
    } catch {
      // Word writes attributes whose names no element may have.
    }
  }
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

const KEPT = new Set(["href", "colspan", "rowspan", "scope", "start", "lang", "dir", "data-footnote", "data-caption"]);

/** Attributes that our language reads; all others go. */
export const named = (attribute: string): boolean => KEPT.has(attribute);
