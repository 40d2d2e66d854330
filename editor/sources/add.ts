/** Adding sources by pasting: what was understood is shown first, and what is chosen of it is added. */
import { el, uniqueId } from "../room/dom.ts";
import type { Room } from "../room/room.ts";
import type { Source } from "../room/sources.ts";
import { t } from "../room/strings.ts";

interface Understood {
  readonly number: number;
  readonly verdict: "new" | "alike" | "double" | "refused";
  readonly sentence: string;
  readonly label: string;
  readonly title: string;
  readonly facts: string;
  readonly given: string;
  readonly bare: boolean;
}

interface Preview {
  readonly batch: string;
  readonly status: string;
  readonly entries: readonly Understood[];
}

export interface AddForm {
  readonly dom: HTMLElement;
  open(words: string): void;
}

/** `cite` is true when what was added is to be cited at once. */
type Added = (sources: readonly Source[], cite: boolean) => void;

function entryRow(entry: Understood): HTMLElement {
  const possible = entry.verdict === "new" || entry.verdict === "alike";
  const id = uniqueId("entry");
  const shown = el("span", {}, el("strong", {}, entry.title || entry.label), el("br"), el("span", { class: "meta" }, entry.facts));
  const box = el("input", { id, type: "checkbox", class: "form-check-input", name: "entry", value: String(entry.number), checked: entry.verdict === "new" });
  const parts: HTMLElement[] = possible ? [el("label", { class: "choice", for: id }, box, shown)] : entry.title || entry.label ? [el("p", {}, shown)] : [];
  if (entry.bare) {
    const name = `title-${entry.number}`;
    const field = uniqueId(name);
    parts.push(el("label", { for: field, class: "form-label" }, t("title")), el("input", { id: field, name, class: "form-control", value: entry.title, maxlength: "1000" }));
  }
  if (entry.given) parts.push(el("pre", { class: "given" }, entry.given));
  if (entry.sentence) parts.push(el("p", { class: "meta" }, entry.sentence));
  return el("li", { class: `is-${entry.verdict}` }, ...parts);
}

export function addForm(room: Room, added: Added): AddForm {
  const id = uniqueId("paste");
  const text = el("textarea", { id, class: "form-control", rows: "4", spellcheck: "false", "aria-describedby": `${id}-error` });
  const file = el("input", { type: "file", class: "form-control", accept: ".bib,.bibtex,.ris,.json,.txt", "aria-label": t("source_file") });
  const error = el("p", { id: `${id}-error`, class: "field-error", role: "alert" });
  const look = el("button", { type: "submit", class: "button quiet small" }, t("sources_understand"));
  const preview = el("form", { class: "source-preview", hidden: true });
  const paste = el("form", { class: "source-paste", submit: (event) => (event.preventDefault(), void understand()) });
  paste.append(el("label", { for: id, class: "form-label" }, t("source_paste")), text, file, error, look);
  const dom = el("details", { class: "source-add" }, el("summary", {}, t("source_add")), paste, preview);

  const post = async (url: string, form: FormData): Promise<Readonly<Record<string, unknown>> | null> => {
    error.textContent = "";
    try {
      const { status, body } = await room.wire.upload(url, form);
      if (status === 200) return body;
      error.textContent = typeof body["error"] === "string" ? body["error"] : t("panel_failed");
    } catch {
      error.textContent = t("panel_failed");
    }
    return null;
  };

  async function understand(): Promise<void> {
    const form = new FormData();
    form.set("text", text.value);
    const chosen = file.files?.[0];
    if (chosen) form.set("file", chosen);
    look.disabled = true;
    const told = await post(room.config.sourcesUrl, form);
    look.disabled = false;
    if (!told) return text.focus();
    const { batch, status, entries } = told as unknown as Preview;
    if (status === "reading") {
      preview.hidden = false;
      preview.replaceChildren(el("p", { role: "status" }, t("sources_long"), " ", el("a", { href: batch, target: "_blank", rel: "noopener" }, t("sources_understand"))));
      return;
    }
    show(batch, entries);
  }

  function show(batch: string, entries: readonly Understood[]): void {
    const possible = entries.some(({ verdict }) => verdict === "new" || verdict === "alike");
    const finish = (cite: boolean) => () => void take(batch, cite);
    const buttons = possible
      ? [
          el("button", { type: "button", class: "button small", click: finish(false) }, t("sources_take")),
          el("button", { type: "button", class: "button quiet small", click: finish(true) }, t("sources_take_cite")),
        ]
      : [];
    const back = el("button", { type: "button", class: "button link", click: () => void putAway(batch) }, t("cancel"));
    const list = el("ul", { class: "understood" }, ...entries.map(entryRow));
    const heading = el("h3", { class: "label", tabindex: "-1" }, t("sources_understood"));
    preview.replaceChildren(heading, list, el("div", { class: "actions" }, ...buttons, back));
    preview.addEventListener("submit", (event) => event.preventDefault());
    preview.hidden = false;
    paste.hidden = true;
    heading.focus();
  }

  async function take(batch: string, cite: boolean): Promise<void> {
    const told = await post(batch, new FormData(preview));
    if (!told) return void preview.append(el("p", { class: "field-error", role: "alert" }, error.textContent ?? ""));
    const sources = told["sources"] as readonly Source[];
    reset();
    room.say(t("sources_added", { count: sources.length }));
    added(sources, cite);
  }

  async function putAway(batch: string): Promise<void> {
    reset();
    await post(`${batch}discard/`, new FormData());
  }

  function reset(): void {
    text.value = "";
    file.value = "";
    paste.hidden = false;
    preview.hidden = true;
    preview.replaceChildren();
  }

  return {
    dom,
    open(words) {
      dom.open = true;
      if (words && !text.value) text.value = words;
      text.focus();
    },
  };
}
