/** Undo in the order in which things were done: what one typed, and what one decided about suggestions. */
import { closeHistory, undo, undoDepth } from "prosemirror-history";
import type { EditorState } from "prosemirror-state";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";

/** One decision of this person since the page was opened; `typed`: how much could be undone when it was made. */
interface Made {
  readonly undo: unknown;
  readonly typed: number;
}

export class Undoing {
  readonly #room: Room;
  readonly #refresh: () => Promise<void>;
  readonly #made: Made[] = [];
  #busy = false;
  #answer: Promise<unknown> | null = null;

  constructor(room: Room, refresh: () => Promise<void>) {
    this.#room = room;
    this.#refresh = refresh;
  }

  /** A decision that is not answered yet: its words may be gone from the text before, and undoing it waits for it. */
  awaits(answer: Promise<unknown>): void {
    const over = (): void => void (this.#answer === answer && (this.#answer = null));
    this.#answer = answer;
    answer.then(over, over);
  }

  /** The server's answer to a decision names it; what is typed from now on is undone before it. */
  decided(decision: unknown): void {
    const { view } = this.#room;
    this.#made.push({ undo: decision, typed: undoDepth(view.state) });
    view.dispatch(closeHistory(view.state.tr));
  }

  can(state: EditorState): boolean {
    return this.#made.length > 0 || undo(state);
  }

  run(): void {
    if (this.#answer) return void this.#answer.then(() => this.run());
    const { view } = this.#room;
    const last = this.#made.at(-1);
    if (last && undoDepth(view.state) <= last.typed) void this.#takeBack(last);
    else undo(view.state, view.dispatch);
    view.focus();
  }

  async #takeBack(last: Made): Promise<void> {
    const { connection, wire, config, say } = this.#room;
    if (this.#busy) return;
    this.#busy = true;
    try {
      // What was typed last may stand where it comes back.
      if (!(await connection.settled(5_000))) throw new TypeError("not settled");
      const { status, body } = await wire.post(config.suggestionsUrl, { undo: last.undo });
      // Refused, it is not asked again: the next time undoes what was done before.
      if (status < 500) this.#made.splice(this.#made.indexOf(last), 1);
      if (status !== 200) return say(typeof body["error"] === "string" ? body["error"] : t("suggest_offline"));
      connection.hear(Number(body["version"]));
      const count = Number(body["count"]);
      say(count === 1 ? t("suggest_back_one") : t("suggest_back", { count }));
      await this.#refresh();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(t("suggest_offline"));
    } finally {
      this.#busy = false;
    }
  }
}
