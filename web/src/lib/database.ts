/** What the browser keeps in IndexedDB. Some private windows refuse it: then every request is rejected. */
export interface Database {
  /** One request in a transaction of its own over `names`; resolves when that is written. */
  ask: <T>(names: readonly string[], mode: IDBTransactionMode, request: (transaction: IDBTransaction) => IDBRequest<T>) => Promise<T>;
}

const patienceMs = 5_000;

/** `stores` that are missing are made; a new one needs a higher `version`. */
export function database(name: string, version: number, stores: readonly string[]): Database {
  let opening: Promise<IDBDatabase> | null = null;
  const open = () => {
    opening ??= opened(name, version, stores, () => (opening = null)).catch((cause: unknown) => {
      opening = null;
      throw cause;
    });
    return opening;
  };
  return {
    ask: async (names, mode, request) => {
      const transaction = (await open()).transaction([...names], mode);
      return new Promise((resolve, reject) => {
        const asked = request(transaction);
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      });
    },
  };
}

function opened(name: string, version: number, stores: readonly string[], onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    // on some phones the first access after a start never answers
    const timer = setTimeout(() => reject(new Error("no answer")), patienceMs);
    request.onupgradeneeded = () => {
      for (const store of stores) if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store);
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      request.result.onclose = onClosed; // phones cut it when they sleep
      request.result.onversionchange = () => {
        request.result.close(); // a newer page in another tab waits for this
        onClosed();
      };
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error("no database"));
    };
    request.onblocked = () => {
      clearTimeout(timer);
      reject(new Error("blocked"));
    };
  });
}
