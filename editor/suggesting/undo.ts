/** Undo in the order in which things were done: what one typed, and what one decided about suggestions. */
import { closeHistory, undo, undoDepth } from "prosemirror-history";
import type { EditorState } from "prosemirror-state";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";

/** One decision of this person since the page was opened; `typed`: how much could be undone when it was made. */
interface Made {
  readonly name: string;
  readonly order: number;
  readonly typed: number;
  /** Until the server has answered: true when the decision was made, or may have been. */
  answer: Promise<boolean> | null;
  undo: unknown;
}

export class Undoing {
  readonly #room: Room;
  readonly #refresh: () => Promise<void>;
  #made: readonly Made[] = [];
  #count = 0;
  /** One after the other: a decision is taken back when those after it are. */
  #last: Promise<void> = Promise.resolve();

  constructor(room: Room, refresh: () => Promise<void>) {
    this.#room = room;
    this.#refresh = refresh;
  }

  /**
   * A decision under way, undone from now on, whether its answer comes before or after its steps, late or never: the
   * answer names it, or else its steps do, which bear its name. What is typed from now on is undone before it.
   */
  deciding(name: string, answer: Promise<unknown>): void {
    const { view } = this.#room;
    const made: Made = { name, order: ++this.#count, typed: undoDepth(view.state), answer: null, undo: null };
    const over = (named: unknown): boolean => {
      made.answer = null;
      made.undo = named;
      // Undefined: no decision, and none that could still turn up.
      this.#keep(this.#made.filter((each) => each !== made || named !== undefined));
      return named !== undefined;
    };
    made.answer = answer.then(over, () => over(undefined));
    this.#made = [...this.#made, made];
    view.dispatch(closeHistory(view.state.tr));
  }

  can(state: EditorState): boolean {
    return this.#standing().length > 0 || undo(state);
  }

  run(): void {
    const { view } = this.#room;
    const last = this.#standing().at(-1);
    if (last && undoDepth(view.state) <= last.typed) {
      this.#keep(this.#made.filter((each) => each !== last));
      // A failure has said so: the next one has its turn all the same.
      this.#last = this.#last.then(() => this.#takeBack(last));
    } else undo(view.state, view.dispatch);
    view.focus();
  }

  #standing(): Made[] {
    return this.#made.filter((made) => made.answer || this.#named(made));
  }

  #named({ undo: told, name }: Made): unknown {
    return told ?? this.#room.connection.decisions.get(name);
  }

  #keep(made: readonly Made[]): void {
    this.#made = made;
    // The buttons follow the text, which stays as it is.
    const { view } = this.#room;
    view.dispatch(view.state.tr);
  }

  async #takeBack(made: Made): Promise<void> {
    const { connection, wire, config, say } = this.#room;
    if (made.answer && !(await made.answer)) return;
    try {
      // What was typed last may stand where it comes back.
      if (!(await connection.settled(5_000))) throw new TypeError("not settled");
      const named = this.#named(made);
      if (!named) throw new TypeError("not heard of");
      const { status, body } = await wire.post(config.suggestionsUrl, { undo: named });
      // Refused, it is not asked again: the next time undoes what was done before.
      if (status >= 500) this.#again(made);
      if (status !== 200) return say(typeof body["error"] === "string" ? body["error"] : t("suggest_offline"));
      connection.hear(Number(body["version"]));
      const count = Number(body["count"]);
      say(count === 1 ? t("suggest_back_one") : t("suggest_back", { count }));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#again(made);
      return say(t("suggest_offline"));
    }
    await this.#refresh().catch(() => undefined);
  }

  /** It could not be taken back now, and stands where it stood. */
  #again(made: Made): void {
    this.#keep([...this.#made, made].sort((one, other) => one.order - other.order));
  }
}
