import { RequestError } from "../../lib/errors.ts";

/** A part that sends nothing for this long is given up and sent again. */
const stallS = 30;

export interface SignedRequest {
  url: string;
  method?: string;
  headers: Record<string, string>;
}

/** Part `number` (from 1) of a file: a view, not a copy. */
export function partOf(file: Blob, number: number, partSizeBytes: number): Blob {
  return file.slice((number - 1) * partSizeBytes, number * partSizeBytes);
}

/** Base64 of the SHA-256, as the API and S3 exchange it. Reads the part into memory, nothing more. */
export async function checksum(part: Blob): Promise<string> {
  let bytes: ArrayBuffer;
  try {
    bytes = await part.arrayBuffer();
  } catch {
    // phones take access away when a file is moved or its app cleans up
    throw new RequestError("file_unreadable", "The file can no longer be read. Choose the clip again.", 400);
  }
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
      reject(new RequestError("network", "The connection broke off."));
    };
    http.onabort = () => {
      end();
      reject(signal.aborted ? new DOMException("Stopped", "AbortError") : new RequestError("stalled", "The connection is too slow."));
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
  return new RequestError("storage_refused", `The video storage refused a part of the file (${code}).`, status >= 500 ? status : 503);
}
