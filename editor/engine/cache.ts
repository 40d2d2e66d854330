/**
 * The parsed documents used last. Sections are let go as wholes, the one used longest ago first; of each
 * the versions used last are kept, so that a section in which much is typed takes no other's place.
 */
import type { Node } from "prosemirror-model";

export class Cache {
  /** By section, then version; both in the order of use. Versions share most of their nodes. */
  readonly #sections = new Map<string, Map<number, Node>>();
  readonly #mostSections: number;
  readonly #mostVersions: number;

  constructor(mostSections: number, mostVersions: number) {
    this.#mostSections = mostSections;
    this.#mostVersions = mostVersions;
  }

  get(section: string, version: number): Node | undefined {
    const doc = this.#sections.get(section)?.get(version);
    if (doc) this.set(section, version, doc);
    return doc;
  }

  set(section: string, version: number, doc: Node): void {
    const versions = this.#sections.get(section) ?? new Map<number, Node>();
    this.#sections.delete(section);
    this.#sections.set(section, versions);
    versions.delete(version);
    versions.set(version, doc);
    drop(versions, this.#mostVersions);
    drop(this.#sections, this.#mostSections);
  }

  forget(section: string, after: number): void {
    const versions = this.#sections.get(section);
    for (const version of [...(versions?.keys() ?? [])]) if (version > after) versions!.delete(version);
    if (versions?.size === 0) this.#sections.delete(section);
  }
}

function drop<Key>(entries: Map<Key, unknown>, most: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(oldest);
  }
}
