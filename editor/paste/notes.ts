/**
 * Notes: a link to something further down that links back. So write Word, LibreOffice, Google Docs,
 * Wikipedia and what Markdown becomes; the words of the note go where its number stood.
 */
import { blank, isBlock, unwrap } from "./dom.ts";

const HOMES = "li, dd, aside, [role='doc-footnote'], [role='doc-endnote'], [data-style*='mso-element:footnote' i], [data-style*='mso-element:endnote' i]";

const fragment = (link: Element): string => {
  const href = link.getAttribute("href") ?? "";
  const at = href.indexOf("#");
  try {
    return at < 0 ? "" : decodeURIComponent(href.slice(at + 1));
  } catch {
    return "";
  }
};

/** Whole note: Word's and a list's item have a box; elsewhere it is the paragraph. */
const homeOf = (target: Element): Element => target.closest(HOMES) ?? target.closest("div[id*='note'], div[id*='ftn'], div[id*='edn'], p") ?? target;

function contentOf(home: Element, back: ReadonlySet<Element>): Node[] {
  const copy = home.cloneNode(true) as Element;
  const links = [...home.querySelectorAll("a")];
  [...copy.querySelectorAll("a")].forEach((link, index) => {
    if (!back.has(links[index]!)) return;
    const around = link.closest("sup") ?? link;
    around.remove();
  });
  const nodes: Node[] = [];
  const take = (element: Element): void => {
    for (const child of [...element.childNodes]) {
      if (child instanceof Element && isBlock(child)) {
        if (nodes.length) nodes.push(element.ownerDocument.createTextNode(" "));
        take(child);
      } else nodes.push(child);
    }
  };
  take(copy);
  const first = nodes.find((node) => node.textContent?.trim());
  if (first?.nodeType === 3) first.textContent = first.textContent!.replace(/^[\s\u00a0]*(?:[\^↑][\s\u00a0]*)?/, "");
  return nodes;
}

export function notes(body: HTMLElement): void {
  const byName = new Map<string, Element>();
  for (const element of body.querySelectorAll("[id], a[name]")) {
    for (const name of [element.id, element.getAttribute("name")]) if (name && !byName.has(name)) byName.set(name, element);
  }
  const homes = new Set<Element>();
  for (const link of [...body.querySelectorAll("a")]) {
    const target = byName.get(fragment(link));
    if (!target || !(link.compareDocumentPosition(target) & 4)) continue;
    const home = homeOf(target);
    if (home.contains(link)) continue;
    const marker = link.closest("sup") ?? link;
    const goesBack = (other: Element): boolean => {
      const named = byName.get(fragment(other));
      return named !== undefined && !home.contains(named) && named !== body && (named === link || named.contains(link) || link.contains(named) || marker.contains(named));
    };
    const links = [...home.querySelectorAll("a"), ...(home.localName === "a" ? [home] : [])];
    if (!links.some(goesBack)) continue;
    const back = new Set(links.filter((other) => byName.has(fragment(other)) && !home.contains(byName.get(fragment(other))!)));
    const note = body.ownerDocument.createElement("span");
    note.setAttribute("data-footnote", "");
    note.append(...contentOf(home, back));
    marker.replaceWith(note);
    homes.add(home);
  }
  for (const home of homes) {
    const list = home.parentElement;
    home.remove();
    if (list && list !== body && blank(list)) list.remove();
  }
  // A number that points at a note which did not come along says nothing any more.
  for (const link of [...body.querySelectorAll("sup > a, a.sdfootnoteanc")]) {
    if (/#/.test(link.getAttribute("href") ?? "") && /^\W*[\divxlc*†‡]{1,4}\W*$/i.test(link.textContent ?? "")) (link.closest("sup") ?? link).remove();
    else if (!link.getAttribute("href")) unwrap(link);
  }
}
