/**
 * What was typed and is not saved yet, kept on this device until it is: encrypted with a key that
 * cannot be taken out of this browser, one record per open page, removed as soon as the server has
 * everything. The next visit takes up the record of a page that is no longer open.
 */
import type { Pending } from "./connection.ts";

export interface Kept {
  readonly client: string;
  readonly version: number;
  /** The document as the server had it at `version`. */
  readonly base: unknown;
  readonly steps: readonly unknown[];
  readonly pending: Pending | null;
  /** The same as plain text, for the day when the steps no longer fit. */
  readonly words: string;
  readonly at: number;
}

interface Sealed {
  readonly id: string;
  readonly room: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the device's storage failed"));
  });

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("countersign-writing", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("records", { keyPath: "id" });
  };
  return done(request);
}

async function deviceKey(database: IDBDatabase): Promise<CryptoKey> {
  const found = (await done(database.transaction("keys").objectStore("keys").get("device"))) as CryptoKey | undefined;
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const store = database.transaction("keys", "readwrite").objectStore("keys");
  // Another tab may have been quicker: the first key stays.
  try {
    await done(store.add(made, "device"));
    return made;
  } catch {
    return (await done(database.transaction("keys").objectStore("keys").get("device"))) as CryptoKey;
  }
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

export class Keeper {
  readonly #room: string;
  readonly #database: IDBDatabase;
  readonly #key: CryptoKey;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(room: string, database: IDBDatabase, key: CryptoKey) {
    this.#room = room;
    this.#database = database;
    this.#key = key;
  }

  /** Null where the browser cannot keep anything safely (no storage, or no secure connection). */
  static async open(room: string): Promise<Keeper | null> {
    try {
      const database = await open();
      return new Keeper(room, database, await deviceKey(database));
    } catch {
      return null;
    }
  }

  #store(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction("records", mode).objectStore("records");
  }

  /** The record of a page that was closed before everything was saved. */
  async takeUp(): Promise<Kept | null> {
    const records = (await done(this.#store("readonly").getAll())) as Sealed[];
    for (const record of records.filter(({ room }) => room === this.#room)) {
      try {
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, this.#key, record.data);
        const kept = JSON.parse(new TextDecoder().decode(plain)) as Kept;
        if (await claim(kept.client)) return kept;
      } catch {
        await this.forget(record.id);
      }
    }
    return null;
  }

  claim(client: string): Promise<boolean> {
    return claim(client);
  }

  keep(kept: Kept): Promise<void> {
    return this.#queue(async () => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, new TextEncoder().encode(JSON.stringify(kept)));
      await done(this.#store("readwrite").put({ id: kept.client, room: this.#room, iv, data } satisfies Sealed));
    });
  }

  forget(client: string): Promise<void> {
    return this.#queue(async () => {
      await done(this.#store("readwrite").delete(client));
    });
  }

  /** One write after the other: a late `keep` must not bring back what `forget` removed. */
  #queue(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work, work).catch(() => undefined);
    this.#last = next;
    return next;
  }
}
