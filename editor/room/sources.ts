/** The brief's sources: what each key reads as, and the search behind `@`. */
import type { Wire } from "./wire.ts";

export interface Source {
  readonly key: string;
  readonly label: string;
  readonly title: string;
  /** Who, when and where. */
  readonly facts?: string;
  /** The page that edits it. */
  readonly url?: string;
}

export interface Found {
  readonly sources: readonly Source[];
  /** How many there are in all; `sources` are the first of them. */
  readonly count: number;
}

export class Sources {
  /** "" stands for a key the brief does not have. */
  readonly #labels = new Map<string, string>();
  readonly #wire: Wire;
  readonly #url: string;
  #learnt: () => void = () => undefined;

  constructor(wire: Wire, url: string) {
    this.#wire = wire;
    this.#url = url;
  }

  onLearnt(learnt: () => void): void {
    this.#learnt = learnt;
  }

  label(key: string): string | undefined {
    return this.#labels.get(key);
  }

  /** Remembers what was just added. */
  learn(sources: readonly Source[]): void {
    this.#learn(sources);
    this.#learnt();
  }

  #learn(sources: readonly Source[]): void {
    for (const { key, label } of sources) this.#labels.set(key, label.replace(/^\((.*)\)$/, "$1") || key);
  }

  async #ask(query: string): Promise<Found | null> {
    const join = this.#url.includes("?") ? "&" : "?";
    try {
      const { status, body } = await this.#wire.get(`${this.#url}${join}${query}`);
      const sources = (body["sources"] as Source[] | undefined) ?? [];
      return status === 200 ? { sources, count: Number(body["count"] ?? sources.length) } : null;
    } catch {
      return null;
    }
  }

  /** The first of those in whose record every word occurs. */
  async find(text: string): Promise<Found> {
    const found = (await this.#ask(`q=${encodeURIComponent(text)}`)) ?? { sources: [], count: 0 };
    this.#learn(found.sources);
    return found;
  }

  async search(text: string): Promise<readonly Source[]> {
    return (await this.find(text)).sources;
  }

  /** The records of these keys, as far as the brief has them. */
  async known(keys: readonly string[]): Promise<readonly Source[]> {
    if (!keys.length) return [];
    return (await this.#ask(`keys=${encodeURIComponent(keys.join(","))}`))?.sources ?? [];
  }

  /** Learns what these keys read as; keys the server does not know are remembered as missing. */
  async resolve(keys: readonly string[]): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !this.#labels.has(key));
    if (!unknown.length) return;
    const found = await this.#ask(`keys=${encodeURIComponent(unknown.join(","))}`);
    if (!found) return;
    for (const key of unknown) this.#labels.set(key, "");
    this.#learn(found.sources);
    this.#learnt();
  }
}
