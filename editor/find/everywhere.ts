/** Find and replace in the whole brief: what was found, section by section, and a way back. */
import { el, uniqueId } from "../room/dom.ts";
import type { Room } from "../room/room.ts";
import { counted, t } from "../room/strings.ts";
import type { Query } from "./matches.ts";

interface Place {
  readonly block: string;
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

interface Found {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly why_not: string;
  /** Here the person may only suggest. */
  readonly suggests: boolean;
  readonly count: number;
  readonly shown: readonly Place[];
}

interface Done {
  readonly id: string;
  readonly version: number;
  readonly count: number;
  readonly undo: readonly unknown[];
}

const places = (count: number): string => (count === 1 ? t("find_place_one") : t("find_places_here", { count }));

export class Everywhere {
  readonly dom = el("div", { class: "find-everywhere", hidden: true });
  readonly #room: Room;
  readonly #query: () => Query;
  readonly #replacement: () => string;
  readonly #say: (sentence: string) => void;
  readonly #list = el("div", { class: "find-list" });
  readonly #go = el("button", { type: "button", class: "btn btn-sm btn-primary", hidden: true, click: () => void this.#replace() });
  readonly #back = el("button", { type: "button", class: "btn btn-sm btn-outline-secondary", hidden: true, click: () => void this.#putBack() }, t("find_put_back"));
  readonly #only = el("p", { class: "helptext", hidden: true }, t("find_suggesting"));
  #asked = 0;
  #done: readonly Done[] = [];
  /** What was done last; it is read until the person asks for something else. */
  #outcome = "";
  /** Whether the button, as it stands there, says that everything will be suggested. */
  #said = false;

  constructor(room: Room, query: () => Query, replacement: () => string, say: (sentence: string) => void) {
    this.#room = room;
    this.#query = query;
    this.#replacement = replacement;
    this.#say = say;
    this.dom.append(this.#list, this.#only, el("div", { class: "find-buttons" }, this.#go, this.#back));
    this.#list.addEventListener("change", () => this.#count());
  }

  get #url(): string {
    return this.#room.config.findUrl;
  }

  /** `anew`: the person asks; otherwise the text has changed under what was found. */
  async search(anew = true): Promise<void> {
    const asked = ++this.#asked;
    if (anew) this.#outcome = "";
    const { text, matchCase, wholeWords } = this.#query();
    this.#go.hidden = this.#only.hidden = true;
    if (!text.trim()) return this.#list.replaceChildren();
    this.#say(this.#outcome || t("find_searching"));
    // What was typed last is found too.
    await this.#room.connection.settled(5_000);
    const query = new URLSearchParams({ text, match_case: String(matchCase), whole_words: String(wholeWords) });
    const { status, body } = await this.#room.wire.get(`${this.#url}?${query.toString()}`).catch(() => ({ status: 0, body: {} as Record<string, unknown> }));
    if (asked !== this.#asked) return;
    if (status !== 200) return this.#say(t("find_failed"));
    const sections = body["sections"] as readonly Found[];
    const count = Number(body["count"]);
    this.#list.replaceChildren(...sections.map((section) => this.#section(section)));
    const found = sections.length > 1 ? t("find_places", { count, sections: sections.length }) : count ? places(count) : t("find_none");
    this.#say(this.#outcome || found);
    this.#count();
  }

  #section({ id, title, url, why_not, suggests, count, shown }: Found): HTMLElement {
    const own = uniqueId("find");
    const box = el("input", { id: own, type: "checkbox", class: "form-check-input", value: id, "data-count": String(count), "data-suggests": String(suggests), checked: !why_not, disabled: Boolean(why_not) });
    const head = el("div", { class: "form-check find-section" }, box, el("label", { for: own, class: "form-check-label" }, `${title} · ${places(count)}`));
    const rows = shown.map(({ block, before, match, after }) => el("li", {}, el("a", { href: `${url}#block-${block}` }, before, el("mark", {}, match), after)));
    if (count > shown.length) rows.push(el("li", { class: "meta" }, t("find_more", { count: count - shown.length })));
    return el("div", {}, ...(this.#room.view.editable || why_not ? [head] : [el("p", { class: "find-section" }, `${title} · ${places(count)}`)]), ...(why_not || suggests ? [el("p", { class: "helptext" }, why_not || t("suggest_only"))] : []), el("ul", {}, ...rows));
  }

  #chosen(): HTMLInputElement[] {
    return [...this.#list.querySelectorAll<HTMLInputElement>("input:checked:enabled")];
  }

  #count(): void {
    const chosen = this.#chosen();
    const count = chosen.reduce((sum, box) => sum + Number(box.dataset["count"]), 0);
    this.#said = this.#room.suggesting.on;
    const suggested = chosen.filter((box) => this.#said || box.dataset["suggests"] === "true").length;
    this.#go.hidden = !count;
    this.#only.hidden = !suggested;
    this.#go.textContent = suggested && suggested === chosen.length ? counted("find_suggest_everywhere", count) : counted("find_replace_everywhere", count);
  }

  async #send(url: string, sent: unknown): Promise<Readonly<Record<string, unknown>> | null> {
    this.#go.disabled = this.#back.disabled = true;
    try {
      await this.#room.connection.settled(5_000);
      const { status, body } = await this.#room.wire.post(url, sent);
      if (status === 200) return body;
      this.#say(String(body["error"] ?? t("find_failed")));
    } catch {
      this.#say(t("find_failed"));
    } finally {
      this.#go.disabled = this.#back.disabled = false;
    }
    return null;
  }

  async #replace(): Promise<void> {
    // Switched since: the person reads first what the button does now.
    if (this.#room.suggesting.on !== this.#said) return this.#count();
    const { text, matchCase, wholeWords } = this.#query();
    const sections = this.#chosen().map(({ value }) => value);
    const asked = { text, match_case: matchCase, whole_words: wholeWords, replacement: this.#replacement(), sections, suggest: this.#said };
    const body = await this.#send(this.#room.config.replaceUrl, asked);
    if (!body) return;
    this.#done = body["sections"] as readonly Done[];
    this.#room.connection.wake();
    await this.search();
    const { count, suggested, left } = body as Record<"count" | "suggested" | "left", number>;
    const did = [
      ...(count > suggested || !suggested ? [counted("find_replaced_everywhere", count - suggested)] : []),
      ...(suggested ? [counted("find_suggested_everywhere", suggested)] : []),
      ...(left ? [counted("find_left", left)] : []),
    ];
    this.#say((this.#outcome = did.join(" ")));
    this.#back.hidden = !this.#done.length;
    if (!this.#back.hidden) this.#back.focus();
  }

  async #putBack(): Promise<void> {
    const sections = this.#done.map(({ id, version, undo }) => ({ id, version, undo }));
    const body = await this.#send(`${this.#room.config.replaceUrl}/back`, { sections });
    if (!body) return;
    const all = this.#done.reduce((sum, { undo }) => sum + undo.length, 0);
    const count = Number(body["count"]);
    this.#done = [];
    this.#back.hidden = true;
    this.#room.connection.wake();
    await this.search();
    this.#say((this.#outcome = count < all ? t("find_put_back_some", { count, left: all - count }) : counted("find_put_back_done", count)));
  }
}
