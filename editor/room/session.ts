/**
 * One person writing in one section: the state on screen, the loop that saves it, and what the device
 * keeps until that is done. Knows no page: the writing room shows it, and the simulation of many writers
 * (editor/simulation/) runs the very same code without a browser.
 */
import { sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import { EditorState, type Plugin, type Transaction } from "prosemirror-state";
import { Connection, type Host, type SaveState } from "./connection.ts";
import type { Keeping, Reason, Rescued } from "./keep.ts";
import { CannotOpen, type Opened, openSection, takenUp } from "./open.ts";
import type { Both, Found } from "./reconcile.ts";
import { unsavedWords, wordsOf } from "./unsaved.ts";
import type { Wire } from "./wire.ts";

/** How long after a keystroke the device writes down what is not saved yet, in milliseconds. */
const KEEP_AFTER = 250;
/** While the line is up a save is the rule: only what waits longer than this is written down in between. */
const KEEP_WITHIN = 2_000;
const LONGEST_WAIT = 30_000;

export interface Surface {
  readonly state: EditorState;
  show(state: EditorState): void;
  plugins(opened: Opened): Plugin[];
  report(state: SaveState, kept: boolean): void;
  /** Shows words until the person has seen to them; then `seen` is to be called with their id. */
  offer(rescued: Rescued): void;
  say(reason: Reason, sentence: string): void;
}

export interface Places {
  readonly documentUrl: string;
  readonly stepsUrl: string;
  readonly canEdit: boolean;
}

function cannotOpen(error: CannotOpen | TypeError): SaveState {
  const status = error instanceof CannotOpen ? error.status : 0;
  if (status === 404) return { kind: "removed", sentence: error.message };
  if (status === 410) return { kind: "gone", sentence: "" };
  if (status === 401) return { kind: "signed-out", sentence: error.message };
  return status === 403 ? { kind: "forbidden", sentence: error.message } : { kind: "offline", changes: 0 };
}

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** A document's JSON is written once, however often the device keeps what was typed on top of it. */
const bases = new WeakMap<Node, string>();
function baseText(base: Node): string {
  const known = bases.get(base) ?? JSON.stringify(base.toJSON());
  bases.set(base, known);
  return known;
}

export class Session implements Host {
  /** False when the device could not write down what is not saved: then only this page has it. */
  kept: boolean;
  /** The section is no more: nothing that is typed now could go anywhere. */
  over = false;
  connection: Connection;
  readonly #surface: Surface;
  readonly #wire: Wire;
  readonly #places: Places;
  readonly #keeper: Keeping | null;
  #client = "";
  #shown: SaveState = { kind: "saving" };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest = 0;
  #handBacks = 0;
  /** Whether the device may hold pages of this section that were closed. */
  #waiting = true;
  #writing = 0;
  #another: Opened | null = null;
  #live = false;

  constructor(surface: Surface, wire: Wire, places: Places, keeper: Keeping | null) {
    this.#surface = surface;
    this.#wire = wire;
    this.#places = places;
    this.#keeper = keeper;
    this.kept = keeper !== null;
    this.connection = undefined as never;
  }

  get state(): EditorState {
    return this.#surface.state;
  }

  /** The text must come, sooner or later: a page opened in a tunnel waits for the light. */
  async open(): Promise<Opened> {
    for (let tries = 0; ; tries++) {
      try {
        return await openSection(this.#wire, this.#places.documentUrl, this.#places.canEdit ? this.#keeper : null);
      } catch (error) {
        if (!(error instanceof CannotOpen || error instanceof TypeError)) throw error;
        const state = cannotOpen(error);
        this.report(state);
        // Waiting will not bring this page its text; the sentence on screen says what will.
        if (["gone", "removed", "forbidden"].includes(state.kind)) await new Promise(() => undefined);
        await wait(Math.min(LONGEST_WAIT, 1000 * 2 ** tries));
      }
    }
  }

  /** The state to put on screen: the stored text, with what an earlier visit typed on top. */
  begin(opened: Opened): { state: EditorState; lost: string } {
    const fresh = EditorState.create({ doc: opened.base, plugins: this.#surface.plugins(opened) });
    let state = fresh;
    try {
      const tr = state.tr;
      for (const step of opened.steps) tr.step(step);
      if (tr.docChanged) state = state.applyTransaction(tr).state;
    } catch {
      // What was kept does not fit what was kept beside it: the words are all that is left.
    }
    if (!opened.steps.length) return { state, lost: opened.words };
    return sendableSteps(state) ? { state, lost: "" } : { state: fresh, lost: opened.words || wordsOf(opened.steps) };
  }

  /** Saves from now on; `begin`'s state is on screen. */
  connect(opened: Opened, lost: string): void {
    const earlier = opened.steps.length > 0;
    this.#client = opened.client;
    this.connection?.stop();
    this.connection = new Connection(this, this.#wire, this.#places.stepsUrl, opened.client, opened.base, opened.pending, earlier);
    this.connection.live = this.#live;
    if (lost) void this.#rescue("misfit", "", lost).then(() => this.#keeper?.forget(opened.record));
    else if (opened.record && opened.record !== opened.client) void this.#keeper?.forget(opened.record);
    void this.connection.run();
  }

  /** What earlier visits could not place, and the person has not seen to yet. */
  async offerKept(): Promise<void> {
    for (const rescued of (await this.#keeper?.rescued().catch(() => [])) ?? []) this.#surface.offer(rescued);
    if (this.#places.canEdit || !this.#keeper) return;
    // Nobody may write here now, but what was typed when one could is not hidden away.
    const kept = await this.#keeper.takeUp().catch(() => null);
    if (kept?.words) this.#surface.offer({ id: kept.client, reason: "read-only", sentence: "", words: kept.words, both: [], at: kept.at });
  }

  /** The person has seen to these words. */
  seen(id: string): void {
    void this.#keeper?.forget(id);
  }

  set live(live: boolean) {
    this.#live = live;
    if (this.connection) this.connection.live = live;
  }

  dispatch(transaction: Transaction): void {
    const { state, transactions } = this.state.applyTransaction(transaction);
    this.#surface.show(state);
    if (!transactions.some(({ docChanged }) => docChanged) || !sendableSteps(state)) return;
    // At once, not when the loop comes round to it: "Saved" is never shown over unsaved words.
    if (this.#shown.kind === "saved") this.report({ kind: "saving" });
    this.connection?.typed();
    this.#keepSoon();
  }

  report(state: SaveState): void {
    this.#shown = state;
    // "Kept on this device" is said once the device has it: keepNow() reports, after at most KEEP_AFTER.
    if (state.kind === "offline" && this.kept && !this.safe) return;
    this.#surface.report(state, this.kept);
    if (state.kind !== "saved") return;
    this.#handBacks = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#keeper?.forget(this.#client).then(() => this.#next());
  }

  /** Another page of this section was closed with words in it: they come once ours are saved. */
  async #next(): Promise<void> {
    if (!this.#waiting || !this.#places.canEdit || !this.#keeper) return;
    if (!this.#another) {
      const kept = await this.#keeper.takeUp().catch(() => null);
      this.#waiting = kept !== null;
      if (kept) this.#another = takenUp(kept);
    }
    if (!this.#another || this.connection.unsaved || this.#shown.kind !== "saved") return;
    const another = this.#another;
    this.#another = null;
    this.#restart(another);
  }

  #restart(opened: Opened): void {
    const { state, lost } = this.begin(opened);
    this.#surface.show(state);
    this.connect(opened, lost);
  }

  #keepSoon(): void {
    const now = Date.now();
    if (this.#timer === undefined) this.#latest = now + (this.#shown.kind === "saving" ? KEEP_WITHIN : KEEP_AFTER);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keepNow(), Math.max(0, Math.min(KEEP_AFTER, this.#latest - now)));
  }

  /** True when the page may be closed at this very moment without losing a word. */
  get safe(): boolean {
    return !this.connection?.unsaved || (this.kept && this.#timer === undefined && this.#writing === 0);
  }

  /** Writes down what is not saved; true when nothing of it depends on this page any more. */
  async keepNow(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // The words are kept otherwise by now. Were their steps kept, too, both would come when the section is brought back.
    if (this.over) return true;
    const sendable = sendableSteps(this.state);
    if (!sendable || !this.connection) return true;
    this.#writing++;
    const kept = await (this.#keeper?.keep({
      client: this.#client,
      version: sendable.version,
      base: baseText(this.connection.base),
      steps: sendable.steps.map((step) => step.toJSON() as unknown),
      pending: this.connection.pending,
      words: unsavedWords(this.state),
      at: Date.now(),
    }) ?? Promise.resolve(false));
    this.#writing--;
    const news = kept !== this.kept;
    this.kept = kept;
    if (this.#shown.kind === "offline") this.#surface.report({ kind: "offline", changes: sendable.steps.length }, kept);
    else if (news && this.#shown.kind !== "saved") this.report(this.#shown);
    return kept;
  }

  /** Offers words back, and keeps them on the device until the person has seen to them. */
  async #rescue(reason: Reason, sentence: string, words: string, both: readonly Both[] = []): Promise<void> {
    const rescued = { id: crypto.randomUUID(), reason, sentence, words, both, at: Date.now() };
    const written = this.#keeper?.keepWords(rescued);
    this.#surface.offer(rescued);
    await written;
  }

  found({ mine, theirs, both }: Found, far: boolean): void {
    if (mine) void this.#rescue("place-gone", "", mine);
    if (theirs) void this.#rescue("deleted-unseen", "", theirs);
    // Of a paragraph that is gone the words are offered back already, when there are any.
    const compared = both.filter((each) => each.theirs !== null || !mine.includes(each.mine.trim()));
    if (far && compared.length) void this.#rescue("both", "", "", compared);
  }

  removed(sentence: string): void {
    const words = unsavedWords(this.state);
    this.over = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#surface.show(this.state);
    this.report({ kind: "removed", sentence });
    if (words) void this.#rescue("removed", sentence, words).then(() => this.#keeper?.forget(this.#client));
  }

  /** The stored text is loaded again; what could not be stored is offered back beside it. */
  handBack(reason: "refused" | "diverged", sentence: string): void {
    void this.#loadAgain(reason, sentence);
  }

  async #loadAgain(reason: "refused" | "diverged", sentence: string): Promise<void> {
    const refused = this.#client;
    if (this.#handBacks++) await wait(Math.min(LONGEST_WAIT, 500 * 2 ** this.#handBacks));
    const opened = await this.open();
    // Only now: who went on typing while the text was on its way loses none of that either.
    const words = unsavedWords(this.state);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#restart(opened);
    if (words) await this.#rescue(reason, sentence, words);
    else this.#surface.say(reason, sentence);
    // Forgotten only once the words are kept otherwise.
    await this.#keeper?.forget(refused);
  }
}
