/** The suggestions beside the text: whose, since when, what goes and what comes, and the answers to each. */
import type { Decision } from "../suggestions.ts";
import { el } from "../room/dom.ts";
import type { Room } from "../room/room.ts";
import { type Key, t } from "../room/strings.ts";
import type { Detail, Pending } from "./list.ts";
import type { Decided, Suggesting } from "./room.ts";

/** So many are shown at once, and so many more each time they are asked for. */
const SHOWN = 60;
/** How long "press again" waits, in milliseconds. */
const AGAIN = 6_000;

const NAMES: Readonly<Record<string, Key>> = {
  strong: "bold",
  em: "italic",
  superscript: "superscript",
  subscript: "subscript",
  link: "link",
  language: "suggest_language",
  claim: "suggest_claim",
};
const EDGES: Readonly<Record<string, Key>> = { split: "suggest_split", join: "suggest_join", wrap: "suggest_wrap", unwrap: "suggest_unwrap", type: "suggest_type" };

function formOf(form: string): string {
  const name = NAMES[form.slice(1)];
  if (name) return t(form.startsWith("+") ? "suggest_look_added" : "suggest_look_removed", { look: t(name) });
  return t(EDGES[form] ?? "suggest_attrs");
}

const DETAILS: Readonly<Record<string, Key>> = {
  caption: "caption",
  title: "title",
  kind: "kind",
  addressee: "addressee",
  alt: "alt",
  credit: "credit",
  licence: "licence",
  level: "block_style",
};

/** A value as the form of the block words it. */
function valueOf({ node, name }: Detail, value: unknown): string {
  if (name === "kind") return t(`${node}_${String(value)}` as Key);
  return name === "level" ? t("heading", { level: String(value) }) : String(value ?? "");
}

function details(all: readonly Detail[]): HTMLElement[] {
  const named = all.filter(({ name }) => name in DETAILS);
  return named.map((each) => {
    const [before, after] = [valueOf(each, each.before), valueOf(each, each.after)];
    const line = el("p", { class: "suggestion-words", dir: "auto" }, el("span", { class: "suggestion-form" }, t(DETAILS[each.name]!)), " ");
    line.append(...(before ? [el("del", {}, before), " "] : []), ...(after ? [el("ins", {}, after)] : []));
    return line;
  });
}

const WHEN: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
/** In the person's zone, as everything else on the page tells time. */
const when = (at: string, timeZone: string): string => (at ? new Intl.DateTimeFormat(document.documentElement.lang || "en", { ...WHEN, timeZone }).format(new Date(at)) : "");

function words(before: string, after: string, forms: readonly string[], about: string): HTMLElement {
  const line = el("p", { class: "suggestion-words", dir: "auto" });
  if (before) line.append(el("del", {}, before), " ");
  if (after) line.append(el("ins", {}, after));
  const only = !before && !after;
  if (forms.length) line.append(el("span", { class: "suggestion-form" }, forms.map(formOf).join(" · ")));
  if (only && about) line.append(" ", el("q", {}, about));
  return line;
}

/** The forms that no detail tells better. */
const unnamed = ({ forms, details: all }: Pending): string[] =>
  forms.filter((form) => !form.startsWith("attr:") || !form.slice("attr:".length).split(",").every((name) => name in DETAILS && all.some((each) => each.name === name)));

const told = (each: { before: string; after: string; words?: string }): string => [each.before, each.after].filter(Boolean).join(" → ") || each.words || "";

export function suggestionsPanel(room: Room, suggesting: Suggesting): { dom: HTMLElement; refresh(): Promise<void> } {
  const list = el("div", { class: "suggestion-list" });
  const state = el("p", { class: "meta", role: "status" });
  const more = el("button", { type: "button", class: "button small quiet", hidden: true, click: () => ((shown += SHOWN), draw()) }, t("suggest_more"));
  const past = el("details", { class: "suggestion-past" }, el("summary", {}, t("suggest_decided")));
  const { zone } = room.config;
  let shown = SHOWN;

  const may = (id: string, decision: Decision): boolean => room.config.right === "edit" || (decision === "reject" && suggesting.about(id).mine);
  const decide = async (decision: Decision, { id }: Pending): Promise<void> => {
    const next = list.querySelector<HTMLElement>(`[data-suggestion="${CSS.escape(id)}"]`)?.nextElementSibling?.getAttribute("data-suggestion");
    if (!(await suggesting.decide(decision, [id]))) return;
    // Who went on writing while the answer was on its way goes on writing: here letters would answer suggestions.
    const active = document.activeElement;
    if (active !== document.body && !dom.contains(active)) return;
    const goal = (next && list.querySelector<HTMLElement>(`[data-suggestion="${CSS.escape(next)}"]`)) || list.querySelector<HTMLElement>("[data-suggestion]");
    (goal ?? state).focus();
  };
  const answer = (decision: Decision, each: Pending): HTMLElement =>
    el("button", { type: "button", class: "button small quiet", "aria-label": `${t(decision)}: ${told(each)}`, click: () => void decide(decision, each) }, t(decision === "accept" ? "suggest_accept" : "suggest_reject"));
  const row = (each: Pending): HTMLElement => {
    const { author, at, mine } = suggesting.about(each.id);
    const who = [mine ? t("suggest_you") : author, when(at, zone)].filter(Boolean).join(" · ");
    const answers = (["accept", "reject"] as const).filter((decision) => may(each.id, decision));
    const show = el("button", { type: "button", class: "button link", "aria-label": `${t("suggest_show")}: ${told(each)}`, click: () => suggesting.show(each) }, t("suggest_show"));
    const item = el(
      "article",
      { class: "side-item suggestion", tabindex: "-1", "data-suggestion": each.id, "aria-label": [who, told(each)].filter(Boolean).join(": "), keydown: (event) => key(event as KeyboardEvent, each, item) },
      el("p", { class: "meta" }, who),
      words(each.before, each.after, unnamed(each), each.words),
      ...details(each.details),
      el("p", { class: "actions" }, ...answers.map((decision) => answer(decision, each)), show),
    );
    return item;
  };
  /** In the list arrows move; A, R and Enter answer and show. Letters count only while an item has the focus itself. */
  const key = (event: KeyboardEvent, each: Pending, item: HTMLElement): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling }[event.key];
    const decision = { a: "accept", r: "reject" }[event.key.toLowerCase()] as Decision | undefined;
    if (to instanceof HTMLElement) to.focus();
    else if (document.activeElement !== item) return;
    else if (event.key === "Enter") suggesting.show(each);
    else if (decision && may(each.id, decision)) void decide(decision, each);
    else return;
    event.preventDefault();
  };

  const all = (decision: Decision): HTMLButtonElement => {
    const name = (): string => t(decision === "accept" ? "suggest_accept_all" : "suggest_reject_all");
    let armed: ReturnType<typeof setTimeout> | undefined;
    const calm = (): void => {
      clearTimeout(armed);
      armed = undefined;
      button.textContent = name();
      button.classList.remove("armed");
    };
    const press = (): void => {
      if (armed) {
        calm();
        void suggesting.decide(decision, null);
        return;
      }
      button.textContent = t("suggest_again", { count: suggesting.list.length });
      button.classList.add("armed");
      armed = setTimeout(calm, AGAIN);
    };
    const button = el("button", { type: "button", class: "button small quiet", click: press, blur: calm }, name());
    return button;
  };
  const both = el("p", { class: "actions" }, all("accept"), all("reject"));

  const decided = (each: Decided): HTMLElement =>
    el(
      "article",
      { class: "side-item suggestion" },
      el("p", { class: "meta" }, [each.author, when(each.at, zone)].filter(Boolean).join(" · ")),
      words(each.before, each.after, [], ""),
      el("p", { class: "meta" }, t(each.decision === "accepted" ? "suggest_was_accepted" : "suggest_was_rejected", { name: each.by, time: when(each.decided, zone) })),
    );

  const draw = (): void => {
    const held = holding();
    const { list: waiting } = suggesting;
    list.replaceChildren(...waiting.slice(0, shown).map(row));
    const first = list.querySelector<HTMLElement>("[data-suggestion]");
    if (first) first.tabIndex = 0;
    more.hidden = waiting.length <= shown;
    both.hidden = room.config.right !== "edit" || waiting.length < 2;
    state.textContent = waiting.length ? "" : t("suggest_none");
    past.hidden = !suggesting.decided.length;
    past.replaceChildren(past.firstElementChild!, ...suggesting.decided.map(decided));
    held?.();
  };
  /** Puts the focus back where it is now, when the list is drawn anew: on the same button, or where it was answered. */
  const holding = (): (() => void) | null => {
    const active = document.activeElement;
    const item = list.contains(active) ? active!.closest<HTMLElement>("[data-suggestion]") : null;
    if (!item) return null;
    const place = [...item.querySelectorAll("button")].indexOf(active as HTMLButtonElement);
    return () => {
      const again = list.querySelector<HTMLElement>(`[data-suggestion="${CSS.escape(item.dataset["suggestion"]!)}"]`);
      (again?.querySelectorAll("button")[place] ?? again ?? state).focus();
    };
  };
  state.tabIndex = -1;
  suggesting.changed(() => {
    if (dom.isConnected) draw();
  });
  /** After an answer the focus is here: what was answered is undone from here, too. */
  const undoes = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    suggesting.undoing.run();
  };
  const dom = el("section", { class: "panel", keydown: (event) => undoes(event as KeyboardEvent) }, state, both, list, more, past);
  return {
    dom,
    async refresh() {
      draw();
      try {
        await suggesting.refresh();
      } catch {
        if (!suggesting.list.length) state.textContent = t("panel_failed");
      }
    },
  };
}
