/**
 * The server of one section: the engine's own code, behind the answers of brief/steps.py. The same stories
 * are told to the real server by `bench/faults/convergence.py`, through `Remote`.
 */
import type { Node } from "prosemirror-model";
import { call } from "../engine/index.ts";
import { SCHEMA_VERSION } from "../schema.ts";

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: Record<string, unknown> | null;
  readonly user: string;
}

export interface Server {
  answer(asked: Asked): Promise<Reply>;
  /** Today's text with its hash, as a stranger to the story would get it. */
  stored(): Promise<{ doc: unknown; hash: string; version: number }>;
}

interface Stored {
  readonly step: string;
  readonly client: string;
  readonly key: string;
}

let sections = 0;

export class Authority implements Server {
  hash: string;
  readonly stored_: Stored[] = [];
  /** Who hears that there is a new version. */
  readonly listeners = new Set<(version: number) => void>();
  readonly #section = `simulated-${++sections}`;
  readonly #start: string;

  constructor(start: Node) {
    this.#start = JSON.stringify(start.toJSON());
    this.hash = call("load", [this.#section, 0, this.#start]).slice(1);
  }

  get version(): number {
    return this.stored_.length;
  }

  async answer({ method, url, body }: Asked): Promise<Reply> {
    if (url.startsWith("/document")) {
      const { doc, hash, version } = await this.stored();
      return { status: 200, body: { version, hash, schema: SCHEMA_VERSION, doc } };
    }
    if (method === "POST") return this.#submit(body as never);
    return { status: 200, body: this.#since(Number(new URL(url, "http://x").searchParams.get("since"))) };
  }

  async stored(): Promise<{ doc: unknown; hash: string; version: number }> {
    return { doc: JSON.parse(this.#engine("text", [])) as unknown, hash: this.hash, version: this.version };
  }

  /** The process that had the text in mind is gone; the next one reads what was stored. */
  restart(): void {
    call("forget", [this.#section, -1]);
  }

  #engine(name: string, more: unknown[]): string {
    const ask = (): string => call(name, [this.#section, this.version, ...more]);
    let told = ask();
    if (told === "?") {
      const text = call("replay", [this.#start, JSON.stringify(this.stored_.map(({ step }) => step))]).slice(1);
      call("load", [this.#section, this.version, text]);
      told = ask();
    }
    if (!told.startsWith("=")) throw new Refused(told);
    return told.slice(1);
  }

  #since(version: number): Record<string, unknown> {
    const missed = this.stored_.slice(version);
    return { version: this.version, hash: this.hash, steps: missed.map(({ step }) => JSON.parse(step) as unknown), clients: missed.map(({ client }) => client) };
  }

  #submit(sent: { version: number; client: string; key: string; schema: number; steps: unknown[] }): Reply {
    const { version, client, key, steps } = sent;
    const used = this.stored_.findIndex((each) => each.key === key && each.client === client);
    if (used >= 0) {
      const last = this.stored_.findLastIndex((each) => each.key === key && each.client === client) + 1;
      if (used !== version || last !== version + steps.length) return refused("used", "This was sent under the mark of something else.");
      return { status: 200, body: { version: last, hash: last === this.version ? this.hash : "" } };
    }
    if (sent.schema !== SCHEMA_VERSION) return { status: 410, body: { error: "", code: "schema" } };
    if (version > this.version) return { status: 410, body: { error: "", code: "ahead" } };
    if (version < this.version) return { status: 409, body: this.#since(version) };
    try {
      const applied = JSON.parse(this.#engine("apply", [JSON.stringify(steps)])) as { hash: string; steps: string[] };
      this.hash = applied.hash;
      for (const step of applied.steps) this.stored_.push({ step, client, key });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, sentence } = JSON.parse(error.message.slice(1)) as { code: string; sentence: string };
      return refused(code, sentence);
    }
    for (const hear of this.listeners) hear(this.version);
    return { status: 200, body: { version: this.version, hash: this.hash } };
  }
}

class Refused extends Error {}

const refused = (code: string, error: string): Reply => ({ status: 422, body: { code, error } });
