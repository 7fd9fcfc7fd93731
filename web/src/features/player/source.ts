/** Where the material of a climb comes from: the climber's own addresses, or those for whoever it is shown to. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { MethodResponse } from "openapi-fetch";

import { answer, api } from "../../lib/api.ts";
import { clipUrl } from "../../lib/device-clips.ts";
import { earlyClip } from "../../lib/early.ts";
import type { Language } from "../../lib/language.ts";
import { session } from "../../lib/session.ts";
import { units } from "../../lib/units.ts";
import type { Preview } from "./preview.ts";
import { words } from "./words.ts";

/** What a coach would say of an analysis: score, advice, measures of each attempt. */
export type Coaching = MethodResponse<typeof api, "get", "/api/v1/analyses/{analysis_id}/coaching">;

export interface Source {
  /** The climber looks: they can be asked about themselves. */
  isOwn: boolean;
  result: (analysisId: string, isOriginal: boolean, signal: AbortSignal) => Promise<BodyInit | null>;
  coaching: (analysisId: string, language: Language, signal: AbortSignal) => Promise<Coaching>;
  wall: (analysisId: string, signal: AbortSignal) => Promise<{ url: string }>;
  playback: (videoId: string, signal: AbortSignal) => Promise<{ url: string }>;
  /** A small copy for browsers that cannot play the other: asked for, or looked after. null: there can be none. */
  preview: ((videoId: string, isAsking: boolean, signal: AbortSignal) => Promise<Preview>) | null;
  /** Why there is a skeleton and no video. */
  withoutVideo: () => string;
}

const own: Source = {
  isOwn: true,
  result: (analysisId, isOriginal, signal) => {
    const params = { path: { analysis_id: analysisId }, query: isOriginal ? { original: true } : {} };
    return answer(api.GET("/api/v1/analyses/{analysis_id}/result", { params, parseAs: "stream", signal }));
  },
  coaching: (analysisId, language, signal) => answer(api.GET("/api/v1/analyses/{analysis_id}/coaching", { params: { path: { analysis_id: analysisId }, query: { language, units: units.get() } }, signal })),
  wall: (analysisId, signal) => answer(api.GET("/api/v1/analyses/{analysis_id}/wall", { params: { path: { analysis_id: analysisId } }, signal })),
  playback: async (videoId, signal) => {
    const current = session.get();
    const url = current.state === "in" ? await clipUrl(current.user.id, videoId) : null;
    if (url !== null) return { url }; // a copy in this browser costs no download
    return (await earlyClip(videoId)) ?? answer(api.GET("/api/v1/videos/{video_id}/playback", { params: { path: { video_id: videoId } }, signal }));
  },
  preview: (videoId, isAsking, signal) => {
    const about = { params: { path: { video_id: videoId } }, signal };
    return answer(isAsking ? api.PUT("/api/v1/videos/{video_id}/preview", about) : api.GET("/api/v1/videos/{video_id}/preview", about));
  },
  withoutVideo: () => words().videoExpired,
};

export const SourceContext = createContext<Source>(own);

export function useSource(): Source {
  return useContext(SourceContext);
}
