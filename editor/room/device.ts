/** The device's own store (IndexedDB) and its key. Signing out empties both (`Clear-Site-Data`). */
export const RECORDS = "records";

export const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the device's storage failed"));
  });

export async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("countersign-writing", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore(RECORDS, { keyPath: "id" });
  };
  return done(request);
}

export async function deviceKey(database: IDBDatabase): Promise<CryptoKey> {
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

export interface Sealed {
  readonly id: string;
  /** Person and section, as `person/section`. */
  readonly room: string;
  readonly kind: "steps" | "words";
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** What a record says of itself, and what is kept in it. */
export interface Told<T = unknown> {
  readonly title: string;
  readonly href: string;
  readonly value: T;
}

export async function seal(key: CryptoKey, told: Told): Promise<Pick<Sealed, "iv" | "data">> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(told)));
  return { iv, data };
}

/** Null where nobody can ever read it: it was sealed with a key that this browser no longer has. */
export async function unseal<T>(key: CryptoKey, { iv, data }: Sealed): Promise<Told<T> | null> {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
    return JSON.parse(new TextDecoder().decode(plain)) as Told<T>;
  } catch {
    return null;
  }
}

export const records = async (database: IDBDatabase): Promise<Sealed[]> =>
  (await done(database.transaction(RECORDS).objectStore(RECORDS).getAll())) as Sealed[];

/** The sections in which this device keeps words of a person's that are not saved: address → title. */
export async function keptOf(person: string): Promise<Map<string, string>> {
  const database = await open();
  try {
    const own = (await records(database)).filter(({ room }) => room.startsWith(`${person}/`));
    if (!own.length) return new Map();
    const key = await deviceKey(database);
    const told = await Promise.all(own.map((record) => unseal(key, record)));
    return new Map(told.flatMap((each) => (each ? [[each.href, each.title]] : [])));
  } finally {
    database.close();
  }
}
