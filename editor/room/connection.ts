/**
 * The one loop that sends and pulls. Everything that can happen to a save is decided here:
 *
 * - 200 confirms, 409 brings what was missed and the steps are rebased and sent again;
 * - no answer, 429 or 5xx: the same batch under the same key, later and later;
 * - 401: wait until the person has signed in again; 403: wait until one may write again;
 * - 410: the editor is newer (load the page again), the section is gone, or the server has an older text
 *   than this page (it was restored): each its own way out;
 * - 422 or 413: the words are handed back and the stored text is loaded.
 *
 * An answer that cannot be ours (a hotel's sign-in page says 200, too) counts as none. Whatever else
 * happens, the loop ends only with a hand-back or a sentence on screen: it never stops in silence.
 *
 * `base` is the document as the server has it at our version, kept apart from what was typed since:
 * its hash is compared with every answer, so that a divergence is noticed at once.
 */
import { collab, getVersion, sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import type { EditorState, Plugin, Transaction } from "prosemirror-state";
import { Step } from "prosemirror-transform";
import { documentHash } from "../hash.ts";
import { schema, SCHEMA_VERSION } from "../schema.ts";
import { receive } from "./rebase.ts";
import { type Found, reconcile } from "./reconcile.ts";
import type { Answer, Wire } from "./wire.ts";

export type SaveState =
  | { readonly kind: "saved" | "saving" }
  | { readonly kind: "signed-out" | "gone" | "removed"; readonly sentence: string }
  | { readonly kind: "offline"; readonly changes: number }
  | { readonly kind: "forbidden"; readonly sentence: string };

export interface Host {
  readonly state: EditorState;
  dispatch(transaction: Transaction): void;
  report(state: SaveState): void;
  /** The words since the last save cannot be stored: hand them back and load the stored text. */
  handBack(reason: "refused" | "diverged", sentence: string): void;
  /** The section is no more: nothing can be stored or loaded, only handed back. */
  removed(sentence: string): void;
  /** What a rebase could not bring together; `far` when this page had been away for long. */
  found(found: Found, far: boolean): void;
}

export interface Pending {
  readonly key: string;
  readonly version: number;
  /** JSON of the steps, exactly as they were sent the first time. */
  readonly steps: readonly unknown[];
}

interface Batch {
  steps?: unknown[];
  clients?: string[];
  version?: number;
  hash?: string;
}

const LONGEST_WAIT = 30_000;
/** Milliseconds without the server after which a person may no longer remember what they were writing on. */
export const FAR = 60_000;
/** Milliseconds from a key until it is sent: by then its letter has been painted, and nothing stands in its way. */
const PAINTED = 12;
/** Milliseconds between two looks at the server when nothing tells us to look. */
const POLL = { live: 20_000, alone: 2_500 };
/** A batch stays well below what the server takes at once. */
const MOST_STEPS = 400;

/** True when `body` is what our server says to a save or a pull, and not something in between. */
const ours = ({ body }: Answer): boolean => Number.isInteger(body["version"]);

export const collaboration = (version: number, client: string): Plugin => collab({ version, clientID: client });

export class Connection {
  live = false;
  /** Decisions about suggestions that this page has heard of, by their names: the versions they lie between. */
  readonly decisions = new Map<string, { before: number; after: number }>();
  #pending: Pending | null;
  #base: Node;
  #failures = 0;
  /** Since when the server was not heard of, in milliseconds; 0 for an earlier visit. */
  #away: number | null;
  #offline = false;
  #stopped = false;
  #wake: () => void = () => undefined;
  #woken = false;
  #known = 0;
  #askedForToken = false;
  #soon: ReturnType<typeof setTimeout> | undefined;
  readonly #host: Host;
  readonly #wire: Wire;
  readonly #url: string;
  readonly #client: string;

  constructor(host: Host, wire: Wire, url: string, client: string, base: Node, pending: Pending | null, earlier = false) {
    this.#host = host;
    this.#wire = wire;
    this.#url = url;
    this.#client = client;
    this.#base = base;
    this.#pending = pending;
    this.#away = earlier ? 0 : null;
  }

  get base(): Node {
    return this.#base;
  }

  get pending(): Pending | null {
    return this.#pending;
  }

  get version(): number {
    return getVersion(this.#host.state);
  }

  get unsaved(): number {
    return sendableSteps(this.#host.state)?.steps.length ?? 0;
  }

  /** Something was typed. Where the last try failed, the next one comes in its own time, not with every key. */
  typed(): void {
    if (this.#failures === 0) this.#soon ??= setTimeout(() => this.wake(), PAINTED);
    else if (this.#offline) this.#host.report({ kind: "offline", changes: this.unsaved });
  }

  /** There may be news, or a line again: look at once. */
  wake(): void {
    this.#notSoon();
    this.#woken = true;
    this.#wake();
  }

  #notSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
  }

  /** The server's version was heard of; look if it is news. */
  hear(version: number): void {
    this.#known = Math.max(this.#known, version);
    if (version > this.version) this.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.wake();
  }

  /** Resolves when everything typed so far is stored, or false when that cannot be had now. */
  async settled(milliseconds: number): Promise<boolean> {
    const end = Date.now() + milliseconds;
    while (this.unsaved && !this.#stopped && Date.now() < end) await new Promise((done) => setTimeout(done, 60));
    return this.unsaved === 0;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      let wait: number;
      try {
        wait = this.unsaved ? await this.#send() : await this.#pull();
      } catch (error) {
        if (this.#stopped) return;
        // No answer is a TypeError. Anything else is a fault of ours, and the stored text is the way out of it.
        if (!(error instanceof TypeError)) console.error(error);
        wait = error instanceof TypeError ? this.#later(0) : this.#diverged();
      }
      if (this.#stopped) return;
      await this.#sleep(wait);
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#woken) {
      this.#woken = false;
      return Promise.resolve();
    }
    return new Promise((done) => {
      const timer = setTimeout(() => this.#wake(), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        this.#woken = false;
        done();
      };
    });
  }

  #batch(): Pending {
    if (this.#pending) return this.#pending;
    const sendable = sendableSteps(this.#host.state)!;
    const steps = sendable.steps.slice(0, MOST_STEPS).map((step) => step.toJSON() as unknown);
    this.#pending = { key: crypto.randomUUID(), version: sendable.version, steps };
    return this.#pending;
  }

  async #send(): Promise<number> {
    this.#notSoon();
    if (this.#failures === 0) this.#host.report({ kind: "saving" });
    const batch = this.#batch();
    const answer = await this.#wire.post(this.#url, { ...batch, client: this.#client, schema: SCHEMA_VERSION });
    if (this.#stopped) return 0;
    if (answer.status === 200) {
      const stored = answer.body["version"] === batch.version + batch.steps.length;
      return stored ? this.#confirm(batch, answer.body as Batch) : this.#later(0);
    }
    if (answer.status === 409 && ours(answer)) return this.#receive(answer.body as Batch);
    return this.#refusal(answer, true);
  }

  async #pull(): Promise<number> {
    const join = this.#url.includes("?") ? "&" : "?";
    const answer = await this.#wire.get(`${this.#url}${join}since=${this.version}`);
    if (this.#stopped) return 0;
    return answer.status === 200 && ours(answer) ? this.#receive(answer.body as Batch) : this.#refusal(answer, false);
  }

  #confirm(batch: Pending, answer: Batch): number {
    const own = sendableSteps(this.#host.state)!.steps.slice(0, batch.steps.length);
    return this.#advance(own, own.map(() => this.#client), answer);
  }

  #receive(answer: Batch): number {
    const steps = (answer.steps ?? []).map((json) => Step.fromJSON(schema, typeof json === "string" ? JSON.parse(json) : json));
    answer.clients?.forEach((name, index) => {
      const after = this.version + index + 1;
      if (/^(accept|reject)ed-/.test(name)) this.decisions.set(name, { before: this.decisions.get(name)?.before ?? after - 1, after });
    });
    return this.#advance(steps, answer.clients ?? [], answer);
  }

  /** Takes steps the server has, ours or others', and compares what came of them. */
  #advance(steps: readonly Step[], clients: readonly string[], answer: Batch): number {
    this.#pending = null;
    this.#failures = 0;
    this.#offline = false;
    this.#askedForToken = false;
    if ((answer.version ?? 0) < this.version) return this.#diverged();
    const far = this.#away !== null && Date.now() - this.#away >= FAR;
    try {
      if (steps.length) this.#take(steps, clients, far);
    } catch (error) {
      if (!(error instanceof RangeError)) console.error(error);
      return this.#diverged();
    }
    const settled = this.unsaved === 0;
    const comparable = answer.version === this.version;
    if (comparable && answer.hash && answer.hash !== documentHash(this.#base)) return this.#diverged();
    if (settled && documentHash(this.#host.state.doc) !== documentHash(this.#base)) return this.#diverged();
    if (settled) this.#away = null;
    this.#host.report({ kind: settled ? "saved" : "saving" });
    if (!settled || this.#known > this.version) return 0;
    return this.live ? POLL.live : POLL.alone;
  }

  #take(steps: readonly Step[], clients: readonly string[], far: boolean): void {
    const typed = sendableSteps(this.#host.state)?.steps ?? [];
    let own = 0;
    while (own < clients.length && own < typed.length && clients[own] === this.#client) own++;
    // More of ours than this page knows (it was closed before it wrote the last down) are as if from somebody else.
    for (const step of steps.slice(0, own)) this.#base = step.apply(this.#base).doc ?? fail();
    const unsettled = typed.slice(own);
    const { transaction, takenBack } = receive(this.#host.state, this.#base, steps, own, unsettled);
    for (const step of steps.slice(own)) this.#base = step.apply(this.#base).doc ?? fail();
    this.#host.dispatch(transaction);
    if (!unsettled.length || steps.length === own) return;
    const found = reconcile(transaction, unsettled, takenBack, steps.length - own);
    if (found) this.#host.found(found, far);
  }

  #diverged(): number {
    this.#stopped = true;
    this.#host.handBack("diverged", "");
    return 0;
  }

  #later(seconds: number): number {
    this.#failures++;
    this.#away ??= Date.now();
    this.#offline = true;
    this.#host.report({ kind: "offline", changes: this.unsaved });
    const doubled = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(this.#failures - 1, 5));
    return Math.max(seconds * 1000, doubled * (0.75 + Math.random() / 2));
  }

  #refusal(answer: Answer, sending: boolean): number | Promise<number> {
    const sentence = String(answer.body["error"] ?? "");
    switch (answer.status) {
      case 401:
        this.#failures++;
        this.#offline = false;
        this.#away ??= Date.now();
        this.#host.report({ kind: "signed-out", sentence });
        return 5_000;
      case 403:
        if (sending && !this.#askedForToken) return this.#renewToken();
        this.#away ??= Date.now();
        // By the next try another person, or the same one anew, may have signed in: with a new token.
        this.#askedForToken = false;
        this.#host.report({ kind: "forbidden", sentence });
        return LONGEST_WAIT;
      case 404:
      case 410:
        return this.#gone(answer, sentence);
      case 400:
      case 413:
      case 422:
        this.#stopped = true;
        this.#host.handBack("refused", sentence);
        return 0;
      default:
        return this.#later(answer.retryAfter);
    }
  }

  #gone(answer: Answer, sentence: string): number {
    // The server had to go back to an older text (a restored backup): ours is then the stray one.
    if (answer.body["code"] === "ahead") return this.#diverged();
    this.#stopped = true;
    if (answer.body["code"] === "schema") this.#host.report({ kind: "gone", sentence: "" });
    else this.#host.removed(sentence);
    return 0;
  }

  /** A person who signed in again in another tab has another token; the pull brings it. */
  async #renewToken(): Promise<number> {
    this.#askedForToken = true;
    const answer = await this.#wire.get(`${this.#url}?since=${this.version}`);
    return answer.status === 200 || answer.status === 403 ? 0 : this.#refusal(answer, false);
  }
}

function fail(): never {
  throw new RangeError("a stored step does not fit");
}
