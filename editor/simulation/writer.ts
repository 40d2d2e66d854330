/** One open page: the real session, the real editor's plugins, and a random hand on the keyboard. */
import { Slice } from "prosemirror-model";
import type { EditorState, Plugin, Transaction } from "prosemirror-state";
import { documentHash } from "../hash.ts";
import type { Config } from "../room/config.ts";
import type { SaveState } from "../room/connection.ts";
import type { Rescued } from "../room/keep.ts";
import { Refusal } from "../refusal.ts";
import { plugins } from "../room/plugins.ts";
import type { Room } from "../room/room.ts";
import { Session, type Surface } from "../room/session.ts";
import { Wire } from "../room/wire.ts";
import { asSuggestion } from "../suggesting/change.ts";
import { modeOf, suggesting, switchMode } from "../suggesting/mode.ts";
import { change, type Hand } from "./changes.ts";
import type { Device } from "./device.ts";
import type { Line } from "./line.ts";
import type { Luck } from "./luck.ts";
import type { Words } from "./words.ts";

const CONFIG = {
  ...{ section: "s", documentUrl: "/document", stepsUrl: "/steps", canEdit: true, language: "en", sharedDevice: false },
  ...{ firstNumber: 1, firstFootnote: 1, firstSeries: {}, targets: [], anchors: [] },
} as unknown as Config;

export class Writer implements Surface, Hand {
  readonly name: string;
  readonly luck: Luck;
  readonly words: Words;
  readonly line: Line;
  readonly session: Session;
  copied: Slice = Slice.empty;
  reported: SaveState["kind"] | "" = "";
  /** Times that a hand-back was needed, by reason. */
  readonly handed = new Map<string, number>();
  readonly kinds = new Map<string, number>();
  #state: EditorState | null = null;
  readonly #room: Room;

  constructor(name: string, luck: Luck, words: Words, line: Line, device: Device) {
    this.name = name;
    this.luck = luck;
    this.words = words;
    this.line = line;
    const wire = new Wire("token", name);
    const keeper = device.page(name);
    this.session = new Session(this, wire, CONFIG, keeper);
    const mode = { plugin: () => suggesting({ on: false, mine: [] }) };
    this.#room = { config: { ...CONFIG, user: name }, wire, sources: { label: () => "" }, say: () => undefined, suggesting: mode } as unknown as Room;
  }

  async open(): Promise<void> {
    const opened = await this.session.open();
    const { state, lost } = this.session.begin(opened);
    this.#state = state;
    this.session.connect(opened, lost);
    await this.session.offerKept();
  }

  get here(): boolean {
    return this.#state !== null;
  }

  get state(): EditorState {
    return this.#state!;
  }

  get settled(): boolean {
    return this.here && this.reported === "saved" && this.session.connection.unsaved === 0;
  }

  get hash(): string {
    return documentHash(this.state.doc);
  }

  readonly dispatch = (transaction: Transaction): Transaction => {
    try {
      const made = asSuggestion(this.state, transaction);
      this.session.dispatch(made);
      return made;
    } catch (error) {
      // What cannot be suggested truly is not done: a sentence in the writing room, nothing here.
      if (!(error instanceof Refusal)) throw error;
      return transaction;
    }
  };

  show(state: EditorState): void {
    this.#state = state;
  }

  plugins(opened: { version: number; client: string }): Plugin[] {
    return plugins(this.#room, opened as never, () => undefined, () => undefined);
  }

  report(state: SaveState): void {
    this.reported = state.kind;
  }

  offer(rescued: Rescued): void {
    // What an earlier visit kept is offered again by the next.
    if (!this.words.offers.has(rescued.id)) this.handed.set(rescued.reason, (this.handed.get(rescued.reason) ?? 0) + 1);
    this.words.offers.add(rescued.id);
    for (const { mine, theirs } of rescued.both) this.words.offer(`${mine} ${theirs ?? ""}`);
    this.words.offer(rescued.words);
  }

  say(reason: string): void {
    this.handed.set(reason, (this.handed.get(reason) ?? 0) + 1);
  }

  act(): void {
    if (!this.here) return;
    if (this.luck.often(0.1)) this.session.dispatch(switchMode(this.state.tr, !modeOf(this.state).on));
    const kind = change(this);
    if (kind) this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }
}
