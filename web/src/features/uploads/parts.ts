import { RequestError } from "../../lib/errors.ts";
import { words } from "./words.ts";

/** A part that sends nothing for this long is given up and sent again. */
const stallS = 30;

export interface SignedRequest {
  url: string;
  method?: string;
  headers: Record<string, string>;
}

/** A part in memory: what is hashed is what is sent, whatever happens to the file meanwhile. */
export interface Part {
  number: number;
  /** Not the buffer itself: the browser would copy it once more for every attempt. */
  bytes: Blob;
  sha256: string;
}

/** A clip that is being sent. `spare` is asked for the browser's copy where the file can no longer be read. */
export interface Clip {
  file: File;
  spare: () => Promise<File | null>;
}

/** Part `number` (from 1). Phones take access away when a file is moved or its app cleans up: then by the copy. */
export async function readPart(clip: Clip, number: number, partSizeBytes: number): Promise<Part> {
  const read = async () => {
    const bytes = await clip.file.slice((number - 1) * partSizeBytes, number * partSizeBytes).arrayBuffer();
    return { number, bytes: new Blob([bytes]), sha256: await checksum(bytes) };
  };
  try {
    return await read();
  } catch {
    const spare = await clip.spare();
    if (spare === null || spare === clip.file) throw new RequestError("file_unreadable", words().fileUnreadable, 400);
    clip.file = spare;
    return read();
  }
}

/** Base64 of the SHA-256, as the API and S3 exchange it. */
export async function checksum(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest));
}

/**
 * Sends one part straight to the storage. XMLHttpRequest, because fetch reports no upload progress.
 * Throws RequestError (temporary where another attempt may help) or AbortError.
 */
export function putPart(part: Blob, request: SignedRequest, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const http = new XMLHttpRequest();
    let stall: ReturnType<typeof setTimeout> | undefined;
    const watch = () => {
      clearTimeout(stall);
      stall = setTimeout(() => http.abort(), stallS * 1000);
    };
    const stop = () => http.abort();
    const end = () => {
      clearTimeout(stall);
      signal.removeEventListener("abort", stop);
    };
    http.upload.onprogress = (event) => {
      watch();
      onSent(event.loaded);
    };
    http.onload = () => {
      end();
      if (http.status >= 200 && http.status < 300) resolve();
      else reject(storageError(http.status, http.responseText));
    };
    http.onerror = () => {
      end();
      reject(new RequestError("network", words().brokeOff));
    };
    http.onabort = () => {
      end();
      reject(signal.aborted ? new DOMException("Stopped", "AbortError") : new RequestError("stalled", words().stalled));
    };
    signal.addEventListener("abort", stop);
    http.open(request.method ?? "PUT", request.url);
    for (const [name, value] of Object.entries(request.headers)) {
      // the browser writes these itself and complains about anyone else who does
      if (!["host", "content-length"].includes(name.toLowerCase())) http.setRequestHeader(name, value);
    }
    watch();
    http.send(part);
    if (signal.aborted) stop();
  });
}

/** Signatures expire and storage stumbles: a refusal is worth a new signature and another attempt. */
function storageError(status: number, body: string): RequestError {
  const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? String(status);
  return new RequestError("storage_refused", words().storageRefused(code), status >= 500 ? status : 503);
}
