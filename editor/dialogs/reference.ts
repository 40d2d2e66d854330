/** Choosing what a cross-reference points at: this section's blocks first, then the others'. */
import { insertReference, replaceSelectedAtom, selectedAtom } from "../commands/insert.ts";
import { everyTarget } from "../room/targets.ts";
import { type Room, run } from "../room/room.ts";
import { el, uniqueId } from "../room/dom.ts";
import { t } from "../room/strings.ts";
import { picker } from "./picker.ts";

export function referenceDialog(room: Room): void {
  const targets = everyTarget(room);
  const find = (query: string): { value: string; label: string; hint: string }[] => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return targets
      .map(({ id, label, text, section }) => ({ value: id, label, hint: [text, section].filter(Boolean).join(" · ") }))
      .filter(({ label, hint }) => words.every((word) => `${label} ${hint}`.toLowerCase().includes(word)))
      .slice(0, 200);
  };
  const id = uniqueId("dialog");
  const chosen = picker(t("filter"), find, ({ value }) => {
    dialog.close();
    const selected = selectedAtom(room.view.state, "cross_reference");
    run(room, selected ? replaceSelectedAtom({ target: value }) : insertReference(value));
  });
  const cancel = el("button", { type: "button", class: "btn btn-outline-secondary", click: () => dialog.close() }, t("cancel"));
  const dialog = el(
    "dialog",
    { class: "writing-dialog", "aria-labelledby": id, close: () => (dialog.remove(), room.view.focus()) },
    el("div", { class: "dialog-body" }, el("h2", { id }, t("cross_reference")), chosen.dom, el("div", { class: "dialog-actions" }, cancel)),
  );
  document.body.append(dialog);
  dialog.showModal();
  chosen.input.focus();
}
