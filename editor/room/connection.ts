/**
 * The one loop that sends and pulls. Everything that can happen to a save is decided here:
 *
 * - 200 confirms, 409 brings what was missed and the steps are rebased and sent again;
 * - no answer, 429 or 5xx: the same batch under the same key, later and later;
 * - 401: wait until the person has signed in again; 403: stop saving; 410: the page is out of date;
 * - 422 or 413: the words are handed back and the stored text is loaded.
 *
 * `base` is the document as the server has it at our version, kept apart from what was typed since:
 * its hash is compared with every answer, so that a divergence is noticed at once.
 */
import { collab, getVersion, receiveTransaction, sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import type { EditorState, Plugin, Transaction } from "prosemirror-state";
import { Step } from "prosemirror-transform";
import { documentHash } from "../hash.ts";
import { schema, SCHEMA_VERSION } from "../schema.ts";
import type { Answer, Wire } from "./wire.ts";

export type SaveState =
  | { readonly kind: "saved" | "saving" | "signed-out" | "gone" }
  | { readonly kind: "offline"; readonly changes: number }
  | { readonly kind: "forbidden"; readonly sentence: string };

export interface Host {
  readonly state: EditorState;
  dispatch(transaction: Transaction): void;
  report(state: SaveState): void;
  /** The words since the last save cannot be stored: hand them back and load the stored text. */
  handBack(reason: "refused" | "diverged", sentence: string): void;
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
/** Milliseconds between two looks at the server when nothing tells us to look. */
const POLL = { live: 20_000, alone: 2_500 };
/** A batch stays well below what the server takes at once. */
const MOST_STEPS = 400;

export const collaboration = (version: number, client: string): Plugin => collab({ version, clientID: client });

export class Connection {
  live = false;
  #pending: Pending | null;
  #base: Node;
  #failures = 0;
  #stopped = false;
  #wake: () => void = () => undefined;
  #woken = false;
  #known = 0;
  #askedForToken = false;
  readonly #host: Host;
  readonly #wire: Wire;
  readonly #url: string;
  readonly #client: string;

  constructor(host: Host, wire: Wire, url: string, client: string, base: Node, pending: Pending | null) {
    this.#host = host;
    this.#wire = wire;
    this.#url = url;
    this.#client = client;
    this.#base = base;
    this.#pending = pending;
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

  /** Something was typed, or there may be news: look at once. */
  wake(): void {
    this.#woken = true;
    this.#wake();
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
        if (!(error instanceof TypeError)) throw error;
        wait = this.#later(0);
      }
      if (this.#stopped) return;
      await this.#sleep(wait);
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#woken && this.#failures === 0) {
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
    if (this.#failures === 0) this.#host.report({ kind: "saving" });
    const batch = this.#batch();
    const answer = await this.#wire.post(this.#url, { ...batch, client: this.#client, schema: SCHEMA_VERSION });
    if (answer.status === 200) return this.#confirm(batch, answer.body as Batch);
    if (answer.status === 409) {
      this.#pending = null;
      return this.#receive(answer.body as Batch);
    }
    return this.#refusal(answer, true);
  }

  async #pull(): Promise<number> {
    const join = this.#url.includes("?") ? "&" : "?";
    const answer = await this.#wire.get(`${this.#url}${join}since=${this.version}`);
    return answer.status === 200 ? this.#receive(answer.body as Batch) : this.#refusal(answer, false);
  }

  #confirm(batch: Pending, answer: Batch): number {
    const own = sendableSteps(this.#host.state)!.steps.slice(0, batch.steps.length);
    return this.#advance(own, own.map(() => this.#client), answer);
  }

  #receive(answer: Batch): number {
    const steps = (answer.steps ?? []).map((json) => Step.fromJSON(schema, typeof json === "string" ? JSON.parse(json) : json));
    return this.#advance(steps, answer.clients ?? [], answer);
  }

  /** Takes steps the server has, ours or others', and compares what came of them. */
  #advance(steps: readonly Step[], clients: readonly string[], answer: Batch): number {
    this.#pending = null;
    this.#failures = 0;
    this.#askedForToken = false;
    try {
      for (const step of steps) this.#base = step.apply(this.#base).doc ?? fail();
      if (steps.length) {
        this.#host.dispatch(receiveTransaction(this.#host.state, steps, clients, { mapSelectionBackward: true }));
      }
    } catch {
      return this.#diverged();
    }
    const settled = this.unsaved === 0;
    const comparable = answer.version === this.version;
    if (comparable && answer.hash && answer.hash !== documentHash(this.#base)) return this.#diverged();
    if (settled && documentHash(this.#host.state.doc) !== documentHash(this.#base)) return this.#diverged();
    this.#host.report({ kind: settled ? "saved" : "saving" });
    if (!settled || this.#known > this.version) return 0;
    return this.live ? POLL.live : POLL.alone;
  }

  #diverged(): number {
    this.#stopped = true;
    this.#host.handBack("diverged", "");
    return 0;
  }

  #later(seconds: number): number {
    this.#failures++;
    this.#host.report({ kind: "offline", changes: this.unsaved });
    const doubled = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(this.#failures - 1, 5));
    return Math.max(seconds * 1000, doubled * (0.75 + Math.random() / 2));
  }

  #refusal(answer: Answer, sending: boolean): number | Promise<number> {
    const sentence = String(answer.body["error"] ?? "");
    switch (answer.status) {
      case 401:
        this.#failures++;
        this.#host.report({ kind: "signed-out" });
        return 5_000;
      case 403:
        if (sending && !this.#askedForToken) return this.#renewToken();
        this.#host.report({ kind: "forbidden", sentence });
        return LONGEST_WAIT;
      case 404:
      case 410:
        this.#stopped = true;
        this.#host.report({ kind: "gone" });
        return 0;
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
