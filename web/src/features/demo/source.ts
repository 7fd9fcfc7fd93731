/** The example climb, finished: files that lie beside the API, the same for everybody and for no account. */

import { apiUrl } from "../../lib/endpoint.ts";
import { asRequestError, RequestError } from "../../lib/errors.ts";
import type { Coaching, Source } from "../player/source.ts";
import type { Figures } from "../player/summary.tsx";
import { words } from "./words.ts";

const timeoutMs = 60_000;

const place = (name: string) => apiUrl(`/examples/${name}`);

async function file(name: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(place(`demo/${name}`), { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }).catch((cause: unknown) => {
    throw asRequestError(cause);
  });
  if (!response.ok) throw new RequestError("example_missing", words().missing, response.status);
  return response;
}

export async function loadFigures(signal: AbortSignal): Promise<Figures> {
  return (await file("figures.json", signal)).json() as Promise<Figures>;
}

export const exampleSource: Source = {
  isOwn: false,
  result: async (_analysisId, _isOriginal, signal) => (await file("climb.ascension.gz", signal)).body?.pipeThrough(new DecompressionStream("gzip")) ?? null,
  coaching: async (_analysisId, spoken, signal) => (await file(`coaching-${spoken}.json`, signal)).json() as Promise<Coaching>,
  wall: () => Promise.resolve({ url: place("demo/wall.webp") }),
  playback: () => Promise.resolve({ url: place("climb.mp4") }),
  preview: null,
  withoutVideo: () => words().missing,
};
