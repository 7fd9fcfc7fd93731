/** How large the pictures of a clip are that this browser cannot play: by what its file says of itself. Loaded only then. */
import { CustomSource, Input, MATROSKA, MP4, QTFF, WEBM } from "mediabunny";

import { answer, api } from "../../lib/api.ts";

export interface ClipSize {
  width: number;
  height: number;
}

/** Of the pictures as they are shown, upright. A few kilobytes are read. Throws where the file does not tell, or cannot be had. */
export async function clipSize(videoId: string): Promise<ClipSize> {
  const params = { path: { video_id: videoId } };
  const [{ size_bytes: sizeBytes }, { url }] = await Promise.all([
    answer(api.GET("/api/v1/videos/{video_id}", { params })),
    answer(api.GET("/api/v1/videos/{video_id}/playback", { params })),
  ]);
  const read = async (start: number, end: number) => {
    const part = await fetch(url, { headers: { Range: `bytes=${start}-${end - 1}` }, signal: AbortSignal.timeout(30_000) });
    if (part.status !== 206) throw new Error(`${part.status} to a range`);
    return new Uint8Array(await part.arrayBuffer());
  };
  const input = new Input({ source: new CustomSource({ getSize: () => sizeBytes, read }), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) throw new Error("no pictures");
    return { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() };
  } finally {
    input.dispose();
  }
}
