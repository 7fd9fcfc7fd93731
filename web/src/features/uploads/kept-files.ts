/**
 * The browser's own copies of clips on their way (IndexedDB), so that after a reload or a crash nobody has to find
 * the file again. A file handle would need no copy, but asks for permission anew, and phones have none. Where there
 * is no room or the browser refuses (some private windows), the file is chosen again.
 */
const databaseName = "ascension.uploads";
const storeName = "files";
/** Of what the browser gives us: a full disk would stop more than this upload. */
const shareOfRoom = 0.8;
const patienceMs = 5_000;
const lifetimeMs = 24 * 3600 * 1000;

interface KeptFile {
  user: string;
  fingerprint: string;
  keptAtMs: number;
  file: File;
}

/** False where it is not kept: no room, or refused. */
export async function keepFile(user: string, fingerprint: string, file: File): Promise<boolean> {
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    if (file.size > shareOfRoom * (quota - usage)) return false;
    const kept: KeptFile = { user, fingerprint, keptAtMs: Date.now(), file };
    await inStore("readwrite", (store) => store.put(kept, [user, fingerprint]));
    return true;
  } catch {
    return false;
  }
}

/** Null where there is none. */
export async function keptFile(user: string, fingerprint: string): Promise<File | null> {
  try {
    // on some phones the first access after a start never answers
    const found: unknown = await Promise.race([inStore("readonly", (store) => store.get([user, fingerprint])), afterMs(patienceMs)]);
    return isKept(found) ? found.file : null;
  } catch {
    return null;
  }
}

export async function dropFile(user: string, fingerprint: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete([user, fingerprint])).catch(() => undefined);
}

/** Everything of this climber: for when they leave this browser. */
export async function dropFilesOf(user: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(IDBKeyRange.bound([user], [user, []]))).catch(() => undefined);
}

/** Copies that outlived their uploads, whoever's they are. */
export async function dropOldFiles(nowMs: number = Date.now()): Promise<void> {
  try {
    const keys = await inStore("readonly", (store) => store.getAllKeys());
    for (const key of keys) {
      const found: unknown = await inStore("readonly", (store) => store.get(key));
      if (!isKept(found) || nowMs - found.keptAtMs > lifetimeMs) await inStore("readwrite", (store) => store.delete(key));
    }
  } catch {
    // refused: then there is nothing
  }
}

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => {
      request.result.onclose = () => (opening = null); // phones cut it when they sleep
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("no database"));
    request.onblocked = () => reject(new Error("blocked"));
  }).catch((cause: unknown) => {
    opening = null;
    throw cause;
  });
  return opening;
}

/** One request in a transaction of its own; resolves when that is written. */
async function inStore<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise<T>((resolve, reject) => {
    const transaction = database.transaction(storeName, mode);
    const request = ask(transaction.objectStore(storeName));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
}

function isKept(value: unknown): value is KeptFile {
  return typeof value === "object" && value !== null && (value as Partial<KeptFile>).file instanceof File;
}

function afterMs(milliseconds: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), milliseconds);
  });
}
