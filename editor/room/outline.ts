/** The outline beside the text, and who is at work here: arranged in place, and as others change it. */
import { Arrange, type Row } from "../arrange.ts";
import { heed } from "./right.ts";
import type { Room } from "./room.ts";

const PAUSE = 300;
/** A claim ends by itself; nobody tells. */
const LOOK = 60_000;

function put(place: Element | null, html: unknown): void {
  if (!place || typeof html !== "string") return;
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
}

export function outline(room: Room): void {
  const nav = document.querySelector<HTMLElement>("[data-outline]");
  const now = document.getElementById("section-now");
  const url = nav?.dataset["outline"];
  if (!nav || !url) return;
  let arrange: Arrange | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const right = heed(room);

  const send = async (path: string, form: FormData): Promise<Row[]> => {
    const { status, body } = await room.wire.upload(path, form);
    if (status !== 200) throw new Error(String(body["error"] ?? ""));
    return body["sections"] as Row[];
  };
  const begin = (): void => {
    const list = nav.querySelector<HTMLElement>("ol[data-arrange]");
    arrange = list ? new Arrange(list, send) : null;
  };
  const draw = (body: Readonly<Record<string, unknown>>): void => {
    // Who stands in the outline by keyboard goes on standing there.
    const focus = nav.contains(document.activeElement) ? document.activeElement : null;
    const row = focus?.closest<HTMLElement>("li")?.dataset["section"];
    const pressed = now?.contains(document.activeElement) ?? false;
    put(nav, body["outline"]);
    put(now, body["now"]);
    begin();
    const kind = focus?.matches(".grip") ? ".grip" : "a";
    if (row) nav.querySelector<HTMLElement>(`[data-section="${CSS.escape(row)}"] > ${kind}`)?.focus({ preventScroll: true });
    if (pressed) now?.querySelector("button")?.focus({ preventScroll: true });
  };
  const look = async (): Promise<void> => {
    if (arrange?.busy) return soon(PAUSE * 10);
    try {
      const { status, body } = await room.wire.get(url);
      if (status !== 200) return;
      void right(body["right"]).catch(() => undefined);
      if (arrange?.busy) return;
      draw(body);
    } catch {
      // The outline of a moment ago is better than none.
    }
  };
  const soon = (pause = PAUSE): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), pause);
  };
  begin();
  for (const name of ["outline", "talk", "resync"]) room.heard.addEventListener(name, () => soon());
  setInterval(() => document.visibilityState === "visible" && soon(0), LOOK);
  now?.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented) return;
    event.preventDefault();
    const data = new FormData(form);
    if (event.submitter instanceof HTMLButtonElement && event.submitter.name) data.set(event.submitter.name, event.submitter.value);
    void room.wire.upload(form.action, data).then(async ({ status, body }) => {
      if (status !== 200) return room.say(String(body["error"] ?? ""));
      await look();
    }, () => undefined);
  });
}
