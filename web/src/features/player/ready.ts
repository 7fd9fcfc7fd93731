import type { ClipPlayback } from "./playback.ts";
import type { Result } from "./result.ts";
import type { View } from "./view.ts";

/** All that draws a climb is here. */
export interface Ready {
  result: Result;
  playback: ClipPlayback;
  view: View;
}
