import type { components } from "../../client.gen.ts";
import { wait } from "../../lib/backoff.ts";
import { RequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import type { Source } from "./source.ts";
import { words } from "./words.ts";

export type Preview = components["schemas"]["PreviewRead"];

const pollS = 2;

interface Waiting {
  signal: AbortSignal;
  onTrouble: (reason: string | null) => void;
  onProgress: (percent: number) => void;
}

/** The address of a small copy that every browser plays: asked for once, then waited for. Throws RequestError. */
export async function previewUrl(ask: NonNullable<Source["preview"]>, videoId: string, { signal, onTrouble, onProgress }: Waiting): Promise<string> {
  let preview = await persist({ signal, onTrouble }, () => ask(videoId, true, signal));
  while (preview.state === "waiting" || preview.state === "making") {
    onProgress(preview.progress_pct);
    await wait(pollS, signal);
    preview = await persist({ signal, onTrouble }, () => ask(videoId, false, signal));
  }
  if (preview.url == null) throw new RequestError("preview_failed", words().videoUnplayable, 400);
  return preview.url;
}

/**
 * Whether the file behind an address that did not play can be had at all: then its format is what this browser does not
 * know. The element itself says the same of a refused address.
 */
export async function isReachable(url: string): Promise<boolean> {
  if (url.startsWith("blob:")) return true;
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort(), 10_000);
  const isThere = await fetch(url, { signal: stopping.signal }).then(
    (response) => response.ok,
    () => false,
  );
  clearTimeout(timer);
  stopping.abort(); // its first bytes are answer enough
  return isThere;
}
