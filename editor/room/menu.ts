/** A button that opens a menu (ARIA's menu button): arrows move, Enter chooses, Escape closes. */
import { el, uniqueId } from "./dom.ts";
import { icon } from "./icons.ts";

export interface MenuItem {
  readonly label: string;
  choose(): void;
}

export function menuButton(label: string, items: readonly MenuItem[]): HTMLButtonElement {
  const id = uniqueId("menu");
  const button = el("button", { type: "button", class: "tool words", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id });
  button.append(icon("insert"), label);
  const entries = items.map((item) =>
    el("button", { type: "button", role: "menuitem", class: "menu-entry", tabindex: "-1", click: () => (close(false), item.choose()) }, item.label),
  );
  const menu = el("div", { id, role: "menu", class: "insert-menu", "aria-label": label, hidden: true }, ...entries);
  document.body.append(menu);

  const open = (): void => {
    if (button.getAttribute("aria-disabled") === "true") return;
    const { left, bottom } = button.getBoundingClientRect();
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    menu.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${bottom + 4}px`;
    entries[0]?.focus();
  };
  const close = (back: boolean): void => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };
  const move = (by: number): void => {
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    entries[(at + by + entries.length) % entries.length]?.focus();
  };

  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => (menu.hidden ? open() : close(true)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    open();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") close(false);
    else return;
    if (event.key !== "Tab") event.preventDefault();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget as globalThis.Node | null) && event.relatedTarget !== button) close(false);
  });
  return button;
}
