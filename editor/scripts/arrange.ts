/** The outline on a brief's own page can be arranged by hand. Without scripts its buttons do. */
import { Arrange, type Row } from "../arrange.ts";

async function send(url: string, form: FormData): Promise<Row[]> {
  const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  const response = await fetch(url, { method: "POST", body: form, credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": token } });
  const body = (await response.json()) as { sections?: Row[]; error?: string };
  if (!response.ok || !body.sections) throw new Error(body.error ?? "");
  return body.sections;
}

for (const list of document.querySelectorAll<HTMLElement>("ol[data-arrange]")) new Arrange(list, send);
