import { api } from "../../lib/api.ts";
import type { Source } from "../player/source.ts";
import { sharedSource } from "../sharing/requests.ts";

/** Material of two climbs: `theirs`, of somebody whom one coaches, comes from where it is shown to others. */
export function pairSource(own: Source, theirs: readonly string[]): Source {
  const shared = sharedSource(api, "hidden");
  const of = (id: string) => (theirs.includes(id) ? shared : own);
  return {
    isOwn: false,
    result: (id, ...more) => of(id).result(id, ...more),
    coaching: (id, ...more) => of(id).coaching(id, ...more),
    wall: (id, signal) => of(id).wall(id, signal),
    playback: (id, signal) => of(id).playback(id, signal),
    preview: async (id, isAsking, signal) => {
      const { preview } = of(id);
      if (preview === null) throw new Error("a comparison shows no example");
      return preview(id, isAsking, signal);
    },
    withoutVideo: shared.withoutVideo,
  };
}
