/** A form in a dialog: labels, hints, errors beside the field, Escape and Cancel give nothing back. */
import { el, uniqueId } from "../room/dom.ts";
import { t } from "../room/strings.ts";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind?: "text" | "textarea" | "select" | "checkbox" | "file" | "number" | "date";
  readonly value?: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly accept?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly suggestions?: readonly string[];
  /** Characters the language holds there; more cannot be typed. */
  readonly limit?: number;
}

export type Values = Readonly<Record<string, string>> & { readonly files?: never };

export interface Form {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly submit?: string;
  /** Many short fields: two beside one another where there is room. */
  readonly wide?: boolean;
  /** Other ways out, such as "Remove"; the values are then `{action: name}`. */
  readonly actions?: readonly { readonly name: string; readonly label: string }[];
  /** A sentence when the values will not do, and the field it belongs to. */
  check?(values: Record<string, string>, files: Record<string, File>): { field: string; sentence: string } | null;
  /** Work to be done before the dialog closes; the sentence it throws is shown, a `FieldError`'s at its field. */
  work?(values: Record<string, string>, files: Record<string, File>): Promise<void>;
}

/** What is wrong with one field, from who does the work. */
export class FieldError extends Error {
  constructor(
    readonly field: string,
    sentence: string,
  ) {
    super(sentence);
  }
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function controlOf(field: Field, id: string, describedBy: string): Control {
  const common = { id, name: field.name, required: field.required ?? false, "aria-describedby": describedBy, maxlength: field.limit?.toString() };
  switch (field.kind) {
    case "textarea":
      return el("textarea", { ...common, class: "form-control", rows: "3" }, field.value ?? "");
    case "select": {
      const select = el("select", { ...common, class: "form-select" });
      for (const { value, label } of field.options ?? []) select.append(el("option", { value, selected: value === field.value }, label));
      return select;
    }
    case "checkbox":
      return el("input", { ...common, type: "checkbox", class: "form-check-input", checked: field.value === "true" });
    case "file":
      return el("input", { ...common, type: "file", class: "form-control", accept: field.accept });
    default:
      return el("input", { ...common, type: field.kind ?? "text", class: "form-control", value: field.value ?? "", autocomplete: "off" });
  }
}

function row(field: Field): { row: HTMLElement; control: Control; error: HTMLElement } {
  const id = uniqueId("field");
  const error = el("p", { id: `${id}-error`, class: "field-error", "aria-live": "polite" });
  const hint = el("p", { id: `${id}-hint`, class: "helptext" }, field.hint ?? "");
  const control = controlOf(field, id, `${id}-hint ${id}-error`);
  const label = el("label", { for: id, class: field.kind === "checkbox" ? "form-check-label" : "form-label" }, field.label);
  const parts: HTMLElement[] = field.kind === "checkbox" ? [el("div", { class: "form-check" }, control, label)] : [label, control];
  if (field.suggestions) {
    const list = el("datalist", { id: `${id}-list` }, ...field.suggestions.map((value) => el("option", { value })));
    control.setAttribute("list", list.id);
    parts.push(list);
  }
  return { row: el("div", { class: "dialog-field" }, ...parts, ...(field.hint ? [hint] : []), error), control, error };
}

const valueOf = (control: Control): string =>
  control instanceof HTMLInputElement && control.type === "checkbox" ? String(control.checked) : control.value.trim();

/** Shows the dialog; what was filled in, or null. */
export function openForm(form: Form): Promise<Record<string, string> | null> {
  return new Promise((resolve) => {
    const rows = new Map(form.fields.map((field) => [field.name, row(field)]));
    const titleId = uniqueId("dialog");
    const submit = el("button", { type: "submit", class: "btn btn-primary" }, form.submit ?? t("save"));
    const cancel = el("button", { type: "button", class: "btn btn-outline-secondary", click: () => dialog.close() }, t("cancel"));
    const others = (form.actions ?? []).map(({ name, label }) =>
      el("button", { type: "button", class: "btn btn-link", click: () => finish({ action: name }) }, label),
    );
    const element = el(
      "form",
      { method: "dialog", novalidate: true, submit: (event) => void send(event) },
      el("h2", { id: titleId }, form.title),
      ...[...rows.values()].map((entry) => entry.row),
      el("div", { class: "dialog-actions" }, submit, cancel, ...others),
    );
    const dialog = el("dialog", { class: form.wide ? "writing-dialog wide two" : "writing-dialog", "aria-labelledby": titleId, close: () => finish(null) }, element);
    const finish = (values: Record<string, string> | null): void => {
      resolve(values);
      if (dialog.open) dialog.close();
      dialog.remove();
    };
    const complain = (name: string, sentence: string): void => {
      const entry = rows.get(name) ?? [...rows.values()][0]!;
      entry.error.textContent = sentence;
      entry.control.setAttribute("aria-invalid", "true");
      entry.control.focus();
    };
    const send = async (event: Event): Promise<void> => {
      event.preventDefault();
      const values: Record<string, string> = {};
      const files: Record<string, File> = {};
      for (const [name, { control, error }] of rows) {
        values[name] = valueOf(control);
        const file = control instanceof HTMLInputElement ? control.files?.[0] : undefined;
        if (file) files[name] = file;
        error.textContent = "";
        control.removeAttribute("aria-invalid");
      }
      const fault = form.check?.(values, files);
      if (fault) return complain(fault.field, fault.sentence);
      submit.disabled = true;
      try {
        await form.work?.(values, files);
        finish(values);
      } catch (error) {
        submit.disabled = false;
        complain(error instanceof FieldError ? error.field : form.fields[0]!.name, (error as Error).message);
      }
    };
    document.body.append(dialog);
    dialog.showModal();
    [...rows.values()][0]?.control.focus();
  });
}
