/** The parsed documents used last, by section and version; versions share most of their nodes. */
import type { Node } from "prosemirror-model";

export class Cache {
  readonly #entries = new Map<string, Node>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(section: string, version: number): Node | undefined {
    const key = `${section}@${version}`;
    const doc = this.#entries.get(key);
    if (doc) {
      this.#entries.delete(key);
      this.#entries.set(key, doc);
    }
    return doc;
  }

  set(section: string, version: number, doc: Node): void {
    const key = `${section}@${version}`;
    this.#entries.delete(key);
    this.#entries.set(key, doc);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
    }
  }

  forget(section: string, after: number): void {
    for (const key of [...this.#entries.keys()]) {
      const at = key.lastIndexOf("@");
      if (key.slice(0, at) === section && Number(key.slice(at + 1)) > after) this.#entries.delete(key);
    }
  }
}
