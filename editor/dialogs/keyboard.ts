/** What the keyboard can do, in words; and how spelling is checked. */
import { BLOCKS, COMMENT, FIND, HISTORY, INSERTS, MARKS, NOTES, TABLE } from "../room/actions.ts";
import { el, uniqueId } from "../room/dom.ts";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { keysOf } from "../room/toolbar.ts";

const row = (keys: string, words: string): HTMLElement => el("tr", {}, el("td", {}, el("kbd", {}, keys)), el("td", {}, words));

export function keyboardDialog(room: Room): void {
  const id = uniqueId("dialog");
  const named = [...MARKS, ...BLOCKS, ...NOTES, ...INSERTS, ...TABLE, COMMENT, FIND, ...HISTORY].filter(({ keys }) => keys);
  const rows = [
    row("/", t("keys_slash")),
    row("@", t("keys_cite")),
    row("[[", t("keys_reference")),
    row("[^", t("footnote")),
    row("# ## ###", t("keys_headings")),
    row("- 1. >", t("keys_lists")),
    row("**…** _…_ ^…^ ~…~", t("keys_marks")),
    ...named.map(({ keys, label }) => row(keysOf(keys!), t(label))),
    row(keysOf("Mod-Alt-1"), t("heading", { level: 1 })),
    row(keysOf("Mod-Alt-0"), t("paragraph")),
    row("Tab", t("keys_tab")),
    row(keysOf("Mod-Enter"), t("keys_leave")),
    row(keysOf("Alt-F10"), t("keys_toolbar")),
  ];
  const language = new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language", fallback: "code" }).of(room.config.language) ?? "";
  const close = el("button", { type: "button", class: "btn btn-primary", click: () => dialog.close() }, t("close"));
  const dialog = el(
    "dialog",
    { class: "writing-dialog", "aria-labelledby": id, close: () => (dialog.remove(), room.view.focus()) },
    el(
      "div",
      { class: "dialog-body" },
      el("h2", { id }, t("keyboard")),
      el("p", { class: "helptext" }, t("spelling", { language })),
      el("table", { class: "key-table" }, el("tbody", {}, ...rows)),
      el("div", { class: "dialog-actions" }, close),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  close.focus({ preventScroll: true });
  dialog.scrollTop = 0;
}
