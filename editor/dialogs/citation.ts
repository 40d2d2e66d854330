/** One citation: one or more of the brief's sources, each with its page and the words around it. */
import { insertCitation, replaceSelectedAtom, selectedAtom } from "../commands/insert.ts";
import { type Room, run } from "../room/room.ts";
import type { CitationItem } from "../schema.ts";
import { el, uniqueId } from "../room/dom.ts";
import { type Key, t } from "../room/strings.ts";
import { picker } from "./picker.ts";

type Writable = { -readonly [Name in keyof CitationItem]: CitationItem[Name] };

/** Enter in a field is done with the whole citation. */
function field(item: Writable, name: "locator" | "prefix" | "suffix", done: () => void): HTMLElement {
  const id = uniqueId("cite");
  const input = el("input", { id, class: "form-control", value: item[name], maxlength: "300", autocomplete: "off" });
  input.addEventListener("input", () => (item[name] = input.value.trim()));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    done();
  });
  return el("div", {}, el("label", { for: id, class: "form-label" }, t(name satisfies Key)), input);
}

function rowOf(room: Room, item: Writable, remove: () => void, done: () => void): HTMLElement {
  const title = el("legend", {}, room.sources.label(item.source) || item.source);
  const button = el("button", { type: "button", class: "btn btn-link", click: remove }, t("remove"));
  const fields = el("div", { class: "cite-fields" }, field(item, "prefix", done), field(item, "locator", done), field(item, "suffix", done));
  return el("fieldset", { class: "cite-row" }, title, fields, button);
}

export function citationDialog(room: Room): void {
  const selected = selectedAtom(room.view.state, "citation");
  const items: Writable[] = ((selected?.attrs["items"] as CitationItem[] | undefined) ?? []).map((item) => ({ ...item }));
  const id = uniqueId("dialog");
  const rows = el("div", { class: "cite-rows" });
  const save = el("button", { type: "button", class: "btn btn-primary" }, selected ? t("save") : t("insert"));
  const draw = (): void => {
    rows.replaceChildren(
      ...items.map((item) => {
        const remove = (): void => {
          items.splice(items.indexOf(item), 1);
          draw();
          search.input.focus();
        };
        return rowOf(room, item, remove, () => save.click());
      }),
    );
    save.disabled = items.length === 0;
  };
  const find = async (query: string): Promise<{ value: string; label: string; hint: string }[]> =>
    (await room.sources.search(query)).map(({ key, label, title }) => ({ value: key, label, hint: title }));
  const search = picker(t("search_sources"), find, ({ value }) => {
    if (items.length >= 30 || items.some(({ source }) => source === value)) return;
    items.push({ source: value, locator: "", prefix: "", suffix: "" });
    draw();
    rows.lastElementChild?.querySelectorAll("input")[1]?.focus();
  });
  save.addEventListener("click", () => {
    dialog.close();
    run(room, selected ? replaceSelectedAtom({ items }) : insertCitation(items));
  });
  const cancel = el("button", { type: "button", class: "btn btn-outline-secondary", click: () => dialog.close() }, t("cancel"));
  const dialog = el(
    "dialog",
    { class: "writing-dialog wide", "aria-labelledby": id, close: () => (dialog.remove(), room.view.focus()) },
    el("div", { class: "dialog-body" }, el("h2", { id }, t("cite")), rows, search.dom, el("div", { class: "dialog-actions" }, save, cancel)),
  );
  draw();
  document.body.append(dialog);
  dialog.showModal();
  // Who opens a citation that is there comes to change its page or words.
  (rows.querySelectorAll("input")[1] ?? search.input).focus();
}
