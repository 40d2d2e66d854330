/** Suggesting in the writing room: the switch, what the table says of each suggestion, and deciding. */
import { type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { Refusal } from "../refusal.ts";
import type { Decision } from "../suggestions.ts";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { type Pending, pending, touched } from "./list.ts";
import { Undoing } from "./undo.ts";
import { asTyped, isOwn, modeOf, ownSuggestions, suggesting, switchMode } from "./mode.ts";

export interface Row {
  readonly author: string;
  readonly at: string;
  readonly mine: boolean;
}

export interface Decided extends Omit<Row, "mine"> {
  readonly id: string;
  readonly decision: "accepted" | "rejected";
  readonly by: string;
  readonly decided: string;
  readonly before: string;
  readonly after: string;
}

type Change = typeof import("./change.ts");

/** So that the switch turns at once; not before the page is there to be written in. */
const whenIdle = (run: () => void): void => {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 5_000 });
  else setTimeout(run, 1_000);
};

/** Typing settles before the list is looked through again, in milliseconds. */
const PAUSE = 400;

export class Suggesting {
  rows: Readonly<Record<string, Row>> = {};
  decided: readonly Decided[] = [];
  #change: Change | null = null;
  #on: boolean;
  #loading = false;
  #list: readonly Pending[] = [];
  #seen: unknown = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = "";
  readonly #room: Room;
  readonly #listeners: (() => void)[] = [];
  readonly undoing: Undoing;

  constructor(room: Room) {
    this.#room = room;
    this.undoing = new Undoing(room, () => this.refresh());
    this.#on = room.config.right === "suggest";
  }

  get on(): boolean {
    return this.#on;
  }

  get list(): readonly Pending[] {
    return this.#list;
  }

  /** For each state the room begins with; what was switched and whose is what outlives it. */
  plugin(): ReturnType<typeof suggesting> {
    return suggesting({ on: this.#on, mine: this.#mine() });
  }

  #mine(): string[] {
    return Object.entries(this.rows).flatMap(([id, row]) => (row.mine ? [id] : []));
  }

  /** Who may only suggest must never type before this is there. */
  async ready(): Promise<void> {
    if (this.#on) this.#change = await import("./change.ts");
    else whenIdle(() => void import("./change.ts").then((change) => (this.#change ??= change)).catch(() => undefined));
  }

  changed(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async toggle(): Promise<void> {
    const { config, say } = this.#room;
    if (config.right !== "edit") return say(t("suggest_only"));
    try {
      await this.#load();
    } catch {
      return say(t("panel_failed"));
    }
    this.#switch(!this.#on);
    if (!this.#on) say(t("suggest_off"));
    this.#room.view.focus();
    // Which words are one's own decides what is struck out and what just goes.
    if (this.#on) await this.refresh().catch(() => undefined);
  }

  /** The person may only suggest from now on. */
  async suggestOnly(): Promise<void> {
    if (this.#on) return;
    for (let wait = 1_000; !this.#change; wait = Math.min(30_000, 2 * wait)) {
      await this.#load().catch(() => new Promise((done) => setTimeout(done, wait)));
    }
    this.#switch(true);
    await this.refresh().catch(() => undefined);
  }

  async #load(): Promise<void> {
    // What is typed from now on is meant as a suggestion: until it can be made one, it is not taken at all.
    this.#loading = true;
    try {
      this.#change ??= await import("./change.ts");
    } finally {
      this.#loading = false;
    }
  }

  #switch(on: boolean): void {
    this.#on = on;
    const { view } = this.#room;
    view.dispatch(switchMode(view.state.tr, on));
  }

  /** The transaction to carry out, or null when it was refused; the person is told why. */
  transform(state: EditorState, transaction: Transaction): Transaction | null {
    if (this.#loading && isOwn(transaction)) {
      this.#room.say(t("suggest_loading"));
      return null;
    }
    if (!this.#on || !this.#change) return asTyped(transaction);
    try {
      return this.#change.asSuggestion(state, transaction);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#room.say(t(error.code === "suggest_cells" ? "suggest_cells" : "suggest_refused"));
      return null;
    }
  }

  /** Something may have changed in the text: look through it when the typing pauses. */
  look(state: EditorState): void {
    if (state.doc === this.#seen) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#find(), this.#seen === null ? 0 : PAUSE);
  }

  #find(): void {
    const { state } = this.#room.view;
    this.#seen = state.doc;
    this.#list = pending(state.doc);
    const { mine } = modeOf(state);
    const unknown = this.#list.filter(({ id }) => !this.rows[id] && !mine.has(id)).map(({ id }) => id).join();
    if (unknown && unknown !== this.#asked) {
      this.#asked = unknown;
      void this.refresh().catch(() => (this.#asked = ""));
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Asks the table. Raises TypeError without a connection. */
  async refresh(): Promise<void> {
    const { status, body } = await this.#room.wire.get(this.#room.config.suggestionsUrl);
    if (status !== 200) return;
    this.rows = body["pending"] as Record<string, Row>;
    this.decided = body["decided"] as Decided[];
    const { view } = this.#room;
    const mine = this.#mine().filter((id) => !modeOf(view.state).mine.has(id));
    if (mine.length) view.dispatch(ownSuggestions(view.state.tr, mine));
    this.#tell();
  }

  /** Who suggested it; one's own of a moment ago may not be in the table yet. */
  about(id: string): Row {
    const mine = modeOf(this.#room.view.state).mine.has(id);
    return this.rows[id] ?? { author: mine ? t("suggest_you") : "", at: "", mine };
  }

  here(state: EditorState): string[] {
    return touched(state.doc, state.selection.from, state.selection.to);
  }

  /** Decides on the server, which writes down who did; null means all. True when it was done. */
  async decide(decision: Decision, ids: readonly string[] | null): Promise<boolean> {
    const key = crypto.randomUUID().slice(-12);
    const answer = this.#decide(decision, ids, key);
    this.undoing.deciding(`${decision}ed-${key}`, answer);
    const made = Boolean(await answer);
    // Whose it is and when it was decided is the table's to say; that it was decided is certain.
    if (made) await this.refresh().catch(() => undefined);
    return made;
  }

  /** The decision as its answer names it, undefined when there is none, null when nobody can say yet. */
  async #decide(decision: Decision, ids: readonly string[] | null, key: string): Promise<unknown> {
    const { connection, wire, config, say } = this.#room;
    let asked = false;
    try {
      // What was typed last must be there before it can be decided about.
      if (!(await connection.settled(5_000))) throw new TypeError("not settled");
      asked = true;
      const { status, body } = await wire.post(config.suggestionsUrl, { decision: decision === "accept" ? "accepted" : "rejected", suggestions: ids, key });
      if (status !== 200) {
        say(typeof body["error"] === "string" ? body["error"] : t("suggest_offline"));
        return status < 500 ? undefined : null;
      }
      connection.hear(Number(body["version"]));
      const count = Number(body["count"]);
      if (count === 1) say(t(decision === "accept" ? "suggest_accepted_one" : "suggest_rejected_one"));
      else say(t(decision === "accept" ? "suggest_accepted" : "suggest_rejected", { count }));
      return body["undo"];
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(t(asked ? "suggest_unanswered" : "suggest_offline"));
      return asked ? null : undefined;
    }
  }

  /** What the cursor or the selection touches. */
  async decideHere(decision: Decision): Promise<void> {
    const ids = this.here(this.#room.view.state);
    if (ids.length) await this.decide(decision, ids);
    else this.#room.say(t("suggest_none_here"));
    this.#room.view.focus();
  }

  show({ from, to }: Pick<Pending, "from" | "to">): void {
    const { view } = this.#room;
    const { doc } = view.state;
    const [start, end] = [doc.resolve(Math.min(from, doc.content.size)), doc.resolve(Math.min(to, doc.content.size))];
    view.dispatch(view.state.tr.setSelection(TextSelection.between(start, end)).scrollIntoView());
    view.focus();
  }

  /** To the next suggestion after the cursor, or the one before; round the ends. */
  step(forwards: boolean): void {
    const { view } = this.#room;
    const all = pending(view.state.doc);
    const { from, to } = view.state.selection;
    const next = forwards ? (all.find((each) => each.from >= to && each.to > to) ?? all[0]) : (all.findLast((each) => each.to <= from && each.from < from) ?? all.at(-1));
    if (next) this.show(next);
    else this.#room.say(t("suggest_none"));
  }
}
