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
