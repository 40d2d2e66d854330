/** A search field over a list, for choosing one thing with the keyboard or the pointer. */
import { el, uniqueId } from "../room/dom.ts";
import { t } from "../room/strings.ts";

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
}

export interface Picker {
  readonly dom: HTMLElement;
  readonly input: HTMLInputElement;
}

/** ARIA's combobox with a list that is always open: arrows move, Enter chooses. */
export function picker(label: string, find: (query: string) => Promise<readonly Option[]> | readonly Option[], choose: (option: Option) => void): Picker {
  const id = uniqueId("picker");
  let options: readonly Option[] = [];
  let active = 0;
  let asked = 0;
  const list = el("div", { id: `${id}-list`, role: "listbox", class: "picker-list", "aria-label": label, tabindex: "-1" });
  const input = el("input", {
    id,
    class: "form-control",
    type: "search",
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": "true",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  });
  const draw = (): void => {
    const rows = options.map(({ label: text, hint }, index) =>
      el(
        "div",
        {
          role: "option",
          id: `${id}-${index}`,
          "aria-selected": String(index === active),
          click: () => choose(options[index]!),
        },
        el("span", { class: "suggest-label" }, text),
        el("span", { class: "suggest-hint" }, hint),
      ),
    );
    list.replaceChildren(...(rows.length ? rows : [el("p", { class: "suggest-none" }, t("nothing_found"))]));
    if (rows.length) input.setAttribute("aria-activedescendant", `${id}-${active}`);
    rows[active]?.scrollIntoView({ block: "nearest" });
  };
  const search = async (): Promise<void> => {
    const ask = ++asked;
    const found = await find(input.value.trim());
    if (ask !== asked) return;
    options = found;
    active = 0;
    draw();
  };
  let searched = search();
  input.addEventListener("input", () => (searched = search()));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : options.length - 1)) % Math.max(1, options.length);
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      // On a slow line the answer comes behind the letters.
      void searched.then(() => {
        const option = options[active];
        if (option) choose(option);
      });
    }
  });
  return { dom: el("div", { class: "picker" }, el("label", { for: id, class: "form-label" }, label), input, list), input };
}
