/** Who is here, and telling the others where we are. */
import { caretsKey, type Person } from "../plugins/carets.ts";
import { el } from "./dom.ts";
import type { Room } from "./room.ts";
import { t } from "./strings.ts";

/** The server forgets a person who was not heard of for longer than this and a bit. */
const BEAT = 20_000;
const PAUSE = 250;

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((part) => part.charAt(0))
    .join("")
    .slice(0, 2)
    .toUpperCase();

function readPeople(data: Readonly<Record<string, unknown>>): Person[] {
  const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
  return ((data["people"] as Record<string, unknown>[] | undefined) ?? []).map((person) => ({
    user: String(person["user"] ?? person["id"] ?? ""),
    name: String(person["name"] ?? ""),
    role: String(person["role"] ?? ""),
    colour: Math.abs(Math.trunc(Number(person["colour"]))) || 0,
    from: number(person["from"]),
    to: number(person["to"]),
  }));
}

function face({ name, role, colour }: Person): HTMLElement {
  const whole = role ? `${name}, ${role}` : name;
  const short = el("span", { "aria-hidden": "true" }, initials(name));
  return el("li", { class: `person tone-${colour % 8}`, title: whole }, short, el("span", { class: "visually-hidden" }, whole));
}

export interface People {
  readonly dom: HTMLElement;
  hear(data: Record<string, unknown>): void;
  moved(): void;
}

export function people(room: Room): People {
  const list = el("ul", { class: "people-list" });
  const dom = el("div", { class: "people" }, el("span", { class: "visually-hidden" }, t("here")), list);
  let last = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = async (): Promise<void> => {
    const { from, to } = room.view.state.selection;
    try {
      const { status, body } = await room.wire.post(room.config.presenceUrl, { section: room.config.section, from, to });
      if (status === 200) show(body);
    } catch {
      // Being seen is a courtesy; the next beat tries again.
    }
  };
  const show = (data: Readonly<Record<string, unknown>>): void => {
    const others = readPeople(data).filter(({ user }) => user !== room.config.user);
    room.view.dispatch(room.view.state.tr.setMeta(caretsKey, others).setMeta("addToHistory", false));
    list.replaceChildren(...others.map(face));
  };
  if (room.config.presenceUrl) {
    void tell();
    setInterval(() => void (document.visibilityState === "visible" && tell()), BEAT);
  }
  return {
    dom,
    hear(data) {
      if (String(data["section"]) !== room.config.section) return;
      show(data);
    },
    moved() {
      const { from, to } = room.view.state.selection;
      const now = `${from}-${to}`;
      if (now === last || !room.config.presenceUrl) return;
      last = now;
      clearTimeout(timer);
      timer = setTimeout(() => void tell(), PAUSE);
    },
  };
}
