/** The brief's sources: what each key reads as, and the search behind `@`. */
import type { Wire } from "./wire.ts";

export interface Source {
  readonly key: string;
  readonly label: string;
  readonly title: string;
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

  #learn(sources: readonly Source[]): void {
    for (const { key, label } of sources) this.#labels.set(key, label.replace(/^\((.*)\)$/, "$1") || key);
  }

  async #ask(query: string): Promise<readonly Source[] | null> {
    const join = this.#url.includes("?") ? "&" : "?";
    try {
      const { status, body } = await this.#wire.get(`${this.#url}${join}${query}`);
      return status === 200 ? ((body["sources"] as Source[] | undefined) ?? []) : null;
    } catch {
      return null;
    }
  }

  async search(text: string): Promise<readonly Source[]> {
    const found = (await this.#ask(`q=${encodeURIComponent(text)}`)) ?? [];
    this.#learn(found);
    return found;
  }

  /** Learns what these keys read as; keys the server does not know are remembered as missing. */
  async resolve(keys: readonly string[]): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !this.#labels.has(key));
    if (!unknown.length) return;
    const found = await this.#ask(`keys=${encodeURIComponent(unknown.join(","))}`);
    if (!found) return;
    for (const key of unknown) this.#labels.set(key, "");
    this.#learn(found);
    this.#learnt();
  }
}
