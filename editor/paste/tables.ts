/** Tables: real ones keep their headers and captions, those that only lay a page out give their content back. */
import { blank, isBlock, rename, unwrap } from "./dom.ts";

const cells = (row: Element): HTMLElement[] => [...row.children].filter((each): each is HTMLElement => each.localName === "td" || each.localName === "th");

const isLayout = (table: Element): boolean => {
  const role = table.getAttribute("role");
  if (role === "presentation" || role === "none") return true;
  const rows = [...table.querySelectorAll("tr")];
  return rows.reduce((sum, row) => sum + cells(row).length, 0) <= 1 || table.parentElement?.closest("table") !== null && table.parentElement?.closest("table") !== undefined;
};

/** Cells hold paragraphs and lists, nothing else. */
function plain(cell: HTMLElement): void {
  for (const inner of [...cell.querySelectorAll<HTMLElement>("blockquote, section, article, div")]) {
    if ([...inner.children].some(isBlock)) unwrap(inner);
    else rename(inner, "p");
  }
}

const allBold = (cell: HTMLElement): boolean => {
  const bold = [...cell.querySelectorAll("b, strong")].reduce((sum, each) => sum + (each.textContent?.trim().length ?? 0), 0);
  return bold > 0 && bold >= (cell.textContent?.trim().length ?? 0);
};

function headers(table: Element): void {
  const rows = [...table.querySelectorAll("tr")];
  const first = rows[0] ? cells(rows[0]) : [];
  const named = table.querySelector("thead") !== null || table.querySelector("th") !== null;
  if (!named && rows.length > 1 && first.some(allBold) && first.every((cell) => blank(cell) || allBold(cell))) {
    for (const cell of first) rename(cell, "th");
  }
  for (const cell of [...table.querySelectorAll<HTMLElement>("thead td")]) rename(cell, "th");
  rows.forEach((row, index) => {
    cells(row).forEach((cell, place) => {
      if (cell.localName !== "th") return;
      for (const bold of [...cell.querySelectorAll("b, strong")]) unwrap(bold);
      if (!cell.getAttribute("scope")) cell.setAttribute("scope", index > 0 && place === 0 && !cell.closest("thead") ? "row" : "col");
    });
  });
}

function caption(table: Element): void {
  const own = table.querySelector("caption");
  const before = table.previousElementSibling;
  const above = before?.classList.contains("MsoCaption") ? before : null;
  const words = (own ?? above)?.textContent?.replaceAll(/\s+/g, " ").trim() ?? "";
  if (words) table.setAttribute("data-caption", words.replace(/^(table|tableau|tabelle)\s+\d+\s*[.:–-]?\s*/i, "").slice(0, 500));
  own?.remove();
  above?.remove();
}

export function tables(body: HTMLElement): void {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    if (!isLayout(table)) continue;
    const content = [...table.querySelectorAll("tr")].flatMap(cells);
    table.replaceWith(...content.map((cell) => rename(cell, "div")));
  }
  for (const table of body.querySelectorAll("table")) {
    for (const row of [...table.querySelectorAll("tr")]) if (!cells(row).length) row.remove();
    headers(table);
    caption(table);
    for (const cell of [...table.querySelectorAll<HTMLElement>("td, th")]) plain(cell);
    for (const column of [...table.querySelectorAll("colgroup, col")]) column.remove();
  }
}
