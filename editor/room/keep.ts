/**
 * What was typed and is not saved yet, kept on this device until it is: encrypted with a key that
 * cannot be taken out of this browser. There are two kinds of records: the steps of an open page,
 * removed as soon as the server has everything and taken up by the next visit when the page was closed
 * before; and words that fit nowhere any more, removed when the person has seen to them.
 */
import type { Pending } from "./connection.ts";
import { deviceKey, done, open, RECORDS, records, seal, type Sealed, unseal } from "./device.ts";
import type { Both } from "./reconcile.ts";

export interface Kept {
  readonly client: string;
  readonly version: number;
  /** JSON of the document as the server had it at `version`. */
  readonly base: string;
  readonly steps: readonly unknown[];
  readonly pending: Pending | null;
  /** The same as plain text, for the day when the steps no longer fit. */
  readonly words: string;
  readonly at: number;
}

/** Why words are handed back to the person. */
export type Reason = "refused" | "diverged" | "removed" | "misfit" | "place-gone" | "deleted-unseen" | "both" | "read-only";

/** Words only the person can place, shown until they have seen to them. */
export interface Rescued {
  readonly id: string;
  readonly reason: Reason;
  readonly sentence: string;
  readonly words: string;
  readonly both: readonly Both[];
  readonly at: number;
}

/** Where words belong, for the list of what this device keeps. */
export interface Place {
  readonly href: string;
  readonly title: string;
}

/** What a session asks of the device. Promises are false when the device could not do it. */
export interface Keeping {
  /** The steps of a page that was closed before everything was saved. */
  takeUp(): Promise<Kept | null>;
  rescued(): Promise<Rescued[]>;
  claim(client: string): Promise<boolean>;
  keep(kept: Kept): Promise<boolean>;
  keepWords(rescued: Rescued): Promise<boolean>;
  forget(id: string): Promise<boolean>;
}

/** True when this page may speak for the client; the lock lasts as long as the page. */
async function claim(client: string): Promise<boolean> {
  if (!("locks" in navigator)) return true;
  return new Promise((resolve) => {
    void navigator.locks.request(`writing-${client}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => undefined) : undefined;
    });
  });
}

export class Keeper implements Keeping {
  readonly #room: string;
  readonly #place: Place;
  readonly #database: IDBDatabase;
  readonly #key: CryptoKey;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(room: string, place: Place, database: IDBDatabase, key: CryptoKey) {
    this.#room = room;
    this.#place = place;
    this.#database = database;
    this.#key = key;
  }

  /** Null where the browser cannot keep anything safely (no storage, or no secure connection). */
  static async open(room: string, place: Place): Promise<Keeper | null> {
    try {
      const database = await open();
      return new Keeper(room, place, database, await deviceKey(database));
    } catch {
      return null;
    }
  }

  #store(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(RECORDS, mode).objectStore(RECORDS);
  }

  async takeUp(): Promise<Kept | null> {
    for (const kept of await this.#unsealed<Kept>("steps")) if (await claim(kept.client)) return kept;
    return null;
  }

  rescued(): Promise<Rescued[]> {
    return this.#unsealed<Rescued>("words");
  }

  async #unsealed<T>(kind: Sealed["kind"]): Promise<T[]> {
    const found: T[] = [];
    for (const record of await records(this.#database)) {
      if (record.room !== this.#room || record.kind !== kind) continue;
      const told = await unseal<T>(this.#key, record);
      if (told) found.push(told.value);
      else await this.forget(record.id);
    }
    return found;
  }

  claim(client: string): Promise<boolean> {
    return claim(client);
  }

  keep(kept: Kept): Promise<boolean> {
    return this.#put(kept.client, "steps", kept);
  }

  keepWords(rescued: Rescued): Promise<boolean> {
    return this.#put(rescued.id, "words", rescued);
  }

  #put(id: string, kind: Sealed["kind"], value: unknown): Promise<boolean> {
    return this.#queue(async () => {
      const sealed = await seal(this.#key, { ...this.#place, value });
      await done(this.#store("readwrite").put({ id, room: this.#room, kind, ...sealed } satisfies Sealed));
    });
  }

  forget(id: string): Promise<boolean> {
    return this.#queue(async () => {
      await done(this.#store("readwrite").delete(id));
    });
  }

  /** One write after the other: a late `keep` must not bring back what `forget` removed. */
  #queue(work: () => Promise<void>): Promise<boolean> {
    const next = this.#last.then(work, work).then(
      () => true,
      () => false,
    );
    this.#last = next;
    return next;
  }
}
